//! A file that has the name of a module of the standard library.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::pick;
use super::situation::{Launch, Situation, Subject};

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

const CONTENTS: [&str; 18] = [
    "raise",
    "syntax",
    "empty",
    "other",
    "comment",
    "copy",
    "package",
    "bare",
    "code",
    "defines",
    "compiled",
    "zeros",
    "import-error",
    "cookie",
    "latin",
    "tabs",
    "ends",
    "exits",
];

const PLACES: [&str; 5] = ["entry", "launch", "relative", "empty", "zip"];

const LAUNCHES: [Launch; 4] =
    [Launch::Command, Launch::Module("vdmain"), Launch::Script("vdmain.py"), Launch::Script("../app")];

/// Flags that take turns; every second time from 3.11 on, the modules in the binary are switched off.
const FLAGS: [&[&str]; 8] = [&[], &[], &[], &["-S"], &[], &["-I"], &[], &["-E"]];
const MODERN_FLAGS: [&[&str]; 8] = [
    &[],
    &["-X", "frozen_modules=off"],
    &["-P"],
    &["-X", "frozen_modules=off"],
    &["-S"],
    &["-X", "frozen_modules=off", "-S"],
    &["-E"],
    &["-X", "frozen_modules=off"],
];

/// How many situations there are.
pub fn count() -> usize {
    NAMES.len() * CONTENTS.len() * LAUNCHES.len() * PLACES.len()
}

/// One of them; none where the library has no such file to copy.
pub fn build(subject: &Subject<'_>, number: usize) -> Option<Situation> {
    let mut rest = number;
    let (name, content) = (pick(&mut rest, &NAMES), pick(&mut rest, &CONTENTS));
    let (launch, place) = (pick(&mut rest, &LAUNCHES), pick(&mut rest, &PLACES));
    let flags = if subject.python.minor >= 11 { MODERN_FLAGS } else { FLAGS };
    let mut flags = flags[number % 97 % flags.len()];
    // With these, `-m` does not find the module.
    if launch == Launch::Module("vdmain") && matches!(flags, ["-I" | "-P"]) {
        flags = &[];
    }
    let (file, text) = file(subject, name, content)?;
    let room = format!("hidden{number}");
    let outside = subject.outside(&room);
    for (dir, program) in [("cwd", "vdmain.py"), ("lib", ""), ("app", "__main__.py")] {
        fs::create_dir_all(outside.join(dir)).unwrap();
        if !program.is_empty() {
            fs::write(outside.join(dir).join(program), super::situation::PROGRAM).unwrap();
        }
    }
    let at = match place {
        "launch" | "empty" => "cwd",
        "relative" => "cwd/lib",
        _ => "lib",
    };
    if place == "zip" {
        write_zip(&outside.join("lib.zip"), file, &text);
    } else {
        let path = outside.join(at).join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let value = match place {
        "launch" => None,
        "empty" => Some(format!("{}:", subject.path(&format!("{room}/lib")))),
        "relative" => Some("lib".to_owned()),
        "zip" => Some(subject.path(&format!("{room}/lib.zip")).to_string()),
        _ => Some(subject.path(&format!("{room}/lib")).to_string()),
    };
    let mut situation = Situation::new(format!("{name} {content} {place}"), subject.environment("plain"));
    situation.words.extend(flags.iter().map(|flag| (*flag).into()));
    situation.launch = launch;
    situation.cwd = subject.path(&format!("{room}/cwd"));
    situation.env.extend(value.map(|value| ("PYTHONPATH".to_owned(), value.into())));
    situation.undo = Box::new(move || fs::remove_dir_all(outside).unwrap());
    Some(situation)
}

/// The name of the file that hides a module, and its content.
fn file(subject: &Subject<'_>, name: &str, content: &str) -> Option<(String, Vec<u8>)> {
    let plain = format!("{name}.py");
    let text: &[u8] = match content {
        "raise" => b"# hides\nraise RuntimeError('hidden')\n",
        "syntax" => b"def (\n",
        "empty" => b"",
        "comment" => b"\n# nothing\n",
        "other" => b"answer = 42\n",
        "code" => b"import sys\n\n\ndef helper():\n    return sys.path\n",
        "defines" => b"answer = 'x'\nopen = register = path = wraps = answer.upper()\n",
        "zeros" => &[0; 20],
        "import-error" => b"raise ImportError('hidden')\n",
        "cookie" => b"# -*- coding: nope-9 -*-\n",
        "latin" => b"name = 'caf\xe9'\n",
        "tabs" => b"if 1:\n\tx = 1\n        y = 2\n",
        "ends" => b"import posix\nposix._exit(3)\n",
        "exits" => b"raise SystemExit(3)\n",
        "copy" => {
            let own = subject.outside_of(subject.python.stdlib.as_ref());
            return Some((plain.clone(), fs::read(own.join(plain)).ok()?));
        }
        "package" => return Some((format!("{name}/__init__.py"), Vec::new())),
        "compiled" => return Some((format!("{name}.pyc"), b"\x03\xf3\r\n0123456789abcdef".to_vec())),
        _ => return Some((format!("{name}/data.txt"), Vec::new())),
    };
    Some((plain, text.to_vec()))
}

fn write_zip(path: &Path, file: String, content: &[u8]) {
    let mut archive = zip::ZipWriter::new(fs::File::create(path).unwrap());
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file(file, options).unwrap();
    archive.write_all(content).unwrap();
    archive.finish().unwrap();
}
