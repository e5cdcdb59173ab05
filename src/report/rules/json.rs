//! Rules as JSON, version 2.

use serde::Serialize;

use crate::report::json::v1::Tool;
use crate::rules::Rule;
use crate::text::document::line;

/// The name and version of the document.
const SCHEMA: &str = "venv-doctor/rules/2";

#[derive(Serialize)]
struct RulesReport {
    schema: &'static str,
    tool: Tool,
    rules: Vec<RuleReport>,
}

#[derive(Serialize)]
struct RuleReport {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    confidence: &'static str,
    summary: &'static str,
    reason: &'static str,
    example: &'static str,
    fix: &'static str,
    sources: &'static [&'static str],
}

pub fn render(rules: &[&Rule]) -> Vec<u8> {
    let rules = rules.iter().map(|rule| RuleReport {
        code: rule.code.text(),
        name: rule.name,
        severity: rule.severity.name(),
        confidence: rule.confidence.name(),
        summary: rule.summary,
        reason: rule.why,
        example: rule.example,
        fix: rule.fix,
        sources: rule.sources,
    });
    line(&RulesReport { schema: SCHEMA, tool: Tool::this(), rules: rules.collect() })
}
