//! Snapshots: what they hold is compared, and what they do not hold is said.

use bstr::ByteSlice;
use venv_doctor::internals::difference::environments::{Change, Contrast, Letter, Look, Side, Verdict, contrast};
use venv_doctor::internals::environment::Depth;
use venv_doctor::internals::host::MemoryHost;
use venv_doctor::internals::interpreter::Version;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::snapshot::{self, Snapshot};
use venv_doctor::internals::startup::Options;

use super::situations::machine;

fn look(snapshot: &Snapshot) -> Look<'_> {
    let Snapshot { host, invocation, options, depth, has_installed, .. } = snapshot;
    Look { host, invocation, options, held: *depth, has_installed: *has_installed }
}

/// What is recorded of a machine, read again.
fn recorded(host: &MemoryHost, depth: Depth, is_redacted: bool) -> Snapshot {
    let invocation = Invocation::on(host, "/home/ada/p/.venv/bin/python").unwrap();
    let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
    let mut document = snapshot::record(host, &invocation, &options, &[], (depth, &[]));
    if is_redacted {
        document = snapshot::redact(document);
    }
    snapshot::load(&snapshot::write(&document)).unwrap()
}

fn compared(one: &Snapshot, other: &Snapshot) -> Contrast {
    let (a, b) = Side::both(look(one), look(other), Depth::Environment);
    contrast(&a, &b)
}

/// A machine whose environment has a distribution and a script.
fn home(version: &str) -> MemoryHost {
    let site = "lib/python3.12/site-packages";
    let mut machine = machine("/home/ada/p/.venv", "/usr");
    machine.put(&format!("{site}/tide-{version}.dist-info/INSTALLER"), "uv\n");
    machine.put(&format!("{site}/tide-{version}.dist-info/RECORD"), "");
    machine.host.variable("HOME", "/home/ada")
}

#[test]
fn a_snapshot_for_startup_holds_what_is_installed() {
    let contrast =
        compared(&recorded(&home("1.0"), Depth::Startup, false), &recorded(&home("2.0"), Depth::Startup, true));
    assert_eq!(contrast.headline, "the distribution tide is 1.0 by uv in A, and 2.0 by uv in B");
    assert_eq!(contrast.verdict(), Verdict::Different);
}

#[test]
fn what_is_not_recorded_is_named() {
    let host = home("1.0");
    let (startup, check) = (recorded(&host, Depth::Startup, false), recorded(&host, Depth::Environment, true));
    let contrast = compared(&startup, &check);
    assert_eq!((contrast.verdict(), contrast.changes.len()), (Verdict::Same, 0), "{:#?}", contrast.changes);
    assert_eq!(contrast.headline, "A and B are the same in everything that is recorded of both");
    assert_eq!(contrast.gaps.len(), 1);
    assert_eq!(contrast.gaps[0].missing, [Letter::A]);
    assert_eq!(compared(&check, &check).verdict(), Verdict::Same);
}

#[test]
fn a_snapshot_of_an_earlier_version_does_not_know_what_is_installed() {
    let mut old = recorded(&home("1.0"), Depth::Environment, false);
    old.has_installed = false;
    let contrast = compared(&old, &recorded(&home("2.0"), Depth::Environment, false));
    assert_eq!(contrast.gaps[0].what, "distributions and scripts");
    assert!(contrast.changes.iter().all(|change| change.aspect.name() != "distributions"));
    assert_eq!(compared(&old, &old).verdict(), Verdict::Unknown);
}

#[test]
fn another_user_is_no_difference() {
    let host = home("1.0");
    let contrast = compared(&recorded(&host, Depth::Environment, false), &recorded(&host, Depth::Environment, true));
    assert_eq!(contrast.verdict(), Verdict::Same, "{:#?}", contrast.changes);
}

#[test]
fn a_snapshot_of_a_failure_shows_what_would_be_without_a_variable() {
    let broken = home("1.0").variable("PYTHONHOME", "/nowhere");
    let contrast = compared(&recorded(&home("1.0"), Depth::Startup, false), &recorded(&broken, Depth::Startup, false));
    assert!(contrast.headline.contains_str("only B has PYTHONHOME = /nowhere; therefore "), "{}", contrast.headline);
    let others = contrast.changes.iter().filter(|change| change.cause != Some(0));
    assert_eq!(others.collect::<Vec<_>>(), Vec::<&Change>::new());
}
