//! Finds every environment below some directories and prints each as soon as it is examined.
//!
//! `cargo run --example scan -- ~/projects`
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example is a program, with arguments and output"
)]

use std::env;
use std::error::Error;
use std::io::{self, Write};

use venv_doctor::{LiveHost, Progress, ScanEvent, ScanOptions, json, scan};

fn main() -> Result<(), Box<dyn Error>> {
    let dirs: Vec<String> = env::args().skip(1).collect();
    let progress = Progress::default();
    // Events come from several threads; a line is written at once, so that none is torn.
    scan(&LiveHost, &ScanOptions::new(dirs), &progress, &|event| {
        if let ScanEvent::Environment(found) = &event
            && io::stdout().write_all(&json::environment(found)).is_err()
        {
            // The reader has gone away.
            progress.stop();
        } else if let ScanEvent::Unreadable(dir, error) = &event {
            println!("cannot list {dir}: {error}");
        }
    })?;
    println!("{} environments in {} directories", progress.environments(), progress.dirs());
    Ok(())
}
