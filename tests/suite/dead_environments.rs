//! An environment whose interpreter cannot be executed is explained as far as its `pyvenv.cfg` goes.

use venv_doctor::Explanation;
use venv_doctor::internals::host::{HostError, MemoryHost, Op, Platform};
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::report::text::{self, Style};
use venv_doctor::internals::startup::{Options, Reader, Status, Step};

const CFG: &str = "home = /opt/python/3.12.1/bin\nversion = 3.12.1\nuv = 0.9.2\n\
    include-system-site-packages = false\n";

/// A machine with an environment whose interpreter is a symlink to `target`, which does not exist.
fn machine(target: &str) -> MemoryHost {
    MemoryHost::new(Platform::Linux).cwd("/w").directory("/w").symlink("/w/.venv/bin/python", target)
}

fn explain(host: &MemoryHost) -> Explanation {
    let invocation = Invocation::on(host, ".venv/bin/python").unwrap();
    venv_doctor::explain(host, &invocation, &Options::default())
}

fn names(explanation: &Explanation) -> Vec<&'static str> {
    explanation.resolution.steps.iter().map(|step| step.id.name()).collect()
}

fn lookups(step: &Step) -> Vec<(Op, String)> {
    step.lookups.iter().map(|check| (check.op, check.path.to_string())).collect()
}

#[test]
fn the_file_is_read_and_home_looked_for() {
    let explanation = explain(&machine("/opt/python/3.12.1/bin/python3.12").file("/w/.venv/pyvenv.cfg", CFG));
    assert_eq!(names(&explanation), ["interpreter.identify", "environment.cfg", "environment.interpreter"]);
    assert_eq!(
        (explanation.resolution.outcome.status, explanation.resolution.outcome.step),
        (Status::FailsToExecute, Some(1))
    );
    assert!(
        explanation.resolution.sys.is_none()
            && explanation.resolution.doubts.is_empty()
            && explanation.resolution.messages.is_empty()
    );
    let cfg = explanation.resolution.pyvenv_cfg.as_ref().unwrap();
    assert_eq!(cfg.path, "/w/.venv/pyvenv.cfg");
    assert!(cfg.entries.len() == 4 && cfg.entries.iter().all(|entry| entry.used_by.is_empty()));
    assert_eq!(
        explanation.resolution.steps[1].detail,
        "Found /w/.venv/pyvenv.cfg. Line 1 says home = /opt/python/3.12.1/bin."
    );
    let gone = "/opt/python/3.12.1/bin does not exist, so the interpreter that the environment was made from is gone.";
    assert_eq!(explanation.resolution.steps[2].detail, gone);
    assert_eq!(lookups(&explanation.resolution.steps[2]), [(Op::IsDir, "/opt/python/3.12.1/bin".to_owned())]);
}

#[test]
fn an_interpreter_that_home_still_has_is_named() {
    let host = machine("/opt/python/3.12.0/bin/python3.12").file("/w/.venv/pyvenv.cfg", CFG);
    let host = host.directory("/opt/python/3.12.1/bin");
    let detail = explain(&host).resolution.steps[2].detail.to_string();
    assert_eq!(detail, "/opt/python/3.12.1/bin exists, but has no interpreter named python3.12 or python or python3.");
    let explanation = explain(&host.executable("/opt/python/3.12.1/bin/python3.12"));
    let detail = explanation.resolution.steps[2].detail.to_string();
    assert_eq!(detail, "/opt/python/3.12.1/bin/python3.12 exists, so home still has an interpreter.");
}

