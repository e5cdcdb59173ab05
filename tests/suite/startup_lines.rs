//! What every release makes of one line of a `.pth` file, or of a customization module: the outcome, `sys.path`, and the
//! first line on standard error, for every kind of line on every interpreter found.

#![allow(clippy::disallowed_methods, reason = "the test builds environments and runs real interpreters")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test reports by printing and panicking")]

use std::fs;
use std::os::unix::fs::symlink;

use bstr::{BString, ByteSlice};
use serde_json::Value as Json;

use crate::support::interpreters::{self, Interpreter};
use crate::support::world::{Cwd, Ended, Start};

/// Lines. What follows in the file tells whether Python goes on.
const LINES: &[&str] = &[
    "import sys",
    "import os, sys; pass",
    "import sys;",
    "import sys; # nothing",
    "import sys; 'text'; 1; None",
    "import sys as s; s.path.append('/p')",
    "import sys; sys.path.append('/p')",
    "import sys; sys.path.append(\"/p\" '/q')",
    "import sys; sys.path.append('/p' + '/q')",
    "import sys; sys.path.append(r'/p')",
    "import sys; sys.path.append('/p\\x41\\u00e9\\101')",
    "import sys; sys.path.insert(0, '/p'); sys.path.insert(1, '/q')",
    "import sys; sys.path.insert(0, '/x') # COVERAGE_PROCESS_START",
    "import sys; p = '/p'; sys.path.append(p)",
    "import site; site.addsitedir('/usr')",
    "import site; site.addsitedir(__import__(\"os\").fsdecode(b\"/usr\"))",
    "import os, sys; sys.path.extend(entry for entry in os.environ.get('PEX_EXTRA_SYS_PATH', '').split(':') if entry)",
    "import os, sys; sys.path.extend(entry for entry in os.environ.get('PEX_EXTRA_SYS_PATH', '').split(os.pathsep) if entry)",
    "import PEX_EXTRA_SYS_PATH; PEX_EXTRA_SYS_PATH.extend_sys_path(legacy=True)",
    "import nowhere",
    "import sys, nowhere; sys.path.append('/p')",
    "import os; os._exit(0)",
    "import os; os._exit(3)",
    "import os; os._exit(3); syntax_is_fine()",
    "import os; os.abort()",
    "import sys; sys.exit()",
    "import sys; sys.exit(0)",
    "import sys; sys.exit(3)",
    "import sys; sys.exit('why')",
    "import sys; raise SystemExit",
    "import sys; raise SystemExit(3)",
    "import sys; raise KeyboardInterrupt",
    "import sys; raise ValueError('no')",
    "import sys; raise RuntimeError",
    "import sys; exit()",
    "import sys; sys.path.append('/p'); sys.exit(2)",
    "import sys; print('x')",
    "import sys; print 'x'",
    "import sys; print sys",
    "import sys; exec 'x'",
    "import sys; for i in (): pass",
    "import sys; if 1: pass",
    "import sys; while 0: pass",
    "import sys; with x: pass",
    "import sys; try: pass",
    "import sys; def f(): pass",
    "import sys; class A: pass",
    "import sys; x = 'no end",
    "import sys; x = \"\"\"no end",
    "import sys; x = (1",
    "import sys; x = 1)",
    "import sys; x = (1]",
    "import sys; return",
    "import sys; break",
    "import sys; continue",
    "import sys; yield 1",
    "import sys; await x",
    "import sys; nonlocal x",
    "import sys;; sys",
    "import sys; = 1",
    "import sys; 1 = x",
    "import sys; None = 1",
    "import sys; f() = 1",
    "import sys; x + 1 = 2",
    "import sys; del f()",
    "import sys; x += ",
    "import sys; f() += 1",
    "import sys; x = 0777",
    "import sys; x = 1__0",
    "import sys; x = 0xg",
    "import sys; x = `1`",
    "import sys; x = 1 <> 2",
    "import sys; x = a ? b",
    "import sys; x = ur'a'",
    "import sys; x = b'é'",
    "import sys; x = b'a' 'b'",
    "import sys; x = '\\x1'",
    "import sys; x = '\\u12'",
    "import sys; raise E, 'x'",
    "import sys; x = lambda (a, b): a",
    "import sys; f(a=1, a=2)",
    "import sys; f(a=1, 2)",
    "import sys; f(**a, *b)",
    "import sys; f(**a, b)",
    "import sys; f(x for x in y, 1)",
    "import sys; f(None=1)",
    "import sys; x = *a",
    "import sys; *a = b",
    "import sys; *a, *b = c",
    "import sys; *a",
    "import sys; [*x for x in y]",
    "import sys; {**x for x in y}",
    "import sys; {1: 2, 3}",
    "import sys; x = [1, 2,,]",
    "import sys; x = {,}",
    "import sys; x[]",
    "import sys; x.1",
    "import sys; x = not",
    "import sys; x = 1 if 2",
    "import sys; x = a not b",
    "import sys; from __future__ import division",
    "import sys; from os import path,",
    "import sys; from os import",
    "import sys; import",
    "import sys; lazy import json",
    "import sys sub",
    "import a as",
    "import a,",
    "import a.",
    "import .a",
    "import (sys)",
    "import sys; async = 1",
    "import sys; x = await",
    "import sys; (x := 1)",
    "import sys; x := 1",
    "import sys; x = lambda a, /: a",
    "import sys; x = lambda a=1, b: a",
    "import sys; x = lambda *: a",
    "import sys; x = lambda a, a: a",
    "import sys; x = f'{'a'}'",
    "import sys; x = f'{sys}'",
    "import sys; x = t'a'",
    "import sys; type X = int",
    "import sys; x: int = 1",
    "import sys; x = {'a': [*(1, 2)], **{}}; y, *z = [1, 2, 3][0:2]; print(*z, sep='')",
    "import sys; x = lambda *a, b=1, **c: (yield)",
    "import sys; x = [a for b in () for a in b if a]; x = (a for a in ())",
    "import sys; x = 1_000 + 0x1f + 1e5 + .5j; x = not 1 == 2 and -x ** 2 or ...",
    "import sys; assert sys, 'x'; global y",
    "import sys \\",
    "import sys\\",
    "import sys\\ ",
    "import sys; x = 'a\\",
    "import sys; sys.__plen = len(sys.path)",
    "import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:]; p=getattr(sys,'__egginsert',0); \
     sys.path[p:p]=new; sys.__egginsert = p+len(new)",
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; \
     enabled and __import__('_distutils_hack').add_shim(); ",
    "import coverage; coverage.process_startup()",
    "import sys; exec('try: import coverage; coverage.process_startup()\\nexcept Exception: pass')",
    "import hook",
    "import hook; hook.nothing()",
];

