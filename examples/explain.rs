//! Explains one environment: does its Python start, what is on `sys.path`, and which step put it there?
//!
//! `cargo run --example explain -- .venv/bin/python`
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example is a program, with arguments and output"
)]

use std::env;
use std::error::Error;

use venv_doctor::{Invocation, LiveHost, Options, explain};

fn main() -> Result<(), Box<dyn Error>> {
    let python = env::args().nth(1).unwrap_or_else(|| ".venv/bin/python".to_owned());
    let invocation = Invocation::on(&LiveHost, python)?;
    let explanation = explain(&LiveHost, &invocation, &Options::default());

    let resolution = &explanation.resolution;
    println!("{}: {}", invocation.executable, resolution.outcome.status.name());
    if let Some(environment) = &explanation.environment {
        println!("part of {}", environment.root);
    }
    for entry in resolution.sys.iter().flat_map(|sys| &sys.path) {
        let step = resolution.steps.iter().find(|step| step.number == entry.step);
        println!("  {:40} {}", entry.value.to_string(), step.map_or("", |step| step.title));
    }
    for finding in &explanation.findings {
        println!("{}[{}]: {}", finding.severity.name(), finding.code(), finding.message);
    }
    Ok(())
}
