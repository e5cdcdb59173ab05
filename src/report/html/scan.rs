//! The page of `scan`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;
use bstr::BString;

use super::drawing::{Bar, Base, Figure, Satellite, Tone, bars, bases};
use super::filters;
use super::findings::{RuleView, explained};
use super::frame::Frame;
use super::marked::Marked;
use super::more::More;
use super::words::{Words, bounded};
use super::written;
use crate::environment::Identity;
use crate::report::scan::Report;
use crate::report::scan::people::cause::{self, Cause};
use crate::report::scan::people::{table, totals};
use crate::report::text::count;
use crate::rules::{Rule, is_lost_base};
use crate::scan::{Environment, Size};

/// The bases that are drawn.
const MOST_BASES: usize = 24;
/// The environments of which it is drawn what they take of the disk.
const MOST_BARS: usize = 15;
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
    causes: Vec<CauseView>,
    figure: Option<Figure>,
    tables: Vec<TableView>,
    has_sizes: bool,
    /// What all environments take together; empty where it was not measured.
    together: String,
    /// What the broken ones take of that; empty where there is none.
    broken: String,
    reclaimable: Option<Figure>,
    duplicates: Option<Duplicates>,
    unreadable: Vec<String>,
    more_unreadable: More,
    rules: Vec<RuleView>,
}

/// Why environments are broken.
struct CauseView {
    text: String,
    /// What the rule is about, where the text only names it.
    summary: Marked,
    /// The code of the rule that says more; may be empty.
    code: &'static str,
}

/// What several environments have.
struct Duplicates {
    sentence: String,
    rows: Vec<String>,
    more: More,
}

struct TableView {
    id: &'static str,
    title: &'static str,
    rows: Vec<RowView>,
    more: More,
}

struct RowView {
    root: String,
    version: String,
    creator: &'static str,
    size: String,
    /// When it was last used.
    used: String,
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
    let tone = match report.environments.len() {
        0 => Tone::Plain,
        _ if is_broken => Tone::Bad,
        _ => Tone::Good,
    };
    let measured = report.totals.as_ref().filter(|_| !report.environments.is_empty());
    let causes = cause::causes(&report.environments);
    let causes = &causes[..causes.len().min(MOST_NAMES)];
    let unreadable = report.unreadable.iter().take(MOST_NAMES);
    written(&ScanPage {
        frame: Frame::new("scan", &summary),
        summary,
        tone,
        causes: causes.iter().map(|cause| cause_view(&words, cause)).collect(),
        rules: explained(causes.iter().filter_map(|cause| cause.rule)),
        figure: figure(&words, report),
        tables: tables(&words, report),
        has_sizes: report.environments.iter().any(|environment| environment.size.is_some()),
        together: measured.map(totals::together).unwrap_or_default(),
        broken: broken(report),
        reclaimable: reclaimable(&words, report),
        duplicates: duplicates(&words, report),
        unreadable: unreadable.map(|one| format!("{}: {}", words.show(&one.dir), words.show(&one.reason))).collect(),
        more_unreadable: More::new(report.unreadable.len().saturating_sub(MOST_NAMES), "more directory"),
    })
}

fn cause_view(words: &Words, cause: &Cause) -> CauseView {
    let is_named = |rule: &&Rule| cause.text.starts_with(rule.code.text().as_bytes());
    CauseView {
        summary: Marked::new(cause.rule.filter(is_named).map(|rule| rule.summary).unwrap_or_default()),
        text: format!("{}: {}", count(cause.times, "environment"), words.show(&cause.text)),
        code: cause.rule.map(|rule| rule.code.text()).unwrap_or_default(),
    }
}

