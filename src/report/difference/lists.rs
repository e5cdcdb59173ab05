//! Lists before and after: `sys.path` as a whole, of the others what is new and what is gone.

use owo_colors::Style as Paint;

use super::overview::INDENT;
use crate::difference::{Difference, Fate, Pair, all_kept};
use crate::report::finding::label;
use crate::report::text::page::{Page, columns};
use crate::report::text::shown::quote;
use crate::report::text::startup_code::at_line;
use crate::report::text::sys_path::value_and_reason;
use crate::rules::Finding;
use crate::startup::{Hook, PathEntry};

use bstr::BString;

const MARKS: usize = 2;
const NUMBERS: usize = 4;
const GAP: usize = 2;
const HELP: usize = 6;

/// The sign in front of an element, and its color.
pub(super) fn mark(page: &Page, fate: Fate) -> (&'static str, Paint) {
    match fate {
        Fate::Kept => ("", page.palette.faint),
        Fate::Added => ("+", page.palette.good),
        Fate::Removed => ("-", page.palette.bad),
        Fate::Moved | Fate::Altered => ("~", page.palette.doubtful),
    }
}

struct Row {
    mark: (&'static str, Paint),
    number: String,
    value: String,
    paint: Paint,
    reason: String,
}

/// `sys.path` with the changes; an entry that is gone is shown where it was.
pub(super) fn path(page: &mut Page, difference: &Difference<'_>) {
    if all_kept(&difference.path) {
        return;
    }
    page.heading("sys.path");
    let rows: Vec<Row> = difference.path.iter().filter_map(|pair| row(page, difference, pair)).collect();
    let values = rows.iter().map(|row| columns(&row.value)).max().unwrap_or(0) + GAP;
    let reasons = rows.iter().map(|row| columns(&row.reason)).max().unwrap_or(0);
    let faint = page.palette.faint;
    let fits = MARKS + NUMBERS + values + reasons <= page.width();
    for row in &rows {
        let head = [(row.mark.0, MARKS, row.mark.1), (row.number.as_str(), NUMBERS, faint)];
        if fits {
            page.row(0, &[head[0], head[1], (&row.value, values, row.paint), (&row.reason, 0, faint)]);
        } else {
            let label = format!("{:MARKS$}{}", row.mark.0, row.number);
            page.labelled(0, &label, row.mark.1, MARKS + NUMBERS, &row.value, row.paint);
            page.paragraph(MARKS + NUMBERS + GAP, &row.reason, faint);
        }
    }
}

fn row(page: &Page, difference: &Difference<'_>, pair: &Pair<'_, PathEntry>) -> Option<Row> {
    let (explanation, shown) = match pair.after {
        Some(after) => (difference.after, after),
        None => (difference.before, pair.before?),
    };
    let (value, mut reason, _) = value_and_reason(page, explanation, explanation.resolution.sys.as_ref()?, shown.item);
    if let (Some(before), Some(after), Some(sys)) = (pair.before, pair.after, difference.before.resolution.sys.as_ref())
    {
        let (_, earlier, _) = value_and_reason(page, difference.before, sys, before.item);
        if pair.fate == Fate::Moved {
            reason = format!("{reason}; was {} → {}", before.index, after.index);
        } else if pair.fate == Fate::Altered {
            reason = format!("{reason}; was: {earlier}");
        }
    }
    let mark = mark(page, pair.fate);
    let paint = if pair.fate == Fate::Kept { Paint::new() } else { mark.1 };
    Some(Row { mark, number: format!("{:>2}", shown.index), value, paint, reason })
}

/// Startup hooks that are new or gone.
pub(super) fn startup(page: &mut Page, pairs: &[Pair<'_, Hook>]) {
    section(page, "Startup hooks", pairs, |page, pair, code| {
        let (mark, paint) = mark(page, pair.fate);
        let place = at_line(page.show(&code.file), code);
        let text = code.code.as_ref().map(|code| format!(": {}", quote(code))).unwrap_or_default();
        page.labelled(INDENT, mark, paint, MARKS, &format!("{place}  {}{text}", code.kind.name()), Paint::new());
    });
}

/// Messages that are new or gone.
pub(super) fn messages(page: &mut Page, pairs: &[Pair<'_, BString>]) {
    section(page, "Messages on standard error", pairs, |page, pair, message| {
        let (mark, paint) = mark(page, pair.fate);
        page.labelled(INDENT, mark, paint, MARKS, &quote(message), Paint::new());
    });
}

/// Findings that are new or gone.
pub(super) fn findings(page: &mut Page, pairs: &[Pair<'_, Finding>]) {
    section(page, "Findings", pairs, |page, pair, finding| {
        let (mark, paint) = mark(page, pair.fate);
        let message = format!("{} {}: {}", label(finding), finding.rule.name, page.show(&finding.message));
        let (strength, fix) = match pair.fate {
            Fate::Removed => (page.palette.faint, None),
            _ => (page.palette.severity(finding.severity), finding.fix.as_ref().map(|fix| &fix.advice)),
        };
        page.labelled(INDENT, mark, paint, MARKS, &message, strength);
        if let Some(fix) = fix {
            let fix = page.show(fix);
            let good = page.palette.good;
            page.labelled(INDENT + MARKS + GAP, "help:", good, HELP, &fix, Paint::new());
        }
    });
}

/// The elements of a list that changed; nothing where none did.
fn section<T>(page: &mut Page, title: &str, pairs: &[Pair<'_, T>], mut one: impl FnMut(&mut Page, &Pair<'_, T>, &T)) {
    if all_kept(pairs) {
        return;
    }
    page.heading(title);
    for pair in pairs.iter().filter(|pair| pair.fate != Fate::Kept) {
        if let Some(item) = pair.item() {
            one(page, pair, item);
        }
    }
}
