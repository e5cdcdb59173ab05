//! The differences as text: the answer first, then what the two are, then each cause with what follows from it.

use bstr::BString;
use owo_colors::Style as Paint;

use super::{Named, Report};
use crate::difference::environments::{Aspect, Cause, Change, Kind, Letter, Verdict, Weight};
use crate::environment::EnvironmentKind;
use crate::report::text::Style;
use crate::report::text::page::Page;
use crate::report::text::shown::quote;

const INDENT: usize = 2;
const LABELS: usize = 14;
const NUMBERS: usize = 4;
/// So many changes of one aspect are shown below a cause, unless all are asked for.
const MOST: usize = 8;
/// So many characters of the code of a startup hook are shown, unless everything is asked for.
const LONGEST_CODE: usize = 60;

/// What is said of directories that both have, each in its place.
pub(in crate::report) const ELSEWHERE: &str =
    "paths are compared by where they lie, and where these are is no difference:";

/// The whole report.
pub fn render(report: &Report<'_>, style: &Style, is_wrapped: bool) -> String {
    let mut page = Page::new(style);
    headline(&mut page, report, is_wrapped);
    head(&mut page, report, style.verbose);
    let contrast = &report.contrast;
    let (telling, other): (Vec<&Cause>, Vec<&Cause>) =
        contrast.causes.iter().partition(|cause| cause.weight > Weight::Nothing);
    if !telling.is_empty() {
        page.heading("Why they differ");
        let faint = page.palette.faint;
        page.paragraph(INDENT, "- only in A, + only in B, ~ different", faint);
        for (index, cause) in telling.into_iter().enumerate() {
            page.blank();
            one(&mut page, report, index + 1, cause, style.verbose);
        }
    }
    if !other.is_empty() {
        page.heading("Without consequences");
        for cause in other {
            let statement = page.show(&cause.statement);
            page.paragraph(INDENT, &statement, Paint::new());
        }
    }
    page.finish()
}

/// The answer: on one line where programs may read it, which take the first.
fn headline(page: &mut Page, report: &Report<'_>, is_wrapped: bool) {
    let contrast = &report.contrast;
    let paint = match contrast.verdict() {
        Verdict::Same => page.palette.good,
        Verdict::Different => page.palette.strong,
        Verdict::Unknown => page.palette.doubtful,
    };
    let headline = page.show(&contrast.headline);
    if is_wrapped {
        page.paragraph(0, &headline, paint);
    } else {
        page.row(0, &[(&headline, 0, paint)]);
    }
}

fn head(page: &mut Page, report: &Report<'_>, verbose: bool) {
    let contrast = &report.contrast;
    for letter in [Letter::A, Letter::B] {
        let told = side(page, report.of(letter));
        line(page, letter.name(), &told);
    }
    if !contrast.places.is_empty() {
        line(page, "elsewhere", ELSEWHERE);
    }
    for place in &contrast.places {
        let of = |letter: Letter| place.of(letter).map(|dir| page.show(dir)).unwrap_or_default();
        let text = format!("{}: {} in A, {} in B", place.name, of(Letter::A), of(Letter::B));
        line(page, "", &text);
    }
    for gap in &contrast.gaps {
        let letters: Vec<&str> = gap.missing.iter().map(|letter| letter.name()).collect();
        line(page, "not compared", &format!("{}: not recorded in {}; {}", gap.what, letters.join(" and "), gap.help));
    }
    // How an argument was understood is told by the executable.
    for letter in [Letter::A, Letter::B].into_iter().filter(|_| verbose) {
        for note in &report.of(letter).notes {
            let note = format!("{}: {}", letter.name(), page.show(note));
            line(page, "note", &note);
        }
    }
}

fn line(page: &mut Page, label: &str, text: &str) {
    let name = page.palette.name;
    page.labelled(INDENT, label, name, LABELS, text, Paint::new());
}

/// `a/.venv/bin/python · CPython 3.12.1 · virtual environment of venv · starts`.
pub(in crate::report) fn side(page: &Page, named: &Named<'_>) -> String {
    let resolution = &named.side.explanation.resolution;
    let interpreter = &resolution.identification.interpreter;
    let typed = page.show(resolution.typed());
    let told = if named.is_snapshot { format!("{}, snapshot of {typed}", page.show(&named.typed)) } else { typed };
    let mut parts = vec![told];
    let version = interpreter.version.map(|version| format!(" {version}")).unwrap_or_default();
    if interpreter.version.is_some() {
        parts.push(format!("{}{version}", quote(interpreter.implementation.title())));
    }
    if let Some(identity) = &named.side.explanation.environment {
        let kind = match identity.kind {
            EnvironmentKind::VirtualEnvironment => "virtual environment",
            EnvironmentKind::Conda => "environment of conda",
            EnvironmentKind::Installation => "installation",
        };
        let by = identity.creator_name().map(|creator| format!(" created by {creator}")).unwrap_or_default();
        parts.push(format!("{kind}{by}"));
    }
    parts.push(resolution.outcome.status.verdict().to_owned());
    parts.join(" · ")
}

