//! Whether a rule finds what it describes, there and only there.

use std::collections::BTreeMap;
use std::process::Command;

use bstr::{BString, ByteSlice};
use venv_doctor::internals::host::{Host, LiveHost};
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::rules::{Confidence, Severity, rule};
use venv_doctor::internals::startup::Options;
use venv_doctor::{Depth, Explanation};

use crate::rules::cast;
use crate::rules::keep::{self, Twin};
use crate::rules::mend::mend;
use crate::rules::pair::{Builder, Fixed, Pair, Source, Subject, Unmade};
use crate::support::stage::Stage;

/// Judges a pair, and prints which environments were made, what was found, and whether the fix works.
pub fn judge(pair: &Pair) {
    let mut wrong = Vec::new();
    let made = match &pair.source {
        Source::Made { plays, fails, passes } => match cast::actor(*plays) {
            None => format!("skipped: no interpreter of the kind {plays:?} here"),
            Some(python) => {
                let stage = || Stage::new(python).expect("a stage can be made");
                let failing = one(pair, Twin::Fails, *fails, &stage(), &mut wrong);
                let passing = one(pair, Twin::Passes, *passes, &stage(), &mut wrong);
                format!("{}: {failing}; twin: {passing}", python.label)
            }
        },
        Source::Written(reason) => format!("written: {reason}"),
    };
    println!("{:6} {made}", pair.code);
    wrong.extend(keep::replay(pair.code));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Makes one of the twins, examines it, and records it where that is wanted.
fn one(pair: &Pair, twin: Twin, build: Builder, stage: &Stage<'_>, wrong: &mut Vec<String>) -> String {
    let subject = match build(stage) {
        Ok(subject) => subject,
        Err(Unmade::NotHere(reason)) => return format!("skipped: {reason}"),
        Err(Unmade::Failed(error)) => {
            wrong.push(format!("{} {twin:?} could not be made: {error}", pair.code));
            return "not made".to_owned();
        }
    };
    let invocation = invocation(stage, &subject);
    let explanation = venv_doctor::examine(&LiveHost, &invocation, &Options::default(), depth(pair.code));
    let complaint = verdict(pair.code, twin, &explanation);
    let mut told = if twin == Twin::Fails { "named" } else { "nothing found" }.to_owned();
    if let Some(complaint) = complaint {
        wrong.push(format!("{} {twin:?}: {complaint}", pair.code));
        told = String::from("WRONG");
    } else if keep::is_wanted() {
        keep::record(pair.code, twin, stage, &invocation);
    }
    if twin == Twin::Fails {
        told.push_str(&mend(pair.code, &explanation, stage, &subject, wrong));
    }
    if let (Twin::Fails, Some(fixed)) = (twin, pair.fixed) {
        if let Some(first) = first_other(pair.code, &explanation) {
            wrong.push(format!("{}: the first finding is {first}", pair.code));
        }
        told.push_str(&follow(pair.code, fixed, &explanation, stage, &subject, wrong));
    }
    told
}

/// The depth at which the rule is applied.
pub fn depth(code: &'static str) -> Depth {
    match code {
        "VD606" | "VD609" | "VD615" => Depth::Files,
        _ => Depth::Environment,
    }
}

/// What is wrong with the findings: whether the rule finds what it should, with evidence and a fix.
pub fn verdict(code: &'static str, twin: Twin, explanation: &Explanation) -> Option<String> {
    let list = || {
        let found = explanation.findings.iter().map(|finding| format!("{} {}", finding.code().text(), finding.message));
        found.collect::<Vec<_>>().join("\n    ")
    };
    let found = explanation.findings.iter().find(|finding| finding.code().text() == code);
    match (twin, found) {
        (Twin::Fails, None) => Some(format!("the rule finds nothing; the findings are\n    {}", list())),
        (Twin::Passes, Some(finding)) => Some(format!("false alarm: {}", finding.message)),
        (Twin::Fails, Some(finding)) => {
            let rule = rule(code).expect("every code has its rule");
            let needs_evidence = finding.severity > Severity::Info;
            if needs_evidence && finding.evidence.is_empty() {
                Some("a finding without evidence".to_owned())
            } else if needs_evidence && finding.fix.is_none() {
                Some("a finding without a fix".to_owned())
            } else if rule.confidence == Confidence::Heuristic && finding.severity == Severity::Error {
                Some("a heuristic is at most a warning".to_owned())
            } else {
                None
            }
        }
        (Twin::Passes, None) => {
            let loud: Vec<_> = explanation
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| format!("{} {}", finding.code().text(), finding.message))
                .collect();
            (!loud.is_empty()).then(|| format!("the twin has errors: {}", loud.join("; ")))
        }
    }
}

