// The page of the playground in a browser: it loads, a change changes the steps, and nothing of a snapshot is more than
// text.
//
// Usage: node page.mjs BROWSER PLAYGROUND [PICTURES]     (PICTURES: a directory for pictures of the page)

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { Browser } from "./browser.mjs";
import { hostile } from "./hostile.mjs";

const [program, playground, pictures] = process.argv.slice(2);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };

function serve() {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    try {
      const body = readFileSync(join(playground, path.endsWith("/") ? `${path}index.html` : path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/html" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const verdict = "document.getElementById('verdict').textContent";
const report = "document.getElementById('report').textContent";

// Whether text of the page matches; where it does not, its beginning is shown.
async function holds(page, expression, pattern, wanted = true) {
  const text = await page.value(expression);
  assert.ok(pattern.test(text) === wanted, `${wanted ? "" : "not "}${pattern} in: ${text.slice(0, 600)}`);
}

// Types into a control as a person does: the page hears of it by an event.
const typed = (id, text) => `(() => { const it = document.getElementById(${JSON.stringify(id)}); it.value = ${JSON.stringify(text)};
  it.dispatchEvent(new Event("input", { bubbles: true })); it.dispatchEvent(new Event("change", { bubbles: true })); })()`;
const clicked = (id) => `document.getElementById(${JSON.stringify(id)}).click()`;

async function opened(page, address) {
  await page.send("Page.navigate", { url: address });
  await page.until(`document.readyState === "complete" && document.getElementById("verdict").className !== ""`);
}

async function loads(page, address) {
  await opened(page, address);
  await holds(page, verdict, /^CPython 3\.12\.1 starts$/);
  await holds(page, report, /sys\.base_prefix\/opt\/python\/3\.12\.1/);
  await holds(page, report, /VD401/);
  assert.ok((await page.value("document.querySelectorAll('#report > ol:last-child > li').length")) > 20);
}

async function changes(page) {
  const cfg = await page.value("document.getElementById('cfg').value");
  await page.value(typed("cfg", cfg.replace("/opt/python/3.12.1/bin\n", "/opt/python/3.12.9/bin\n")));
  await holds(page, report, /sys\.base_prefix\/opt\/python\/3\.12\.9 was \/opt\/python\/3\.12\.1/);
  await holds(page, report, /[1-9]\d* of \d+ steps differ/);
  await page.value(clicked("cfg-exists"));
  await holds(page, report, /sys\.prefix\/opt\/python\/3\.12\.1 was \/home\/ada\/app\/\.venv/);
  await page.value(clicked("reset"));
  assert.equal(await page.value("document.querySelectorAll('.changed').length"), 0);
  await page.value(typed("variables", "HOME=/home/ada\nPYTHONPATH=src\nNOBODY_READS=this\nHALF"));
  await holds(page, report, /\/home\/ada\/app\/src PYTHONPATH, step \d+new/);
  await holds(page, "document.getElementById('variables-hint').textContent", /NOBODY_READS. Not NAME=VALUE: HALF$/);
  await page.value(clicked("flag-I"));
  await holds(page, report, /PYTHONPATH, step/, false);
  await page.value(clicked("reset"));
  await page.value(typed("version", "3.14.2"));
  await holds(page, verdict, /^CPython 3\.14\.2 starts · \d+ steps differ$/);
  await holds(page, report, /lib\/python3\.14/);
  await page.value(typed("version", "3."));
  await holds(page, verdict, /^No answer: .*not a version/);
  await page.value(clicked("reset"));
  await page.value(typed("launch", "script"));
  await page.value(typed("target", "tools/run.py"));
  await holds(page, report, /\/home\/ada\/app\/tools what Python runs, step \d+new/);
  await page.value(clicked("reset"));
  await holds(page, verdict, /^CPython 3\.12\.1 starts$/);
}

async function everyExample(page) {
  const names = await page.value("[...document.getElementById('example').options].filter((it) => it.value).map((it) => it.value)");
  for (const name of names) {
    await page.value(typed("example", name));
    await page.until(`location.search === "?example=${name}"`);
    await holds(page, verdict, /No answer/, false);
    // Nothing is changed yet, whatever line breaks its files have.
    await holds(page, verdict, /steps? differs?/, false);
  }
  return names.length;
}

// Gives the page a file as a person chooses one.
const given = (document) => `(() => { const files = new DataTransfer();
  files.items.add(new File([${JSON.stringify(document)}], "snapshot.json"));
  const input = document.getElementById("snapshot"); input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true })); })()`;

async function hostileNames(page) {
  const allowed = new Set(await page.value("[...new Set([...document.querySelectorAll('*')].map((it) => it.localName))]"));
  for (const [document, expected] of hostile()) {
    await page.value("document.getElementById('report').replaceChildren()");
    await page.value(given(document));
    await page.until(`document.getElementById("report").childElementCount > 0`);
    assert.ok((await page.value("document.body.innerHTML")).includes(expected), expected);
    // What a name could add is an element of another kind, an attribute that runs, or an address.
    const found = await page.value("[...document.getElementById('report').querySelectorAll('*')].map((it) => it.localName)");
    for (const name of found) assert.ok(allowed.has(name) || ["pre", "del", "details", "summary", "ul", "a"].includes(name), name);
    assert.equal(await page.value("document.querySelectorAll('#report [href]:not(a.step[href^=\"#step-\"]), #report [src], #report [style], #report [onerror], #report script').length"), 0);
    assert.equal(await page.value("globalThis.ran"), undefined);
  }
  await page.value(given("this is no snapshot"));
  await page.until(`${verdict}.startsWith("No answer")`);
}

// The policy of the page itself forbids what a name would need.
async function forbidden(page) {
  const before = page.problems.length;
  await page.value(`fetch("http://127.0.0.1:1/").catch(() => {})`);
  await page.value(`document.body.append(Object.assign(document.createElement("script"), { textContent: "globalThis.ran = 1" }))`);
  await page.value(`document.body.append(Object.assign(document.createElement("img"), { src: "http://127.0.0.1:1/x.png" }))`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await page.value("globalThis.ran"), undefined);
  assert.ok(page.problems.length >= before + 3, "the policy refuses all three");
  page.problems.length = before;
}

async function isLabelled(page) {
  const unlabelled = await page.value("[...document.querySelectorAll('select, input, textarea')].filter((it) => !it.labels?.length).map((it) => it.id)");
  assert.deepEqual(unlabelled, []);
}

async function fits(page, width, dark) {
  await page.send("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false });
  await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
  assert.ok((await page.value("document.documentElement.scrollWidth")) <= width, `it fits into ${width} pixels`);
  if (!pictures) return;
  const { data } = await page.send("Page.captureScreenshot", { captureBeyondViewport: true });
  writeFileSync(join(pictures, `page-${width}-${dark ? "dark" : "light"}.png`), Buffer.from(data, "base64"));
}

const server = await serve();
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = new Browser(program);
try {
  const page = await browser.page();
  await loads(page, address);
  await changes(page);
  await isLabelled(page);
  for (const width of [400, 1400]) for (const dark of [false, true]) await fits(page, width, dark);
  const examples = await everyExample(page);
  await opened(page, `${address}?example=windows-venv`);
  assert.equal(await page.value("document.getElementById('example').value"), "windows-venv");
  await hostileNames(page);
  const foreign = page.requests.filter((url) => !url.startsWith(address) && !url.startsWith("data:"));
  assert.deepEqual(foreign, [], "no request leaves");
  assert.deepEqual(page.problems, [], "nothing is thrown or refused");
  await forbidden(page);
  console.log(`${examples} examples, ${hostile().length} hostile snapshots: nothing ran, and no request left`);
} finally {
  await browser.close();
  server.close();
}
