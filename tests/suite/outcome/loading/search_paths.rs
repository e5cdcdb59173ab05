//! `DT_RPATH` and `DT_RUNPATH`, with their tokens, and who inherits them.

use std::fs;

use super::elf::{self, NOTHING, RPATH, RUNPATH};
use super::{Counts, Room, Shared, shared, system_library};

/// Search paths of the program, as seen from its directory.
const PATHS: [&str; 16] = [
    "$ORIGIN/lib",
    "${ORIGIN}/lib",
    "$ORIGIN/./lib//",
    "/nowhere:$ORIGIN/lib",
    "$ORIGINAL/lib",
    "${ORIGIN/lib",
    "$ORIGIN_/lib",
    "$ORIGIN/none",
    "$origin/lib",
    "lib",
    "./lib:",
    "/$LIB",
    "${LIB}",
    "$NOTHING/lib",
    ":",
    "x/$ORIGIN/lib",
];

#[test]
fn search_paths_are_followed_as_the_loader_does() {
    let mut counts = Counts::default();
    for Shared { program, bytes, library, name, built_in } in shared(3) {
        for (path, tag) in PATHS.iter().flat_map(|path| [(path, RPATH), (path, RUNPATH)]) {
            let room = Room::new();
            let mut copy = bytes.clone();
            if !elf::rename(&mut copy, &built_in, path) {
                continue;
            }
            elf::retag(&mut copy, RUNPATH, tag);
            room.write("python", &copy);
            let mut library = library.clone();
            elf::retag(&mut library, RUNPATH, NOTHING);
            room.write(&format!("lib/{name}"), &library);
            counts.judge(&room, &[], &format!("{}: {path} as {tag}", program.display()));
        }
    }
    counts.close("search paths");
}

/// The library of Python needs another one, which only the search path of the program leads to.
#[test]
fn what_libraries_need_is_searched_as_the_loader_does() {
    let mut counts = Counts::default();
    let Some(needed) = system_library("libm.so.6") else {
        println!("skipped: there is no libm.so.6");
        return;
    };
    for Shared { program, bytes, library, name, built_in } in shared(3) {
        for (of_program, of_library) in
            [RPATH, RUNPATH].iter().flat_map(|tag| [RPATH, RUNPATH, NOTHING].map(|of| (*tag, of)))
        {
            for (place, is_present) in [("lib", true), ("lib", false), (".", true)] {
                for own in ["$ORIGIN", "$ORIGIN/.."] {
                    let room = Room::new();
                    let (mut copy, mut library) = (bytes.clone(), library.clone());
                    let is_renamed = elf::rename(&mut copy, &built_in, "$ORIGIN/lib")
                        && elf::rename(&mut library, &built_in, own)
                        && elf::rename(&mut library, "libm.so.6", "lqbm.so.6");
                    if !is_renamed {
                        continue;
                    }
                    elf::retag(&mut copy, RUNPATH, of_program);
                    elf::retag(&mut library, RUNPATH, of_library);
                    room.write("python", &copy);
                    room.write(&format!("lib/{name}"), &library);
                    if is_present {
                        room.write(&format!("{place}/lqbm.so.6"), &needed);
                    }
                    let situation =
                        format!("{}: {of_program}, {of_library} {own}, {place} {is_present}", program.display());
                    counts.judge(&room, &[], &situation);
                }
            }
        }
    }
    counts.close("inherited search paths");
}

/// `DT_NEEDED` with slashes and tokens.
#[test]
fn needed_paths_are_taken_as_the_loader_does() {
    let mut counts = Counts::default();
    for Shared { program, bytes, library, name, built_in } in shared(3) {
        for dir in
            ["./lib/", "lib/", "l/", "/", "$ORIGIN/l/", "${ORIGIN}/l/", "$ORIGIN/", "$X/", "", "$LIB/", "$ORIGINS/"]
        {
            let room = Room::new();
            let (mut copy, needed) = (bytes.clone(), format!("{dir}{name}"));
            if !elf::need(&mut copy, &name, &built_in, &needed) {
                continue;
            }
            room.write("python", &copy);
            room.write(&format!("lib/{name}"), &library);
            fs::create_dir(room.at("l")).expect("a directory");
            room.write(&format!("l/{name}"), &library);
            let dir = room.at("lib").display().to_string();
            for variables in [&[][..], &[("LD_LIBRARY_PATH", dir.as_str())]] {
                counts.judge(&room, variables, &format!("{}: needs {needed} {variables:?}", program.display()));
            }
        }
    }
    counts.close("needed paths");
}
