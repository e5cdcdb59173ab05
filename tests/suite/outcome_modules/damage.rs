//! A standard library of symlinks, of which one file at a time is damaged.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use bstr::{BStr, BString, ByteSlice};

use super::{Situation, pick};
use crate::support::interpreters::Interpreter;
use crate::support::world::{Cwd, Start};

const PIECES: [&str; 27] = [
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
    "contextlib",
    "functools",
    "importlib/__init__",
    "collections/__init__",
    "json/__init__",
    "random",
];

const KINDS: [&str; 9] = ["missing", "cut", "half", "start", "header", "empty", "magic", "compiled", "compiled-magic"];

const LAUNCHES: [&str; 4] = ["command", "module=vdmain", "command", "module=vdmain"];

/// How many situations there are.
pub fn count() -> usize {
    PIECES.len() * KINDS.len() * LAUNCHES.len()
}

/// Directories of which every file is a symlink of its own.
const OPENED: [&str; 5] = ["encodings", "importlib", "collections", "json", "__pycache__"];

/// A copy of a standard library for `PYTHONHOME`.
pub struct Library {
    /// Its directory as programs of the world see it, and the original's.
    dir: BString,
    outside: PathBuf,
    original: BString,
}

impl Library {
    /// Makes it.
    pub fn new(python: &Interpreter) -> io::Result<Self> {
        let home = format!("{}/home{}", python.world.work(), python.label.replace([' ', ','], "-"));
        let dir = BString::from(format!("{home}/lib/python{}", python.xy()));
        let outside = python.world.outside(dir.as_bstr());
        let library = Self { dir, outside, original: python.stdlib.clone() };
        fs::create_dir_all(&library.outside)?;
        for entry in fs::read_dir(python.world.outside(python.stdlib.as_bstr()))? {
            let name = entry?.file_name().into_string().unwrap();
            if name.ends_with("-packages") {
                continue;
            }
            if !OPENED.contains(&name.as_str()) {
                symlink(format!("{}/{name}", library.original), library.outside.join(&name))?;
                continue;
            }
            fs::create_dir_all(library.outside.join(&name).join("__pycache__"))?;
            for inner in fs::read_dir(python.world.outside(python.stdlib.as_bstr()).join(&name))? {
                let inner = inner?.file_name().into_string().unwrap();
                if inner != "__pycache__" && name != "__pycache__" {
                    symlink(format!("{}/{name}/{inner}", library.original), library.outside.join(&name).join(&inner))?;
                }
            }
        }
        fs::create_dir_all(library.outside.join("__pycache__"))?;
        Ok(library)
    }

    /// Damages a file; none where there is none of that name. With what mends it.
    #[allow(clippy::type_complexity, reason = "a function that mends is what a caller needs")]
    pub fn damage(&self, python: &Interpreter, number: usize) -> Option<(Situation, Box<dyn Fn(&Self)>)> {
        let mut rest = number;
        let (piece, kind) = (pick(&mut rest, &PIECES), pick(&mut rest, &KINDS));
        let flag = if rest >= 2 { "-S" } else { "" };
        let launch = pick(&mut rest, &LAUNCHES);
        let source = self.outside.join(format!("{piece}.py"));
        if !python.world.outside(BStr::new(&format!("{}/{piece}.py", self.original))).exists() {
            return None;
        }
        let (parent, stem) = piece.rsplit_once('/').unwrap_or(("", piece));
        let cache = self.outside.join(parent).join(format!("__pycache__/{stem}.cpython-{}.pyc", python.nodot()));
        let legacy = self.outside.join(format!("{piece}.pyc"));
        self.compile(python, piece, parent, stem);
        let content = fs::read(&cache).unwrap();
        let header = if python.minor >= 7 { 16 } else { 12 };
        match kind {
            "missing" => fs::remove_file(&source).unwrap(),
            "cut" => fs::write(&cache, &content[..content.len() - 1]).unwrap(),
            "half" => fs::write(&cache, &content[..content.len() / 2]).unwrap(),
            "start" => fs::write(&cache, &content[..header + 3]).unwrap(),
            "header" => fs::write(&cache, &content[..header]).unwrap(),
            "empty" => fs::write(&cache, "").unwrap(),
            "magic" => fs::write(&cache, [b"\x03\xf3\r\n", &content[4..header]].concat()).unwrap(),
            _ => {
                fs::remove_file(&source).unwrap();
                let start: &[u8] = if kind == "compiled" { &content[..4] } else { b"\x03\xf3\r\n" };
                fs::write(&legacy, [start, &content[4..]].concat()).unwrap();
            }
        }
        let home = self.dir.rsplitn_str(3, "/").nth(2).unwrap();
        let cwd = self.outside.parent().unwrap().join("cwd");
        fs::create_dir_all(&cwd).unwrap();
        fs::write(cwd.join("vdmain.py"), "print('STARTED')\n").unwrap();
        let mut args: Vec<String> = if launch == "command" {
            vec!["-c".into(), "print('STARTED')".into()]
        } else {
            vec!["-m".into(), "vdmain".into()]
        };
        let flag = Some(flag).filter(|flag| !flag.is_empty()).map(ToOwned::to_owned);
        args.splice(0..0, flag.clone());
        // Caches are left as they are.
        args.insert(0, "-B".to_owned());
        let situation = Situation {
            label: format!("{piece} {kind} {launch} {}", flag.clone().unwrap_or_default()),
            args,
            launch: launch.to_owned(),
            flag,
            env: vec![
                ("PATH".to_owned(), BString::from("/usr/bin:/bin")),
                ("LC_ALL".to_owned(), "C.UTF-8".into()),
                ("PYTHONHOME".to_owned(), home.into()),
            ],
            cwd: [home, b"/lib/cwd"].concat().into(),
        };
        let mend = move |library: &Self| {
            let _ = fs::remove_file(&cache);
            let _ = fs::remove_file(&legacy);
            if fs::symlink_metadata(&source).is_err() {
                symlink(format!("{}/{piece}.py", library.original), &source).unwrap();
            }
        };
        Some((situation, Box::new(mend)))
    }

    /// Compiles a source of the copy into its cache.
    fn compile(&self, python: &Interpreter, piece: &str, parent: &str, stem: &str) {
        let slash = if parent.is_empty() { "" } else { "/" };
        let source = format!("{}/{piece}.py", self.dir);
        let cache = format!("{}/{parent}{slash}__pycache__/{stem}.cpython-{}.pyc", self.dir, python.nodot());
        let code = "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], doraise=True)";
        let ended = python
            .world
            .run(&Start {
                file: python.exe.clone(),
                arg0: python.exe.clone(),
                args: vec!["-I".into(), "-c".into(), code.into(), source.into(), cache.into()],
                env: Vec::new(),
                cwd: &Cwd::At("/".into()),
                unprivileged: false,
                stdin: None,
                capture: python.world.work_outside().join("compile"),
            })
            .unwrap();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr.as_bstr());
    }
}