const DISTUTILS: &str = "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; \
                         enabled and __import__('_distutils_hack').add_shim();";
const FINDER: &str = "import __editable___x_finder; __editable___x_finder.install()";
const PYTEST: &str = "import os, sys;exec('if \\'COV_CORE_SOURCE\\' in os.environ:\\n try:\\n  from pytest_cov.embed import \
                      init\\n  init()\\n except ImportError:\\n  sys.stderr.write(\\n   \"Failed to setup coverage.\"\\n   \
                      \"Sources: {[COV_CORE_SOURCE]!r}\"\\n   \"Config: {[COV_CORE_CONFIG]!r}\"\\n   \"Exception: \
                      {!r}\\\\n\".format(os.environ, exc))\\n')";
const CAUGHT: &str = "import sys; exec('try: import coverage; coverage.process_startup()\\nexcept Exception: pass')";
const NAMESPACE: &str = "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('ns',));\
                         importlib = __import__('importlib.util');__import__('importlib.machinery');\
                         m = sys.modules.setdefault('ns', importlib.util.module_from_spec(\
                         importlib.machinery.PathFinder.find_spec('ns', [os.path.dirname(p)])));\
                         m = m or sys.modules.setdefault('ns', types.ModuleType('ns'));\
                         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)";
const EDITABLES: &str =
    "from editables.redirector import RedirectingFinder as F\nF.install()\nF.map_module('a', '/b.py')\n";

