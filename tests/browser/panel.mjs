// The panel as a person uses it: by roles and names, waiting for what it says. Shared by the stories.

/** Words for a step's state, as the panel writes them. */
export const DONE = "Done";
export const TO_DO = "To do";
/** How long a round of reads may take: after several in a row the panel keeps to its share of the console's limit. */
const ROUND = 90_000;

/** Origin of an org's Admin Console. */
export const adminOrigin = (lab, subdomain) => `https://${lab.org(subdomain).admin_host}`;

/** Signs in to the consoles of these orgs: { acme: tab, hub: tab }. */
export async function signInAll({ signIn }, ...subdomains) {
  const tabs = {};
  for (const name of subdomains) tabs[name] = await signIn(name);
  return tabs;
}

/** Makes the browser say yes when the panel asks for the consoles of these orgs. */
export async function allow({ lab, grant }, ...subdomains) {
  for (const name of subdomains) await grant(adminOrigin(lab, name));
}

/** What the extension wrote, of the lab's requests: all that is no read. */
export const writes = (requests) => requests.filter(({ method }) => method !== "GET");

/** One open panel. */
export class Panel {
  constructor(page) {
    this.page = page;
    this.main = page.getByRole("main");
  }

  /** Opens the panel and waits until it has looked for a stored run. */
  static async open(story, size) {
    const panel = new Panel(await story.panel({}, size));
    await panel.ready();
    return panel;
  }

  /** Signs in both consoles, lets the browser say yes, opens the panel and pairs: { panel, tabs }. */
  static async paired(story, { source = "acme", target = "hub", size } = {}) {
    const tabs = await signInAll(story, source, target);
    await allow(story, source, target);
    const panel = await Panel.open(story, size);
    await panel.pair(story.lab.org(source).host, story.lab.org(target).host);
    return { panel, tabs };
  }

  ready() {
    return this.page.locator("main[aria-busy=true]").waitFor({ state: "detached" });
  }

  button(name) {
    return this.main.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** Waits for the line about what goes on. */
  says(text, timeout) {
    return this.page.getByRole("status").filter({ hasText: text }).waitFor({ timeout });
  }

  /** Waits for a notice or pause with this text. */
  async notice(text) {
    const found = this.main.locator(".notice").filter({ hasText: text });
    await found.waitFor();
    return found;
  }

  // Pairing.

  /** Fills both addresses as given. */
  async addresses(source, target) {
    await this.page.getByRole("textbox", { name: "Where do people sign in?" }).fill(source);
    await this.page.getByRole("textbox", { name: "Where are the apps they need?" }).fill(target);
  }

  /** Says which two orgs are a pair; `apps` is the host named when the panel asks where the apps are. */
  async choose(source, target, apps = target) {
    await this.addresses(source, target);
    await this.button("Continue").click();
    await this.main.getByRole("radio", { name: apps }).check();
    await this.button("Pair these orgs").click();
  }

  /** Pairs two orgs; `apps` as above. */
  async pair(source, target, apps = target) {
    await this.choose(source, target, apps);
    if (apps === target) await this.button("Show the steps").waitFor();
  }

  // The wish.

  // What a search finds moves the rows: a person looks until the list stands still, then clicks.
  #still() {
    return this.page.evaluate(() => new Promise((done) => {
      let quiet = setTimeout(done, 500);
      const moved = () => { clearTimeout(quiet); quiet = setTimeout(done, 500); };
      new MutationObserver(moved).observe(document.querySelector("main"), { childList: true, subtree: true });
    }));
  }

