// The relay in the Admin Console tab of one org. It expands a named operation from the table in
// operations.js and sends it same-origin. It decides nothing and takes no URL, host, method or header.
(() => {
  // Own members only: an element of the page with such an id would pass for one.
  const alive = Object.hasOwn(globalThis, "org2orgAlive") && globalThis.org2orgAlive();
  if (window !== window.top || !location.hostname.includes("-admin.") || alive) return;
  const HEADERS = ["content-type", "date", "link", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset", "x-okta-request-id"];
  const TIMEOUT = 30_000;
  const LARGEST = 8_000_000;
  // Names that people give are parameters too. None holds what could lead to another path or begin a query.
  const PLAIN = /^(?![.\s])[^\p{Cc}\p{Cf}/\\?#%]{1,200}$/u;
  let stopped = false;
  // An orphan, left behind by an update of the extension, has no runtime id and goes quiet.
  globalThis.org2orgAlive = () => {
    try { return !stopped && Boolean(chrome.runtime.id); } catch { return false; }
  };

  function expand({ op, params = {}, query_raw: raw = null }) {
    const table = globalThis.org2orgOperations;
    if (!Object.hasOwn(table, op)) throw "operation";
    const { method, path, query = [], accept = "application/json" } = table[op];
    const used = new Set(query);
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
      used.add(name);
      if (!Object.hasOwn(params, name) || typeof params[name] !== "string" || !PLAIN.test(params[name])) throw "parameter";
      return encodeURIComponent(params[name]);
    });
    if (Object.keys(params).some((name) => !used.has(name))) throw "parameter";
    if (raw !== null && !(typeof raw === "string" && /^[^#\s\\]{1,4000}$/.test(raw))) throw "parameter";
    const chosen = query.filter((name) => Object.hasOwn(params, name)).map((name) => [name, String(params[name])]);
    const tail = raw ?? new URLSearchParams(chosen).toString();
    const url = new URL(location.origin + filled + (tail && "?" + tail));
    if (url.origin !== location.origin || !/^\/(?!\/)/.test(filled)) throw "address";
    return { url, method, accept };
  }

  // Read through the prototypes: a page can shadow `document.getElementById` with a named element.
  function token() {
    const element = Document.prototype.getElementById.call(document, "_xsrfToken");
    const text = Object.getOwnPropertyDescriptor(Node.prototype, "textContent").get;
    const found = element instanceof HTMLElement ? text.call(element).trim() : "";
    if (!/^[\x21-\x7e]{1,512}$/.test(found)) throw "token";
    return found;
  }

  async function send(call) {
    const { url, method, accept } = expand(call);
    const headers = { Accept: accept, "X-Okta-User-Agent-Extended": "org2org-assistant" };
    const reads = method === "GET";
    if (!reads) headers["X-Okta-XsrfToken"] = token();
    const body = reads || call.body === null || call.body === undefined ? undefined : JSON.stringify(call.body);
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const signal = AbortSignal.timeout(TIMEOUT);
    try {
      const got = await fetch(url, { method, headers, body, signal, credentials: "include", redirect: "manual", cache: "no-store" });
      const text = await got.text();
      const seen = HEADERS.map((name) => [name, got.headers.get(name)]).filter(([, value]) => value !== null);
      return { status: got.status, headers: Object.fromEntries(seen), body: text.slice(0, LARGEST), redirected: got.type === "opaqueredirect" };
    } catch {
      return { failed: signal.aborted ? "timeout" : "network" };
    }
  }

  // The panel names the origin it means, so that a tab that went elsewhere answers without sending.
  const answer = (message) => message.origin !== location.origin || !globalThis.org2orgAlive()
    ? Promise.resolve({ failed: "elsewhere" })
    : send(message.call).catch((reason) => ({ failed: typeof reason === "string" ? reason : "refused" }));

  chrome.runtime.onMessage.addListener((message, sender, respond) => {
    if (sender.id !== chrome.runtime.id || typeof message !== "object" || message === null) return false;
    const reply = (value) => respond({ nonce: message.nonce, origin: location.origin, ...value });
    if (message.type === "stop" && Array.isArray(message.origins) && message.origins.includes(location.origin)) stopped = true;
    if (message.type === "where" && !stopped) reply({ href: location.href });
    if (message.type === "point" && !stopped) reply({ found: globalThis.org2orgPoint(message.labels) });
    if (message.type !== "call") return false;
    answer(message).then(reply);
    return true;
  });
})();
