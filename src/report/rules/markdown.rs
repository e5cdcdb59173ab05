//! Rules in Markdown, and the page of all of them.

use std::fmt::Write;

use crate::rules::{FAMILIES, Rule, all_rules};

const HEAD: &str = "\
# Rules

Made from the rules themselves (`src/rules`); a test keeps it current. Do not edit it by hand:
`VENV_DOCTOR_UPDATE=1 cargo test --test report` writes it anew. `venv-doctor rule CODE` shows one of them.

A rule is *certain* where nothing is found that is not so, and *heuristic* where it goes by a likeness; it then says so,
and is at most a warning. An *error* keeps Python or a program of the environment from working, a *warning* works but not
as it seems, and an *info* is worth knowing.

Each rule has a pair of snapshots: one in which it finds something, and a twin in which it finds nothing. Both are made
with real interpreters and recorded wherever the system allows it, and examined by the test in the last column.
";

/// The whole page: the table of rules with their pairs and tests, then each rule.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n| code | name | severity | pair | test |\n|---|---|---|---|---|\n");
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

/// One rule.
pub fn section(rule: &Rule) -> String {
    let kind = rule.confidence.name();
    format!(
        "\n### {} {}\n\n*{}, {kind}.* {}\n\n{}\n\n```console\n{}\n```\n\n**Fix.** {}\n\nSources: {}.\n",
        rule.code,
        rule.name,
        rule.severity.name(),
        rule.summary,
        rule.why,
        rule.example,
        rule.fix,
        rule.sources.join("; ")
    )
}
