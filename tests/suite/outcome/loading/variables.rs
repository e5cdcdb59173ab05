//! The variables of the dynamic loader.

use std::fs;

use venv_doctor::internals::interpreter::Problem;

use super::elf;
use super::{Counts, Room, system_library};
use crate::outcome::loaders::programs;

#[test]
fn variables_of_the_loader_have_their_effect() {
    let mut counts = Counts::default();
    for (program, library) in programs() {
        let bytes = fs::read(&program).expect("a file");
        let room = Room::new();
        room.write("python", &bytes);
        room.write("lib/empty.so", b"");
        room.write("lib/text.so", &b"text".repeat(99));
        if let Some(library) = system_library("libz.so.1") {
            room.write("lib/libother.so", &library);
            room.write("lib/cut.so", &library[..8192]);
        }
        let dir = room.at("lib").display().to_string();
        let lists = [
            "/nowhere.so",
            "nowhere.so",
            "/nowhere.so:/tmp",
            "DIR/empty.so",
            "DIR/text.so DIR/libother.so",
            "DIR/cut.so",
            " ",
            "libm.so.6",
            "DIR",
        ];
        for list in lists.map(|list| list.replace("DIR", &dir)) {
            counts.judge(&room, &[("LD_PRELOAD", &list)], &format!("{}: preloads {list}", program.display()));
            if !list.contains("other") && list != "libm.so.6" {
                counts.judge(&room, &[("LD_AUDIT", "/nowhere.so"), ("LD_PRELOAD", &list)], &list);
            }
        }
        for (name, value) in [
            ("LD_TRACE_LOADED_OBJECTS", "1"),
            ("LD_TRACE_LOADED_OBJECTS", ""),
            ("LD_DEBUG", "help"),
            ("LD_DEBUG", "x,help"),
            ("LD_DEBUG", ""),
            ("LD_BIND_NOW", "1"),
            ("LD_BIND_NOW", ""),
            ("LD_AUDIT", "/nowhere.so"),
        ] {
            counts.judge(&room, &[(name, value)], &format!("{}: {name}={value}", program.display()));
        }
        if let Some(library) = library.and_then(|library| fs::read(library).ok()) {
            preloaded_library(&mut counts, &bytes, &library);
        }
    }
    counts.close("variables of the loader");
}

/// A preloaded library satisfies who needs it by its own name.
fn preloaded_library(counts: &mut Counts, program: &[u8], library: &[u8]) {
    let name = elf::python_library(program).expect("it needs one");
    for (is_renamed, preload) in [(false, "p.so"), (true, "p.so"), (false, "other.so"), (true, "")] {
        let room = Room::new();
        let mut copy = program.to_vec();
        elf::retag(&mut copy, elf::RUNPATH, elf::NOTHING);
        room.write("python", &copy);
        let mut library = library.to_vec();
        let gone = name.replacen("lib", "lqb", 1);
        if is_renamed {
            assert!(elf::rename(&mut library, &name, &gone));
        }
        room.write("lib/p.so", &library);
        room.write("lib/other.so", &system_library("libz.so.1").unwrap_or_default());
        let path = room.at("lib").join(preload).display().to_string();
        counts.judge(&room, &[("LD_PRELOAD", &path)], &format!("{name}: {preload} {is_renamed}"));
    }
}

/// A library of Python that is loaded before all others replaces that of the interpreter, which then is another release.
#[test]
fn another_python_that_is_preloaded_leaves_the_start_unknown() {
    let programs = programs();
    let with_library = programs.iter().filter_map(|(program, library)| Some((program, library.as_ref()?)));
    for (program, own) in with_library.clone() {
        for (_, library) in with_library.clone() {
            let room = Room::new();
            room.write("python", &fs::read(program).expect("a file"));
            let preload = library.display().to_string();
            let problem = room.problem(&[("LD_PRELOAD", &preload)]);
            let is_unknown = matches!(problem, Some(Problem::LoadingUnknown { .. }));
            assert_eq!(is_unknown, own != library, "{}: {preload}: {problem:?}", program.display());
        }
    }
}