/// Lines that tools write, and a module behind each; none where it is missing, and a name without a text for a directory.
const HOOKS: &[(&str, &str, Option<&str>)] = &[
    ("import _virtualenv", "_virtualenv.py", Some("")),
    ("import _virtualenv", "other.py", Some("")),
    ("import _virtualenv", "_virtualenv", None),
    ("import _virtualenv", "_virtualenv", Some("a file without a suffix")),
    ("import _virtualenv", "_virtualenv.py", Some("raise RuntimeError('no')\n")),
    ("import _virtualenv", "_virtualenv.py", Some("print 'x'\n")),
    ("import _virtualenv", "_virtualenv.py", Some("import sys\nsys.exit(3)\n")),
    ("import _virtualenv", "_virtualenv.py", Some("import nowhere\n")),
    ("import _virtualenv", "_virtualenv.py", Some("x = 1\0\n")),
    ("import _virtualenv", "_virtualenv.py", Some("import sys\nsys.path.insert(0, '/zz')\n")),
    ("import _virtualenv", "_virtualenv.py", Some("import sys\nsys.stderr.write('hello\\n')\n")),
    ("import _virtualenv", "_virtualenv.py", Some("1 / 0\n")),
    ("import _virtualenv", "_virtualenv.py", Some("import os\nos._exit(4)\n")),
    ("import _virtualenv;m and setattr(sys.modules['sys'], 'x', m)", "_virtualenv.py", Some("")),
    ("import _virtualenv # comment", "_virtualenv.py", Some("")),
    ("import nowhere; import _virtualenv", "_virtualenv.py", Some("")),
    ("import _virtualenv; sys.path.append('/q')", "_virtualenv.py", Some("")),
    ("import\t_virtualenv", "_virtualenv.py", Some("")),
    (" import _virtualenv", "_virtualenv.py", Some("raise ValueError\n")),
    ("import _virtualenv\0", "_virtualenv.py", Some("")),
    ("import _virtualenv\u{a0}", "_virtualenv.py", Some("")),
    ("import _virtualenv; x = \u{201c}a\u{201d}", "_virtualenv.py", Some("")),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("def add_shim():\n    pass\n")),
    (DISTUTILS, "_distutils_hack", None),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("")),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("# add_shim\n")),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("\"\"\"add_shim\"\"\"\n")),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("def add_shim(:\n")),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("def add_shim():\n    raise ValueError('no')\n")),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("def add_shim(a):\n    pass\n")),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("add_shim = 1\n")),
    (DISTUTILS, "_distutils_hack/__init__.py", Some("try:\n    import os\ndef add_shim():\n    pass\n")),
    (FINDER, "__editable___x_finder.py", Some("def install():\n    pass\n")),
    (
        FINDER,
        "__editable___x_finder.py",
        Some("from __future__ import annotations\nimport sys\ndef install():\n    pass\n"),
    ),
    (
        FINDER,
        "__editable___x_finder.py",
        Some("from __future__ import annotations\nimport nowhere\ndef install():\n    pass\n"),
    ),
    (FINDER, "__editable___x_finder.py", Some("def install():\n    if (x := 1): pass\n")),
    (
        FINDER,
        "__editable___x_finder.py",
        Some(
            "import sys\nNAMESPACES = {'a.b': ['/x']}\nPATH_PLACEHOLDER = '__editable__.x.finder' + \".__path_hook__\"\n\n\n\
             def install():\n    if not NAMESPACES:\n        return\n    if PATH_PLACEHOLDER not in sys.path:\n        \
             sys.path.append(PATH_PLACEHOLDER)\n",
        ),
    ),
    (
        FINDER,
        "__editable___x_finder.py",
        Some(
            "import sys\nNAMESPACES = {}\nPATH_PLACEHOLDER = 'x'\n\n\ndef install():\n    if not NAMESPACES:\n        \
             return\n    if PATH_PLACEHOLDER not in sys.path:\n        sys.path.append(PATH_PLACEHOLDER)\n",
        ),
    ),
    ("import _editable_impl_x", "_editable_impl_x.py", Some(EDITABLES)),
    ("import coverage; coverage.process_startup()", "coverage/__init__.py", Some("def process_startup(): pass\n")),
    (PYTEST, "pytest_cov/embed.py", Some("raise ValueError\n")),
    (CAUGHT, "coverage/__init__.py", Some("raise SystemExit(1)\n")),
    (CAUGHT, "coverage/__init__.py", Some("def process_startup(): pass\n")),
    (CAUGHT, "other.py", Some("")),
    (NAMESPACE, "ns/x.py", Some("")),
    (NAMESPACE, "other.py", Some("")),
    (NAMESPACE, "ns.py", Some("")),
    (NAMESPACE, "ns", Some("a file")),
];

/// Entry points, and a module that they may name.
const ENTRY_POINTS: &[(&str, &str)] = &[
    ("PEX_EXTRA_SYS_PATH:extend_sys_path", ""),
    ("mod:f", "def f():\n    pass\n"),
    ("mod:f", "def f(a):\n    pass\n"),
    ("mod:f", "def g():\n    pass\n"),
    ("mod:f", "def f(:\n"),
    ("mod:f", "import nowhere\ndef f():\n    pass\n"),
    ("mod:f", "raise ValueError('x')\n"),
    ("mod:f", "import sys\nsys.exit(2)\n"),
    ("mod:C.m", "class C:\n    def m():\n        pass\n"),
    ("nowhere:f", ""),
    ("mod.sub:f", "def f():\n    pass\n"),
    ("sys:exit", ""),
    ("os:abort", ""),
    ("mod", ""),
    ("mod:", ""),
    (":f", ""),
    ("mod:f()", ""),
    ("mod: f", ""),
    ("import mod", ""),
    ("mod:f # comment", ""),
    ("# comment", ""),
];

