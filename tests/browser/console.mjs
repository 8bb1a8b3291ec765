// An admin's tab of the lab's Admin Console, used by menus, buttons and labels alone.

/** One admin's tab of a console. */
export class Console {
  constructor(tab) {
    this.tab = tab;
  }

  /** Presses a button or follows a link by its name. */
  async press(name, within = this.tab) {
    const named = within.getByRole("button", { name, exact: true }).or(within.getByRole("link", { name, exact: true }));
    await named.filter({ visible: true }).click();
  }

  /** Chooses from the menu and ends at the documented address. */
  async menu(name, path) {
    await this.press(name, this.tab.getByRole("navigation", { name: "Main" }));
    await this.at(path);
  }

  at(path) {
    return this.tab.waitForURL((address) => address.pathname + address.hash === path);
  }

  async heading(name) {
    await this.tab.getByRole("heading", { name, exact: true }).waitFor();
  }

  /** Fills in a form by its labels: text for fields, `true` for boxes and radios, { option } for lists. */
  async fill(values) {
    for (const [label, value] of Object.entries(values)) {
      const field = this.tab.getByLabel(new RegExp(`^\\s*${label}`, "i")).filter({ visible: true });
      if (value === true) await field.check();
      else if (typeof value === "object") await field.selectOption({ label: value.option });
      else await field.fill(value);
    }
  }

  /** Submits a form and waits for the console's word. */
  async submit(button, says) {
    await this.press(button);
    await this.tab.getByRole("status").filter({ hasText: says }).waitFor();
  }

  /** The value that a page shows under a term. */
  value(term) {
    return this.tab.locator("dt", { hasText: term }).filter({ visible: true }).locator("xpath=following-sibling::dd[1]").innerText();
  }

  /** Opens a tab of an app's page. */
  async sheet(name, hash) {
    await this.press(name);
    await this.tab.waitForURL((address) => address.hash === hash);
  }

  /** Gives the app shown to a group. */
  async assign(group) {
    await this.sheet("Assignments", "#tab-assignments");
    await this.press("Assign");
    await this.press("Assign to Groups");
    const row = this.tab.getByRole("row").filter({ has: this.tab.getByRole("cell", { name: group, exact: true }) });
    await row.getByRole("button", { name: "Assign" }).click();
    await this.tab.getByRole("status").filter({ hasText: "Assigned." }).waitFor();
  }
}

/** Goes to the form that adds an app of the catalog. */
export async function browse(acme, search, entry) {
  await acme.menu("Applications", "/admin/apps/active");
  await acme.press("Browse App Catalog");
  await acme.at("/admin/apps/add-app");
  await acme.fill({ Search: search });
  await acme.press("Search");
  await acme.press(entry);
  await acme.press("Add Integration");
}
