// Feeds a file to the job in chunks, away from the page. Decides nothing.
import { glue } from './simd.js';

const PAUSE = 100; // milliseconds between two reports of progress
const GATHER = 32 << 20; // bytes after which what was written moves out of this worker's memory

let ready;

/** First the module that the page has compiled, then the file with the wishes about it. */
onmessage = ({ data }) => {
  if (data.module) ready = begin(data.module);
  else make(data);
};

async function begin(module) {
  const { default: init, Job } = await glue();
  await init({ module_or_path: module });
  return Job;
}

async function make(wanted) {
  let job;
  try {
    const Job = await ready;
    job = new Job(wanted, await bytes(wanted.schema), await bytes(wanted.names), await bytes(wanted.users));
    const blob = await run(wanted.file, job);
    postMessage({ kind: 'done', summary: job.summary(), blob });
  } catch (error) {
    const what = `the file cannot be read: ${error.message ?? error}`;
    const hint = 'Check that it is still there and unchanged, then choose it again.';
    postMessage({ kind: 'failed', trouble: Array.isArray(error) ? error : ['file', what, hint] });
  } finally {
    job?.free();
  }
}

const bytes = async (file) => file && new Uint8Array(await file.arrayBuffer());

async function run(file, job) {
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
    keep(job.push(value));
    read += value.length;
    if (performance.now() - told > PAUSE) {
      told = performance.now();
      postMessage({ kind: 'progress', read, rows: job.rows(), taken: told - began });
    }
  }
  keep(job.finish());
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}
