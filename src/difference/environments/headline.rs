//! The answer in one sentence: whether only one of the two starts, the weightiest cause, and what follows from it.

use bstr::{BString, ByteSlice};

use super::causes::bounded;
use super::{Aspect, Cause, Change, Contrast, Kind, Letter, Side, Verdict, Weight};
use crate::startup::Status;
use crate::text::sentence;

/// The headline. Paths in the environment that a sentence is about are told by what they are below it.
pub fn write(contrast: &Contrast, a: &Side<'_>, b: &Side<'_>) -> BString {
    match (contrast.verdict(), contrast.causes.first()) {
        (Verdict::Same, _) if contrast.gaps.is_empty() => "A and B are the same".into(),
        (Verdict::Same, _) => "A and B are the same in everything that is recorded of both".into(),
        (Verdict::Unknown, _) => "nothing that was recorded of both A and B is different".into(),
        (Verdict::Different, Some(cause)) => {
            let outcome = if cause.weight == Weight::Outcome { outcome(a, b) } else { BString::default() };
            let own = |text: &BString| match about(contrast, cause) {
                Some(Letter::A) => a.places.within(text),
                Some(Letter::B) => b.places.within(text),
                None => text.clone(),
            };
            let is_of_file = matches!(cause.aspect, Aspect::Hooks | Aspect::Outcome | Aspect::Findings);
            let statement = if is_of_file { own(&cause.statement) } else { cause.statement.clone() };
            let follows = therefore(contrast, cause, &own);
            sentence!(outcome, told(&statement, &follows), more(contrast))
        }
        (Verdict::Different, None) => "A and B are different".into(),
    }
}

/// The environment that has what the other one does not have.
fn about(contrast: &Contrast, cause: &Cause) -> Option<Letter> {
    let changes = cause.changes.iter().chain(&cause.consequences).map(|&index| &contrast.changes[index]);
    // An error is had by one of the two; of other things, that one lacks what it does not come to.
    let findings = changes.clone().filter(|change| change.aspect == Aspect::Findings);
    findings.chain(changes).find_map(|change| match change.kind {
        Kind::Only(letter) => Some(letter),
        _ => None,
    })
}

/// The longest headline: what is longer tells details after a semicolon or a comma.
const LONGEST: usize = 400;

/// The cause and as much of what follows as there is room for, the weightiest first.
fn told(statement: &BString, follows: &[BString]) -> BString {
    let with = |count: usize| match &follows[..count] {
        [] => statement.clone(),
        told => sentence!(statement, "; therefore ", bstr::join(", and ", told)),
    };
    let fitting = (1..=follows.len()).rev().map(with).find(|told| told.len() <= LONGEST);
    fitting.unwrap_or_else(|| shortened(&with(follows.len())))
}

/// Without the details.
fn shortened(told: &BString) -> BString {
    if told.len() <= LONGEST {
        return told.clone();
    }
    let head = &told[..LONGEST];
    let end =
        head.rfind("; ").filter(|end| *end > LONGEST / 4).or_else(|| head.rfind(", ")).or_else(|| head.rfind(" "));
    sentence!(&told[..end.unwrap_or(LONGEST)], " …")
}

/// `B fails to start, and A starts: `.
fn outcome(a: &Side<'_>, b: &Side<'_>) -> BString {
    let [one, other] = [a, b].map(|side| side.explanation.resolution.outcome.status);
    match (one, other) {
        (Status::Starts, Status::Starts) => BString::default(),
        (Status::Starts, _) => sentence!("B ", other.predicate(), ", and A starts: "),
        (_, Status::Starts) => sentence!("A ", one.predicate(), ", and B starts: "),
        (_, _) if one != other => sentence!("A ", one.predicate(), ", and B ", other.predicate(), ": "),
        (_, _) => sentence!("A and B fail for different reasons: "),
    }
}

/// What follows from a cause, such as `sys.path of B gains /w/src`.
fn therefore(contrast: &Contrast, cause: &Cause, own: &dyn Fn(&BString) -> BString) -> Vec<BString> {
    let follows: Vec<&Change> = cause.consequences.iter().map(|&index| &contrast.changes[index]).collect();
    let mut told: Vec<BString> = Vec::new();
    // What a failure leaves out says nothing that the failure does not say.
    let is_told = matches!(cause.aspect, Aspect::Interpreter | Aspect::Environment);
    if cause.aspect != Aspect::Outcome {
        told.extend(finding(&follows).as_ref().map(own));
    }
    if !is_told && cause.aspect != Aspect::Outcome && cause.weight < Weight::Outcome {
        told.extend(path(&follows));
        if told.is_empty() {
            told.extend(value(&follows));
        }
    }
    told
}

/// The worst finding among the consequences, if it is an error or a warning.
fn finding(follows: &[&Change]) -> Option<BString> {
    let of = |severity: &str| {
        let mut findings = follows.iter().filter(|change| change.aspect == Aspect::Findings);
        findings.find_map(|change| {
            let Kind::Only(letter) = change.kind else { return None };
            let message = change.of(letter)?.strip_prefix(severity.as_bytes())?;
            Some(sentence!("in ", letter.name(), ", ", message))
        })
    };
    of("error: ").or_else(|| of("warning: "))
}

fn path(follows: &[&Change]) -> Option<BString> {
    let entries: Vec<&&Change> = follows.iter().filter(|change| change.aspect == Aspect::Path).collect();
    let of = |letter: Letter| entries.iter().filter(|change| change.kind == Kind::Only(letter)).collect::<Vec<_>>();
    let (only_a, only_b) = (of(Letter::A), of(Letter::B));
    let told = |verb: &str, of: &[&&&Change]| match of {
        [] => None,
        [one] => Some(sentence!(verb, " ", one.name)),
        [first, rest @ ..] => Some(sentence!(verb, " ", first.name, format!(" and {} more", rest.len()))),
    };
    let parts: Vec<BString> = [told("gains", &only_b), told("loses", &only_a)].into_iter().flatten().collect();
    if !parts.is_empty() {
        return Some(sentence!("sys.path of B ", bstr::join(" and ", &parts)));
    }
    let other = entries.first()?;
    Some(sentence!("sys.path of B has ", other.name, " for another reason or at another position"))
}

fn value(follows: &[&Change]) -> Option<BString> {
    let mut values = follows.iter().filter(|change| change.aspect == Aspect::Values && change.kind == Kind::Different);
    if let Some(change) = values.next() {
        let value = change.of(Letter::B).map(bounded)?;
        return Some(sentence!(change.name, " is ", value, " in B"));
    }
    let other = follows.iter().find(|change| matches!(change.aspect, Aspect::Hooks | Aspect::Messages))?;
    let Kind::Only(letter) = other.kind else { return None };
    if other.aspect == Aspect::Messages {
        return Some(sentence!(letter.name(), " prints ", bounded(&other.name)));
    }
    Some(sentence!(letter.name(), " runs at startup: ", change_of(other, letter)))
}

fn change_of(change: &Change, letter: Letter) -> BString {
    change.of(letter).map(bounded).unwrap_or_default()
}

/// How many causes are told below.
fn more(contrast: &Contrast) -> BString {
    let telling = contrast.causes.iter().skip(1).filter(|cause| cause.weight > Weight::Little).count();
    match telling {
        0 => BString::default(),
        1 => " (1 more difference below)".into(),
        many => format!(" ({many} more differences below)").into(),
    }
}
