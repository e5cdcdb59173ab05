//! Rules in Markdown, and the page of all of them.

use std::fmt::Write;

use crate::rules::{PHASES, Rule, all_rules};

const HEAD: &str = "\
# Rules

Made from the rules themselves (`src/findings/*/rules.rs`); a test keeps it current. Do not edit it by hand:
`VENV_DOCTOR_UPDATE=1 cargo test --test report` writes it anew. `venv-doctor rule CODE` shows one of them.

A rule is *certain* where nothing is found that is not so, and *heuristic* where it goes by a likeness; it then says so,
and is at most a warning. An *error* keeps Python or a program of the environment from working, a *warning* works but not
as it seems, and an *info* is worth knowing.

Each rule has a pair of snapshots: one in which it finds something, and a twin in which it finds nothing. Both are made
with real interpreters and recorded wherever the system allows it, and examined by the test in the last column.
";

/// The directory of each family's source, and of its test.
const FAMILIES: [&str; 9] = [
    "executable",
    "prefix",
    "variables",
    "startup_code",
    "scripts",
    "distributions",
    "extensions",
    "places",
    "certainty",
];

/// The whole page: the table of rules with their pairs and tests, then each rule.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n| code | name | severity | pair | test |\n|---|---|---|---|---|\n");
    for rule in all_rules() {
        let kind = if rule.heuristic { "heuristic" } else { "certain" };
        let code = rule.code;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| [{code}](#{}) | {} | {}, {kind} | [`fixtures/rules/{code}`](../fixtures/rules/{code}) | `tests/rules/{}.rs` |",
            anchor(rule),
            rule.name,
            rule.severity.name(),
            family(rule)
        );
    }
    for (phase, title) in PHASES {
        let _ = writeln!(text, "\n## VD{phase}xx: {title}");
        for rule in all_rules().filter(|rule| rule.code as u16 / 100 == phase) {
            text.push_str(&section(rule));
        }
    }
    text
}

fn family(rule: &Rule) -> &'static str {
    let phase = usize::from(rule.code as u16 / 100);
    FAMILIES.get(phase.wrapping_sub(1)).copied().unwrap_or_default()
}

/// Where GitHub and others put a heading.
fn anchor(rule: &Rule) -> String {
    format!("{}-{}", rule.code.text().to_lowercase(), rule.name)
}

/// One rule.
pub fn section(rule: &Rule) -> String {
    let kind = if rule.heuristic { "heuristic" } else { "certain" };
    format!(
        "\n### {} {}\n\n*{}, {kind}.* {}\n\n{}\n\n```console\n{}\n```\n\n**Fix.** {}\n\nSources: {}.\n",
        rule.code,
        rule.name,
        rule.severity.name(),
        rule.summary,
        rule.reason,
        rule.example,
        rule.fix,
        rule.sources.join("; ")
    )
}
