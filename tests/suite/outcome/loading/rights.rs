//! Programs with the rights of somebody else, started by a user who is not root.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::Command;

use bstr::ByteSlice;
use serde_json::Value as Json;

use super::elf::{self, NOTHING, RUNPATH};
use super::{Room, Shared, first_line, is_root, output, shared};
use crate::support::program::PROGRAM;

const NOBODY: u32 = 65_534;

/// Mode, owner, group, and whether `cap_net_bind_service` is permitted, and effective.
const RIGHTS: [(u32, u32, u32, Option<bool>); 9] = [
    (0o755, 0, 0, None),
    (0o4755, 0, 0, None),
    (0o4755, NOBODY, NOBODY, None),
    (0o2755, 0, 0, None),
    (0o2745, 0, 0, None),
    (0o2755, 0, NOBODY, None),
    (0o6755, NOBODY, 0, None),
    (0o755, 0, 0, Some(false)),
    (0o755, 0, 0, Some(true)),
];

#[test]
fn rights_restrict_the_loader() {
    let (mut count, mut fatal, mut different) = (0, 0, Vec::new());
    if !is_root() {
        println!("skipped: only root can give rights to a program");
        return;
    }
    // The judge is started as the same user, from a place that this user can reach.
    let place = Room::new();
    let judge = place.at("venv-doctor");
    fs::copy(PROGRAM, &judge).expect("a copy");
    for Shared { bytes, library, name, built_in, .. } in shared(4) {
        for (mode, owner, group, capability) in RIGHTS {
            for (path, variable) in
                [("$ORIGIN/lib", false), ("/nowhere", true), ("lib", false), ("$ORIGIN/../lib", true)]
            {
                let room = Room::new();
                let mut copy = bytes.clone();
                if !elf::rename(&mut copy, &built_in, path) {
                    continue;
                }
                let mut library = library.clone();
                elf::retag(&mut library, RUNPATH, NOTHING);
                room.write(&format!("lib/{name}"), &library);
                let python = room.write("python", &copy);
                chown(&python, Some(owner), Some(group)).expect("root");
                fs::set_permissions(&python, fs::Permissions::from_mode(mode)).expect("a mode");
                if let Some(is_effective) = capability {
                    let value = if is_effective { "cap_net_bind_service=ep" } else { "cap_net_bind_service=p" };
                    let given = Command::new("setcap").arg(value).arg(&python).status();
                    if !given.is_ok_and(|status| status.success()) {
                        println!("skipped: setcap does not work here");
                        continue;
                    }
                }
                let dir = room.at("lib").display().to_string();
                let variables: &[(&str, &str)] = if variable { &[("LD_LIBRARY_PATH", &dir)] } else { &[] };
                let run = |program: &std::path::Path, arguments: &[&str]| {
                    let mut command = Command::new(program);
                    command.args(arguments).env_clear().envs(variables.iter().copied()).current_dir(room.dir.path());
                    output(command.uid(NOBODY).gid(NOBODY)).expect("it is executed")
                };
                let real = run(&python, &["-V"]);
                let explained = run(&judge, &["explain", "--json", python.to_str().expect("ASCII")]);
                let report: Json = serde_json::from_slice(&explained.stdout).unwrap_or_default();
                let fails = report["outcome"]["status"] == "fails-to-execute";
                let message = report["messages"][0].as_str().map(|text| text.as_bytes().as_bstr().to_owned());
                count += 1;
                fatal += usize::from(fails);
                let agrees = if fails { message == first_line(&real.stderr) } else { real.status.success() };
                if !agrees {
                    let told = explained.stderr.as_bstr();
                    different.push(format!(
                        "{mode:o} {owner} {group} {capability:?} {path}: {} {real:?} {told}",
                        report["outcome"]
                    ));
                }
            }
        }
    }
    println!("rights: {count} situations, {fatal} fatal, {} different", different.len());
    assert!(different.is_empty(), "{}", different.iter().take(8).cloned().collect::<Vec<_>>().join("\n"));
}

/// A program with the rights of root finds its library in a directory that its caller may not enter.
#[test]
fn what_only_the_owner_may_look_at_is_not_missing() {
    if !is_root() {
        println!("skipped: only root can give rights to a program");
        return;
    }
    let Some(Shared { mut bytes, library, name, built_in, .. }) = shared(1).next() else { return };
    let room = Room::new();
    let judge = room.at("venv-doctor");
    fs::copy(PROGRAM, &judge).expect("a copy");
    // An absolute path, as secure execution wants it, in the place of the one that is built in.
    let closed = room.at("lib").display().to_string();
    assert!(elf::rename(&mut bytes, &built_in, &closed), "{closed} is longer than {built_in}");
    room.write(&format!("lib/{name}"), &library);
    let python = room.write("python", &bytes);
    let explained = |mode: u32| {
        fs::set_permissions(&python, fs::Permissions::from_mode(mode)).expect("a mode");
        let mut command = Command::new(&judge);
        command.args(["explain", "--json"]).arg(&python).env_clear().uid(NOBODY).gid(NOBODY);
        let output = output(&mut command).expect("it is executed");
        let report: Json = serde_json::from_slice(&output.stdout).unwrap_or_default();
        report["outcome"]["status"].as_str().unwrap_or_default().to_owned()
    };
    fs::set_permissions(room.at("lib"), fs::Permissions::from_mode(0o700)).expect("a mode");
    assert_eq!(explained(0o4755), "not-simulated");
    assert_eq!(explained(0o755), "fails-to-execute");
}