/// A cause, and what follows from it.
fn one(page: &mut Page, report: &Report<'_>, number: usize, cause: &Cause, verbose: bool) {
    let paint = match cause.weight {
        Weight::Outcome | Weight::Error => page.palette.bad,
        Weight::Some => page.palette.strong,
        Weight::Little | Weight::Nothing => Paint::new(),
    };
    let (name, statement) = (page.palette.name, page.show(&cause.statement));
    page.labelled(INDENT, &format!("{number}"), name, NUMBERS, &statement, paint);
    let changes = &report.contrast.changes;
    // One change is told by the statement.
    if cause.changes.len() > 1 {
        list(page, "that is", &pick(changes, &cause.changes), verbose);
    }
    list(page, "therefore", &pick(changes, &cause.consequences), verbose);
}

pub(in crate::report) fn pick<'c>(changes: &'c [Change], indices: &[usize]) -> Vec<&'c Change> {
    indices.iter().map(|&index| &changes[index]).collect()
}

fn list(page: &mut Page, word: &str, changes: &[&Change], verbose: bool) {
    if changes.is_empty() {
        return;
    }
    let faint = page.palette.faint;
    page.paragraph(INDENT + NUMBERS, word, faint);
    for aspect in Aspect::ALL {
        let of: Vec<&&Change> = changes.iter().filter(|change| change.aspect == aspect).collect();
        let most = if verbose || of.len() <= MOST + 1 { of.len() } else { MOST };
        for (index, change) in of.iter().take(most).enumerate() {
            let label = if index == 0 { title(aspect) } else { "" };
            let (text, paint) = (told(page, change, verbose), paint(page, change.kind));
            let name = page.palette.name;
            page.labelled(INDENT + NUMBERS, label, name, LABELS, &text, paint);
        }
        if of.len() > most {
            let text = format!("and {} more (--verbose shows them)", of.len() - most);
            page.labelled(INDENT + NUMBERS, "", faint, LABELS, &text, faint);
        }
    }
}

pub(in crate::report) fn title(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::PyvenvCfg => "pyvenv.cfg",
        Aspect::Path => "sys.path",
        Aspect::Hooks => "startup hooks",
        other => other.name(),
    }
}

fn paint(page: &Page, kind: Kind) -> Paint {
    match kind {
        Kind::Only(Letter::A) => page.palette.bad,
        Kind::Only(Letter::B) => page.palette.good,
        Kind::Different | Kind::Moved => page.palette.doubtful,
    }
}

/// The beginning of the code of a hook, which may be a whole program on one line.
fn beginning(code: String) -> String {
    match code.char_indices().nth(LONGEST_CODE) {
        Some((end, _)) => format!("{}…", &code[..end]),
        None => code,
    }
}

/// `+ /w/src (PYTHONPATH)`, `~ sys.prefix: /usr → /w/.venv`.
pub(in crate::report) fn told(page: &Page, change: &Change, verbose: bool) -> String {
    let name = page.show(&change.name);
    let is_code = change.aspect == Aspect::Hooks && !verbose;
    let show = |text: &BString| if is_code { beginning(page.show(text)) } else { page.show(text) };
    let value = |value: Option<&BString>| value.filter(|text| !text.is_empty()).map(show);
    let (a, b) = (value(change.a.as_ref()), value(change.b.as_ref()));
    let with = |mark: &str, value: Option<String>| match (value, change.aspect) {
        (Some(value), Aspect::Path | Aspect::Hooks) => format!("{mark} {name} ({value})"),
        (Some(value), _) => format!("{mark} {name}: {value}"),
        (None, _) => format!("{mark} {name}"),
    };
    match change.kind {
        Kind::Only(Letter::A) => with("-", a),
        Kind::Only(Letter::B) => with("+", b),
        Kind::Moved => format!("~ {name}: at another position"),
        Kind::Different if a == b => {
            format!("~ {name}: {} in both, which is in only one of the two environments", a.unwrap_or_default())
        }
        Kind::Different => {
            let quoted = |value: Option<String>| value.unwrap_or_else(|| "empty".to_owned());
            format!("~ {name}: {} → {}", quoted(a), quoted(b))
        }
    }
}
