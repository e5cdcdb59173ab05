//! Causes that no trial finds: another interpreter, one that does not start, and what differs in itself.

use std::collections::HashMap;

use bstr::BString;

use super::causes::{Board, bounded, in_both};
use super::changes::Found;
use super::{Aspect, Change, Kind, Letter, installed};
use crate::rules::Severity;
use crate::startup::Status;
use crate::text::sentence;

/// The rules by which something installed is for another Python than the one that runs.
pub const OF_VERSION: [&str; 15] = [
    "VD216", "VD222", "VD223", "VD250", "VD417", "VD514", "VD613", "VD617", "VD618", "VD701", "VD705", "VD706",
    "VD707", "VD903", "VD906",
];

/// The interpreters are not of one version or kind: everything that differs only by the version follows.
pub fn interpreter(board: &mut Board<'_, '_>) {
    let platform = board.open(|one| one.change.aspect == Aspect::Platform);
    if let Some(&first) = platform.first() {
        let change = &board.found[first].change;
        let [a, b] = values(change).map(|name| match name.as_slice() {
            b"linux" => "Linux".into(),
            b"macos" => "macOS".into(),
            b"windows" => "Windows".into(),
            _ => name,
        });
        let statement = sentence!("A runs on ", a, ", and B on ", b);
        let follows =
            board.open(|one| matches!(one.change.aspect, Aspect::Interpreter | Aspect::Values | Aspect::Path));
        board.add(Aspect::Platform, statement, platform, follows);
    }
    let is_known = |one: &Found| one.change.aspect == Aspect::Interpreter && one.change.kind == Kind::Different;
    let named = |name: &str| board.open(|one| is_known(one) && one.change.name == name);
    let (implementation, version) = (named("implementation"), named("version"));
    let Some(&first) = implementation.first().or(version.first()) else { return };
    if board.found[first].change.of(Letter::A).zip(board.found[first].change.of(Letter::B)).is_some_and(is_unknown) {
        return;
    }
    let [a, b] = [Letter::A, Letter::B].map(|letter| {
        let interpreter = &board.side(letter).explanation.resolution.identification.interpreter;
        let version = interpreter.version.map(|version| format!(" {version}")).unwrap_or_default();
        sentence!(interpreter.implementation.title(), version)
    });
    let statement = sentence!("A runs ", a, ", and B runs ", b);
    let changes = board.open(is_known);
    let is_other = !implementation.is_empty();
    let follows = board.open(|one| {
        let is_computed = matches!(one.change.aspect, Aspect::Interpreter | Aspect::Values | Aspect::Path);
        let is_judged = one.change.aspect == Aspect::Findings && OF_VERSION.iter().any(|code| one.change.name == *code);
        !is_known(one) && (one.is_of_version || is_judged || is_other && is_computed)
    });
    board.add(Aspect::Interpreter, statement, changes, follows);
}

fn is_unknown((a, b): (&BString, &BString)) -> bool {
    a == "unknown" || b == "unknown"
}

/// Only one of the two starts, or they fail in two ways, and no trial explains it: the worst finding does, or the reason.
pub fn outcome(board: &mut Board<'_, '_>) {
    let changes = board.open(|one| one.change.aspect == Aspect::Outcome);
    if changes.is_empty() {
        return;
    }
    let fails = |letter: Letter| board.side(letter).explanation.resolution.outcome.status != Status::Starts;
    let letters: Vec<Letter> = [Letter::B, Letter::A].into_iter().filter(|letter| fails(*letter)).collect();
    let Some(&letter) = letters.first() else { return };
    let failure = letters.iter().find_map(|letter| Some((*letter, failure(board, *letter)?)));
    let Some((letter, (own, message))) = failure else { return reason(board, letter, changes) };
    let statement = sentence!("in ", letter.name(), ", ", message);
    let mut follows = consequences(board, letter);
    follows.retain(|index| *index != own);
    follows.extend(changes);
    follows.sort_unstable();
    board.add(Aspect::Outcome, statement, vec![own], follows);
}

/// The error that only this environment has: the one that startup meets first.
fn failure(board: &Board<'_, '_>, letter: Letter) -> Option<(usize, BString)> {
    let mut errors = findings(board, letter, Severity::Error).into_iter();
    errors.find(|(index, _)| board.found[*index].change.cause.is_none())
}

/// The changes that are findings of this environment, in the order of its report, with their sentences.
fn findings(board: &Board<'_, '_>, letter: Letter, least: Severity) -> Vec<(usize, BString)> {
    let side = board.side(letter);
    let changes = board
        .found
        .iter()
        .enumerate()
        .filter(|(_, one)| one.change.aspect == Aspect::Findings && one.change.of(letter).is_some());
    let by_key: HashMap<&BString, usize> = changes.map(|(index, one)| (&one.id.1, index)).collect();
    let findings = side.explanation.findings.iter().filter(|finding| finding.severity >= least);
    let found = findings.filter_map(|finding| {
        let key = sentence!(finding.code().text(), " ", side.places.relative(&finding.message));
        Some((*by_key.get(&key)?, finding.message.clone()))
    });
    found.collect()
}

/// There is no finding: the outcome is a cause of its own, with its reason.
fn reason(board: &mut Board<'_, '_>, letter: Letter, changes: Vec<usize>) {
    let reason = board.side(letter).explanation.resolution.outcome.reason.clone();
    let statement = reason.map_or_else(
        || sentence!(letter.name(), " does not start"),
        |reason| sentence!("in ", letter.name(), ", ", reason),
    );
    let follows = consequences(board, letter);
    board.add(Aspect::Outcome, statement, changes, follows);
}

