// A static file server, as plain as any: a folder, its types, gzip, and a mark of each version.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json" };

/** What was compressed once, by its mark: a server in use does not do it again for each visitor. */
const zipped = new Map();

function gzipped(bytes, etag) {
  if (!zipped.has(etag)) zipped.set(etag, gzipSync(bytes, { level: 9 }));
  return zipped.get(etag);
}

/** The headers of a file, and its bytes as they are sent. */
function packed(bytes, type, request) {
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
  const headers = { "content-type": type, etag };
  const gzip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  return gzip ? [{ ...headers, "content-encoding": "gzip" }, gzipped(bytes, etag)] : [headers, bytes];
}

async function answer(folder, sent, request, response) {
  const path = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname);
  const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
  try {
    const [headers, body] = packed(await readFile(file), TYPES[extname(file)] ?? "application/octet-stream", request);
    if (request.headers["if-none-match"] === headers.etag) return response.writeHead(304, headers).end();
    sent.push([path, body.length]);
    response.writeHead(200, headers).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** Serves a folder on a free port of 127.0.0.1; `sent` lists what went out: paths with bytes of their bodies. */
export async function serve(folder) {
  const sent = [];
  const server = createServer((request, response) => answer(folder, sent, request, response));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return { url: `http://127.0.0.1:${server.address().port}/`, close, sent };
}
