//! The command: what its arguments may be, and its exit codes.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::support::program::{json, program, run, scratch, stderr, stdout};

/// A snapshot that somebody wrote.
fn snapshot(dir: &Path, name: &str, extra: &str) {
    let text = format!(
        r#"{{"schema": "venv-doctor/snapshot/1", "platform": "linux", "cwd": "/w", "executable": "/w/.venv/bin/python",
 "scope": "check", "installed": true, {extra}
 "interpreter": {{"implementation": "cpython", "version": "3.12.1"}},
 "files": [
  {{"path": "/usr/bin/python3.12", "type": "file", "executable": true}},
  {{"path": "/usr/lib/python3.12/encodings/__init__.py", "type": "file"}},
  {{"path": "/usr/lib/python3.12/os.py", "type": "file"}},
  {{"path": "/w/.venv/bin/python", "type": "symlink", "target": "/usr/bin/python3.12"}},
  {{"path": "/w/.venv/lib/python3.12/site-packages", "type": "directory"}},
  {{"path": "/w/.venv/pyvenv.cfg", "type": "file", "text": "home = /usr/bin\n"}}]}}"#
    );
    fs::write(dir.join(name), text).unwrap();
}

fn diff(dir: &Path, arguments: &[&str]) -> Output {
    run(dir, &[&["diff"], arguments].concat())
}

#[test]
fn exit_codes_tell_the_answer() {
    let dir = scratch();
    let dir = dir.path();
    snapshot(dir, "a.json", "");
    snapshot(dir, "b.json", r#""environment": {"PYTHONPATH": "/w"},"#);
    let without = |text: &str| fs::read_to_string(dir.join("a.json")).unwrap().replace(text, "");
    fs::write(dir.join("small.json"), without(r#""scope": "check", "#)).unwrap();
    // One that was recorded says where its facts come from.
    let evidence = r#""version": "3.12.1", "evidence": [{"fact": "version", "value": "3.12.1", "from": "its name"}]"#;
    let old = without(r#""scope": "check", "installed": true, "#).replace(r#""version": "3.12.1""#, evidence);
    fs::write(dir.join("old.json"), old).unwrap();
    let same = diff(dir, &["a.json", "./a.json"]);
    assert_eq!((same.status.code(), stderr(&same)), (Some(0), ""), "{}", stdout(&same));
    assert!(stdout(&same).starts_with("A and B are the same\n"), "{}", stdout(&same));
    let different = diff(dir, &["a.json", "b.json"]);
    assert_eq!(different.status.code(), Some(1));
    assert!(stdout(&different).starts_with("only B has PYTHONPATH = /w; therefore "), "{}", stdout(&different));
    let less = diff(dir, &["a.json", "small.json"]);
    assert_eq!(less.status.code(), Some(0), "{}", stdout(&less));
    assert!(stdout(&less).starts_with("A and B are the same in everything that is recorded of both\n"));
    assert!(stdout(&less).contains("not recorded in B"), "{}", stdout(&less));
    let copied = diff(dir, &["old.json", "./old.json"]);
    assert_eq!((copied.status.code(), stdout(&copied).lines().next()), (Some(0), Some("A and B are the same")));
    let unknown = diff(dir, &["a.json", "old.json"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", stdout(&unknown));
    assert!(stdout(&unknown).starts_with("nothing that was recorded of both A and B is different\n"));
    assert_eq!(json(&diff(dir, &["a.json", "old.json", "--json"]))["verdict"], "unknown");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let dir = scratch();
    let dir = dir.path();
    snapshot(dir, "a.json", "");
    fs::write(dir.join("broken.json"), "{\"schema\": 1}").unwrap();
    fs::write(dir.join("list.json"), "[1, 2]").unwrap();
    fs::write(dir.join("notes.txt"), "nothing").unwrap();
    for (arguments, message) in [
        (["a.json", "broken.json"], "error: B: invalid snapshot broken.json:"),
        (["a.json", "list.json"], "error: B: list.json is neither a snapshot nor a program"),
        (["./notes.txt", "a.json"], "error: A: ./notes.txt is neither a snapshot nor a program"),
        (["a.json", "/dev/zero"], "error: B: /dev/zero is a device or a socket, neither a snapshot nor a program"),
        (["there.json", "a.json"], "error: A: there.json does not exist"),
        (["nowhere", "a.json"], "error: A: no program named nowhere on PATH"),
        (["-", "-"], "error: both A and B are standard input"),
    ] {
        let output = diff(dir, &arguments);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{arguments:?}");
        assert!(stderr(&output).starts_with(message), "{}", stderr(&output));
    }
}

#[test]
fn standard_input_is_a_snapshot() {
    let dir = scratch();
    let dir = dir.path();
    snapshot(dir, "a.json", "");
    let mut command = program(dir);
    command.args(["diff", "-", "a.json", "--json"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(dir.join("a.json")).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    let document = json(&output);
    assert_eq!((&document["verdict"], &document["a"]["snapshot"]), (&"same".into(), &true.into()));
}

#[test]
fn a_directory_that_is_gone_is_an_answer() {
    let dir = scratch();
    let dir = dir.path();
    snapshot(dir, "a.json", "");
    let output = diff(dir, &["a.json", "./gone/bin/python"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).starts_with("B cannot be executed, and A starts: "), "{}", stdout(&output));
}
