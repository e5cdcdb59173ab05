//! The comparison as text.

use bstr::BString;
use owo_colors::Style as Paint;

use super::{Comparison, Field};
use crate::report::text::Style;
use crate::report::text::page::Page;
use crate::startup::Value;

const INDENT: usize = 2;
const VERDICTS: usize = 9;
const NAMES: usize = 24;
const SIDES: usize = 11;

/// Every field with its verdict; where it differs, both sides.
pub fn render(comparison: &Comparison, style: &Style) -> String {
    let mut page = Page::new(style);
    let executable = page.show(&comparison.executable);
    let agreeing = comparison.fields.iter().filter(|field| field.agrees()).count();
    let total = comparison.fields.len();
    let verdict = if comparison.agrees() { "as predicted" } else { "not as predicted" };
    let headline = format!("{executable} · {verdict}: {agreeing} of {total} fields agree");
    let paint = if comparison.agrees() { page.palette.good } else { page.palette.bad };
    page.paragraph(0, &headline, paint);
    for field in &comparison.fields {
        one(&mut page, field, style.verbose);
    }
    for note in &comparison.notes {
        let note = page.show(note);
        let name = page.palette.name;
        page.labelled(INDENT, "note", name, VERDICTS, &note, Paint::new());
    }
    page.finish()
}

fn one(page: &mut Page, field: &Field, verbose: bool) {
    let palette = page.palette;
    if field.agrees() {
        let value = if verbose { shown(page, field.observed.as_ref()) } else { String::new() };
        if value.is_empty() {
            page.row(INDENT, &[("agrees", VERDICTS, palette.good), (field.name, 0, Paint::new())]);
        } else {
            page.row(
                INDENT,
                &[("agrees", VERDICTS, palette.good), (field.name, NAMES, Paint::new()), (&value, 0, palette.faint)],
            );
        }
        return;
    }
    page.row(INDENT, &[("DIFFERS", VERDICTS, palette.bad), (field.name, 0, palette.strong)]);
    for (side, value) in [("predicted", &field.predicted), ("observed", &field.observed)] {
        sides(page, side, value.as_ref());
    }
}

/// One side of a difference; a list takes a line for each entry.
fn sides(page: &mut Page, side: &str, value: Option<&Value>) {
    let name = page.palette.name;
    match value {
        Some(Value::List(items)) if !items.is_empty() => {
            for (number, item) in items.iter().enumerate() {
                let label = if number == 0 { side } else { "" };
                let item = entry(page, item);
                page.labelled(INDENT + VERDICTS, label, name, SIDES, &item, Paint::new());
            }
        }
        value => {
            let value = shown(page, value);
            page.labelled(INDENT + VERDICTS, side, name, SIDES, &value, Paint::new());
        }
    }
}

fn shown(page: &Page, value: Option<&Value>) -> String {
    match value {
        None => "no such attribute".to_owned(),
        Some(Value::None) => "None".to_owned(),
        Some(Value::Bool(true)) => "True".to_owned(),
        Some(Value::Bool(false)) => "False".to_owned(),
        Some(Value::Text(text)) => entry(page, text),
        Some(Value::List(items)) => {
            format!("[{}]", items.iter().map(|item| entry(page, item)).collect::<Vec<_>>().join(", "))
        }
    }
}

fn entry(page: &Page, text: &BString) -> String {
    if text.is_empty() { "''".to_owned() } else { page.show(text) }
}
