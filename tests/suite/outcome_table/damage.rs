//! A standard library of symlinks, of which one file at a time is damaged.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::pick;
use super::situation::{Launch, Situation, Subject};
use crate::support::world::{Cwd, Start};

const PIECES: [&str; 46] = [
    "encodings/__init__",
    "encodings/aliases",
    "encodings/utf_8",
    "encodings/latin_1",
    "encodings/ascii",
    "codecs",
    "io",
    "abc",
    "os",
    "site",
    "stat",
    "posixpath",
    "genericpath",
    "_collections_abc",
    "_sitebuiltins",
    "_weakrefset",
    "_bootlocale",
    "sysconfig",
    "linecache",
    "runpy",
    "types",
    "warnings",
    "contextlib",
    "functools",
    "operator",
    "keyword",
    "reprlib",
    "pkgutil",
    "heapq",
    "weakref",
    "typing",
    "enum",
    "copyreg",
    "re",
    "sre_compile",
    "sre_parse",
    "sre_constants",
    "importlib/__init__",
    "importlib/machinery",
    "importlib/util",
    "importlib/_abc",
    "importlib/abc",
    "collections/__init__",
    "collections/abc",
    "json/__init__",
    "random",
];

/// What is done to the source, or to its compiled code.
const KINDS: [&str; 15] = [
    "missing",
    "cut",
    "half",
    "start",
    "header",
    "empty",
    "magic",
    "compiled",
    "compiled-magic",
    "source-empty",
    "source-torn",
    "source-zeros",
    "source-syntax",
    "source-raises",
    "directory",
];

/// How it is started, and whether the modules that are frozen into the binary are switched off.
const CONTEXTS: [(&[&str], Launch); 8] = [
    (&[], Launch::Command),
    (&[], Launch::Module("vdmain")),
    (&["-X", "frozen_modules=off"], Launch::Command),
    (&["-X", "frozen_modules=off"], Launch::Module("vdmain")),
    (&["-S"], Launch::Command),
    (&["-S"], Launch::Module("vdmain")),
    (&["-X", "frozen_modules=off", "-S"], Launch::Command),
    (&["-O"], Launch::Script("app")),
];

/// How many situations there are.
pub fn count() -> usize {
    PIECES.len() * KINDS.len() * CONTEXTS.len()
}

/// Directories of which every file is a symlink of its own.
const OPENED: [&str; 5] = ["encodings", "importlib", "collections", "json", "__pycache__"];

/// A copy of a standard library for `PYTHONHOME`.
pub struct Library {
    /// Its directory as programs of the world see it, from outside, and the original's.
    dir: BString,
    outside: PathBuf,
    original: BString,
    /// Compiled code of its modules.
    compiled: RefCell<HashMap<&'static str, Rc<Vec<u8>>>>,
}

impl Library {
    /// Makes it.
    pub fn new(subject: &Subject<'_>) -> Self {
        let dir = subject.path(&format!("library/lib/python{}", subject.python.xy()));
        let (outside, original) = (subject.outside_of(dir.as_bstr()), subject.python.stdlib.clone());
        let real = subject.outside_of(original.as_bstr());
        fs::create_dir_all(outside.join("__pycache__")).unwrap();
        for name in names(&real).filter(|name| !name.ends_with("-packages")) {
            if !OPENED.contains(&name.as_str()) {
                symlink(format!("{original}/{name}"), outside.join(&name)).unwrap();
                continue;
            }
            fs::create_dir_all(outside.join(&name).join("__pycache__")).unwrap();
            for inner in names(&real.join(&name)).filter(|inner| inner != "__pycache__" && name != "__pycache__") {
                symlink(format!("{original}/{name}/{inner}"), outside.join(&name).join(&inner)).unwrap();
            }
        }
        Self { dir, outside, original, compiled: RefCell::default() }
    }

