//! The reference of steps and behaviors, made from the tables that the simulation itself uses.

use std::fmt::Write;

use crate::interpreter::Version;
use crate::startup::behaviors::{BEHAVIORS, Row};
use crate::startup::steps::{StepId, StepInfo};

const HEAD: &str = "\
# Steps and behaviors

Made from the tables in `src/startup/steps.rs` and `src/startup/rules.rs`; a test keeps it current. Do not edit it by hand:
`VENV_DOCTOR_UPDATE=1 cargo test --test report` writes it anew.

## Steps

Every element that an explanation may have, in the order in which startup takes them. An explanation holds those that
the Python at hand takes, and each of them as often as it does. Rules that begin with `getpath.` belong to the path
configuration, those with `site.` to the site module.
";

const BEHAVIORS_HEAD: &str = "
## Behaviors that changed

Releases differ, down to the bug-fix release. This is the one table that the simulation consults. «First in» names the
first release of each branch that behaves so; all later branches do.

| first in | issue | behavior |
|---|---|---|
";

/// The whole document, in Markdown.
pub fn steps() -> String {
    let mut text = HEAD.to_owned();
    for step in StepId::ALL {
        section(&mut text, step.info());
    }
    text.push_str(BEHAVIORS_HEAD);
    for rule in BEHAVIORS {
        row(&mut text, rule);
    }
    text
}

fn section(text: &mut String, step: &StepInfo) {
    let legacy = if step.legacy == step.source { String::new() } else { format!("; {}", step.legacy) };
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "\n### `{}`\n\nPhase `{}`, {}. {}\n\nSource: {}{legacy}.\n",
        step.name,
        step.phase.name(),
        step.title,
        step.about,
        step.source
    );
}

fn row(text: &mut String, rule: &Row) {
    let since: Vec<String> = rule.since.iter().map(Version::to_string).collect();
    let _ = writeln!(text, "| {} | {} | {} |", since.join(", "), rule.issue, rule.effect);
}
