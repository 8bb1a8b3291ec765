// A static file server, as plain as any: a folder, its types, nothing else.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json" };

async function answer(folder, request, response) {
  const path = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname);
  const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
  try {
    const bytes = await readFile(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

/** Serves a folder on a free port of 127.0.0.1. */
export async function serve(folder) {
  const server = createServer((request, response) => answer(folder, request, response));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
