// Keeps the place of people who work by keyboard or screen reader. A part that is drawn anew takes the focused control
// with it, and the browser then falls back to the page as a whole. It decides nothing else.
const app = document.body;
const shown = (element) => Boolean(element?.isConnected && element.checkVisibility({ visibilityProperty: true }));
/** The control that has the focus, until the person leaves it. */
let last = null;
/** Id of the button that opened the sheet on screen, if it was one that leads back. */
let opener = "";

function unfold(element) {
  if (!element || element.closest("[hidden]")) return null;
  for (let at = element.closest("details:not([open])"); at; at = at.parentElement.closest("details:not([open])")) at.open = true;
  return element;
}

// Beside it, when one button took the place of another; back to what opened the sheet; or the title of what came.
function heir(gone) {
  const beside = [...(gone.isConnected ? gone.parentElement.children : [])].find((one) => one.matches("button") && shown(one));
  if (beside) return beside;
  const back = gone.matches("[id^=to-], #consent") ? null : unfold(document.getElementById(opener));
  opener = gone.matches("[id^=to-]") ? gone.id : "";
  return shown(back) ? back : [...app.querySelectorAll("h2[tabindex]")].find(shown);
}

function keep() {
  if (last && !shown(last)) heir(last)?.focus();
}

document.addEventListener("focusin", ({ target }) => { last = target; });
// Asked once the drawing is over: a control that was taken away was not left by the person.
document.addEventListener("focusout", () => queueMicrotask(() => { if (shown(last) && document.activeElement === document.body) last = null; }));
new MutationObserver(keep).observe(app, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "open"] });

// A refused form: to the first refused field, wherever it is folded away. Not a turn later: what somebody types by then
// would go on in another field.
app.addEventListener("submit", () => queueMicrotask(() => {
  const refused = unfold(app.querySelector("[aria-invalid=true]"));
  (refused?.querySelector(":checked, input") ?? refused)?.focus();
}));
