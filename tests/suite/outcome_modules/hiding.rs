//! A file that has the name of a module of the standard library.

use std::fs;
use std::io::Write;

use bstr::{BString, ByteSlice};

use super::{Situation, pick};
use crate::support::interpreters::Interpreter;

const NAMES: [&str; 38] = [
    "codecs",
    "encodings",
    "io",
    "abc",
    "_bootlocale",
    "_weakrefset",
    "site",
    "os",
    "stat",
    "posixpath",
    "genericpath",
    "_collections_abc",
    "_sitebuiltins",
    "sysconfig",
    "linecache",
    "runpy",
    "importlib",
    "types",
    "warnings",
    "contextlib",
    "collections",
    "functools",
    "operator",
    "keyword",
    "reprlib",
    "pkgutil",
    "heapq",
    "_heapq",
    "weakref",
    "typing",
    "re",
    "enum",
    "copyreg",
    "sre_compile",
    "sre_parse",
    "sre_constants",
    "json",
    "random",
];

const CONTENTS: [&str; 12] =
    ["raise", "syntax", "empty", "other", "comment", "copy", "package", "bare", "code", "defines", "compiled", "zeros"];

const PLACES: [&str; 5] = ["entry", "launch", "relative", "empty", "zip"];

const LAUNCHES: [&str; 4] = ["command", "module", "script", "directory"];

/// How many situations there are.
pub fn count() -> usize {
    NAMES.len() * CONTENTS.len() * LAUNCHES.len()
}

/// What hides which module, and where.
#[derive(Clone, Copy)]
pub struct Hiding {
    name: &'static str,
    content: &'static str,
    place: &'static str,
    launch: &'static str,
    flag: &'static str,
}

impl Hiding {
    /// One of them.
    pub fn number(python: &Interpreter, number: usize) -> Self {
        let flags: &[&str] = if python.minor >= 11 {
            &["", "", "", "", "-S", "-I", "-P", "-E"]
        } else {
            &["", "", "", "", "", "-S", "-I", "-E"]
        };
        let mut rest = number;
        Self {
            name: pick(&mut rest, &NAMES),
            content: pick(&mut rest, &CONTENTS),
            launch: pick(&mut rest, &LAUNCHES),
            place: PLACES[number % PLACES.len()],
            flag: flags[number % 97 % flags.len()],
        }
    }

    /// The directory of a situation.
    pub fn dir(python: &Interpreter, label: &str) -> BString {
        format!("{}/{label}", python.world.work()).into()
    }

    /// The directories with everything in them; none where the library has no such file to copy.
    pub fn build(&self, python: &Interpreter, label: &str) -> Option<Situation> {
        let dir = Self::dir(python, label);
        let outside = python.world.outside(dir.as_bstr());
        for name in ["cwd", "lib"] {
            fs::create_dir_all(outside.join(name)).unwrap();
        }
        fs::write(outside.join("cwd/vdmain.py"), "print('STARTED')\n").unwrap();
        let at = match self.place {
            "launch" | "empty" => "cwd",
            "relative" => "cwd/lib",
            _ => "lib",
        };
        let own = python.world.outside(python.stdlib.as_bstr());
        let copy = fs::read(own.join(format!("{}.py", self.name)));
        let file = format!("{}.py", self.name);
        let (file, content) = match self.content {
            "raise" => (file, b"# hides\nraise RuntimeError('hidden')\n".to_vec()),
            "syntax" => (file, b"def (\n".to_vec()),
            "empty" => (file, Vec::new()),
            "comment" => (file, b"\n# nothing\n".to_vec()),
            "other" => (file, b"answer = 42\n".to_vec()),
            "copy" => (file, copy.ok()?),
            "package" => (format!("{}/__init__.py", self.name), Vec::new()),
            "code" => (file, b"import sys\n\n\ndef helper():\n    return sys.path\n".to_vec()),
            "defines" => (file, b"answer = 'x'\nopen = register = path = wraps = answer.upper()\n".to_vec()),
            "compiled" => (format!("{}.pyc", self.name), b"\x03\xf3\r\n0123456789abcdef".to_vec()),
            "zeros" => (file, vec![0; 20]),
            _ => (format!("{}/data.txt", self.name), Vec::new()),
        };
        let mut entry = format!("{dir}/lib");
        if self.place == "zip" {
            let mut archive = zip::ZipWriter::new(fs::File::create(outside.join("lib.zip")).unwrap());
            let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            archive.start_file(file, options).unwrap();
            archive.write_all(&content).unwrap();
            archive.finish().unwrap();
            entry = format!("{dir}/lib.zip");
        } else {
            let path = outside.join(at).join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let value = match self.place {
            "launch" => None,
            "empty" => Some(format!("{dir}/lib:")),
            "relative" => Some("lib".to_owned()),
            _ => Some(entry),
        };
        let mut env =
            vec![("PATH".to_owned(), BString::from("/usr/bin:/bin")), ("LC_ALL".to_owned(), "C.UTF-8".into())];
        env.extend(value.map(|value| ("PYTHONPATH".to_owned(), value.into())));
        let mut args = Vec::new();
        let launch = match self.launch {
            "module" => {
                args.extend(["-m".to_owned(), "vdmain".to_owned()]);
                "module=vdmain".to_owned()
            }
            "script" => {
                args.push("vdmain.py".to_owned());
                "script=vdmain.py".to_owned()
            }
            "directory" => {
                fs::create_dir_all(outside.join("app")).unwrap();
                fs::write(outside.join("app/__main__.py"), "print('STARTED')\n").unwrap();
                args.push("../app".to_owned());
                "script=../app".to_owned()
            }
            _ => {
                args.extend(["-c".to_owned(), "print('STARTED')".to_owned()]);
                "command".to_owned()
            }
        };
        // With these, `-m` does not find the module.
        let hides_main = self.launch == "module" && matches!(self.flag, "-I" | "-P");
        let flag = Some(self.flag).filter(|flag| !flag.is_empty() && !hides_main);
        if let Some(flag) = flag {
            args.insert(0, flag.to_owned());
        }
        let label =
            format!("{} {} {} {} {}", self.name, self.content, self.place, self.launch, flag.unwrap_or_default());
        Some(Situation {
            label,
            args,
            launch,
            flag: flag.map(ToOwned::to_owned),
            env,
            cwd: format!("{dir}/cwd").into(),
        })
    }
}
