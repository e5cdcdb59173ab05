//! What is done before the crate is compiled.
#![allow(clippy::disallowed_methods, reason = "a build script asks the compiler and the disk, not a Host")]
#![allow(clippy::print_stdout, reason = "this is how a build script talks to cargo")]

mod link;
mod rules;

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build");
    link::arrange();
    rules::generate()
}
