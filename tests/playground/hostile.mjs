// Snapshots whose names would be something else than text if they were taken for markup.

const NAMES = [
  "<script>globalThis.ran = 1</script>",
  "<img src=x onerror=globalThis.ran=1>",
  "\"><svg onload=globalThis.ran=1>",
  "</textarea><iframe srcdoc='<script>parent.ran=1</script>'>",
  "<a href=javascript:globalThis.ran=1>x</a>",
  "<style>@import 'http://127.0.0.1:1/x'</style>",
  "<meta http-equiv=refresh content='0;url=http://127.0.0.1:1/'>",
  "${globalThis.ran = 1}`'\"\\",
  "\u202e\u2066x\u0000",
];

// What the page holds of a name, as markup is written; what would not be seen is there as a number.
const written = (name) => name.replaceAll("\u202e", "\\u{202e}").replaceAll("\u2066", "\\u{2066}").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function snapshot(name) {
  // A name is a part of a path and holds no separator; elsewhere it is whole.
  const part = name.replaceAll("/", "\u2215").replaceAll("\u0000", "");
  const root = `/w/${part}`;
  const file = (path, text) => ({ path, type: "file", text });
  return JSON.stringify({
    schema: "venv-doctor/snapshot/1",
    platform: "linux",
    cwd: "/w",
    executable: `${root}/bin/python`,
    environment: { HOME: root, PYTHONPATH: `${part}`, PYTHONWARNINGS: part },
    interpreter: { implementation: "cpython", version: "3.12.1", vendor: part, compiled: { prefix: "/b", exec_prefix: "/b", platlibdir: "lib" } },
    files: [
      { path: "/b/bin/python3.12", type: "file", executable: true },
      { path: "/b/lib/python3.12/encodings/__init__.py", type: "file" },
      { path: "/b/lib/python3.12/lib-dynload", type: "directory" },
      { path: "/b/lib/python3.12/os.py", type: "file" },
      { path: `${root}/bin/python`, type: "symlink", target: "/b/bin/python3.12" },
      file(`${root}/lib/python3.12/site-packages/${part}.pth`, `${name.replaceAll("\u0000", "")}\nimport os; ${name.replaceAll("\u0000", "")}\n`),
      file(`${root}/pyvenv.cfg`, `home = /b/bin\nprompt = ${name.replaceAll("\u0000", "")}\n`),
    ],
    notes: [name],
  });
}

// Each document with what the page has to hold of it.
export const hostile = () => NAMES.map((name) => [snapshot(name), written(name.replaceAll("/", "\u2215").replaceAll("\u0000", ""))]);
