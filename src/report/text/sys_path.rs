//! `sys.path` as a table: each entry, and where it comes from.

use std::borrow::Cow;

use bstr::{BStr, ByteSlice};
use owo_colors::Style as Paint;

use super::page::{Page, columns};
use crate::Explanation;
use crate::invocation::Launch;
use crate::startup::{Origin, PathEntry, SysValues};

const NUMBERS: usize = 4;
const GAP: usize = 2;

struct Row {
    number: String,
    value: String,
    reason: String,
    paint: Paint,
}

/// Writes the table: origins next to the entries, or below them where they do not fit.
pub fn render(page: &mut Page, explanation: &Explanation) {
    let Some(sys) = &explanation.resolution.sys else { return };
    page.heading("sys.path");
    if sys.path.is_empty() {
        page.paragraph(NUMBERS, "empty", page.palette.bad);
    }
    let rows: Vec<Row> =
        sys.path.iter().enumerate().map(|(number, entry)| row(page, explanation, sys, number, entry)).collect();
    let values = rows.iter().map(|row| columns(&row.value)).max().unwrap_or(0) + GAP;
    let reasons = rows.iter().map(|row| columns(&row.reason)).max().unwrap_or(0);
    let number_paint = page.palette.faint;
    for row in &rows {
        if NUMBERS + values + reasons <= page.width() {
            page.row(
                0,
                &[
                    (&row.number, NUMBERS, number_paint),
                    (&row.value, values, Paint::new()),
                    (&row.reason, 0, row.paint),
                ],
            );
        } else {
            page.labelled(0, &row.number, number_paint, NUMBERS, &row.value, Paint::new());
            page.paragraph(NUMBERS + GAP, &row.reason, row.paint);
        }
    }
}

fn row(page: &Page, explanation: &Explanation, sys: &SysValues, number: usize, entry: &PathEntry) -> Row {
    let (value, reason, paint) = value_and_reason(page, explanation, sys, entry);
    Row { number: format!("{number:>2}"), value, reason, paint }
}

/// The entry, its origin, and the color of that.
pub(in crate::report) fn value_and_reason(
    page: &Page,
    explanation: &Explanation,
    sys: &SysValues,
    entry: &PathEntry,
) -> (String, String, Paint) {
    let value = if entry.value.is_empty() { "''".to_owned() } else { page.show(&entry.value) };
    let (state, paint) = match (entry.exists, entry.origin) {
        (true, _) => ("", page.palette.faint),
        (false, Origin::Zip) => (" (does not exist, as usual)", page.palette.faint),
        (false, _) => (" (does not exist)", page.palette.doubtful),
    };
    (value, format!("{}{state}", origin(page, explanation, sys, entry)), paint)
}

fn origin(page: &Page, explanation: &Explanation, sys: &SysValues, entry: &PathEntry) -> Cow<'static, str> {
    match entry.origin {
        Origin::Launch => launch(&explanation.resolution.invocation.launch).into(),
        Origin::PythonPath => "PYTHONPATH".into(),
        Origin::Zip => "zipped standard library".into(),
        Origin::Stdlib => "standard library".into(),
        Origin::PlatStdlib => "extension modules".into(),
        Origin::CompiledPythonPath => "compiled into this build".into(),
        Origin::Registry => "Windows registry".into(),
        Origin::ExecutableDir => "directory of the executable".into(),
        Origin::SitePackages => packages(sys, entry).into(),
        Origin::UserSite => "user site".into(),
        Origin::UnderPth | Origin::PthFile => match &entry.file {
            Some(from) => format!("{}:{}", page.show(base_name(from.file.as_bstr())), from.line).into(),
            None => entry.origin.name().into(),
        },
    }
}

fn launch(launch: &Launch) -> &'static str {
    match launch {
        Launch::Command => "the working directory, for -c",
        Launch::Interactive => "the working directory, for a session",
        Launch::Module(_) => "the working directory, for -m",
        Launch::Script(_) => "the directory of the script",
    }
}

/// Whose site-packages, where there is more than one prefix.
fn packages(sys: &SysValues, entry: &PathEntry) -> &'static str {
    if sys.prefix == sys.base_prefix {
        "site-packages"
    } else if is_below(&entry.value, &sys.prefix) {
        "site-packages of the environment"
    } else {
        "site-packages of the base"
    }
}

fn is_below(path: &[u8], dir: &[u8]) -> bool {
    path.strip_prefix(dir).is_some_and(|rest| rest.first().is_none_or(|byte| b"/\\".contains(byte)))
}

fn base_name(path: &BStr) -> &[u8] {
    path.rfind_byteset(b"/\\").map_or(path, |at| &path[at + 1..])
}