/// The code of the first finding, where it is another one. Among findings of severity info the order does not matter.
fn first_other(code: &'static str, explanation: &Explanation) -> Option<&'static str> {
    let own = explanation.findings.iter().find(|finding| finding.code().text() == code)?;
    let first = explanation.findings.first()?;
    let is_equal = own.severity == Severity::Info && first.severity == Severity::Info;
    (first.code().text() != code && !is_equal).then_some(first.code().text())
}

/// Follows the printed fix: afterwards the interpreter starts and the finding is gone.
fn follow(
    code: &'static str,
    fixed: Fixed,
    explanation: &Explanation,
    stage: &Stage<'_>,
    subject: &Subject,
    wrong: &mut Vec<String>,
) -> String {
    if let Fixed::NotHere(reason) = fixed {
        return format!(", fix not followed: {reason}");
    }
    let fix = explanation.findings.iter().find(|finding| finding.code().text() == code).and_then(|it| it.fix.clone());
    let commands = fix.map(|fix| fix.commands).unwrap_or_default();
    if commands.is_empty() {
        wrong.push(format!("{code}: no command to follow"));
        return ", no fix".to_owned();
    }
    let script = bstr::join("\n", &commands);
    // What the commands unset or export has to reach the interpreter: one shell does both.
    let typed = subject.python.to_str().expect("readable");
    let probe = format!("\n'{typed}' -c 'import encodings, os, site; print(\"it starts\")'");
    let mut shell = Command::new("bash");
    shell.args(["-e", "-c"]).arg(format!("{}{probe}", script.to_str_lossy()));
    let search = format!("{}:/usr/bin:/bin", stage.installed_bin().display());
    shell.current_dir(subject.cwd.as_deref().unwrap_or(stage.path())).env_clear();
    shell.env("PATH", search).env("HOME", stage.at("home")).envs(&subject.variables);
    let output = shell.output().expect("bash is there");
    if !output.status.success() || !output.stdout.ends_with(b"it starts\n") {
        let told = [output.stdout, output.stderr].concat();
        wrong.push(format!("{code}: after the fix\n{}\n{}", script.to_str_lossy(), told.to_str_lossy()));
        return ", NOT fixed".to_owned();
    }
    let unset = |name: &&str| commands.iter().any(|line| *line == format!("unset {name}"));
    let mut after = subject.clone();
    after.variables.retain(|name, _| !unset(name));
    after.variables.extend(commands.iter().filter_map(|line| exported(line)));
    let again = venv_doctor::examine(&LiveHost, &invocation(stage, &after), &Options::default(), depth(code));
    if again.findings.iter().any(|finding| finding.code().text() == code) {
        wrong.push(format!("{code}: still found after the fix\n{}", script.to_str_lossy()));
        return ", still found".to_owned();
    }
    ", fixed".to_owned()
}

/// The variable that an `export` command sets for the commands after it, where the value needs no quotes.
fn exported(line: &BString) -> Option<(&'static str, String)> {
    let (name, value) = line.to_str().ok()?.strip_prefix("export ")?.split_once('=')?;
    Some((name.to_owned().leak(), value.to_owned()))
}

/// How the subject is started: by the user who runs the tests, with few variables.
pub fn invocation(stage: &Stage<'_>, subject: &Subject) -> Invocation {
    let bytes = |path: &std::path::Path| BString::from(path.to_str().expect("readable"));
    let mut invocation = Invocation::on(&LiveHost, bytes(&subject.python)).expect("this machine answers");
    let search = format!("{}:/usr/bin:/bin", stage.installed_bin().display());
    let usual = [("PATH", search), ("HOME", stage.text("home")), ("LC_ALL", "C.UTF-8".to_owned())];
    let own = subject.variables.iter().map(|(name, value)| (*name, value.clone()));
    invocation.environment =
        usual.into_iter().chain(own).map(|(name, value)| (name.to_owned(), value.into())).collect::<BTreeMap<_, _>>();
    invocation.cwd = Some(bytes(subject.cwd.as_deref().unwrap_or(stage.path())));
    if subject.is_cwd_removed {
        invocation.cwd = None;
    }
    invocation.launch = subject.launch.clone();
    invocation.options = subject.options.iter().map(|&option| option.into()).collect();
    invocation.process = LiveHost.process();
    invocation
}
