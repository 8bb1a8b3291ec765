// The static page: from any file server, without a word to anyone.

import assert from "node:assert/strict";
import { WWW } from "./places.mjs";

export const stories = [
  {
    name: "opens from a plain file server and asks for nothing but its own files",
    lab: false,
    extension: false,
    async run({ page, site, screenshot }) {
      const { url } = await site(WWW);
      const tab = await page();
      const asked = [];
      tab.on("request", (request) => asked.push(request.url()));
      await tab.goto(url, { waitUntil: "networkidle" });
      await tab.getByRole("heading", { level: 1 }).waitFor();
      assert.deepEqual(asked.filter((address) => !address.startsWith(url) && !/^(?:blob|data):/.test(address)), []);
      await screenshot(tab, "page");
    },
  },
];
