// The whole job in wasm and JavaScript: keep the active rows of a report that arrives in chunks out of memory, beside
// other readers.
//
//   node bench/wasm.mjs FOLDER ROUNDS ROWS…      after the files are there; `cargo xtask bench users` calls this
//
// Every run is a process of its own and tells what processor time the job took, without start and compilation: what
// else the machine does counts less than in time by the clock. Runs go in rounds, one of each contestant after the
// other; told is the median, and the median of the ratios to `csv` of each round.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { median } from "./median.mjs";

const TOP = fileURLToPath(new URL("..", import.meta.url));
/** Bytes of a chunk, and of those of a contestant whom others suit better: by these uDSV would take a third longer. */
const CHUNK = 256 << 10;
const CHUNKS = { uDSV: 64 << 10 };
/** More bytes than any of them writes at once. */
const MOST_WRITTEN = 1 << 20;
/** Rows above which PapaParse would need the whole file as one text, which no engine holds. */
const MOST_ROWS_OF_PAPAPARSE = 1_000_000;

const OURS = (name) => async () => {
  const { Job } = await load(join(TOP, "dist/www"), name);
  return (chunks, write) => {
    const job = new Job({ make: "active", separator: "44", encoding: "utf-8", preview: "50" }, undefined, undefined, undefined);
    for (const chunk of chunks) job.push(chunk, { write });
    job.finish({ write });
    return job.summary()[0];
  };
};

const CONTESTANTS = {
  "org2org, SIMD": OURS("org2org_www"),
  "org2org, plain": OURS("org2org_www_plain"),
  csv: async () => {
    const { keep_active } = await load(join(TOP, "target/pkg/org2org_bench_csv"), "org2org_bench_csv");
    return (chunks, write) => keep_active(() => chunks.next().value ?? new Uint8Array(), write);
  },
  uDSV: async () => {
    const { inferSchema, initParser } = await import("udsv");
    return (chunks, write) => {
      const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
      let parser, status;
      const line = (row) => `${row.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;
      // Called once for each row.
      let kept = "";
      const keep = (row) => { if (row[status] === "ACTIVE") kept += line(row); };
      for (const chunk of chunks) {
        const text = decoder.decode(chunk, { stream: true });
        if (!parser) {
          const schema = inferSchema(text);
          status = schema.cols.findIndex(({ name }) => name === "Status");
          parser = initParser(schema);
          write(encoder.encode(line(schema.cols.map(({ name }) => name))));
        }
        parser.chunk(text, parser.stringArrs, keep);
        write(encoder.encode(kept));
        kept = "";
      }
      parser.end();
      write(encoder.encode(kept));
    };
  },
  PapaParse: async () => {
    const { default: Papa } = await import("papaparse");
    return (chunks, write) => {
      const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
      const text = [...chunks].map((chunk) => decoder.decode(chunk, { stream: true })).join("");
      let status;
      Papa.parse(text, {
        chunkSize: CHUNK,
        skipEmptyLines: true,
        chunk({ data }) {
          status ??= data[0].indexOf("Status");
          const kept = data.filter((row) => row[status] === "ACTIVE" || row[status] === "Status");
          if (kept.length > 0) write(encoder.encode(`${Papa.unparse(kept, { newline: "\n" })}\n`));
        },
      });
    };
  },
};

async function load(folder, name) {
  const module = await import(pathToFileURL(join(folder, `${name}.js`)));
  await module.default({ module_or_path: readFileSync(join(folder, `${name}_bg.wasm`)) });
  return module;
}

function* chunksOf(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** One run of one contestant, in this process: milliseconds and bytes kept. */
async function run(name, file) {
  const job = await CONTESTANTS[name]();
  const bytes = new Uint8Array(readFileSync(file));
  const held = new Uint8Array(MOST_WRITTEN);
  let kept = 0;
  const began = process.cpuUsage();
  job(chunksOf(bytes, CHUNKS[name] ?? CHUNK), (some) => {
    held.set(some);
    kept += some.length;
  });
  const { user, system } = process.cpuUsage(began);
  console.log(JSON.stringify({ ms: (user + system) / 1000, kept }));
}

function measure(file, names, rounds) {
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const kept = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const told = JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), "run", name, file], { encoding: "utf8", cwd: TOP }));
      if (round > 0) times[name].push(told.ms);
      kept[name] = told.kept;
    }
  }
  return names.map((name) => ({
    name,
    ms: median(times[name]),
    ofCsv: median(times[name].map((ms, round) => ms / times.csv[round])),
    ofUdsv: times.uDSV && median(times.uDSV.map((ms, round) => ms / times[name][round])),
    kept: kept[name],
  }));
}

const isInstalled = (name) => import(name).then(() => true, () => false);

async function bench(folder, rounds, sizes) {
  const table = [];
  const papaparse = await isInstalled("papaparse");
  for (const rows of sizes) {
    for (const shape of ["plain", "quoted"]) {
      const file = join(folder, `${rows}-${shape}.csv`);
      if (!existsSync(file)) throw new Error(`${file} is not there: run \`cargo xtask bench users\``);
      const names = ["org2org, SIMD", "org2org, plain", "csv", "uDSV", ...papaparse && rows <= MOST_ROWS_OF_PAPAPARSE ? ["PapaParse"] : []];
      const entries = measure(file, names, rounds);
      // Quotes that are not needed are ours to keep and the others' to drop.
      if (shape === "plain" && new Set(entries.map(({ kept }) => kept)).size > 1) {
        throw new Error(`not all kept the same: ${JSON.stringify(entries)}`);
      }
      table.push(...entries.map((entry) => ({ rows, shape, ...entry })));
    }
  }
  writeFileSync(join(folder, "users-wasm.json"), JSON.stringify(table, null, 2));
  console.log("\n| File, in Node | Contestant | Seconds | Of `csv` in wasm | uDSV takes | ns per row |\n|---|---|--:|--:|--:|--:|");
  for (const { rows, shape, name, ms, ofCsv, ofUdsv } of table) {
    const times = ofUdsv ? `${ofUdsv.toFixed(1)} ×` : "";
    console.log(`| ${rows} rows, ${shape} | ${name} | ${(ms / 1000).toFixed(4)} | ${ofCsv.toFixed(2)} | ${times} | ${((ms * 1e6) / rows).toFixed(0)} |`);
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === "run") await run(...rest);
else await bench(first, Number(rest[0]), rest.slice(1).map(Number));
