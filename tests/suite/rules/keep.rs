//! The twins as snapshots: recorded from the stage, and examined wherever the tests run.

use std::fs;
use std::path::{Path, PathBuf};

use venv_doctor::internals::host::LiveHost;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::snapshot;
use venv_doctor::internals::startup::Options;

use crate::rules::judge;
use crate::support::interpreters;
use crate::support::stage::Stage;

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twin {
    /// The one in which the rule finds something.
    Fails,
    /// The one in which it does not.
    Passes,
}

/// Whether the snapshots are to be recorded.
pub fn is_wanted() -> bool {
    std::env::var_os("VENV_DOCTOR_UPDATE").is_some_and(|value| !value.is_empty())
}

/// The file of a twin.
pub fn file(code: &'static str, twin: Twin) -> PathBuf {
    let name = if twin == Twin::Fails { "fails.json" } else { "passes.json" };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules").join(code).join(name)
}

/// Records the lookups of an examination, with neutral names for the directories of this machine.
pub fn record(code: &'static str, twin: Twin, stage: &Stage<'_>, invocation: &Invocation) {
    let document = snapshot::record(&LiveHost, invocation, &Options::default(), &[], (judge::depth(code), &[]));
    let text = String::from_utf8(snapshot::write(&snapshot::redact(document))).expect("JSON is UTF-8");
    let mut text = without_surroundings(&text).replace(stage.path().to_str().expect("readable"), "/home/u/app");
    // Paths of interpreters may contain the name of a user, which must not be published.
    for python in interpreters::installed() {
        let prefix = python.prefix.to_string();
        if !prefix.starts_with("/usr") || python.relocated {
            let neutral = format!("/opt/python-{}", python.xy());
            let redacted = prefix.replacen("/root", "/user", 1);
            text = text.replace(&prefix, &neutral).replace(&redacted, &neutral);
        }
    }
    let text = without_strangers(&text, stage);
    let file = file(code, twin);
    fs::create_dir_all(file.parent().expect("a directory")).expect("the directory can be made");
    fs::write(file, text).expect("the snapshot can be written");
}

/// The same without the `.pth` files in the installed interpreter, which are not part of the test.
fn without_strangers(text: &str, stage: &Stage<'_>) -> String {
    let dir = format!("/lib/{}/site-packages/", stage.name());
    let is_strange = |line: &str| {
        let path = line.trim_start().strip_prefix("{\"path\": \"").and_then(|rest| rest.split('"').next());
        path.is_some_and(|path| {
            path.rsplit('.').next() == Some("pth")
                && path.contains(&dir)
                && (path.starts_with("/opt/") || path.starts_with("/usr/"))
        })
    };
    let kept: Vec<&str> = text.lines().filter(|line| !is_strange(line)).chain([""]).collect();
    // The last of the files may have gone, and the one before it ends in a comma.
    kept.join("\n").replace("},\n  ]", "}\n  ]")
}

/// Without the directories in which stages and interpreters lie here: their modes were asked for, and say nothing.
fn without_surroundings(text: &str) -> String {
    let dirs =
        ["/tmp", "/root", "/user", "/var/tmp"].map(|path| format!("{{\"path\": \"{path}\", \"type\": \"directory\""));
    let is_kept = |line: &&str| !dirs.iter().any(|dir| line.trim_start().starts_with(dir));
    let kept: Vec<&str> = text.lines().filter(is_kept).collect();
    kept.join("\n").replace("},\n  ]", "}\n  ]") + "\n"
}

/// Examines the two snapshots of a rule, and says what is wrong with the answers.
pub fn replay(code: &'static str) -> Vec<String> {
    let twins = [Twin::Fails, Twin::Passes];
    twins.into_iter().filter_map(|twin| Some(format!("{code} {twin:?}, recorded: {}", answer(code, twin)?))).collect()
}

fn answer(code: &'static str, twin: Twin) -> Option<String> {
    let file = file(code, twin);
    let text = match fs::read(&file) {
        Ok(text) => text,
        Err(error) => return Some(format!("{}: {error}", file.display())),
    };
    match snapshot::load(&text) {
        Ok(it) => {
            judge::verdict(code, twin, &venv_doctor::examine(&it.host, &it.invocation, &it.options, judge::depth(code)))
        }
        Err(error) => Some(error.to_string()),
    }
}