/// What is not as it would be after a startup that succeeds: everything that startup computes.
fn consequences(board: &Board<'_, '_>, failing: Letter) -> Vec<usize> {
    let resolution = &board.side(failing).explanation.resolution;
    let (has_sys, has_version) = (resolution.sys.is_some(), resolution.identification.interpreter.version.is_some());
    board.open(|one| {
        let is_lacking = one.change.kind == Kind::Only(failing.other());
        match one.change.aspect {
            Aspect::Values | Aspect::Path | Aspect::Hooks | Aspect::Messages => true,
            // Startup ends before the file is read.
            Aspect::PyvenvCfg | Aspect::Environment => is_lacking,
            Aspect::Interpreter => !has_version,
            // How certain a failure is, follows from it.
            Aspect::Findings => is_lacking && !has_sys || one.change.name.starts_with(b"VD9"),
            _ => false,
        }
    })
}

/// Everything that is still without a cause, each aspect by itself.
pub fn all(board: &mut Board<'_, '_>) {
    build(board);
    kind(board);
    installed::misplaced(board);
    installed::listed(board, Aspect::Distributions);
    installed::listed(board, Aspect::Scripts);
    errors(board);
    for aspect in [Aspect::Path, Aspect::Hooks, Aspect::Values, Aspect::Messages, Aspect::Environment] {
        rest(board, aspect);
    }
    // Whatever else there may be, nothing that differs is left out.
    for aspect in Aspect::ALL {
        rest(board, aspect);
    }
}

/// The interpreters are of one version and built in two ways.
fn build(board: &mut Board<'_, '_>) {
    let changes = board.open(|one| one.change.aspect == Aspect::Interpreter);
    if changes.is_empty() {
        return;
    }
    let first = &board.found[changes[0]].change;
    let [a, b] = values(first);
    let statement =
        sentence!("the interpreters are not built alike: ", first.name, " is ", a, " in A, and ", b, " in B");
    let follows = board.open(|one| {
        let is_of_build = |text: Option<&BString>| {
            text.is_none_or(|text| {
                ["stdlib", "platstdlib", "zip"].iter().any(|origin| text.starts_with(origin.as_bytes()))
            })
        };
        match one.change.aspect {
            Aspect::Values => true,
            Aspect::Path => is_of_build(one.change.a.as_ref()) && is_of_build(one.change.b.as_ref()),
            _ => false,
        }
    });
    board.add(Aspect::Interpreter, statement, changes, follows);
}

/// One is an environment and the other an installation.
fn kind(board: &mut Board<'_, '_>) {
    let changes = board.open(|one| one.change.aspect == Aspect::Environment && one.change.name == "kind");
    let Some(&first) = changes.first() else { return };
    let statement = of_kinds(&board.found[first].change);
    let follows = board.open(|one| matches!(one.change.aspect, Aspect::Values | Aspect::Path));
    board.add(Aspect::Environment, statement, changes, follows);
}

/// `A is a virtual environment, and B is an installation`.
pub fn of_kinds(change: &Change) -> BString {
    let [a, b] = values(change).map(|kind| match kind.as_slice() {
        b"virtual-environment" => "a virtual environment".into(),
        b"conda" => "an environment of conda".into(),
        b"installation" => "an installation".into(),
        _ => kind,
    });
    sentence!("A is ", a, ", and B is ", b)
}

/// Each finding that only one of the two has.
fn errors(board: &mut Board<'_, '_>) {
    for letter in [Letter::B, Letter::A] {
        for (index, message) in findings(board, letter, Severity::Info) {
            let change = &board.found[index].change;
            if change.cause.is_some() || change.kind != Kind::Only(letter) {
                continue;
            }
            let statement = sentence!("only in ", letter.name(), ", ", message);
            board.add(Aspect::Findings, statement, vec![index], Vec::new());
        }
    }
}

/// What differs in itself.
fn rest(board: &mut Board<'_, '_>, aspect: Aspect) {
    let changes = board.open(|one| one.change.aspect == aspect);
    let Some(&first) = changes.first() else { return };
    let change = &board.found[first].change;
    let [a, b] = values(change);
    let list = match aspect {
        Aspect::Path => "sys.path has ",
        Aspect::Hooks => "startup runs ",
        Aspect::Messages => "Python prints ",
        _ => "",
    };
    let is_absent = |text: &BString| text.ends_with(b"does not exist");
    let statement = match change.kind {
        Kind::Different if aspect == Aspect::Path && is_absent(&a) != is_absent(&b) => {
            let letter = if is_absent(&a) { Letter::A } else { Letter::B };
            sentence!(list, change.name, ", which does not exist in ", letter.name())
        }
        Kind::Only(letter) if aspect == Aspect::Outcome => {
            sentence!("only in ", letter.name(), ", ", if letter == Letter::A { a } else { b })
        }
        Kind::Only(letter) if !list.is_empty() => sentence!(list, change.name, " only in ", letter.name()),
        Kind::Moved => sentence!(list, change.name, " at another position in B than in A"),
        Kind::Different if aspect == Aspect::Path => {
            sentence!(list, change.name, ", for another reason in B (", b, ") than in A (", a, ")")
        }
        Kind::Different if aspect == Aspect::Findings => sentence!(b, " in B, but in A ", a),
        Kind::Different if aspect == Aspect::Hooks => sentence!("the startup hook ", change.name, " is not the same"),
        Kind::Only(letter) => sentence!(change.name, " is known only of ", letter.name()),
        Kind::Different => sentence!(change.name, " is ", in_both([a, b])),
    };
    board.add_last(aspect, statement, changes);
}

/// What both have, shortened for a sentence.
pub fn values(change: &Change) -> [BString; 2] {
    let value = |letter: Letter| change.of(letter).map_or_else(|| "nothing".into(), bounded);
    [value(Letter::A), value(Letter::B)]
}
