// The page: chooses a machine, reads the controls, asks the simulator, and hands the answer to show.js.

import init, { Machine } from "./simulator.js";
import { show, showTrouble } from "./show.js";
import { visible } from "./visible.js";

// The most that `venv-doctor explain --snapshot` reads.
const MOST_BYTES = 16 * 1024 * 1024;

const at = (id) => document.getElementById(id);
const flagBoxes = () => [...document.querySelectorAll("[id^=flag-]")];

// `recorded` is the machine as it was opened, `machine` the same with the chosen version of Python.
let recorded, machine, call, before;
// For which version `machine` was made: reading a large snapshot again takes longer than explaining it.
let made;

function explain(of, changes) {
  return JSON.parse(new TextDecoder().decode(of.explain(JSON.stringify(changes))));
}

// Opens a snapshot, and shows what it says in the controls.
function open(bytes) {
  const opened = new Machine(bytes);
  recorded?.free();
  release();
  recorded = machine = opened;
  made = "";
  before = explain(recorded, {});
  fill(JSON.parse(recorded.call()));
  answer();
}

function release() {
  if (machine && machine !== recorded) machine.free();
}

function fill(told) {
  call = told;
  at("typed").textContent = visible(`${told.executable}, in ${told.cwd ?? "a directory that was removed"}, on ${told.platform}`);
  fillCfg(told.pyvenv_cfg);
  at("variables").value = lines(told.variables);
  for (const box of flagBoxes()) box.checked = told.flags.includes(box.value);
  at("launch").value = told.launch.kind;
  at("target").value = told.launch.target ?? "";
  at("version").value = told.version ?? "";
  at("installed").checked = true;
  at("version-hint").textContent = told.is_recorded
    ? "A recorded snapshot holds what one Python looked up. All else counts as missing."
    : "";
}

function fillCfg(cfg) {
  at("cfg-path").textContent = visible(cfg?.path ?? "pyvenv.cfg");
  at("cfg").value = cfg?.text ?? "";
  at("cfg-exists").checked = cfg?.text != null;
  at("cfg").disabled = at("cfg-exists").disabled = cfg == null;
}

// A text as a text area holds it, which knows one kind of line break.
const shown = (text) => text?.replace(/\r\n?/g, "\n");

// The text of pyvenv.cfg with the line breaks of the recorded one.
function cfgText() {
  const [recordedText, text] = [call.pyvenv_cfg?.text, at("cfg").value];
  if (text === shown(recordedText)) return recordedText;
  return recordedText?.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}

const lines = (variables) => Object.entries(variables).map(([name, value]) => `${name}=${value}`).join("\n");

// Takes the chosen version. A text of pyvenv.cfg that nobody has edited is that of the new machine.
function choose() {
  const version = at("version").value.trim();
  const isRecorded = version === "" || version === (JSON.parse(recorded.call()).version ?? "");
  const wanted = isRecorded ? "" : `${version} ${at("installed").checked}`;
  if (wanted === made) return;
  const isEdited = at("cfg").value !== (shown(call.pyvenv_cfg?.text) ?? "");
  const chosen = isRecorded ? recorded : recorded.with_version(version, at("installed").checked);
  release();
  [machine, made] = [chosen, wanted];
  call = JSON.parse(machine.call());
  if (!isEdited) fillCfg(call.pyvenv_cfg);
}

// What differs from the machine; what is left out stays as it is, to the byte.
function changes() {
  const changed = {};
  const text = at("cfg-exists").checked ? cfgText() : null;
  if (call.pyvenv_cfg && text !== call.pyvenv_cfg.text) changed.pyvenv_cfg = { text };
  const flags = flagBoxes().filter((box) => box.checked).map((box) => box.value).join("");
  if (flags !== call.flags) changed.flags = flags;
  const launch = { kind: at("launch").value, target: at("target").value };
  const takesTarget = launch.kind === "module" || launch.kind === "script";
  at("target").disabled = !takesTarget;
  if (launch.kind !== call.launch.kind || (takesTarget && launch.target !== (call.launch.target ?? ""))) {
    changed.launch = launch;
  }
  if (at("variables").value !== lines(call.variables)) changed.variables = variables();
  return changed;
}

function variables() {
  const set = {};
  const [notRead, incomplete] = [[], []];
  for (const line of at("variables").value.split("\n")) {
    const equals = line.indexOf("=");
    if (equals < 1) {
      if (line.trim()) incomplete.push(line.trim());
      continue;
    }
    const name = line.slice(0, equals).trim();
    if (Object.hasOwn(call.variables, name) || call.known_variables.includes(name)) set[name] = line.slice(equals + 1);
    else notRead.push(name);
  }
  at("variables-hint").textContent = [
    notRead.length ? `No Python reads this while it starts: ${notRead.join(", ")}` : "",
    incomplete.length ? `Not NAME=VALUE: ${incomplete.join(", ")}` : "",
  ].filter(Boolean).join(". ");
  return set;
}

function answer() {
  if (!machine) return;
  at("variables-hint").textContent = "";
  try {
    choose();
    const changed = changes();
    const now = explain(machine, changed);
    show(now, before, machine !== recorded || Object.keys(changed).length > 0);
  } catch (error) {
    showTrouble(error);
  }
}

async function openExample(name) {
  const response = await fetch(`examples/${name}.json`);
  if (!response.ok) throw new Error(`the example ${name} cannot be loaded`);
  open(new Uint8Array(await response.arrayBuffer()));
}

async function openFile(file) {
  if (file.size > MOST_BYTES) throw new Error("the file is too large for a snapshot");
  open(new Uint8Array(await file.arrayBuffer()));
  at("example").value = "";
  at("about").textContent = "";
}

// The examples; each is a fixture of the tests or was made for this page.
async function examples() {
  const response = await fetch("examples/list.json");
  return (await response.json()).map(({ fixture, own, title, about }) => ({ name: fixture ?? own, title, about }));
}

const named = (list, name) => list.find((one) => one.name === name);

function choice(list) {
  const select = at("example");
  const own = document.createElement("option");
  own.value = "";
  own.textContent = "your own snapshot";
  own.disabled = true;
  select.append(...list.map(({ name, title }) => {
    const option = document.createElement("option");
    option.value = name;
    option.textContent = title;
    return option;
  }), own);
  const wanted = new URLSearchParams(location.search).get("example");
  select.value = (named(list, wanted) ?? list[0]).name;
}

const attempt = (task) => task.catch(showTrouble);

async function start() {
  const simulator = init({ module_or_path: new URL("simulator_bg.wasm", import.meta.url) });
  const [list] = await Promise.all([examples(), simulator]);
  choice(list);
  const chosen = async () => {
    const { name, about } = named(list, at("example").value);
    await openExample(name);
    at("about").textContent = about;
    at("snapshot").value = "";
    history.replaceState(null, "", `?example=${name}`);
  };
  at("example").addEventListener("change", () => attempt(chosen()));
  at("snapshot").addEventListener("change", () => {
    const [file] = at("snapshot").files;
    if (file) attempt(openFile(file));
  });
  const controls = at("controls");
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", (event) => {
    if (event.target !== at("example") && event.target !== at("snapshot")) answer();
  });
  at("reset").addEventListener("click", (event) => {
    event.preventDefault();
    fill(JSON.parse(recorded.call()));
    answer();
  });
  await chosen();
}

attempt(start());
