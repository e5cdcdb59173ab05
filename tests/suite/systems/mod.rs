//! Pythons of Windows and macOS as machines in memory: how each starts, according to the upstream algorithm.
//!
//! The path configuration of 3.11 and later is judged by the interpreters themselves (`getpath_judge.rs`); here is what
//! surrounds it, and what came before: the redirector, the C code of 3.6 to 3.10, the site module's share.

mod launchers;
pub mod machine;
mod macos;
mod names;
mod observed;
mod redirector;
mod windows;
mod windows_legacy;
