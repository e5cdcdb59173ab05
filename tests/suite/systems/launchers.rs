//! Launchers of scripts on Windows: the programs of installers, with what these put behind them.

use std::fs;

use venv_doctor::internals::host::ProgramKind;
use venv_doctor::internals::startup::{CommandKind, Resolution, Status};

use super::machine::{self, Machine};
use crate::support::interpreters::installed;

const BASE: &str = r"C:\Py312";
const PYTHON: &str = r"C:\w\.venv\Scripts\python.exe";
const TOOL: &str = r"C:\w\.venv\Scripts\tool.exe";

/// A zip file without members.
fn archive() -> Vec<u8> {
    [&b"PK\x05\x06"[..], &[0; 18]].concat()
}

/// An environment with a tool whose program has this content.
fn with_tool(content: impl Into<Vec<u8>>) -> Machine {
    let machine = machine::windows("3.12.1", BASE).typed(TOOL);
    machine.with(|host| {
        host.executable(PYTHON)
            .program(PYTHON, ProgramKind::VenvLauncher)
            .file(r"C:\w\.venv\pyvenv.cfg", format!("home = {BASE}\r\nversion = 3.12.1\r\n"))
            .directory(r"C:\w\.venv\Lib\site-packages")
            .executable(TOOL)
            .file(TOOL, content)
    })
}

/// The programs of distlib and setuptools that the installed Pythons bring.
fn programs(name: &str) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    for python in installed().filter(|python| python.world.root().is_none()) {
        let site = format!("{}/lib/python{}/site-packages", python.prefix, python.xy());
        let content = ["pip/_vendor/distlib", "setuptools"]
            .into_iter()
            .find_map(|dir| fs::read(format!("{site}/{dir}/{name}")).ok());
        found.extend(content.filter(|content| !found.contains(content)));
    }
    found
}

#[track_caller]
fn starts_environment(resolution: &Resolution, first: &str) {
    assert_eq!(resolution.outcome.status, Status::Starts, "{:?}", resolution.outcome.reason);
    let sys = resolution.sys.as_ref().unwrap();
    assert_eq!((sys.executable.to_string(), sys.prefix.to_string()), (PYTHON.to_owned(), r"C:\w\.venv".to_owned()));
    assert_eq!(sys.path[0].value, first);
    let command = resolution.command.as_ref().unwrap();
    assert_eq!(command.typed, TOOL);
    assert_eq!(command.hops[0].kind, CommandKind::Launcher);
    assert_eq!(command.hops[0].starts, PYTHON);
}

#[test]
fn launchers_of_distlib() {
    let mut stubs: Vec<Vec<u8>> = ["t64.exe", "w64.exe"].into_iter().flat_map(programs).collect();
    println!("{} programs of distlib", stubs.len());
    stubs.push(b"MZ a program".to_vec());
    for stub in stubs {
        for line in
            [format!("#!{PYTHON}\n"), format!("#!\"{PYTHON}\"\r\n"), "#!<launcher_dir>\\python.exe\n".to_owned()]
        {
            let content = [stub.clone(), line.into_bytes(), archive()].concat();
            starts_environment(&with_tool(content).start(), TOOL);
        }
        let isolated = [stub, format!("#!{PYTHON} -I\n").into_bytes(), archive()].concat();
        let resolution = with_tool(isolated).start();
        assert!(resolution.invocation.flags.isolated);
    }
}

#[test]
fn launchers_of_uv() {
    let trailer = |path: &str, mark: &str| {
        let length = u32::try_from(path.len()).unwrap().to_le_bytes();
        [b"MZ a program", archive().as_slice(), path.as_bytes(), &length, mark.as_bytes()].concat()
    };
    for content in [trailer(PYTHON, "UVSC"), trailer("python.exe", "UVSC"), trailer(PYTHON, "UVUV")] {
        starts_environment(&with_tool(content).start(), TOOL);
    }
    starts_environment(&with_tool(trailer(PYTHON, "UVPY")).start(), "");
}

#[test]
fn launchers_of_setuptools() {
    let mut stubs: Vec<Vec<u8>> = ["cli-64.exe", "gui-64.exe"].into_iter().flat_map(programs).collect();
    println!("{} programs of setuptools", stubs.len());
    stubs.push(b"MZ a program".to_vec());
    for stub in stubs {
        let machine = with_tool(stub);
        let machine = machine.with(|host| host.file(r"C:\w\.venv\Scripts\tool-script.py", format!("#!{PYTHON}\n")));
        starts_environment(&machine.start(), r"C:\w\.venv\Scripts");
    }
}

#[test]
fn launchers_that_lead_to_nothing() {
    let gone = [b"MZ a program", &b"#!C:\\gone\\python.exe\n"[..], &archive()].concat();
    let resolution = with_tool(gone).start();
    assert_eq!(resolution.outcome.status, Status::FailsToExecute);
    let py = machine::windows("3.12.1", BASE).typed(r"C:\Windows\py.exe");
    let resolution = py.with(|host| host.executable(r"C:\Windows\py.exe")).start();
    assert_eq!(resolution.outcome.status, Status::NotSimulated);
    let damaged = with_tool(b"MZ a program").with(|host| host.program(TOOL, ProgramKind::Script)).start();
    assert_eq!(damaged.outcome.status, Status::NotSimulated);
}
