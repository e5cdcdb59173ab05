//! The reference of steps and behaviors, generated from the tables that the simulation uses.

use std::fmt::Write;

use crate::interpreter::Version;
use crate::startup::behaviors::{BEHAVIORS, Row};
use crate::startup::steps::{StepId, StepInfo};

const HEAD: &str = "\
# Steps and behaviors

This page is generated from the tables in `src/startup/steps.rs` and `src/startup/behaviors.rs`. Do not edit it:
`VENV_DOCTOR_UPDATE=1 cargo test documents` rewrites it, and a test fails if it is out of date.

## Steps

An explanation consists of steps. These are all of them, in the order in which startup takes them. An explanation shows
the steps that the explained Python takes; some are taken several times, such as `site.pth`, once for each `.pth` file.
Steps whose names begin with `getpath.` belong to the path configuration, those that begin with `site.` to the site
module.
";

const BEHAVIORS_HEAD: &str = "
## Behaviors that changed

Startup differs between releases of CPython, down to the micro version. A *behavior* is one such difference. The first
column names the first release of each minor version that has the behavior; all later minor versions have it too. The
simulation compares versions only by this table.

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
    for behavior in BEHAVIORS {
        row(&mut text, behavior);
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

fn row(text: &mut String, behavior: &Row) {
    let since: Vec<String> = behavior.since.iter().map(Version::to_string).collect();
    let _ = writeln!(text, "| {} | {} | {} |", since.join(", "), behavior.issue, behavior.effect);
}
