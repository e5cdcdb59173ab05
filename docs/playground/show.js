// Shows a report. All text of a snapshot is set as text and never as markup.

import { compared } from "./compared.js";
import { visible } from "./visible.js";

const at = (id) => document.getElementById(id);

// Text that is not UTF-8 comes as an object with its bytes.
const text = (value) => visible(value !== null && typeof value === "object" ? value.display : String(value));

function element(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Leads to the step that decided something.
function toStep(number) {
  const link = element("a", "step", `step ${number}`);
  link.href = `#step-${Number(number)}`;
  return link;
}

const badge = (word) => element("span", "badge", word);
const code = (value) => element("code", "", text(value));

const IMPLEMENTATIONS = { cpython: "CPython", pypy: "PyPy", graalpy: "GraalPy" };

const ORIGINS = {
  launch: "what Python runs", PYTHONPATH: "PYTHONPATH", zip: "zipped standard library", stdlib: "standard library",
  platstdlib: "extension modules", "compiled-pythonpath": "compiled into the binary", registry: "registry",
  "executable-dir": "directory of the interpreter", "_pth-file": "._pth file", "site-packages": "site-packages",
  "user-site": "user site", "pth-file": ".pth file",
};

// Says that there is no answer, and why. A simulator that has broken off cannot go on.
export function showTrouble(error) {
  const isBroken = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  const reason = isBroken ? "the simulator has broken off; please load this page again" : error.message ?? error;
  at("verdict").className = "fails";
  at("verdict").textContent = `No answer: ${visible(String(reason))}`;
  at("report").replaceChildren();
}

// Shows the report `now`, and what differs from the report `before`.
export function show(now, before, isChanged) {
  const identity = (step) => JSON.stringify([step.rule, step.detail, step.sets]);
  const difference = isChanged ? compared(now.steps, before.steps, identity) : null;
  verdict(now, difference);
  const opened = new Set([...document.querySelectorAll("details[open]")].map((one) => one.dataset.step));
  at("report").replaceChildren(
    ...values(now, before),
    ...searchPath(now, before),
    ...findings(now, before),
    ...hooks(now),
    ...messages(now),
    ...steps(now, difference, opened),
  );
}

function verdict({ interpreter, outcome, steps }, difference) {
  const named = IMPLEMENTATIONS[interpreter.implementation] ?? "Python";
  const does = {
    starts: "starts", "fails-to-execute": "cannot be executed", "fails-to-initialize": "fails to start",
    "not-simulated": "is not simulated",
  }[outcome.status];
  const reason = outcome.reason === null ? "" : `: ${text(outcome.reason)}`;
  at("verdict").className = outcome.status === "starts" ? "starts" : "fails";
  const differing = difference === null ? "" : ` · ${differs(steps.filter(difference.isNew).length)}`;
  at("verdict").textContent = `${[named, interpreter.version].filter(Boolean).join(" ")} ${does}${reason}${differing}`;
}

function values(now, before) {
  if (!now.sys) return [];
  const named = ["executable", "prefix", "base_prefix", "exec_prefix", "base_exec_prefix"];
  const shown = named.map((name) => [`sys.${name}`, now.sys[name], before.sys?.[name]]);
  shown.push(["user site", now.site?.ENABLE_USER_SITE ?? "–", before.site?.ENABLE_USER_SITE ?? "–"]);
  const rows = shown.flatMap(([name, value, old]) => {
    const differs = old !== undefined && text(old) !== text(value);
    const was = differs ? element("span", "faint", " was ", code(old)) : null;
    return [element("dt", "", name), element("dd", differs ? "changed" : "", code(value), was)];
  });
  return [element("h2", "", "Values"), element("dl", "", ...rows)];
}

function searchPath(now, before) {
  if (!now.sys) return [];
  const { isNew, gone } = compared(now.sys.path, before.sys?.path ?? [], ({ value, origin }) => `${origin} ${text(value)}`);
  const entry = (one) => {
    const from = one.file === undefined ? "" : `, ${text(one.file)} line ${one.line}`;
    const missing = one.exists ? "" : ", does not exist";
    const value = text(one.value) === "" ? "'' (the working directory)" : text(one.value);
    const marked = isNew(one);
    return element("li", marked ? "changed" : "", code(value),
      element("span", "faint", ` ${ORIGINS[one.origin] ?? one.origin}${from}${missing}, `, toStep(one.step)), marked ? badge("new") : null);
  };
  const list = element("ol", "", ...now.sys.path.map(entry));
  list.start = 0;
  const removed = gone.map((one) => element("li", "",
    element("del", "", code(one.value), ` ${ORIGINS[one.origin] ?? one.origin}`), badge("gone")));
  return [element("h2", "", "sys.path"), list, removed.length ? element("ul", "", ...removed) : null].filter(Boolean);
}

function findings(now, before) {
  const { isNew, gone } = compared(now.findings, before.findings, ({ code, message }) => code + text(message));
  const shown = now.findings.map((one) => {
    const title = element("p", "title", element("strong", "", `${one.severity}[${one.code}] `), text(one.message), " ",
      one.step === null ? null : toStep(one.step), isNew(one) ? badge("new") : null);
    const evidence = one.evidence.map((place) => {
      const line = place.line === null ? "" : `:${place.line}`;
      return element("p", "path faint", `${text(place.file)}${line}: ${text(place.text)}`);
    });
    const effect = one.effect === null ? null : element("p", "", text(one.effect));
    const fix = one.fix === null ? null : element("p", "", `Fix: ${text(one.fix)}`);
    const commands = one.commands.length ? element("pre", "", one.commands.map(text).join("\n")) : null;
    return element("div", `finding ${one.severity}`, title, ...evidence, effect, fix, commands);
  });
  if (!shown.length) shown.push(element("p", "faint", "Startup shows nothing that is wrong."));
  const solved = gone.map((one) => element("li", "", element("del", "", `${one.code}: ${text(one.message)}`), badge("gone")));
  return [element("h2", "", "Findings"), ...shown, ...(solved.length ? [element("ul", "", ...solved)] : [])];
}

function hooks({ startup }) {
  if (!startup.length) return [];
  const shown = startup.map((one) => {
    const line = one.line === null ? "" : `:${one.line}`;
    return element("li", "", code(`${text(one.file)}${line}`), element("span", "faint", ` ${one.known ?? "not recognized"}`));
  });
  return [element("h2", "", "Code that runs before yours"), element("ul", "", ...shown)];
}

function messages({ messages }) {
  if (!messages.length) return [];
  return [element("h2", "", "What Python prints"), element("pre", "", messages.map(text).join("\n"))];
}

const differs = (count) => (count === 1 ? "1 step differs" : `${count} steps differ`);

function steps(now, difference, opened) {
  const shown = now.steps.map((one) => {
    const marked = difference?.isNew(one) ?? false;
    const item = element("li", marked ? "changed" : "", element("strong", "", one.title), element("span", "phase", ` ${one.phase}`),
      marked ? badge("changed") : null, element("div", "", text(one.detail)), lookups(one, opened));
    item.id = `step-${one.id}`;
    return item;
  });
  const title = element("h2", "", "How Python starts");
  const list = element("ol", "", ...shown);
  if (difference === null) return [title, list];
  const count = now.steps.filter(difference.isNew).length;
  const fewer = difference.gone.length > count ? `, and ${difference.gone.length - count} no longer happen` : "";
  return [title, element("p", "faint", `${count} of ${now.steps.length} steps differ from the machine as it was opened${fewer}.`), list];
}

function lookups({ id, rule, source, checks }, opened) {
  const found = checks.filter(({ result }) => result !== false && result.error === undefined).length;
  const told = { 0: "no lookup", 1: `1 lookup, ${found} found` }[checks.length] ?? `${checks.length} lookups, ${found} found`;
  const made = element("details", "", element("summary", "", `${rule} · ${told}`),
    element("p", "faint", text(source)),
    element("ul", "", ...checks.map((one) => element("li", "", code(`${one.op} ${text(one.path)}`), ` ${answerOf(one.result)}`))));
  made.dataset.step = `${rule} ${id}`;
  made.open = opened.has(made.dataset.step);
  return made;
}

function answerOf(result) {
  if (typeof result === "boolean") return result ? "yes" : "no";
  if (result.error !== undefined) return result.error;
  if (result.path !== undefined) return `→ ${text(result.path)}`;
  return result.bytes !== undefined ? `${result.bytes} bytes` : `${result.names} names`;
}
