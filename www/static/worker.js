// Feeds a file to the filter in chunks, away from the page. Decides nothing.
import { reader } from './simd.js';

const PAUSE = 100; // milliseconds between two reports of progress
const GATHER = 32 << 20; // bytes after which kept rows move out of this worker's memory

onmessage = async ({ data: { file, separator, encoding, preview } }) => {
  let report;
  try {
    const { default: init, Report } = await import(`./${reader}.js`);
    await init();
    report = new Report(separator, encoding, preview);
    const blob = await filter(file, report);
    postMessage({ kind: 'done', summary: report.summary(), blob });
  } catch (error) {
    const own = typeof error === 'string';
    const what = `the file cannot be read: ${error.message ?? error}`;
    const hint = 'Check that it is still there and unchanged, then choose it again.';
    postMessage({ kind: 'failed', trouble: own ? error : JSON.stringify({ code: 'file', what, hint }) });
  } finally {
    report?.free();
  }
};

async function filter(file, report) {
  const began = performance.now();
  let parts = [], held = 0, read = 0, told = 0;
  const keep = (bytes) => {
    parts.push(bytes);
    held += bytes.length;
    if (held > GATHER) {
      parts = [new Blob(parts)];
      held = 0;
    }
  };
  const stream = file.stream().getReader();
  for (;;) {
    const { done, value } = await stream.read();
    if (done) break;
    keep(report.push(value));
    read += value.length;
    if (performance.now() - told > PAUSE) {
      told = performance.now();
      postMessage({ kind: 'progress', read, rows: report.rows(), taken: told - began });
    }
  }
  keep(report.finish());
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}
