// Once the tools stand: what the paired orgs have for them, by a module of its own. Decides nothing.
import './main.js';
import start, { show_offers } from '../org2org_tools.js';

// Once the pair is forgotten in the panel, or put away for another, nothing of it stays in a page that was left open.
chrome.storage.onChanged.addListener(async ({ pair }) => {
  const was = pair?.oldValue ?? 'put away';
  if (was !== 'put away' || Object.keys(await chrome.storage.local.get()).length === 0) location.reload();
});

start({ module_or_path: new URL('../org2org_tools_bg.wasm', import.meta.url) }).then(show_offers).catch((error) => {
  console.error('org2org: offers', error?.name);
  document.getElementById('offers-late').textContent = 'The values of your orgs cannot be offered. The tools work without them.';
});
