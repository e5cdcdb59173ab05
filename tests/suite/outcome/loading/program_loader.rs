//! The dynamic loader that the program names, in every state.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use bstr::ByteSlice;

use super::{Counts, Room};
use crate::outcome::loaders::programs;

const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";

/// An edit of the loader, and its mode.
type Edit = fn(&mut Vec<u8>);

const EDITS: [(&str, u32, Edit); 13] = [
    ("whole", 0o755, |_| {}),
    ("not executable", 0o644, |_| {}),
    ("executable for others", 0o001, |_| {}),
    ("empty", 0o755, |file| file.clear()),
    ("short text", 0o755, |file| *file = b"text".to_vec()),
    ("long text", 0o755, |file| *file = b"no program\n".repeat(99)),
    ("a script", 0o755, |file| *file = b"#!/bin/sh\nexit 0\n".repeat(9)),
    ("other machine", 0o755, |file| file[18] = 0xb7),
    ("relocatable", 0o755, |file| file[16] = 1),
    ("only headers", 0o755, |file| file.truncate(64)),
    ("a library", 0o755, |file| *file = super::system_library("libm.so.6").unwrap_or_default()),
    ("the C library", 0o755, |file| *file = super::system_library("libc.so.6").unwrap_or_default()),
    ("a program", 0o755, |file| *file = fs::read("/bin/true").unwrap_or_default()),
];

/// The program with another loader.
fn naming(program: &[u8], loader: &str) -> Vec<u8> {
    let mut text = loader.as_bytes().to_vec();
    text.resize(LOADER.len(), 0);
    program.replacen(LOADER, text, 1)
}

#[test]
fn the_kernel_starts_the_loader_or_says_why_not() {
    let mut counts = Counts::default();
    let Ok(loader) = fs::read(LOADER) else {
        println!("skipped: there is no {LOADER}");
        return;
    };
    for (program, _) in programs() {
        let bytes = fs::read(&program).expect("a file");
        for (edit, mode, change) in EDITS {
            // A relative path is one from the working directory.
            let room = Room::new();
            room.write("python", &naming(&bytes, "./lib/ld-x.so"));
            let mut content = loader.clone();
            change(&mut content);
            let path = room.write("lib/ld-x.so", &content);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
            counts.judge(&room, &[], &format!("{}: loader, {edit}", program.display()));
        }
        for name in ["./lib", "./none", "/dev/null", "./python/x", "./dangling", "./loop", "./symlink"] {
            let room = Room::new();
            room.write("python", &naming(&bytes, name));
            symlink("nowhere", room.at("dangling")).expect("a symlink");
            symlink("loop", room.at("loop")).expect("a symlink");
            symlink(LOADER, room.at("symlink")).expect("a symlink");
            counts.judge(&room, &[], &format!("{}: loader {name}", program.display()));
        }
    }
    counts.close("the loader of the program");
}
