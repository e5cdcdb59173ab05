//! Pythons of macOS, identified from their Mach-O files and started as macOS starts them.

pub mod build;
mod extensions;
mod layouts;
mod loading;
mod machine;
mod real;

use venv_doctor::internals::environment::Depth;
use venv_doctor::internals::host::{Host, Lookups, MemoryHost};
use venv_doctor::internals::interpreter::{Identification, LoaderVariables, Problem, identify};
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::startup::{self, Options, Resolution};
use venv_doctor::internals::{explanation, snapshot};

/// What starts where that is typed.
fn start(host: &dyn Host, typed: &str) -> Resolution {
    startup::resolve(host, &Invocation::on(host, typed).unwrap(), &Options::default())
}

fn identified(host: &MemoryHost, path: &str) -> Identification {
    let lookups = Lookups::new(host, Some("/Users/u/work".into()));
    identify(&lookups, path.into(), LoaderVariables::default())
}

fn problem(host: &MemoryHost, path: &str) -> Option<Problem> {
    identified(host, path).problem
}

/// The codes of the errors and warnings, each with its message and effect.
fn findings(host: &dyn Host, typed: &str) -> Vec<(String, String, String)> {
    let invocation = Invocation::on(host, typed).unwrap();
    let explained = explanation::examine(host, &invocation, &Options::default(), Depth::Startup);
    let found = explained.findings.iter();
    found
        .map(|finding| {
            let effect = finding.effect.as_ref().map(ToString::to_string).unwrap_or_default();
            (finding.rule.code.to_string(), finding.message.to_string(), effect)
        })
        .collect()
}

/// What the snapshot of a machine says of the same start.
fn replayed(host: &dyn Host, typed: &str) -> Resolution {
    let invocation = Invocation::on(host, typed).unwrap();
    let document = snapshot::record(host, &invocation, &Options::default(), &[], (Depth::Startup, &[]));
    let loaded = snapshot::load(&snapshot::write(&document)).unwrap();
    startup::resolve(&loaded.host, &loaded.invocation, &loaded.options)
}
