//! Rules in Markdown, and the page with all of them.

use std::fmt::Write;

use super::markdown::section;
use crate::rules::{FAMILIES, Rule, all_rules};

const HEAD: &str = "\
# Rules

This page is generated from the rules in `src/rules`. Do not edit it: `VENV_DOCTOR_UPDATE=1 cargo test documents`
rewrites it, and a test fails if it is out of date. `venv-doctor rule CODE` prints one rule.

A *certain* rule goes by evidence: what it reports is true. A *heuristic* rule goes by resemblance and may be mistaken:
its findings say so, and are warnings at most. An *error* means that Python or a program of the environment does not
work, a *warning* that something does not work as expected, and an *info* that something is worth knowing.

Each rule has two snapshots in the repository: one in which it finds something, and a similar one in which it finds
nothing. They are recorded from real interpreters where possible. The last column names the test that checks them;
`cargo test vd205` runs the one of VD205.
";

/// The whole page: a table of all rules with their snapshots and tests, then each rule.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n| code | name | severity | snapshots | test |\n|---|---|---|---|---|\n");
    for rule in all_rules() {
        let kind = rule.confidence.name();
        let code = rule.code;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| [{code}](#{}) | {} | {}, {kind} | [`fixtures/rules/{code}`](../fixtures/rules/{code}) | `{}` |",
            anchor(rule),
            rule.name,
            rule.severity.name(),
            test(rule)
        );
    }
    for family in FAMILIES {
        let _ = writeln!(text, "\n## {}xx: {}", family.prefix, family.title);
        for rule in family.rules() {
            text.push_str(&section(rule));
        }
    }
    text
}

/// The name of the rule's test.
fn test(rule: &Rule) -> String {
    format!("{}_{}", rule.code.text().to_lowercase(), rule.name.replace('-', "_"))
}

/// Where GitHub and others put a heading.
fn anchor(rule: &Rule) -> String {
    format!("{}-{}", rule.code.text().to_lowercase(), rule.name)
}
