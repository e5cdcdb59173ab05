//! The tests, as one program: `cargo test WORD` runs those whose names contain a word, such as `vd205`.

mod architecture;
mod behaviors;
mod catalogue;
mod cli;
mod conformance;
mod creators;
mod dead_environments;
mod differential;
mod fixtures;
mod fixtures_judge;
mod getpath_judge;
mod healthy;
mod hostile;
mod identify;
mod identify_problems;
mod memory_host;
mod outcome_modules;
mod path_arithmetic;
mod questions;
mod report;
mod rules;
mod scan;
mod snapshot;
mod support;
mod systems;
mod what_if;
