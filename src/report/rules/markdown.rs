//! A rule in Markdown.

use crate::rules::Rule;

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
