//! Whether `fix` mends what a rule finds, adds nothing, and whether `undo` leaves everything as it was.

use std::process::{Command, Output};

use venv_doctor::internals::host::LiveHost;
use venv_doctor::internals::invocation::Launch;
use venv_doctor::internals::rules::Finding;
use venv_doctor::internals::startup::Options;
use venv_doctor::{Action, Depth, Explanation};

use crate::rules::judge::{depth, invocation};
use crate::rules::pair::Subject;
use crate::support::program::{PROGRAM, json, stderr};
use crate::support::stage::Stage;
use crate::support::tree::{differences, tree};

/// The rule about interpreters in a closed directory, where those of some machines are on which the tests run.
const PRIVATE_BASE: &str = "VD132";

/// Applies the fix of a finding, checks again, undoes it, and says what came of it.
pub fn mend(
    code: &'static str,
    explanation: &Explanation,
    stage: &Stage<'_>,
    subject: &Subject,
    wrong: &mut Vec<String>,
) -> String {
    let of_code = |finding: &&Finding| finding.code().text() == code;
    let Some(finding) = explanation.findings.iter().find(of_code) else { return String::new() };
    if let Some(reason) = by_hand(finding, subject) {
        return format!("; not fixed by `fix`: {reason}");
    }
    let journal = tempfile::tempdir().expect("a directory for the journal");
    let run = |arguments: &[&str]| -> Output {
        let mut program = Command::new(PROGRAM);
        let search = format!("{}:/usr/bin:/bin", stage.installed_bin().display());
        program.env_clear().env("PATH", search).env("HOME", stage.at("home")).env("LC_ALL", "C.UTF-8");
        program.envs(&subject.variables).env("XDG_STATE_HOME", journal.path());
        program.current_dir(subject.cwd.as_deref().unwrap_or(stage.path()));
        program.args(arguments).output().expect("the program runs")
    };
    let before = tree(stage.path());
    let python = subject.python.to_str().expect("readable");
    let mut arguments = vec!["fix", python, "--yes", "--select", code, "--json"];
    arguments.extend((depth(code) == Depth::Files).then_some("--files"));
    let output = run(&arguments);
    if output.stdout.is_empty() {
        wrong.push(format!("{code}: fix says {}", stderr(&output)));
        return "; fix REFUSED".to_owned();
    }
    let report = json(&output);
    let reason = report.pointer("/environments/0/fixes/0/reason").and_then(|it| it.as_str()).unwrap_or_default();
    if reason.contains(PRIVATE_BASE) {
        return format!("; not fixed by `fix` here: {reason}");
    }
    if report["state"] != "applied" {
        wrong.push(format!("{code}: not applied: {report:#}"));
        return "; NOT applied".to_owned();
    }
    let again = venv_doctor::examine(&LiveHost, &invocation(stage, subject), &Options::default(), depth(code));
    for one in &again.findings {
        let is_new = !explanation.findings.iter().any(|old| old.code() == one.code());
        if of_code(&one) || is_new && one.severity >= finding.severity {
            wrong.push(format!("{code}: after `fix`, {} {}", one.code().text(), one.message));
        }
    }
    let output = run(&["undo", "--json"]);
    if !output.status.success() {
        wrong.push(format!("{code}: undo says {}", stderr(&output)));
        return "; fixed, NOT undone".to_owned();
    }
    let changed = differences(&before, &tree(stage.path()));
    if !changed.is_empty() {
        wrong.push(format!("{code}: after `undo`, these differ: {changed:?}"));
    }
    "; fixed by `fix`, undone".to_owned()
}

/// Why `fix` does not apply the fix of a finding by itself.
fn by_hand(finding: &Finding, subject: &Subject) -> Option<&'static str> {
    let Some(fix) = &finding.fix else { return Some("there is no fix") };
    if fix.actions.is_empty() {
        return Some(if fix.commands.is_empty() { "the user decides" } else { "it changes the user's shell" });
    }
    if fix.actions.iter().any(|action| matches!(action, Action::Run { .. })) {
        return Some("it runs a program");
    }
    if subject.launch != Launch::default() || !subject.options.is_empty() || subject.is_cwd_removed {
        return Some("it is found only where Python is started otherwise");
    }
    (!fix.safe).then_some("it is not safe")
}
