//! Programs that are no interpreter, whatever their names say: what is told of them, and that `verify` starts none.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{Room, Truth};
use crate::support::interpreters::Interpreter;
use crate::support::program::{PROGRAM, json};

/// A program that starts a Python inside itself.
const EMBEDS: &str = "extern void Py_Initialize(void);\nint main(void) { Py_Initialize(); return 0; }\n";

/// Compiles a program that needs the library of the interpreter; false where there is no compiler or no such library.
fn compile(room: &Room, python: &Interpreter, name: &str) -> bool {
    let prefix = python.prefix.to_string();
    let library = format!("{prefix}/lib");
    let entries = fs::read_dir(&library).into_iter().flatten().flatten();
    let mut libraries = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        Some(name.strip_prefix("lib")?.strip_suffix(".so")?.to_owned())
    });
    let start = format!("python{}", python.xy());
    let Some(link) = libraries.find(|name| name.starts_with(&start)) else { return false };
    let child = Command::new("cc")
        .args(["-x", "c", "-", "-o"])
        .arg(room.at(name))
        .args([format!("-L{library}"), format!("-l{link}"), format!("-Wl,-rpath,{library}")])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    child.stdin.take().unwrap().write_all(EMBEDS.as_bytes()).unwrap();
    child.wait().unwrap().success()
}

fn run(room: &mut Room, arguments: &[&str]) -> std::process::Output {
    room.row("program", arguments[1], &[], Truth::NotSimulated);
    let row = room.rows.pop().unwrap();
    room.call(&row, PROGRAM).args(arguments).output().unwrap()
}

/// What `explain` says, which is never an error.
fn not_simulated(room: &mut Room, program: &str) -> String {
    let output = run(room, &["explain", program, "--json"]);
    assert_eq!(output.status.code(), Some(0), "{program}");
    let report = json(&output);
    assert_eq!(report["outcome"]["status"], "not-simulated", "{program}: {report}");
    assert!(report["sys"].is_null() && report["site"].is_null() && report["pyvenv_cfg"].is_null(), "{program}");
    let is_error = |finding: &Value| finding["severity"] == "error";
    assert!(!report["findings"].as_array().unwrap().iter().any(is_error), "{program}: {}", report["findings"]);
    report["outcome"]["reason"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_program_that_embeds_python_is_told_as_such() {
    let mut room = Room::new();
    let built: Vec<_> =
        room.pythons.clone().into_iter().filter(|python| compile(&room, python, &python.xy())).collect();
    println!("{} programs built", built.len());
    for python in built {
        // The name changes nothing: also one that is called python starts with a configuration of its own.
        let renamed = format!("python{}", python.xy());
        fs::copy(room.at(&python.xy()), room.at(&renamed)).unwrap();
        for name in [python.xy(), renamed] {
            let program = room.text(&name);
            let reason = not_simulated(&mut room, &program);
            assert!(reason.contains("embeds Python") && reason.contains(&python.xy()), "{reason}");
        }
    }
    let gdb = "/usr/bin/gdb";
    if Path::new(gdb).exists() {
        println!("gdb: {}", not_simulated(&mut room, gdb));
    }
}

#[test]
fn other_implementations_are_told_by_name() {
    let mut room = Room::new();
    fs::create_dir_all(room.at("graalpy/bin")).unwrap();
    fs::copy("/bin/true", room.at("graalpy/bin/graalpy")).unwrap();
    room.write("graalpy/lib/libpythonvm.so", "");
    room.write("graalpy/release", "IMPLEMENTOR=\"Oracle Corporation\"\nGRAALVM_VERSION=\"24.1.1\"\n");
    fs::copy("/bin/true", room.at("micropython")).unwrap();
    fs::OpenOptions::new()
        .append(true)
        .open(room.at("micropython"))
        .unwrap()
        .write_all(b"\0MicroPython v1.22.1 on 2024-01-05; linux [GCC 13.2.0] version\0")
        .unwrap();
    room.write("jython/jython.jar", "");
    room.write("jython/bin/jython", "#!/usr/bin/env bash\nexec java -jar jython.jar\n");
    room.write("ipy", "#!/bin/sh\nexec mono /opt/ironpython/ipy.exe \"$@\"\n");
    for (program, told) in [
        ("graalpy/bin/graalpy", "graalpy 24.1.1"),
        ("micropython", "micropython 1.22.1"),
        ("jython/bin/jython", "jython"),
        ("ipy", "ironpython"),
    ] {
        let path = room.text(program);
        let reason = not_simulated(&mut room, &path);
        assert!(reason.to_lowercase().contains(told), "{program}: {reason}");
    }
}

#[test]
fn python_2_is_told_by_its_release() {
    let mut room = Room::new();
    let home = std::env::var_os("HOME").map(std::path::PathBuf::from).unwrap_or_default();
    let python = home.join(".pyenv/versions/2.7.18/bin/python2.7");
    if !python.exists() {
        println!("skipped: there is no Python 2.7");
        return;
    }
    let link = room.link("env/bin/python", &python);
    let script = room.write("env/bin/tool", format!("#!{link}\nprint 1\n"));
    for program in [python.to_str().unwrap(), &link, &script] {
        let reason = not_simulated(&mut room, program);
        assert!(reason.contains("2.7.18"), "{program}: {reason}");
    }
}

#[test]
fn verify_starts_nothing_but_interpreters() {
    let mut room = Room::new();
    let Some(python) = room.pythons.first().copied() else { return };
    let interpreter = room.environment("env", python);
    let mark = room.text("mark");
    let touches = format!("#!/bin/sh\ntouch {mark}\n");
    let mut programs = vec![
        room.write("python3", &touches),
        room.write("python", format!("touch {mark}\n")),
        room.write("env/bin/tool", format!("#!{interpreter}\nopen({mark:?}, 'w').close()\n")),
        room.write("pypy3", format!("#!/usr/bin/env -S touch {mark}\n")),
        room.write("empty/python", ""),
        room.link("touch/python3", "/usr/bin/touch"),
        room.link("shell/python3.12", "/bin/sh"),
    ];
    for (name, mode) in [("renamed/python3.12", 0o755), ("set-user/python3", 0o4755), ("set-group/python3", 0o2755)] {
        fs::create_dir_all(room.at(name).parent().unwrap()).unwrap();
        fs::copy("/usr/bin/touch", room.at(name)).unwrap();
        fs::set_permissions(room.at(name), Permissions::from_mode(mode)).unwrap();
        programs.push(room.text(name));
    }
    fs::create_dir_all(room.at("linked")).unwrap();
    fs::hard_link(room.at("renamed/python3.12"), room.at("linked/python3")).unwrap();
    fs::create_dir_all(room.at("directory/python3")).unwrap();
    assert!(Command::new("mkfifo").arg(room.at("fifo")).status().unwrap().success());
    programs.extend(["linked/python3", "directory/python3", "fifo"].map(|name| room.text(name)));
    if compile(&room, python, "embeds") {
        programs.push(room.text("embeds"));
    }
    for program in &programs {
        let output = run(&mut room, &["verify", program]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{program}: {said}");
        assert!(!room.at("mark").exists(), "{program} was started");
    }
    println!("{} programs refused", programs.len());
    let work = fs::read_dir(room.at("work")).unwrap().flatten().map(|entry| entry.file_name());
    assert_eq!(work.collect::<Vec<_>>(), ["deep"], "a program was started");
}
