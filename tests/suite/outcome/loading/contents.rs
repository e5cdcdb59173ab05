//! Every kind of file under the name of every library that a Python needs.

use std::fs;

use bstr::ByteSlice;

use super::elf;
use super::{Counts, Room, system_library};
use crate::outcome::loaders::programs;

const LIBRARIES: [&str; 8] = [
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "libutil.so.1",
    "libz.so.1",
    "libexpat.so.1",
    "libcrypt.so.1",
];

/// An edit of a library.
type Edit = fn(&mut Vec<u8>);

const EDITS: [(&str, Edit); 22] = [
    ("whole", |_| {}),
    ("empty", |file| file.clear()),
    ("text", |file| *file = b"no library\n".to_vec()),
    ("long text", |file| *file = b"no library\n".repeat(99)),
    ("63 bytes", |file| file.truncate(63)),
    ("64 bytes", |file| file.truncate(64)),
    ("headers cut", |file| file.truncate(200)),
    ("cut at a page", |file| file.truncate(8192.min(file.len() / 2))),
    ("other class", |file| file[4] = 1),
    ("other order", |file| file[5] = 2),
    ("version of the identification", |file| file[6] = 2),
    ("other system", |file| file[7] = 9),
    ("other version of the ABI", |file| (file[7], file[8]) = (0, 9)),
    ("padding", |file| file[12] = 1),
    ("relocatable", |file| file[16] = 1),
    ("fixed", |file| file[16] = 2),
    ("other machine", |file| file[18] = 0xb7),
    ("other version", |file| file[20] = 2),
    ("size of headers", |file| file[54] = 57),
    ("no segments", |file| file[56] = 0),
    ("another library", |file| *file = system_library("libz.so.1").unwrap_or_default()),
    ("a program", |file| *file = fs::read("/bin/true").unwrap_or_default()),
];

#[test]
fn a_file_under_the_name_of_a_library_is_taken_for_it_or_refused() {
    let mut counts = Counts::default();
    for (program, library) in programs() {
        let bytes = fs::read(&program).expect("a file");
        let own = elf::python_library(&bytes).zip(library.and_then(|library| fs::read(library).ok()));
        let needs = |file: &[u8], name: &str| file.contains_str(format!("\0{name}\0"));
        let used = |name: &str| needs(&bytes, name) || own.as_ref().is_some_and(|(_, library)| needs(library, name));
        let system = LIBRARIES.iter().filter(|name| used(name));
        let system = system.filter_map(|name| Some(((*name).to_owned(), system_library(name)?)));
        for (name, content) in system.chain(own.clone()) {
            for (edit, change) in EDITS {
                let room = Room::new();
                room.write("python", &bytes);
                let mut content = content.clone();
                change(&mut content);
                room.write(&format!("lib/{name}"), &content);
                let dir = room.at("lib").display().to_string();
                let situation = format!("{}: {name}, {edit}", program.display());
                counts.judge(&room, &[("LD_LIBRARY_PATH", &dir)], &situation);
                if matches!(edit, "another library" | "whole") {
                    let variables = [("LD_LIBRARY_PATH", dir.as_str()), ("LD_BIND_NOW", "1")];
                    counts.judge(&room, &variables, &format!("{situation}, bound at once"));
                }
            }
        }
    }
    counts.close("contents of libraries");
}
