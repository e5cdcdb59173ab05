//! Rules as text: a page for each, in the style of their findings.

use owo_colors::Style as Paint;

use crate::report::text::Style;
use crate::report::text::page::Page;
use crate::rules::Rule;

const INDENT: usize = 2;
const LABELS: usize = 10;

pub fn render(rules: &[&Rule], style: &Style) -> String {
    let mut page = Page::new(style);
    for (index, rule) in rules.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        one(&mut page, rule);
    }
    page.finish()
}

fn one(page: &mut Page, rule: &Rule) {
    let palette = page.palette;
    let title = format!("{}[{}] {} ({})", rule.severity.name(), rule.code, rule.name, rule.confidence.name());
    page.paragraph(0, &title, palette.severity(rule.severity));
    page.paragraph(INDENT, rule.summary, palette.strong);
    page.blank();
    page.paragraph(INDENT, rule.why, Paint::new());
    page.blank();
    for line in rule.example.lines() {
        page.row(INDENT * 2, &[(line, 0, palette.name)]);
    }
    page.blank();
    page.labelled(INDENT, "fix:", palette.good, LABELS, rule.fix, Paint::new());
    page.labelled(INDENT, "sources:", palette.name, LABELS, &rule.sources.join("; "), Paint::new());
}
