//! The page of `scan`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;
use bstr::BString;

use super::drawing::{Base, Figure, Satellite, Tone, bases};
use super::frame::Frame;
use super::words::{Words, bounded};
use super::written;
use crate::environment::Identity;
use crate::report::scan::Report;
use crate::report::scan::people::{cause, table, totals};
use crate::report::text::count;
use crate::scan::Environment;

/// The bases that are drawn.
const MOST_BASES: usize = 24;
/// The rows of a table.
const MOST_ROWS: usize = 1500;
/// The broken environments whose paths are told below their base.
const MOST_NAMED: usize = 3;
/// The directories and causes that are named.
const MOST_NAMES: usize = 20;
/// The distributions that are named.
const MOST_DUPLICATES: usize = 200;

#[derive(Template)]
#[template(path = "scan.html")]
struct ScanPage {
    frame: Frame,
    summary: String,
    tone: Tone,
    causes: Vec<String>,
    figure: Option<Figure>,
    tables: Vec<TableView>,
    has_sizes: bool,
    /// What all environments take together; empty where it was not measured.
    together: String,
    duplicates: Option<Duplicates>,
    unreadable: Vec<String>,
    more_unreadable: usize,
}

/// What several environments have.
struct Duplicates {
    sentence: String,
    rows: Vec<String>,
    more: usize,
}

struct TableView {
    id: &'static str,
    title: &'static str,
    rows: Vec<RowView>,
    more: usize,
}

struct RowView {
    root: String,
    version: String,
    creator: &'static str,
    size: String,
    state: String,
    reason: String,
    base: String,
    tone: Tone,
}

/// Environments around their base interpreters, and each of them in a table.
pub fn scan(report: &Report, home: Option<BString>) -> String {
    let words = Words::new(home);
    let summary = table::sentence(report);
    let is_broken = report.environments.iter().any(|environment| !environment.is_healthy());
    let tone = if is_broken { Tone::Bad } else { Tone::Good };
    let causes = cause::count(&report.environments);
    let unreadable = report.unreadable.iter().take(MOST_NAMES);
    written(&ScanPage {
        frame: Frame::new("scan", &summary),
        summary,
        tone,
        causes: causes
            .iter()
            .take(MOST_NAMES)
            .map(|(cause, times)| format!("{}: {}", count(*times, "environment"), words.show(cause)))
            .collect(),
        figure: figure(&words, report),
        tables: tables(&words, report),
        has_sizes: report.environments.iter().any(|environment| !size(environment).is_empty()),
        together: report.totals.as_ref().map(totals::together).unwrap_or_default(),
        duplicates: duplicates(&words, report),
        unreadable: unreadable.map(|one| format!("{}: {}", words.show(&one.dir), words.show(&one.reason))).collect(),
        more_unreadable: report.unreadable.len().saturating_sub(MOST_NAMES),
    })
}

/// The broken ones first: they are what somebody looks for.
fn tables(words: &Words, report: &Report) -> Vec<TableView> {
    let broken = |is_broken: bool| {
        let rows = report.environments.iter().filter(move |environment| environment.is_healthy() != is_broken);
        let mut rows: Vec<&Environment> = rows.collect();
        let more = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        let (id, title) = if is_broken { ("broken", "Broken") } else { ("healthy", "Healthy") };
        TableView { id, title, rows: rows.into_iter().map(|environment| row(words, environment)).collect(), more }
    };
    [true, false].into_iter().map(broken).filter(|table| !table.rows.is_empty()).collect()
}

fn tone(environment: &Environment) -> Tone {
    match () {
        () if !environment.is_healthy() => Tone::Bad,
        () if environment.tally.warnings > 0 => Tone::Doubtful,
        () => Tone::Good,
    }
}

