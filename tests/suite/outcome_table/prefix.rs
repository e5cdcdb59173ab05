//! Standard libraries that are not where Python looks for them.

use std::fs;
use std::os::unix::fs::symlink;

use bstr::BString;

use super::pick;
use super::situation::{Launch, Situation, Subject};

/// What is wrong, and where.
const CAUSES: [&str; 16] = [
    "home-nowhere",
    "home-file",
    "home-empty",
    "home-relative",
    "home-two",
    "home-trailing",
    "home-latin",
    "platlibdir",
    "platlibdir-empty",
    "cfg-home-nowhere",
    "cfg-home-other",
    "cfg-home-quoted",
    "cfg-home-empty",
    "landmark-alone",
    "encodings-bare",
    "encodings-file",
];

/// Flags.
const FLAGS: [&str; 6] = ["", "-I", "-E", "-S", "-s", "-OO"];

/// Variables that change what is printed.
const VARIABLES: [&str; 4] = ["", "PYTHONUTF8=1", "PYTHONPATH=/a:/b", "LC_ALL=C"];

const LAUNCHES: [Launch; 2] = [Launch::Command, Launch::Script("vdmain.py")];

/// How many situations there are.
pub fn count() -> usize {
    CAUSES.len() * FLAGS.len() * VARIABLES.len() * LAUNCHES.len()
}

/// One of them.
#[allow(clippy::unnecessary_wraps, reason = "of other kinds, some do not exist on every interpreter")]
pub fn build(subject: &Subject<'_>, number: usize) -> Option<Situation> {
    let mut rest = number;
    let (cause, flag) = (pick(&mut rest, &CAUSES), pick(&mut rest, &FLAGS));
    let (variable, launch) = (pick(&mut rest, &VARIABLES), pick(&mut rest, &LAUNCHES));
    let mut situation = Situation::new(cause.to_owned(), subject.python.exe.clone());
    situation.words.extend(Some(flag).filter(|flag| !flag.is_empty()).map(Into::into));
    situation.launch = launch;
    situation.env.extend(variable.split_once('=').map(|(name, value)| (name.to_owned(), value.into())));
    match cause.split_once('-') {
        Some(("cfg", home)) => situation.exe = environment(subject, home),
        Some(("platlibdir", _)) => situation.env.push(("PYTHONPLATLIBDIR".into(), "".into())),
        Some((kind, rest)) => situation.env.push(("PYTHONHOME".into(), home(subject, kind, rest))),
        None => situation.env.push(("PYTHONPLATLIBDIR".into(), "no-lib".into())),
    }
    Some(situation)
}

/// A value of `PYTHONHOME`.
fn home(subject: &Subject<'_>, kind: &str, how: &str) -> BString {
    let library = subject.outside(&format!("home/{kind}-{how}/lib/python{}", subject.python.xy()));
    let dir = subject.path(&format!("home/{kind}-{how}"));
    if kind != "home" {
        fs::create_dir_all(&library).unwrap();
        fs::write(library.join("os.py"), "").unwrap();
        match how {
            "bare" => fs::create_dir_all(library.join("encodings")).unwrap(),
            "file" => fs::write(library.join("encodings.py"), "x = 1\n").unwrap(),
            _ => {}
        }
        return dir;
    }
    match how {
        "file" => subject.path("cwd/vdmain.py"),
        "empty" => "".into(),
        "relative" => "no/such".into(),
        "two" => format!("{}:/nowhere", subject.python.prefix).into(),
        "trailing" => format!("{}/", subject.python.prefix).into(),
        "latin" => b"/caf\xe9".into(),
        _ => "/nowhere".into(),
    }
}

/// An environment whose `home` is wrong, and whose executable is a symlink.
fn environment(subject: &Subject<'_>, how: &str) -> BString {
    let name = format!("env-{how}");
    let exe = subject.path(&format!("{name}/bin/python"));
    let outside = subject.outside(&name);
    if outside.exists() {
        return exe;
    }
    let home = match how {
        "home-other" => subject.path("cwd").to_string(),
        "home-quoted" => format!("\"{}\"", subject.python.bin()),
        "home-empty" => String::new(),
        _ => "/nowhere/bin".to_owned(),
    };
    fs::create_dir_all(outside.join("bin")).unwrap();
    fs::create_dir_all(outside.join(subject.site_packages())).unwrap();
    fs::write(outside.join("pyvenv.cfg"), format!("home = {home}\n")).unwrap();
    symlink(subject.python.exe.to_string(), outside.join("bin/python")).unwrap();
    exe
}
