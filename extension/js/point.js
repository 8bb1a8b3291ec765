// Outlines the controls that carry the given labels. The outlines are inert: clicks and keys pass
// through, nothing of the page is altered, and labels are compared as text, never used as selectors.
(() => {
  if (Object.hasOwn(globalThis, "org2orgPoint")) return;
  const INK = "#b3268f";
  const NAMED = "[aria-label], [placeholder], [title], input[type=submit], input[type=button]";
  let layer = null;
  let marks = [];
  let timer = 0;

  const plain = (text) => String(text ?? "").replace(/\s+/g, " ").replace(/[\s:*]+$/, "").trim().toLowerCase();
  const shown = (element) => element.getClientRects().length > 0;
  const style = (element, rules) => Object.assign(element.style, rules);

  function named(label) {
    const words = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    for (let node = words.nextNode(); node; node = words.nextNode()) {
      const element = node.parentElement;
      if (plain(node.nodeValue) === label && shown(element)) return element.closest("button, a, label, [role=tab], [role=button]") ?? element;
    }
    const carries = (element) => [element.ariaLabel, element.placeholder, element.title, element.value].some((text) => plain(text) === label);
    return [...document.querySelectorAll(NAMED)].find((element) => shown(element) && carries(element)) ?? null;
  }
  function mark(element, text) {
    const box = document.createElement("div");
    const note = document.createElement("span");
    style(box, { position: "fixed", boxSizing: "border-box", pointerEvents: "none", border: `3px solid ${INK}`, borderRadius: "6px" });
    style(note, { position: "absolute", top: "-3px", minWidth: "20px", textAlign: "center", background: INK, color: "#fff", font: "700 13px/20px system-ui, sans-serif", borderRadius: "6px" });
    note.textContent = text;
    box.append(note);
    layer.append(box);
    return { element, box, note };
  }
  function settle() {
    for (const { element, box, note } of marks) {
      const at = element.getBoundingClientRect();
      const gone = !element.isConnected || at.width + at.height === 0;
      style(box, { display: gone ? "none" : "block", left: `${at.left - 6}px`, top: `${at.top - 6}px`, width: `${at.width + 12}px`, height: `${at.height + 12}px` });
      // Beside the control, where it hides no other; inside when the window ends there.
      style(note, at.left > 36 ? { right: "calc(100% + 2px)", left: "auto" } : { left: "-3px", right: "auto" });
    }
  }
  globalThis.org2orgPoint = (labels) => {
    clearInterval(timer);
    layer?.remove();
    marks = [];
    const wanted = (Array.isArray(labels) ? labels : []).filter((label) => typeof label === "string").slice(0, 20);
    if (wanted.length === 0) return [];
    layer = document.createElement("div");
    layer.setAttribute("aria-hidden", "true");
    style(layer, { position: "fixed", inset: "0", pointerEvents: "none", zIndex: "2147483647" });
    // A label that is empty keeps its number: the numbers are those of the panel.
    const found = wanted.map((label) => (plain(label) ? named(plain(label)) : null));
    document.documentElement.append(layer);
    marks = found.flatMap((element, index) => element ? [mark(element, String(index + 1))] : []);
    marks[0]?.element.scrollIntoView({ block: "center", behavior: "instant" });
    settle();
    timer = setInterval(settle, 200);
    return found.map(Boolean);
  };
})();
