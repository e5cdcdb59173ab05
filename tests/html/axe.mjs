// Loads pages in Chromium, light and dark, wide and narrow, and judges each with axe-core. What the keyboard selects in the
// commands of a fix must be these commands and nothing else.
//
//     node axe.mjs CHROMIUM PAGE... [-- PAGE...]
//
// Pages after `--` are only measured: whatever is in them, they must not be wider than the window. Needs the packages of package.json, in a directory `node_modules` next to this file or in one of NODE_PATH; ends with 77
// where they are missing, with 1 where a fault is serious or a page is wider than its window, else with 0.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const paths = [here, ...(process.env.NODE_PATH ?? '').split(delimiter).filter(Boolean)];

function find(name) {
  try {
    return require.resolve(name, { paths });
  } catch {
    console.log(`the npm package ${name} is not installed (npm install --prefix tests/html)`);
    process.exit(77);
  }
}

const axe = readFileSync(find('axe-core'), 'utf8');
const puppeteer = await import(pathToFileURL(find('puppeteer-core')).href);
const launch = puppeteer.launch ?? puppeteer.default.launch.bind(puppeteer.default);

const [executablePath, ...words] = process.argv.slice(2);
const end = words.includes('--') ? words.indexOf('--') : words.length;
const [pages, measured] = [words.slice(0, end), words.slice(end + 1)];
const browser = await launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
let faults = 0;

function report(...words) {
  faults += 1;
  console.log(words.join(' '));
}

async function open(file, scheme, width) {
  const page = await browser.newPage();
  // The policy of the pages forbids scripts, and axe is one.
  await page.setBypassCSP(true);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(pathToFileURL(file).href);
  // What is folded away counts, too.
  await page.evaluate(() => document.querySelectorAll('details').forEach((it) => { it.open = true; }));
  const where = `${file}, ${scheme}, ${width} pixels:`;
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (beyond > 0) report(where, beyond, 'pixels wider than the window');
  return { page, where };
}

async function select(page, where) {
  const commands = await page.$('.commands');
  if (!commands) return;
  await commands.focus();
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  const [selected, wanted] = await commands.evaluate((it) => [
    window.getSelection().toString(), Array.from(it.children, (line) => line.textContent).join('\n'),
  ]);
  if (selected.trim() !== wanted) report(where, 'the keyboard selects', JSON.stringify(selected.slice(0, 300)));
}

async function judge(file, scheme, width) {
  const { page, where } = await open(file, scheme, width);
  await select(page, where);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  for (const { id, impact, nodes } of violations) {
    if (impact === 'serious' || impact === 'critical') report(where, impact, id, nodes[0].html.slice(0, 300));
  }
  await page.close();
}

for (const file of pages) {
  for (const scheme of ['light', 'dark']) {
    for (const width of [1400, 400]) await judge(file, scheme, width);
  }
}
for (const file of measured) {
  for (const width of [1400, 400]) await (await open(file, 'light', width)).page.close();
}
await browser.close();
console.log(`${pages.length + measured.length} pages, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);
