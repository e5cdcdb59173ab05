//! The tests, as one program: `cargo test WORD` runs those whose names contain a word, such as `vd205`.
#![allow(clippy::disallowed_methods, reason = "tests build environments, run programs and read the sources")]
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a failure ends the test")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what was compared, and what was skipped, is part of the answer"
)]
#![allow(clippy::format_push_string, clippy::format_collect, reason = "reports of tests are short")]

mod architecture;
mod behaviors;
mod cli;
mod commands;
mod conformance;
mod creators;
mod dead_environments;
mod diff;
mod differential;
mod executed;
mod fixtures;
mod fixtures_judge;
mod fuzz;
mod getpath_judge;
mod healthy;
mod hostile;
mod identify;
mod identify_problems;
mod identify_windows;
mod imports;
mod memory_host;
mod outcome;
mod outcome_table;
mod path_arithmetic;
mod printed_fixes;
mod questions;
mod repair;
mod report;
mod rooted;
mod rules;
mod scan;
mod site_programs;
mod situations;
mod snapshot;
mod startup_lines;
mod support;
mod systems;
mod what_if;
mod which;
mod windows_pythons;
