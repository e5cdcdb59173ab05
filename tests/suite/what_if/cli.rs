//! The options of the command line that change the machine in imagination.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::program::{self, run, scratch};

/// An environment whose interpreter is no Python at all, so that its version has to be given.
fn environment() -> (TempDir, PathBuf) {
    let dir = scratch();
    let top = dir.path().to_owned();
    let library = top.join("usr/lib/python3.12");
    for directory in [library.join("encodings"), library.join("lib-dynload"), library.join("site-packages")] {
        fs::create_dir_all(directory).unwrap();
    }
    fs::write(library.join("os.py"), "").unwrap();
    // What startup takes from these modules.
    for (module, text) in [
        ("__init__", "import codecs\ncodecs.register(None)\n"),
        ("aliases", "aliases = dict()\n"),
        ("utf_8", "def getregentry():\n    return None\n"),
    ] {
        fs::write(library.join(format!("encodings/{module}.py")), text).unwrap();
    }
    fs::create_dir_all(top.join("usr/bin")).unwrap();
    fs::copy("/bin/true", top.join("usr/bin/python3")).unwrap();
    fs::create_dir_all(top.join(".venv/bin")).unwrap();
    fs::create_dir_all(top.join(".venv/lib/python3.12/site-packages")).unwrap();
    symlink(top.join("usr/bin/python3"), top.join(".venv/bin/python")).unwrap();
    let cfg = format!("home = {}/usr/bin\ninclude-system-site-packages = false\n", top.display());
    fs::write(top.join(".venv/pyvenv.cfg"), cfg).unwrap();
    (dir, top)
}

fn explain(top: &Path, arguments: &[&str]) -> Output {
    run(top, &[&["explain", ".venv/bin/python", "--python-version", "3.12.1"], arguments].concat())
}

fn json(top: &Path, arguments: &[&str]) -> Value {
    program::json(&explain(top, &[arguments, &["--json"]].concat()))
}

