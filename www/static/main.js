// Starts the page. Decides nothing; what runs is in the wasm module.
import init, { build, start } from './org2org_www.js';
import { reader } from './simd.js';

const OWN = ['./worker.js', './sw.js'];

/** The only two scripts that may be started, by name; anything else throws. */
const rules = {
  createScriptURL(name) {
    if (!OWN.includes(name.split('?')[0])) throw new TypeError(`not a script of this page: ${name}`);
    return new URL(name, import.meta.url).href;
  },
};
const scripts = globalThis.trustedTypes?.createPolicy('org2org-own-scripts', rules) ?? rules;

const openWorker = () => new Worker(scripts.createScriptURL('./worker.js'), { type: 'module' });

try {
  await init();
  start(openWorker);
  document.documentElement.dataset.ready = 'true';
} catch (error) {
  const broken = document.getElementById('broken');
  broken.textContent = `The tools did not start: ${error.message ?? error}. Reload the page; if that does not help, use another browser or the command org2org.`;
  broken.hidden = false;
}

// Works offline from the second visit on. Where service workers are not to be had, only that is lost.
if (navigator.serviceWorker && document.documentElement.dataset.ready) {
  navigator.serviceWorker
    .register(scripts.createScriptURL(`./sw.js?${build()}.${reader}`))
    .catch((error) => console.info('not kept for offline use:', error.message));
}
