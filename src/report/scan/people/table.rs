//! The table of environments, and its summary.

use std::collections::BTreeMap;

use bstr::{BStr, BString, ByteSlice};
use owo_colors::Style as Paint;

use super::totals::bytes;
use super::{Report, cause};
use crate::environment::Identity;
use crate::report::text::page::{Page, columns};
use crate::report::text::{Style, count};
use crate::scan::{Environment, Mark, Sign, Size};

const INDENT: usize = 2;
/// The spaces between two columns.
const GAP: usize = 2;
/// The percentage of the page's width that paths may take.
const PATH_SHARE: usize = 55;
/// Fewer columns than these are too few for the last cell of a row.
const LEAST_STATE: usize = 24;
/// The most directories that could not be read whose names are shown.
const MOST_UNREADABLE: usize = 5;

/// A row of the table.
struct Row {
    cells: Vec<String>,
    paint: Paint,
}

impl Row {
    /// Whether its path is wider than the column for it.
    fn is_long(&self, widths: &[usize]) -> bool {
        self.cells.first().zip(widths.first()).is_some_and(|(path, width)| columns(path) + GAP > *width)
    }
}

/// How the rows of a table are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Each is one line, however long that is.
    Lines,
    /// The last cell goes on below itself, and a long path has a line of its own.
    Columns,
    /// The path has a line of its own, and the other cells are below it.
    Stacked,
}

pub fn render(report: &Report, by_base: bool, style: &Style, is_wrapped: bool) -> String {
    let mut page = Page::new(style);
    if by_base {
        grouped(&mut page, report, is_wrapped);
    } else {
        let environments: Vec<&Environment> = report.environments.iter().collect();
        table(&mut page, 0, &environments, is_wrapped);
    }
    summary(&mut page, report);
    page.finish()
}

/// One table for each base interpreter, the one with the most environments first.
fn grouped(page: &mut Page, report: &Report, is_wrapped: bool) {
    let mut groups: BTreeMap<(bool, BString), Vec<&Environment>> = BTreeMap::new();
    for environment in &report.environments {
        let base = environment.base.clone().unwrap_or_default();
        groups.entry((environment.base_exists, base)).or_default().push(environment);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, environments)| std::cmp::Reverse(environments.len()));
    for (index, ((exists, base), environments)) in groups.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        let gone = if *exists { "" } else { " (does not exist)" };
        let title = format!("{}{gone}: {}", page.show(base), count(environments.len(), "environment"));
        let paint = if *exists { page.palette.strong } else { page.palette.bad };
        page.paragraph(0, &title, paint);
        table(page, INDENT, environments, is_wrapped);
    }
}

fn table(page: &mut Page, indent: usize, environments: &[&Environment], is_wrapped: bool) {
    let rows: Vec<Row> = environments.iter().map(|environment| row(page, environment)).collect();
    let Some(first) = rows.first() else { return };
    let widest = |column: usize| rows.iter().map(|row| columns(row.cells.get(column).map_or("", |cell| cell))).max();
    let mut widths: Vec<usize> = (0..first.cells.len()).map(|column| widest(column).unwrap_or(0) + GAP).collect();
    if let Some(path) = widths.first_mut() {
        *path = (*path).min(page.width() * PATH_SHARE / 100);
    }
    let layout = if is_wrapped { layout(page, indent, &widths) } else { Layout::Lines };
    for row in &rows {
        match layout {
            Layout::Lines => on_a_line(page, indent, row, &widths),
            Layout::Columns => in_columns(page, indent, row, &widths),
            Layout::Stacked => stacked(page, indent, row),
        }
    }
}

/// The layout in which no row is wider than the page.
fn layout(page: &Page, indent: usize, widths: &[usize]) -> Layout {
    let Some((state, others)) = widths.split_last() else { return Layout::Lines };
    let is_wide = indent + others.iter().sum::<usize>() + LEAST_STATE.min(*state) <= page.width();
    if is_wide { Layout::Columns } else { Layout::Stacked }
}

/// The cells next to each other, even if a long path pushes the others to the right.
fn on_a_line(page: &mut Page, indent: usize, row: &Row, widths: &[usize]) {
    let cells = row.cells.iter().zip(widths);
    let cells = cells.map(|(cell, width)| (cell.as_str(), (*width).max(columns(cell) + GAP), row.paint));
    page.row(indent, &cells.collect::<Vec<_>>());
}

/// The same within the page.
fn in_columns(page: &mut Page, mut indent: usize, row: &Row, widths: &[usize]) {
    let (Some((state, cells)), Some((_, mut widths))) = (row.cells.split_last(), widths.split_last()) else { return };
    let mut cells = cells;
    if row.is_long(widths)
        && let ([path, others @ ..], [width, other_widths @ ..]) = (cells, widths)
    {
        page.paragraph(indent, path, row.paint);
        (cells, widths, indent) = (others, other_widths, indent + width);
    }
    let mut head = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        head.push_str(cell);
        head.extend(std::iter::repeat_n(' ', width.saturating_sub(columns(cell))));
    }
    page.labelled(indent, head.trim_end(), row.paint, widths.iter().sum(), state, row.paint);
}

