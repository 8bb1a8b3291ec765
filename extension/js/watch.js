// Reports where the admin is and that the page changed after the admin did something; reads nothing else.
// A single-page console changes its address without a load, and its history cannot be hooked from here.
(() => {
  if (window !== window.top || (Object.hasOwn(globalThis, "org2orgWatching") && globalThis.org2orgWatching())) return;
  const POLL = 500;
  const QUIET = 2_000;
  const AFTERMATH = 15_000;
  let href = "";
  let acted = -AFTERMATH;
  let waiting = 0;
  const stops = new AbortController();
  const alive = () => globalThis.org2orgAlive?.() ?? false;
  globalThis.org2orgWatching = () => alive() && !stops.signal.aborted;

  function report(message) {
    if (!alive()) return stop();
    try { chrome.runtime.sendMessage(message).catch(() => {}); } catch { stop(); }
  }
  function place() {
    if (!alive()) return stop();
    if (document.hidden || href === location.href) return;
    href = location.href;
    report({ type: "place", href });
  }
  // Only what follows a real click or key counts: a page that redraws by itself tells nothing new.
  function changed() {
    if (waiting || performance.now() - acted > AFTERMATH) return;
    waiting = setTimeout(() => { waiting = 0; report({ type: "changed" }); }, QUIET);
  }
  const act = (event) => { if (event.isTrusted) { acted = performance.now(); changed(); } };

  const observer = new MutationObserver(changed);
  const timer = setInterval(place, POLL);
  function stop() {
    stops.abort();
    observer.disconnect();
    clearInterval(timer);
    clearTimeout(waiting);
    globalThis.org2orgPoint?.([]);
  }
  const options = { capture: true, passive: true, signal: stops.signal };
  for (const name of ["click", "keyup", "change"]) window.addEventListener(name, act, options);
  for (const name of ["popstate", "hashchange", "pageshow", "visibilitychange"]) window.addEventListener(name, place, options);
  observer.observe(document, { childList: true, subtree: true });
  place();
})();
