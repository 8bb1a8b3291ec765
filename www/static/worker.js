// Feeds a file to the job in chunks, away from the page. Decides nothing.
import { glue } from './simd.js';

const PAUSE = 100; // milliseconds between two reports of progress
const ROOM = 1 << 20; // bytes that are read at once
const GATHER = 16 << 20; // bytes after which what was written moves out of this worker's memory, for which the browser is waited for

let ready;
/** The file as it is read: kept here, since Chromium sweeps away what waits for a read into given memory, and the read never ends. */
let stream;

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
    const refused = Array.isArray(error);
    postMessage(refused ? { kind: 'refused', trouble: error } : { kind: 'failed', why: String(error.message ?? error) });
  } finally {
    job?.free();
  }
}

const bytes = async (file) => file && new Uint8Array(await file.arrayBuffer());

async function run(file, job) {
  const began = performance.now();
  const output = new Output();
  let read = 0, told = 0;
  stream = reader(file.stream());
  let room = new ArrayBuffer(ROOM);
  for (;;) {
    const { done, value } = await stream.read(new Uint8Array(room));
    if (done) break;
    job.push(value, output);
    room = value.buffer;
    read += value.length;
    if (performance.now() - told > PAUSE) {
      told = performance.now();
      postMessage({ kind: 'progress', read, rows: job.rows(), taken: told - began });
    }
  }
  job.finish(output);
  return output.blob();
}

/** Reads into memory that it is given, which saves an eighth of the time; where a browser has no such reader, into its own. */
function reader(stream) {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return stream.getReader();
  }
}

/** The other file: gathered in one piece of memory that is used again, whatever the length of the file. */
class Output {
  #gathered = new Uint8Array(GATHER);
  #length = 0;
  #parts = [];

  write(bytes) {
    if (this.#length + bytes.length > GATHER) this.#moveOut();
    if (bytes.length > GATHER) {
      this.#parts.push(new Blob([bytes]));
      return;
    }
    this.#gathered.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  blob() {
    this.#moveOut();
    return new Blob(this.#parts, { type: 'text/csv;charset=utf-8' });
  }

  #moveOut() {
    this.#parts.push(new Blob([this.#gathered.subarray(0, this.#length)]));
    this.#length = 0;
  }
}
