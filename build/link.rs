//! Links the unwinder into the program where the system's compiler has it as an archive.
//!
//! A Rust program on glibc loads `libgcc_s.so.1` for stack traces only, which is an eighth of the time that an empty
//! process takes. One `explain` is meant to cost little more than that, and so the archive is preferred; where there
//! is none (another compiler, another system), nothing changes.
//!
//! For the same reason the program is linked to a fixed address: a thousand pointers in its tables need no relocation
//! at every start, and the program has no unsafe code that a random address would guard.

use std::env;
use std::path::Path;
use std::process::Command;

const ARCHIVE: &str = "libgcc_eh.a";

/// Tells the linker, where the compiler has the archive.
pub fn arrange() {
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    let is_native = env::var("HOST") == env::var("TARGET");
    // A program that is linked statically contains the unwinder anyway.
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && is_native && !is_static && has_archive() {
        println!("cargo:rustc-link-arg-bins=-Wl,--whole-archive,-lgcc_eh,--no-whole-archive");
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

/// Whether `cc`, which Rust links with, knows where the archive is; it repeats the bare name where it does not.
fn has_archive() -> bool {
    let Ok(output) = Command::new("cc").arg(format!("-print-file-name={ARCHIVE}")).output() else { return false };
    let path = String::from_utf8_lossy(&output.stdout);
    let path = Path::new(path.trim());
    path.is_absolute() && path.is_file()
}
