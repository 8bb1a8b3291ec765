// Feeds a file to the filter in chunks, away from the page. Decides nothing.
import init, { Report } from './org2org_www.js';

const PAUSE = 100; // milliseconds between two reports of progress
const GATHER = 32 << 20; // bytes after which kept rows move out of this worker's memory

onmessage = async ({ data: { file, separator, preview } }) => {
  let report;
  try {
    await init();
    report = new Report(separator, preview);
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
  let parts = [], held = 0, read = 0, told = 0;
  const keep = (bytes) => {
    parts.push(bytes);
    held += bytes.length;
    if (held > GATHER) {
      parts = [new Blob(parts)];
      held = 0;
    }
  };
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    keep(report.push(value));
    read += value.length;
    if (performance.now() - told > PAUSE) {
      told = performance.now();
      postMessage({ kind: 'progress', read, rows: report.rows() });
    }
  }
  keep(report.finish());
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}