/// What the difference says of `sys.path`, without what was kept.
fn path_changes(difference: &Value) -> Vec<(String, String)> {
    let changes = difference["path"].as_array().unwrap().iter().filter(|pair| pair["change"] != "kept");
    changes
        .map(|pair| {
            let side = if pair["after"].is_null() { &pair["before"] } else { &pair["after"] };
            (pair["change"].as_str().unwrap().to_owned(), side["value"].as_str().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn each_option_changes_what_it_says() {
    let (_dir, top) = environment();
    fs::write(top.join("real.pth"), format!("{}/usr\n", top.display())).unwrap();
    let packages = ".venv/lib/python3.12/site-packages";
    let added = |path: &str| vec![("added".to_owned(), format!("{}/{path}", top.display()))];
    let text = format!("--with-file={packages}/new.pth={}/usr/bin", top.display());
    let file = format!("--with-file={packages}/new.pth=@real.pth");
    let base = "usr/lib/python3.12/site-packages";
    for (option, expected) in [
        ("--set=include-system-site-packages=true", added(base)),
        ("--drop=include-system-site-packages", added(base)),
        (text.as_str(), added("usr/bin")),
        (file.as_str(), added("usr")),
        ("--env=PYTHONPATH=usr/lib", added("usr/lib")),
    ] {
        let difference = json(&top, &["--what-if", option]);
        assert_eq!(path_changes(&difference), expected, "{option}");
        assert_eq!(difference["schema"], "venv-doctor/what-if/1");
        // Without --what-if, the changed machine is explained.
        let report = json(&top, &[option]);
        assert_eq!(report["schema"], "venv-doctor/explain/1");
        let values: Vec<&Value> = report["sys"]["path"].as_array().unwrap().iter().map(|it| &it["value"]).collect();
        assert!(values.iter().any(|value| **value == expected[0].1), "{option}: {values:?}");
    }
    assert!(fs::read_to_string(top.join(".venv/pyvenv.cfg")).unwrap().ends_with("= false\n"));
}

#[test]
fn an_environment_without_its_file_is_none() {
    let (_dir, top) = environment();
    let difference = json(&top, &["--what-if", "--without", ".venv/pyvenv.cfg"]);
    let prefix = difference["values"].as_array().unwrap().iter().find(|it| it["name"] == "sys.prefix").unwrap();
    assert_eq!(prefix["before"], format!("{}/.venv", top.display()));
    assert_eq!(prefix["after"], format!("{}/usr", top.display()));
    assert_eq!(difference["supposed"][0], format!("without {}/.venv/pyvenv.cfg", top.display()));
}

#[test]
fn the_exit_code_is_that_of_the_changed_machine() {
    let (_dir, top) = environment();
    for (option, code) in [("--set=x=y", 0), ("--without=usr/bin/python3", 1), ("--without=usr/lib", 1)] {
        for arguments in [&[option][..], &["--what-if", option]] {
            assert_eq!(explain(&top, arguments).status.code(), Some(code), "{arguments:?}");
        }
    }
}

#[test]
fn suppositions_are_told() {
    let (_dir, top) = environment();
    let report = json(&top, &["--set", "home=/x"]);
    assert_eq!(report["notes"][0], format!("assumed: home = /x in {}/.venv/pyvenv.cfg", top.display()));
    let text = String::from_utf8(explain(&top, &["--what-if", "--set=x=y", "--env=HOME=/h"]).stdout).unwrap();
    let start = format!(
        ".venv/bin/python · what if · starts, as before\n  assumed     x = y in {}/.venv/pyvenv.cfg\n",
        top.display()
    );
    assert!(text.starts_with(&start), "{text}");
    assert!(text.contains("  assumed     the variable HOME = /h\n"), "{text}");
}

#[test]
fn a_snapshot_can_be_supposed_otherwise_too() {
    let (_dir, top) = environment();
    let recording = ["snapshot", ".venv/bin/python", "--python-version", "3.12.1", "-o", "snapshot.json"];
    assert!(run(&top, &recording).status.success());
    let removal = ["explain", "--snapshot", "snapshot.json", "--what-if", "--without", ".venv/pyvenv.cfg", "--json"];
    let difference = program::json(&run(&top, &removal));
    assert!(difference["values"].as_array().unwrap().iter().any(|it| it["name"] == "sys.prefix"));
    let notes = difference["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note.as_str().unwrap().starts_with("a recorded snapshot")), "{notes:?}");
}

#[test]
fn wrong_suppositions_are_2_and_say_why() {
    let (_dir, top) = environment();
    fs::create_dir(top.join("directory")).unwrap();
    symlink("loop", top.join("loop")).unwrap();
    let loop_error = format!("error: {}/loop/x: too many levels of symbolic links\n", top.display());
    for (arguments, reason) in [
        (&["--set", "home"][..], "expected KEY=VALUE"),
        (&["--set", " =x"], "expected KEY=VALUE"),
        (&["--set", "a=b\nc=d"], "a line of pyvenv.cfg cannot contain a line break"),
        (&["--drop", "a=b"], "expected a key of pyvenv.cfg"),
        (&["--with-file", "x"], "expected PATH=TEXT or PATH=@FILE"),
        (&["--with-file", "x=@gone"], "error: cannot read gone for --with-file: does not exist\n"),
        (&["--with-file", "x=@directory"], "error: cannot read directory for --with-file: is a directory\n"),
        (&["--with-file", "loop/x="], &loop_error),
        (&["--without", "/"], "error: /: is a directory\n"),
    ] {
        let output = explain(&top, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(reason), "{arguments:?}: {error}");
    }
    let nothing = run(&top, &["explain", ".venv/bin/python", "--what-if"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(nothing.stderr.starts_with(b"error: --what-if needs at least one change\nhelp: add --set, "));
}
