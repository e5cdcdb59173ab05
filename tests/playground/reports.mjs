// The reports of the simulator as WebAssembly are those of the program, byte for byte.
//
// Usage: node reports.mjs PROGRAM PLAYGROUND FIXTURES

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

const [program, playground, fixtures] = process.argv.slice(2);

// Node takes a file for a module of JavaScript by its name.
async function simulator() {
  const directory = mkdtempSync(join(tmpdir(), "playground-"));
  copyFileSync(join(playground, "simulator.js"), join(directory, "simulator.mjs"));
  const module = await import(pathToFileURL(join(directory, "simulator.mjs")));
  rmSync(directory, { recursive: true });
  const started = performance.now();
  module.initSync({ module: readFileSync(join(playground, "simulator_bg.wasm")) });
  return [module.Machine, performance.now() - started];
}

function native(snapshot, options) {
  try {
    return execFileSync(program, ["explain", "--json", "--snapshot", snapshot, ...options], { maxBuffer: 1 << 27, stdio: ["ignore", "pipe", "ignore"] });
  } catch (error) {
    // An explanation of what does not start, or has an error, ends with code 1.
    if (error.status === 1) return error.stdout;
    throw error;
  }
}

// Each change as the page makes it, and as options of the program.
const CHANGES = [
  [{}, []],
  [{ flags: "I" }, ["-I"]],
  [{ flags: "EsS" }, ["-E", "-s", "-S"]],
  [{ launch: { kind: "module", target: "app" } }, ["--launch", "module=app"]],
  [{ launch: { kind: "script", target: "tools/run.py" } }, ["--launch", "script=tools/run.py"]],
  [{ launch: { kind: "interactive" } }, ["--launch", "interactive"]],
  [{ variables: { PYTHONPATH: "src", PYTHONHOME: "/opt/other" } }, ["--clean-env", "--env", "PYTHONPATH=src", "--env", "PYTHONHOME=/opt/other"]],
];

let compared = 0;
const differing = [];
function compare(snapshot, machine, [changes, options]) {
  compared += 1;
  const ours = Buffer.from(machine.explain(JSON.stringify(changes)));
  const theirs = native(snapshot, options);
  // The program notes which of the given variables have no effect, and the page does not.
  if (!(changes.variables ? sameButNotes(ours, theirs) : ours.equals(theirs))) differing.push(`${snapshot} ${options.join(" ")}`);
}

function sameButNotes(left, right) {
  const [one, other] = [left, right].map((bytes) => JSON.stringify({ ...JSON.parse(bytes), notes: [] }));
  return one === other;
}

function snapshots() {
  const named = (directory) => readdirSync(directory).map((name) => join(directory, name, "snapshot.json")).filter(existsSync);
  return [...named(fixtures), join(playground, "examples", "two-pythons.json")];
}

const [Machine, loading] = await simulator();
const times = [];
for (const [index, snapshot] of snapshots().entries()) {
  const document = new Uint8Array(readFileSync(snapshot));
  const machine = new Machine(document);
  const invocation = JSON.parse(machine.call());
  compare(snapshot, machine, CHANGES[0]);
  // A flag that was recorded cannot be removed by an option, and starting a process takes long.
  const more = index % 4 === 0 && invocation.flags === "" && invocation.launch.kind === "command" ? CHANGES.slice(1) : [];
  for (const change of more) compare(snapshot, machine, change);
  if (invocation.version !== null) {
    const other = machine.with_version("3.11.4", false);
    compare(snapshot, other, [{}, ["--python-version", "3.11.4"]]);
    // pyvenv.cfg itself, as a file that is added.
    const cfg = invocation.pyvenv_cfg;
    if (cfg?.text != null && index % 4 === 1) {
      const text = "home = /nowhere/bin\n";
      const changed = Buffer.from(machine.explain(JSON.stringify({ pyvenv_cfg: { text } })));
      compared += 1;
      // The program notes what it was told to assume, and the page does not.
      if (!sameButNotes(changed, native(snapshot, ["--with-file", `${cfg.path}=${text}`]))) differing.push(`${snapshot} with home`);
    }
    other.free();
  }
  const started = performance.now();
  for (let times = 0; times < 5; times += 1) machine.explain("{}");
  times.push((performance.now() - started) / 5);
  machine.free();
}
times.sort((left, right) => left - right);
const hostile = ["", "{", "null", '{"schema":"venv-doctor/snapshot/1"}', "[".repeat(100000)];
for (const text of hostile) {
  let refused = false;
  try {
    new Machine(new TextEncoder().encode(text));
  } catch (error) {
    refused = error instanceof Error && !(error instanceof WebAssembly.RuntimeError);
  }
  if (!refused) differing.push(`not refused: ${text.slice(0, 40)}`);
}
console.log(`${compared} reports compared; module instantiated in ${loading.toFixed(1)} ms, an explanation takes ${times[times.length >> 1].toFixed(2)} ms (median), ${times.at(-1).toFixed(2)} ms (most)`);
if (differing.length) {
  console.error(["error: these differ", ...differing].join("\n"));
  process.exit(1);
}