/// The path, and below it what else is told.
fn stacked(page: &mut Page, indent: usize, row: &Row) {
    let Some((path, cells)) = row.cells.split_first() else { return };
    page.paragraph(indent, path, row.paint);
    page.paragraph(indent + 2 * INDENT, &cells.join(&" ".repeat(GAP)), row.paint);
}

fn row(page: &Page, environment: &Environment) -> Row {
    let version = version(environment);
    let creator = environment.identity.as_ref().and_then(Identity::creator_name).unwrap_or("-");
    let mut cells = vec![page.show(&environment.root), version, creator.to_owned()];
    if let Some(size) = environment.size {
        cells.push(size_of(size));
    }
    // The last cell is the one that goes on in a line of its own.
    let used = unused_for(environment).filter(|_| environment.size.is_some());
    let used = used.map(|used| format!("; {used}")).unwrap_or_default();
    cells.push(format!("{}{used}", verdict(page, environment)));
    let palette = page.palette;
    let paint = match () {
        () if !environment.is_healthy() => palette.bad,
        () if environment.tally.warnings > 0 => palette.doubtful,
        () => Paint::new(),
    };
    Row { cells, paint }
}

/// Its Python.
pub(in crate::report) fn version(environment: &Environment) -> String {
    let version = environment.version.map_or_else(|| "?".to_owned(), |version| version.to_string());
    match environment.implementation.as_str() {
        "cpython" | "unknown" => version,
        other => format!("{other} {version}"),
    }
}

/// Its state in a few words.
pub(in crate::report) fn verdict(page: &Page, environment: &Environment) -> String {
    let mut words = vec![environment.status.verdict().to_owned()];
    if let Some(version) = environment.made_for_another() {
        words.push(format!("made for {version}"));
    }
    let tally = environment.tally;
    for (number, noun) in [(tally.errors, "error"), (tally.warnings, "warning")] {
        if number > 0 {
            words.push(count(number, noun));
        }
    }
    if let Some((code, ..)) = environment.first.as_ref().filter(|_| tally.errors + tally.warnings > 0) {
        words.push(code.code.to_string());
    }
    let verdict = words.join(", ");
    let Some(target) = &environment.target else { return verdict };
    let what = if environment.mark == Mark::Redirect { "file that names" } else { "symlink to" };
    format!("{what} {}: {verdict}", page.show(target))
}

/// Disk use and the number of files, and where it is less, what would be free without them.
pub(in crate::report) fn size_of(size: Size) -> String {
    let told = format!("{} in {}", bytes(size.bytes), count(size.files, "file"));
    if size.reclaimable == size.bytes {
        return told;
    }
    format!("{told}, {} reclaimable", bytes(size.reclaimable))
}

/// How long ago something in an environment was used, and what shows it.
pub(in crate::report) fn unused_for(environment: &Environment) -> Option<String> {
    const DAY: u64 = 24 * 60 * 60;
    let days = environment.unused?.as_secs() / DAY;
    let sign = match environment.last_use.as_ref()?.sign {
        Sign::Access => "read",
        Sign::Change => "changed",
    };
    Some(if days == 0 { format!("{sign} today") } else { format!("{sign} {} ago", count(days, "day")) })
}

fn summary(page: &mut Page, report: &Report) {
    let palette = page.palette;
    if !report.environments.is_empty() {
        page.blank();
    }
    let is_broken = report.environments.iter().any(|environment| !environment.is_healthy());
    page.paragraph(0, &sentence(report), if is_broken { palette.bad } else { palette.good });
    super::totals::render(page, report);
    for cause in cause::causes(&report.environments) {
        let line = format!("{}: {}", count(cause.times, "environment"), page.show(&cause.text));
        page.paragraph(INDENT, &line, Paint::new());
    }
    unreadable(page, report);
}

/// What was found, in one sentence.
pub(in crate::report) fn sentence(report: &Report) -> String {
    let broken = report.environments.iter().filter(|environment| !environment.is_healthy()).count();
    let shown = report.environments.len();
    let healthy = shown - broken;
    let hidden = report.found - shown.min(report.found);
    let shown = if hidden > 0 { format!(", {shown} shown") } else { String::new() };
    let (found, dirs) = (count(report.found, "environment"), count(report.dirs, "directory"));
    let stopped = if report.stopped { " (interrupted: there may be more)" } else { "" };
    format!("Found {found} in {dirs}{shown}: {healthy} healthy, {broken} broken{stopped}")
}

fn unreadable(page: &mut Page, report: &Report) {
    if report.unreadable.is_empty() {
        return;
    }
    let line = format!("{} could not be read:", count(report.unreadable.len(), "directory"));
    page.paragraph(0, &line, page.palette.doubtful);
    for one in report.unreadable.iter().take(MOST_UNREADABLE) {
        let line = format!("{}: {}", page.show(&one.dir), page.show(BStr::new(one.reason.as_bytes()).as_bytes()));
        page.paragraph(INDENT, &line, Paint::new());
    }
    if report.unreadable.len() > MOST_UNREADABLE {
        page.paragraph(INDENT, &format!("and {} more", report.unreadable.len() - MOST_UNREADABLE), Paint::new());
    }
}