    /// The compiled code of a module.
    fn compiled(&self, subject: &Subject<'_>, piece: &'static str) -> Rc<Vec<u8>> {
        let mut compiled = self.compiled.borrow_mut();
        let make = || {
            let (source, cache) = (format!("{}/{piece}.py", self.dir), subject.path("compiled.pyc"));
            let code = "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], doraise=True)";
            let python = subject.python;
            let start = Start {
                file: python.exe.clone(),
                arg0: python.exe.clone(),
                args: vec!["-I".into(), "-c".into(), code.into(), source.into(), cache],
                env: Vec::new(),
                cwd: &Cwd::At("/".into()),
                unprivileged: false,
                stdin: None,
                capture: subject.outside("compile"),
            };
            let ended = python.world.run(&start).unwrap();
            assert_eq!(ended.code, Some(0), "{}", ended.stderr.as_bstr());
            Rc::new(fs::read(subject.outside("compiled.pyc")).unwrap())
        };
        Rc::clone(compiled.entry(piece).or_insert_with(make))
    }
}

fn names(dir: &std::path::Path) -> impl Iterator<Item = String> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap())
}

/// One of them; none where there is no file of that name.
pub fn build(subject: &Subject<'_>, number: usize) -> Option<Situation> {
    let mut rest = number;
    let (piece, kind) = (pick(&mut rest, &PIECES), pick(&mut rest, &KINDS));
    let (words, launch) = pick(&mut rest, &CONTEXTS);
    let library = subject.library();
    let python = subject.python;
    let original = format!("{}/{piece}.py", library.original);
    let has_option = words.iter().any(|word| word.starts_with("frozen"));
    if !subject.outside_of(BStr::new(&original)).exists() || has_option && python.minor < 11 {
        return None;
    }
    let (parent, stem) = piece.rsplit_once('/').unwrap_or(("", piece));
    let source = library.outside.join(format!("{piece}.py"));
    let cache = library.outside.join(parent).join(format!("__pycache__/{stem}.cpython-{}.pyc", python.nodot()));
    let legacy = library.outside.join(format!("{piece}.pyc"));
    let compiled = library.compiled(subject, piece);
    let header = if python.minor >= 7 { 16 } else { 12 };
    let text = || fs::read(subject.outside_of(BStr::new(&original))).unwrap();
    let replace = |content: Vec<u8>| {
        fs::remove_file(&source).unwrap();
        // What was compiled before is out of date.
        fs::write(&cache, &*compiled).unwrap();
        fs::write(&source, content).unwrap();
    };
    match kind {
        "missing" => fs::remove_file(&source).unwrap(),
        "cut" => fs::write(&cache, &compiled[..compiled.len() - 1]).unwrap(),
        "half" => fs::write(&cache, &compiled[..compiled.len() / 2]).unwrap(),
        "start" => fs::write(&cache, &compiled[..header + 3]).unwrap(),
        "header" => fs::write(&cache, &compiled[..header]).unwrap(),
        "empty" => fs::write(&cache, "").unwrap(),
        "magic" => fs::write(&cache, [b"\x03\xf3\r\n", &compiled[4..header]].concat()).unwrap(),
        "source-empty" => replace(Vec::new()),
        "source-torn" => replace(text()[..text().len() / 2].to_vec()),
        "source-zeros" => replace(vec![0; text().len()]),
        "source-syntax" => replace([&text()[..], b"\ndef (\n"].concat()),
        "source-raises" => replace(b"raise ImportError('damaged')\n".to_vec()),
        "directory" => {
            fs::remove_file(&source).unwrap();
            fs::create_dir(&source).unwrap();
        }
        _ => {
            fs::remove_file(&source).unwrap();
            let start: &[u8] = if kind == "compiled" { &compiled[..4] } else { b"\x03\xf3\r\n" };
            fs::write(&legacy, [start, &compiled[4..]].concat()).unwrap();
        }
    }
    let mut situation = Situation::new(format!("{piece} {kind}"), python.exe.clone());
    // Caches are left as they are.
    situation.words = ["-B"].iter().chain(words).map(|word| BString::from(*word)).collect();
    situation.launch = launch;
    situation.env.push(("PYTHONHOME".to_owned(), subject.path("library")));
    situation.undo = Box::new(move || {
        let _ = fs::remove_file(&cache);
        let _ = fs::remove_file(&legacy);
        let _ = fs::remove_file(&source);
        let _ = fs::remove_dir(&source);
        symlink(original, &source).unwrap();
    });
    Some(situation)
}