fn row(words: &Words, environment: &Environment) -> RowView {
    let message = environment.first.as_ref().filter(|_| tone(environment) != Tone::Good).map(|(_, _, message)| message);
    RowView {
        root: words.show(&environment.root),
        version: words.show(table::version(environment)),
        creator: environment.identity.as_ref().and_then(Identity::creator_name).unwrap_or("–"),
        size: size(environment),
        state: table::verdict(&words.page, environment),
        reason: message.or(environment.reason.as_ref()).map(|reason| words.show(reason)).unwrap_or_default(),
        base: environment.base.as_ref().map(|base| words.show(base)).unwrap_or_default(),
        tone: tone(environment),
    }
}

/// What it takes of the disk, and when it was last used.
fn size(environment: &Environment) -> String {
    let parts = environment.size.map(table::size_of).into_iter().chain(table::unused_for(environment));
    parts.collect::<Vec<_>>().join(", ")
}

/// What several environments have, in a sentence for each distribution.
fn duplicates(words: &Words, report: &Report) -> Option<Duplicates> {
    let duplicates = report.duplicates()?;
    let shown = duplicates.iter().take(MOST_DUPLICATES);
    Some(Duplicates {
        sentence: totals::in_several(&duplicates),
        rows: shown.map(|duplicate| bounded(totals::told(&words.page, duplicate))).collect(),
        more: duplicates.len().saturating_sub(MOST_DUPLICATES),
    })
}

/// The bases with their environments: those with the most broken ones first.
fn figure(words: &Words, report: &Report) -> Option<Figure> {
    let mut groups: BTreeMap<(Option<&BString>, bool), Vec<&Environment>> = BTreeMap::new();
    for environment in &report.environments {
        groups.entry((environment.base.as_ref(), environment.base_exists)).or_default().push(environment);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    let broken = |environments: &[&Environment]| environments.iter().filter(|it| !it.is_healthy()).count();
    groups.sort_by_cached_key(|(_, environments)| Reverse((broken(environments), environments.len())));
    if groups.is_empty() {
        return None;
    }
    let more = groups.len().saturating_sub(MOST_BASES);
    let gone = groups.iter().filter(|((_, exists), _)| !exists).count();
    let description = format!(
        "{}, missing: {gone}; {}, broken: {}. The tables below have all of them.",
        count(groups.len(), "base interpreter"),
        count(report.environments.len(), "environment"),
        report.environments.iter().filter(|environment| !environment.is_healthy()).count()
    );
    let drawn: Vec<Base> = groups
        .iter()
        .take(MOST_BASES)
        .map(|((path, exists), environments)| base(words, *path, *exists, environments))
        .collect();
    Some(Figure::new("bases-figure".to_owned(), "Environments around their base interpreters", description, |canvas| {
        bases(canvas, &drawn, more);
    }))
}

fn base(words: &Words, path: Option<&BString>, exists: bool, environments: &[&Environment]) -> Base {
    let mut sorted: Vec<&Environment> = environments.to_vec();
    sorted.sort_by_key(|environment| match tone(environment) {
        Tone::Bad => 0,
        Tone::Doubtful => 1,
        _ => 2,
    });
    let broken: Vec<&&Environment> = sorted.iter().filter(|environment| !environment.is_healthy()).collect();
    let mut notes = vec![match broken.len() {
        0 => count(environments.len(), "environment"),
        number => format!("{}, {number} broken", count(environments.len(), "environment")),
    }];
    notes.extend(broken.iter().take(MOST_NAMED).map(|environment| format!("✗ {}", words.show(&environment.root))));
    if broken.len() > MOST_NAMED {
        notes.push(format!("✗ and {} more", broken.len() - MOST_NAMED));
    }
    let version = environments.iter().find_map(|environment| environment.version).map(|version| version.to_string());
    Base {
        path: path.map_or_else(|| "base interpreter not known".to_owned(), |path| words.show(path)),
        caption: if exists { version.unwrap_or_else(|| "?".to_owned()) } else { "gone".to_owned() },
        notes,
        exists,
        satellites: sorted
            .iter()
            .map(|it| Satellite { tone: tone(it), bytes: it.size.map(|size| size.bytes) })
            .collect(),
    }
}