/// Texts of `sitecustomize.py`.
const MODULES: &[&str] = &[
    "",
    "import sys\n",
    "print 'x'\n",
    "def f(:\n  pass\n",
    "if x\n  pass\n",
    "x = 1\n  y = 2\n",
    "if 1:\npass\n",
    "if 1:\n    x = 1\n  y = 2\n",
    "try:\n  pass\nexcept A, e:\n  pass\n",
    "return 1\n",
    "def f():\n    return 1\n",
    "x = '''no end\n",
    "x = (1,\n",
    "class A\n",
    "if 1:\n",
    "x = (y := 1)\n",
    "async = 1\n",
    "import os\nos._exit(4)\n",
    "import sys\nsys.exit(4)\n",
    "raise SystemExit(5)\n",
    "def f():\n    print 'never called'\n",
    "if True: print 'x'\n",
    "match = 1\n",
    "with open(__file__) as a: pass\n",
    "try:\n    pass\n",
    "try:\n    pass\nx = 1\n",
    "try:\n    pass\nexcept:\n    pass\nexcept ValueError:\n    pass\n",
    "if 1:\n    pass\nelse:\n    pass\nelse:\n    pass\n",
    "else:\n    pass\n",
    "@x\n",
    "@staticmethod\nx = 1\n",
    "if 1:\n\tx = 1\n        y = 2\n",
    "if 1:\n        x = 1\n\ty = 2\n",
    "if 1:\n\tx = 1\n\tif 2:\n\t\ty = 2\n",
    "class A:\n    return 1\n",
    "def f():\n    break\n",
    "nonlocal x\n",
    "await x\n",
    "match x:\n    case 1: pass\n",
    "type X = int\n",
    "def f[T](x: T): pass\n",
    "from __future__ import annotations\n",
    "from __future__ import braces\n",
    "x\u{a0}= 1\n",
    "try:\n    import nowhere\nexcept ImportError:\n    pass\nelse:\n    pass\nfinally:\n    pass\n",
];

const PROBE: &str = "import sys; sys.stdout.write('@@' + repr([p.encode('utf-8', 'surrogateescape').hex() for p in \
                     sys.path]))";

#[derive(Debug, PartialEq, Eq)]
struct Seen {
    starts: bool,
    path: Option<Vec<String>>,
    first: Option<BString>,
}

