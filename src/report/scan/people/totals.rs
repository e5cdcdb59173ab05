//! What the environments of a scan take of the disk together, and what several of them have.

use owo_colors::Style as Paint;

use super::Report;
use crate::report::text::count;
use crate::report::text::page::Page;
use crate::scan::{Duplicate, Totals};

const INDENT: usize = 2;
/// The most distributions that are shown.
const MOST: usize = 20;

/// Disk use with a unit that people read easily.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let (mut amount, mut unit) = (bytes.div_ceil(1000), 0);
    while amount >= 10_000 && unit + 1 < UNITS.len() {
        (amount, unit) = (amount.div_ceil(1000), unit + 1);
    }
    format!("{amount} {}", UNITS.get(unit).copied().unwrap_or_default())
}

/// The totals, where they were measured, and what several environments have.
pub fn render(page: &mut Page, report: &Report) {
    let Some(totals) = report.totals.as_ref().filter(|_| !report.environments.is_empty()) else { return };
    page.paragraph(INDENT, &together(totals), Paint::new());
    let Some(duplicates) = report.duplicates() else { return };
    page.paragraph(INDENT, &in_several(&duplicates), Paint::new());
    for duplicate in duplicates.iter().take(MOST) {
        let line = told(page, duplicate);
        page.paragraph(INDENT + INDENT, &line, Paint::new());
    }
    if duplicates.len() > MOST {
        page.paragraph(INDENT + INDENT, &format!("and {} more", duplicates.len() - MOST), Paint::new());
    }
}

/// What all environments take, and what would be free without them.
pub(in crate::report) fn together(totals: &Totals) -> String {
    let common = if totals.common > 0 {
        format!("; hard links between them save {}", bytes(totals.common))
    } else {
        String::new()
    };
    let (all, reclaimable) = (bytes(totals.bytes), bytes(totals.reclaimable));
    if totals.bytes == totals.reclaimable {
        format!("Together {all}, all of it reclaimable{common}")
    } else {
        format!(
            "Together {all}, {reclaimable} reclaimable: files with hard links elsewhere, as in a cache, are not{common}"
        )
    }
}

/// How many distributions are in several environments, and what the copies take.
pub(in crate::report) fn in_several(duplicates: &[Duplicate]) -> String {
    let all = bytes(duplicates.iter().map(|duplicate| duplicate.bytes).sum());
    match duplicates.len() {
        0 => "No distribution is in several environments in the same version".to_owned(),
        number => {
            let distributions = count(number, "distribution");
            format!("In several environments in the same version: {distributions}, whose copies take {all}")
        }
    }
}

/// `numpy 1.26.4 in 5 environments, 80 MB`.
pub(in crate::report) fn told(page: &Page, duplicate: &Duplicate) -> String {
    let (name, version) = (page.show(&duplicate.name), page.show(&duplicate.version));
    let environments = count(duplicate.environments.len(), "environment");
    format!("{name} {version} in {environments}, {}", bytes(duplicate.bytes))
}