/// Up to 3.10 it is the site module that finds the environment of an interpreter that is a symlink.
#[test]
fn the_file_is_looked_for_in_the_order_of_the_version() {
    let places = |target: &str| {
        let explanation =
            explain(&machine(target).file("/w/.venv/pyvenv.cfg", CFG).file("/w/.venv/bin/pyvenv.cfg", CFG));
        let candidates = explanation.resolution.pyvenv_cfg.unwrap().candidates;
        candidates.into_iter().map(|it| (it.path.to_string(), it.stage)).collect::<Vec<_>>()
    };
    assert_eq!(places("/gone/python3.9"), [("/w/.venv/bin/pyvenv.cfg".to_owned(), Reader::Site)]);
    assert_eq!(places("/gone/python3.12"), [("/w/.venv/pyvenv.cfg".to_owned(), Reader::Getpath)]);
    assert_eq!(places("/gone/python"), [("/w/.venv/pyvenv.cfg".to_owned(), Reader::Getpath)]);
}

#[test]
fn where_there_is_no_file_nothing_more_is_looked_for() {
    let explanation = explain(&machine("/gone/python3.12"));
    assert_eq!(names(&explanation), ["interpreter.identify", "environment.cfg"]);
    assert!(explanation.resolution.pyvenv_cfg.is_none());
}

/// Python does not read the file, so that an unknown part of it makes nothing about the start uncertain.
#[test]
fn a_file_that_cannot_be_read_changes_nothing_else() {
    let host = machine("/gone/python3.12");
    let without = explain(&host);
    let closed =
        host.clone().file("/w/.venv/pyvenv.cfg", CFG).error("/w/.venv/pyvenv.cfg", HostError::PermissionDenied);
    for host in [host.unknown_content("/w/.venv/pyvenv.cfg"), closed] {
        let explanation = explain(&host);
        assert!(explanation.resolution.doubts.is_empty() && explanation.resolution.pyvenv_cfg.is_none());
        assert_eq!(explanation.resolution.outcome, without.resolution.outcome);
        assert!(explanation.resolution.steps[1].detail.starts_with(b"/w/.venv/pyvenv.cfg cannot be read: "));
    }
}

#[test]
fn a_file_without_home() {
    let explanation = explain(&machine("/gone/python3.12").file("/w/.venv/pyvenv.cfg", "version = 3.12.1\n"));
    assert_eq!(names(&explanation), ["interpreter.identify", "environment.cfg"]);
    assert!(explanation.resolution.pyvenv_cfg.is_some());
}

#[test]
fn the_head_says_what_it_was() {
    let explanation = explain(&machine("/opt/python/3.12.1/bin/python3.12").file("/w/.venv/pyvenv.cfg", CFG));
    let text = text::render(&explanation, &[], &Style { width: 100, color: false, verbose: false, home: None });
    // Why it cannot be executed is said by the step that decided it.
    let is_label = |line: &&str| !line.starts_with("   ") && !line.trim_start().starts_with("because");
    let head = text.lines().take_while(|line| !line.is_empty()).filter(is_label);
    assert_eq!(
        head.collect::<Vec<_>>(),
        [
            "No Python interpreter · virtual environment /w/.venv (created by uv 0.9.2) · cannot be executed",
            "  made for    Python 3.12.1",
            "  home        /opt/python/3.12.1/bin (line 1 of pyvenv.cfg), which does not exist",
            "  missing     /opt/python/3.12.1/bin/python3.12",
            "  executable  .venv/bin/python",
            "  findings    1 error (VD102)",
        ]
    );
}

/// The first lines contain what a person needs to repair the environment, however long the paths are.
#[test]
fn the_head_is_short_also_with_long_paths() {
    let home = format!("/opt/{}/bin", "long-name-of-a-directory/".repeat(6).trim_end_matches('/'));
    let cfg = format!("home = {home}\nversion_info = 3.12.1.final.0\nvirtualenv = 20.26.0\n");
    let host = machine(&format!("{home}/python3.12")).file("/w/.venv/pyvenv.cfg", cfg);
    let style = Style { width: 100, color: false, verbose: false, home: None };
    let text = text::render(&explain(&host), &[], &style);
    let head = text.lines().take(12).collect::<Vec<_>>().join("\n");
    for wanted in ["created by virtualenv 20.26.0", "made for    Python 3.12.1", "home        ", "missing     "] {
        assert!(head.contains(wanted), "{wanted} is not in\n{head}");
    }
}