#[test]
fn every_kind_of_startup_code_on_every_release() {
    let found = interpreters::found();
    for missed in &found.missed {
        println!("skipped: {missed}");
    }
    let (mut all, mut fatal, mut loud, mut unknown) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for python in &found.interpreters {
        for (number, files) in situations(python).iter().enumerate() {
            let label = format!("s{number}");
            let (real, doubted, guess) = run(python, &label, files);
            all += 1;
            fatal += usize::from(!real.starts);
            loud += usize::from(real.first.is_some());
            // Code that is not recognized may do anything: then the program has to say so, and claims nothing.
            if doubted && real.starts {
                unknown += 1;
            } else if real != guess {
                wrong.push(format!("{} {files:?}\n  real      {real:?}\n  predicted {guess:?}", python.label));
            }
            let _ = fs::remove_dir_all(python.world.work_outside().join(label));
        }
    }
    println!("{all} situations, {fatal} fatal, {} different", wrong.len());
    println!("{loud} with messages, {unknown} with code that is not recognized");
    assert!(wrong.is_empty(), "{} of {all} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The module of pex environments.
const PEX: &str = "import os\nimport sys\n\n\ndef _extend_sys_path(path_env_var):\n    \
    path = os.environ.get(path_env_var)\n    if path:\n        entries = path.split(os.pathsep)\n        \
    sys.path.extend(entries)\n        return entries\n    return []\n\n\n\
    def extend_sys_path(legacy=False):\n    entries = _extend_sys_path(\"PEX_EXTRA_SYS_PATH\")\n    \
    entries.extend(_extend_sys_path(\"__PEX_EXTRA_SYS_PATH__\"))\n    \
    debug = os.environ.pop(\"__PEX_EXTRA_SYS_PATH_DEBUG__\", \"\")\n    if debug:\n        import json\n        \
    with open(debug, \"w\") as fp:\n            json.dump({\"entries\": entries, \"legacy\": legacy}, fp)\n";

/// The files of one situation: each with its text, or none for a directory.
type Files = Vec<(String, Option<String>)>;

fn situations(python: &Interpreter) -> Vec<Files> {
    let one = |name: &str, text: String| vec![(name.to_owned(), Some(text))];
    let mut all: Vec<Files> = LINES.iter().map(|line| one("a.pth", format!("{line}\nadded\n"))).collect();
    for (line, name, text) in HOOKS {
        let mut files = one("a.pth", format!("{line}\nadded\n"));
        files.push(((*name).to_owned(), text.map(ToOwned::to_owned)));
        all.push(files);
    }
    for (line, module) in ENTRY_POINTS.iter().filter(|_| python.minor >= 14) {
        let mut files = one("a.start", format!("{line}\n"));
        files.push(("mod.py".to_owned(), Some((*module).to_owned())));
        all.push(files);
    }
    all.extend(MODULES.iter().filter(|_| !python.debian).map(|text| one("sitecustomize.py", (*text).to_owned())));
    all
}

fn run(python: &Interpreter, label: &str, files: &Files) -> (Seen, bool, Seen) {
    let root = BString::from(format!("{}/{label}", python.world.work()));
    let outside = python.world.outside(root.as_bstr());
    let site = outside.join(format!("lib/python{}/site-packages", python.xy()));
    fs::create_dir_all(site.join("added")).unwrap();
    fs::create_dir_all(outside.join("bin")).unwrap();
    symlink(python.exe.to_os_str().unwrap(), outside.join("bin/python")).unwrap();
    let cfg = format!("home = {}\ninclude-system-site-packages = false\n", python.bin());
    fs::write(outside.join("pyvenv.cfg"), cfg).unwrap();
    fs::write(site.join("hook.py"), "def nothing():\n    pass\n").unwrap();
    fs::write(site.join("PEX_EXTRA_SYS_PATH.py"), PEX).unwrap();
    for (name, text) in files {
        let path = site.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match text {
            Some(text) => fs::write(path, text).unwrap(),
            None => fs::create_dir(path).unwrap(),
        }
    }
    let exe = BString::from(format!("{root}/bin/python"));
    let at = Cwd::At(python.world.work().to_owned());
    let start = |file: &[u8], args: &[&[u8]], kind: &str| {
        let args = args.iter().map(|arg| BString::from(*arg)).collect();
        let env = ["LC_ALL", "PEX_EXTRA_SYS_PATH", "PATH"].map(ToOwned::to_owned);
        let env = env.into_iter().zip([BString::from("C.UTF-8"), "/e1:/e2".into(), "/usr/bin".into()]).collect();
        let capture = python.world.work_outside().join(format!("{label}-{kind}"));
        let (file, arg0) = (BString::from(file), BString::from(file));
        python.world.run(&Start { file, arg0, args, env, cwd: &at, unprivileged: false, stdin: None, capture }).unwrap()
    };
    let doctor = format!("{}/venv-doctor", python.world.work()).into_bytes();
    let report = start(&doctor, &[b"explain", b"--format", b"json", b"--launch", b"command", &exe], "doctor");
    let report: Json = serde_json::from_slice(&report.stdout).unwrap_or_else(|_| panic!("{}", report.stderr.as_bstr()));
    let real = real(&start(&exe, &[b"-c", PROBE.as_bytes()], "real"));
    let doubted = report["findings"].as_array().unwrap().iter().any(|finding| finding["code"] == "VD901");
    (real, doubted, predicted(&report))
}

fn real(ended: &Ended) -> Seen {
    let said = ended.stdout.find("@@").map(|at| ended.stdout[at + 2..].as_bstr());
    let path = said.map(|list| {
        let texts = list.split(|byte| *byte == b'\'').skip(1).step_by(2);
        texts.map(|hex| data_encoding::HEXLOWER.decode(hex).unwrap().to_str_lossy().into_owned()).collect()
    });
    Seen { starts: said.is_some(), path, first: ended.stderr.lines().next().map(BString::from) }
}

fn predicted(report: &Json) -> Seen {
    let starts = report["outcome"]["status"] == "starts";
    let path = report["sys"]["path"].as_array().filter(|_| starts);
    let path = path.map(|path| path.iter().map(|entry| entry["value"].as_str().unwrap().to_owned()).collect());
    let first = report["messages"][0].as_str().map(|text| BString::from(text.lines().next().unwrap_or_default()));
    Seen { starts, path, first }
}
