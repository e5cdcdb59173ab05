//! Distributions and scripts that differ, and the findings that follow from that.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::causes::{Board, in_both};
use super::changes::Found;
use super::remaining::{OF_VERSION, values};
use super::{Aspect, Change, Kind, Letter};
use crate::environment::normalize;
use crate::text::number::count;
use crate::text::sentence;

/// So many distributions and scripts are named in one sentence.
const MOST_NAMED: usize = 3;
/// The rules by which a requirement is not satisfied, or only by what is elsewhere.
const OF_REQUIREMENTS: [&str; 3] = ["VD341", "VD342", "VD343"];

/// Distributions that one of the two lacks because they are in a directory of another version of Python.
pub fn misplaced(board: &mut Board<'_, '_>) {
    let is_meant =
        |one: &Found| one.change.aspect == Aspect::Findings && OF_VERSION.iter().any(|code| one.change.name == *code);
    for index in board.open(is_meant) {
        let Kind::Only(letter) = board.found[index].change.kind else { continue };
        let side = board.side(letter);
        let dirs = board.found[index].files.iter().filter_map(|file| {
            let file = side.places.absolute(file)?;
            let parent = file.rfind_byteset(b"/\\").map_or(file.as_bstr(), |end| file[..end].into());
            Some([parent.to_owned(), sentence!(file, "/site-packages"), file])
        });
        let lists = dirs.flatten().filter_map(|dir| side.look.host.list_dir(dir.as_bstr()).ok());
        let names: HashSet<BString> = lists.flatten().filter_map(|entry| metadata_of(entry.as_bstr())).collect();
        let follows = board.open(|one| {
            let Change { aspect, kind, .. } = one.change;
            aspect == Aspect::Distributions && kind == Kind::Only(letter.other()) && names.contains(&one.id.1)
        });
        if follows.is_empty() {
            continue;
        }
        let statement = sentence!("only in ", letter.name(), ", ", message(board, index, letter));
        board.add(Aspect::Findings, statement, vec![index], follows);
    }
}

/// All that differ and are not explained, in one sentence, with the findings about them.
pub fn listed(board: &mut Board<'_, '_>, aspect: Aspect) {
    let mut changes = board.open(|one| one.change.aspect == aspect);
    if changes.is_empty() {
        return;
    }
    // What somebody asked for says more than what came with it, and what is missing more than another version.
    changes.sort_by_cached_key(|&index| {
        let one = &board.found[index];
        let is_requested = [board.a, board.b].iter().any(|side| side.has_requested(&one.id.1));
        (!is_requested, !matches!(one.change.kind, Kind::Only(_)))
    });
    let statement = {
        let told: Vec<&Change> = changes.iter().map(|&index| &board.found[index].change).collect();
        of_list(aspect, &told)
    };
    changes.sort_unstable();
    let follows = findings_about(board, &changes);
    if aspect == Aspect::Scripts && copied(board, &changes, &follows) {
        return;
    }
    board.add(aspect, statement, changes, follows);
}

/// Scripts that are spelled alike in both, because one environment is a copy of the other: what is wrong with them says more.
fn copied(board: &mut Board<'_, '_>, scripts: &[usize], findings: &[usize]) -> bool {
    let is_alike = |&index: &usize| {
        let change = &board.found[index].change;
        change.kind == Kind::Different && change.a == change.b
    };
    let Some(&first) = findings.first().filter(|_| scripts.iter().all(is_alike)) else { return false };
    let Kind::Only(letter) = board.found[first].change.kind else { return false };
    let statement = sentence!("only in ", letter.name(), ", ", message(board, first, letter));
    let follows = scripts.iter().chain(&findings[1..]).copied().collect();
    board.add(Aspect::Findings, statement, vec![first], follows);
    true
}

/// The sentence of a finding, without its severity.
fn message(board: &Board<'_, '_>, finding: usize, letter: Letter) -> BString {
    let text = board.found[finding].change.of(letter).cloned().unwrap_or_default();
    text.split_once_str(": ").map_or_else(|| text.clone(), |(_, message)| message.into())
}