/// The broken ones first: they are what somebody looks for.
fn tables(words: &Words, report: &Report) -> Vec<TableView> {
    let broken = |is_broken: bool| {
        let rows = report.environments.iter().filter(move |environment| environment.is_healthy() != is_broken);
        let mut rows: Vec<&Environment> = rows.collect();
        let more = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        let (id, title) = if is_broken { ("broken", "Broken") } else { ("healthy", "Healthy") };
        let rows = rows.into_iter().map(|environment| row(words, environment)).collect();
        TableView { id, title, rows, more: More::new(more, "more environment") }
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
    RowView {
        root: words.show(&environment.root),
        version: words.show(table::version(environment)),
        creator: environment.identity.as_ref().and_then(Identity::creator_name).unwrap_or("–"),
        size: environment.size.map(table::size_of).unwrap_or_default(),
        used: table::unused_for(environment).unwrap_or_default(),
        state: table::verdict(&words.page, environment),
        reason: reason(words, environment),
        base: environment.base.as_ref().map(|base| words.show(base)).unwrap_or_default(),
        tone: tone(environment),
    }
}

/// What is wrong with it. That its base interpreter is gone says the same of each, and the path of that has its own column.
fn reason(words: &Words, environment: &Environment) -> String {
    let worst = environment.first.as_ref().filter(|_| tone(environment) != Tone::Good);
    match worst {
        Some((rule, ..)) if is_lost_base(rule) && environment.base.is_some() => {
            "its base interpreter does not exist".to_owned()
        }
        Some((_, _, message)) => words.show(message),
        None => environment.reason.as_ref().map(|reason| words.show(reason)).unwrap_or_default(),
    }
}

/// What would be free without the broken ones. Files that several of them share are not counted, so it may be more.
fn broken(report: &Report) -> String {
    let sizes = report.environments.iter().filter(|environment| !environment.is_healthy()).filter_map(|it| it.size);
    let sizes: Vec<Size> = sizes.collect();
    if sizes.is_empty() {
        return String::new();
    }
    let free = totals::bytes(sizes.iter().map(|size| size.reclaimable).sum());
    format!("Without the {}, at least {free} would be free.", count(sizes.len(), "broken environment"))
}

/// Those without which the most would be free.
fn reclaimable(words: &Words, report: &Report) -> Option<Figure> {
    let measured = report.environments.iter().filter_map(|environment| Some((environment, environment.size?)));
    let mut measured: Vec<(&Environment, Size)> = measured.collect();
    if measured.is_empty() {
        return None;
    }
    measured.sort_by_key(|(_, size)| Reverse((size.reclaimable, size.bytes)));
    let drawn: Vec<Bar> = measured.iter().take(MOST_BARS).map(|(it, size)| bar(words, it, *size)).collect();
    let more = measured.len() - drawn.len();
    let description = format!(
        "{}, the one without which the most would be free first. The tables below have all of them.",
        count(measured.len(), "environment")
    );
    Some(Figure::new("reclaimable".to_owned(), "What could be reclaimed", description, |canvas| {
        bars(canvas, &drawn, more);
    }))
}

fn bar(words: &Words, environment: &Environment, size: Size) -> Bar {
    let all = totals::bytes(size.bytes);
    let amount =
        if size.reclaimable == size.bytes { all } else { format!("{} of {all}", totals::bytes(size.reclaimable)) };
    let parts = std::iter::once(amount).chain(table::unused_for(environment));
    Bar {
        name: words.show(&environment.root),
        note: parts.collect::<Vec<_>>().join(", "),
        all: size.bytes,
        free: size.reclaimable,
        tone: tone(environment),
    }
}

/// What several environments have, in a sentence for each distribution.
fn duplicates(words: &Words, report: &Report) -> Option<Duplicates> {
    let duplicates = report.duplicates()?;
    let shown = duplicates.iter().take(MOST_DUPLICATES);
    Some(Duplicates {
        sentence: totals::in_several(&duplicates),
        rows: shown.map(|duplicate| bounded(totals::told(&words.page, duplicate))).collect(),
        more: More::new(duplicates.len().saturating_sub(MOST_DUPLICATES), "more distribution"),
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
        satellites: sorted.iter().map(|it| satellite(words, it)).collect(),
    }
}

fn satellite(words: &Words, environment: &Environment) -> Satellite {
    let state = table::verdict(&words.page, environment);
    let size = environment.size.map(|size| format!(", {}", totals::bytes(size.bytes))).unwrap_or_default();
    Satellite {
        title: bounded(format!("{}: {state}{size}", words.show(&environment.root))),
        tone: tone(environment),
        bytes: environment.size.map(|size| size.bytes),
    }
}
