// Starts the page. Decides nothing; what runs is in the wasm module.
import { build, glue } from './simd.js';

const OWN = ['./worker.js', './sw.js'];

/** The only two scripts that may be started, by name; anything else throws. */
const rules = {
  createScriptURL(name) {
    if (!OWN.includes(name.split('?')[0])) throw new TypeError(`not a script of this page: ${name}`);
    return new URL(name, import.meta.url).href;
  },
};
const scripts = globalThis.trustedTypes?.createPolicy('org2org-own-scripts', rules) ?? rules;

/** The compiled module: the page and its worker run the same one, so it is fetched once. */
async function compiled() {
  const answer = await fetch(new URL(`./${build}_bg.wasm`, import.meta.url));
  const streams = answer.headers.get('content-type') === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}

let made = '';
try {
  const module = await compiled();
  const page = await glue();
  await page.default({ module_or_path: module });
  page.start(() => {
    const worker = new Worker(scripts.createScriptURL('./worker.js'), { type: 'module' });
    worker.postMessage({ module });
    return worker;
  });
  made = page.build();
  document.documentElement.dataset.ready = 'true';
} catch (error) {
  document.getElementById('broken-why').textContent = error.message ?? error;
  document.getElementById('broken').hidden = false;
}

// Works offline from the second visit on. Where service workers are not to be had, only that is lost. The extension's page
// of tools is no site of its own, so it names no manifest.
if (navigator.serviceWorker && made && document.querySelector('[rel=manifest]')) {
  navigator.serviceWorker
    .register(scripts.createScriptURL(`./sw.js?${made}.${build}`))
    .catch((error) => console.info('not kept for offline use:', error.message));
}