/// The findings that are about what differs.
pub fn findings_about(board: &Board<'_, '_>, changes: &[usize]) -> Vec<usize> {
    let of = |aspect: Aspect| -> HashSet<&BString> {
        let changes = changes.iter().map(|&index| &board.found[index]);
        changes.filter(|one| one.change.aspect == aspect).map(|one| &one.id.1).collect()
    };
    let (distributions, scripts) = (of(Aspect::Distributions), of(Aspect::Scripts));
    board.open(|one| {
        one.change.aspect == Aspect::Findings
            && (is_about_scripts(one, &scripts) || is_about_distributions(one, &distributions))
    })
}

fn is_about_scripts(finding: &Found, names: &HashSet<&BString>) -> bool {
    finding.files.iter().any(|file| script_of(file.as_bstr()).is_some_and(|name| names.contains(&name)))
}

fn is_about_distributions(finding: &Found, names: &HashSet<&BString>) -> bool {
    if names.is_empty() {
        return false;
    }
    if OF_REQUIREMENTS.iter().any(|code| finding.change.name == *code) {
        let mut texts = [&finding.change.a, &finding.change.b].into_iter().flatten();
        return texts.any(|text| words(text).any(|word| names.contains(&normalize(word))));
    }
    finding.files.iter().any(|file| {
        let mut parts = file.split(|byte| matches!(byte, b'/' | b'\\'));
        parts.any(|part| metadata_of(BStr::new(part)).is_some_and(|name| names.contains(&name)))
    })
}

/// The name of a script, if the path is that of one.
fn script_of(path: &BStr) -> Option<BString> {
    let end = path.rfind_byteset(b"/\\")?;
    let dir = path[..end].to_ascii_lowercase();
    let is_bin = ["/bin", "/scripts", "\\scripts"].iter().any(|name| dir.ends_with(name.as_bytes()));
    is_bin.then(|| path[end + 1..].into())
}

/// The name of a distribution, if the file name is that of its metadata, such as `requests-2.34.2.dist-info`.
fn metadata_of(entry: &BStr) -> Option<BString> {
    let stem = entry.strip_suffix(b".dist-info").or_else(|| entry.strip_suffix(b".egg-info"))?;
    Some(normalize(stem.split(|byte| *byte == b'-').next()?.as_bstr()))
}

/// What may be names of distributions in a sentence.
fn words(text: &BString) -> impl Iterator<Item = &BStr> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text.split(move |byte| !is_part(byte)).map(BStr::new)
}

/// Distributions or scripts in one sentence.
pub fn of_list(aspect: Aspect, changes: &[&Change]) -> BString {
    let noun = if aspect == Aspect::Scripts { "script" } else { "distribution" };
    let told = changes.iter().take(MOST_NAMED).map(|change| one_of_list(change));
    let told = BString::from(bstr::join("; ", told.collect::<Vec<_>>()));
    match changes.len() {
        1 => sentence!("the ", noun, " ", told),
        many if many <= MOST_NAMED => sentence!(count(many, noun), " differ: ", told),
        many => sentence!(count(many, noun), " differ: ", told, format!("; and {} more", many - MOST_NAMED)),
    }
}

/// `requests is 2.31.0 by pip in A, and 2.32.0 by pip in B`.
fn one_of_list(change: &Change) -> BString {
    let [a, b] = values(change);
    match change.kind {
        Kind::Only(letter) if change.aspect == Aspect::Scripts => {
            sentence!(change.name, " is only in ", letter.name())
        }
        Kind::Only(letter) => {
            let value = if letter == Letter::A { a } else { b };
            sentence!(change.name, " ", value, " is only in ", letter.name())
        }
        _ if change.aspect == Aspect::Scripts => sentence!(change.name, " starts ", in_both([a, b])),
        _ => sentence!(change.name, " is ", in_both([a, b])),
    }
}