  #part(question) {
    return this.main.getByRole("group", { name: question });
  }

  /**
   * Chooses apps, groups and users by name, and whether accounts may be made; shows the steps. A group or user that
   * the panel writes otherwise than the org is a pair: what to look for, and how it is shown.
   */
  async wish({ apps = [], groups = [], users = [], jit = false, push }) {
    for (const name of apps) await this.#part("Which apps should people reach?").getByRole("checkbox", { name, exact: true }).check();
    const people = this.#part("Who should reach them?");
    for (const [label, names] of [["Groups", groups], ["Single people", users]]) {
      for (const [sought, name] of names.map((name) => [name].flat()).map(([sought, shown = sought]) => [sought, shown])) {
        await people.getByRole("searchbox", { name: label }).fill(sought);
        await this.#still();
        await people.getByRole("checkbox", { name, exact: true }).check();
      }
    }
    if (push) return this.#push(push);
    const choice = jit ? "Make an account at the first sign-in" : "Leave them out";
    await this.#part("People without an account there?").getByRole("radio", { name: choice }).check();
    await this.button("Show the steps").click();
  }

  /** Presses a button that loads the edition with every choice, and waits for the form as it was left. */
  async toAll(name) {
    await this.button(name).click();
    await this.main.getByRole("radio", { name: /^Connect, or complete/ }).waitFor();
  }

  // How is pushed: method and initial status by their labels, groups by name; what is not given stays as suggested.
  async #push({ method, status, groups = [] }) {
    await this.toAll("Push accounts from the source…");
    for (const name of [method, status].filter(Boolean)) await this.main.getByRole("radio", { name }).check();
    const card = this.main.getByRole("region", { name: /How does it push/ });
    for (const name of groups) {
      await card.getByRole("searchbox").fill(name);
      await card.getByRole("checkbox", { name, exact: true }).check();
    }
    await this.button("Show the steps").click();
  }

  // A run.

  /** Goes to the sheet with this title: Steps, Plan, Values, Journal. */
  async sheet(title) {
    await this.page.getByRole("tab", { name: title }).click();
    const sheet = this.page.getByRole("tabpanel", { name: title });
    await sheet.waitFor();
    return sheet;
  }

  /** Waits until a round of reads is over: figures of proven steps, all steps, and writes to come. */
  async planned(timeout = ROUND) {
    // Read in one go: the line may change again at any moment.
    const found = await this.page.waitForFunction(() => {
      const line = document.querySelector("p.status").textContent;
      return line.match(/^(?:All|Your half is proven,) (\d+) steps(?: are proven$|; )/) ?? line.match(/^(\d+) of (\d+) steps (?:of your half )?proven; (\d+) to write$/);
    }, null, { timeout });
    const [met, all = met, writes = 0] = (await found.jsonValue()).slice(1).map(Number);
    return { met, all, writes };
  }

  /** Waits until every step is proven; their number. */
  async proven() {
    await this.says(/^All \d+ steps are proven$/, ROUND);
    return (await this.planned()).all;
  }

  /** The changes that the plan sheet shows, in its order: [{ org, title, method, path }]. */
  async changes() {
    await this.sheet("Plan");
    return this.page.locator("#sheet li:has(p.request)").evaluateAll((all) => all.map((item) => ({
      org: item.closest("section").querySelector("h3").textContent.replace(/^\d+ changes? in /, ""),
      title: item.querySelector("h3").textContent,
      method: item.querySelector(".verb").textContent,
      path: item.querySelector(".verb + span").textContent,
    })));
  }

  /** The yes to what the plan sheet shows; a real click. */
  get yes() {
    return this.button(/^Yes, (make|undo) \d+ changes?$/);
  }

  /** Says yes to the plan on screen. A click on one that was just then drawn anew is none, so a person clicks again; a yes that
   * waits for the end of a round cannot be clicked, and goes by itself. */
  async agree() {
    const heard = () => this.yes.waitFor({ state: "detached", timeout: 3_000 }).then(() => true, () => false);
    await this.yes.click();
    while (!(await heard())) await this.yes.click({ timeout: 3_000 }).catch(() => {});
  }

  /** Says yes in the plan sheet. */
  async consent() {
    await this.sheet("Plan");
    await this.agree();
  }

  /** Every step as the steps sheet shows it: [{ title, member, state, detail }], folded groups member by member. */
  async steps() {
    await this.sheet("Steps");
    return this.page.locator("#sheet li.step:not(.group)").evaluateAll((all) => all.map((step) => {
      const text = (part) => step.querySelector(`summary ${part}`)?.textContent ?? "";
      return { id: step.dataset.step, title: text(".title"), member: text(".member").replace(/^ – /, ""), state: text(".word"), detail: text(".detail") };
    }));
  }

  /** A step of the steps sheet by its title and, if it is one of several, its member. */
  step(title, member = "") {
    const steps = this.page.getByRole("listitem").filter({ has: this.page.getByText(title, { exact: true }) });
    return member ? steps.filter({ has: this.page.getByText(` – ${member}`) }) : steps;
  }

  /** The value that an opened step shows for a field. */
  async value(step, label) {
    const row = step.getByRole("listitem").filter({ has: this.page.getByRole("button", { name: `Copy ${label}`, exact: true }) });
    return row.locator("code").textContent();
  }

  /** Every value as the values sheet shows it: [{ title, value, origin }]. */
  async values() {
    await this.sheet("Values");
    return this.page.locator("#sheet dl.values > div").evaluateAll((all) => all.map((row) => ({
      title: row.querySelector("dt").textContent,
      value: row.querySelector("code").textContent,
      origin: row.querySelector(".origin").textContent,
    })));
  }

  /** Waits until a step is in a state, by its word. */
  async until(title, member, word) {
    await this.step(title, member).getByText(word, { exact: true }).first().waitFor();
  }

  /** Presses a button that begins a round of reads and waits until that is over: as `planned`. */
  anew(name) {
    return this.round(() => this.button(name).click());
  }

  /** Does what begins a round of reads and waits until that is over: as `planned`. */
  async round(act) {
    // Until the click has begun a round, the line still says what the last one found. One that is under way, as a page was
    // changed by hand, is begun anew by the click.
    const begun = this.page.evaluate(() => new Promise((begun) => {
      const look = () => {
        if (!document.querySelector("p.status")?.textContent.startsWith("Checking")) return;
        watch.disconnect();
        begun();
      };
      const watch = new MutationObserver(look);
      watch.observe(document.body, { childList: true, characterData: true, subtree: true });
      look();
    }));
    await act();
    await begun;
    return this.planned();
  }

  /** Reads both orgs once more and waits until that is over. */
  async check() {
    await this.sheet("Steps");
    return this.anew("Check again");
  }

  /** Shows what would be undone. */
  async planUndo() {
    await this.sheet("Journal");
    await this.button("Show what would be undone").click();
    await this.page.getByRole("heading", { name: "What would be taken back" }).waitFor();
  }
}

/** Pictures of the panel as it is now: light and dark at 420 px, light at 320 px. */
export async function looks({ screenshot }, { page }, name) {
  for (const [kind, colorScheme, width] of [["light", "light", 420], ["dark", "dark", 420], ["narrow", "light", 320]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `${name}-${kind}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) throw new Error(`${name} at ${width} px is ${wide} px wide`);
  }
  await page.setViewportSize({ width: 420, height: 900 });
}
