// Replays pages of a WARC file with ReplayWeb.page's reader (wabac.js), whose database is IndexedDB.
// node replay_with_wabac.mjs NODE_MODULES FILE.warc.gz|FILE.wacz < [[url, 14 digits], ...]   prints JSON
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, path] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(resolve(modules, name)));

await load("fake-indexeddb/auto/index.mjs");
globalThis.self = globalThis;
console.log = console.warn = () => {}; // standard output is the answer
self.addEventListener = () => {};
const bytes = readFileSync(path);
// A server that knows ranges, as a WACZ is read in pieces.
globalThis.fetch = async (address, options) => {
  const asked = new Request(address, options);
  const range = asked.headers.get("range")?.match(/bytes=(\d+)-(\d*)/);
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]) + 1, bytes.length) : bytes.length;
  const headers = { "content-length": String(end - start), "accept-ranges": "bytes" };
  if (range) headers["content-range"] = `bytes ${start}-${end - 1}/${bytes.length}`;
  const body = asked.method === "HEAD" ? null : bytes.subarray(start, end);
  return new Response(body, { status: range ? 206 : 200, headers });
};

const { WorkerLoader } = await load("@webrecorder/wabac/dist/swlib.js");
const loader = new WorkerLoader(self);
await loader._init_db;
const faults = [];
const file = { sourceUrl: `https://local.example/${basename(path)}`, size: bytes.length, newFullImport: true };
const made = await loader.addCollection({ name: "pages", file }, (_, fault) => fault && faults.push(fault));
if (!made) throw new Error(faults.join("; "));
const { store } = await loader.loadColl(made.name);

const pages = [];
for (const [url, timestamp] of JSON.parse(readFileSync(0, "utf8"))) {
  const request = { url, timestamp, request: new Request("https://local.example/"), headers: new Headers() };
  const found = await store.getResource(request, "", {}, {});
  if (!found) {
    pages.push(null);
    continue;
  }
  const sha256 = createHash("sha256").update(await found.getBuffer()).digest("hex");
  pages.push({ type: found.headers.get("content-type"), date: found.date, sha256 });
}
process.stdout.write(JSON.stringify(pages), () => process.exit(0));
