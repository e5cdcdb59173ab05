//! Every place at which Python looked, as a tree of directories.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use super::drawing::{Figure, Row, tree};
use super::words::Words;
use crate::Explanation;
use crate::host::Lookup;
use crate::host::path::{Flavor, module};
use crate::report::text::count;
use crate::report::text::steps::{answer, is_found, question};

/// The places that are drawn.
const MOST: usize = 160;
/// The answers that are shown of one place.
const MOST_ANSWERS: usize = 3;
/// So many names that differ in their ends only share a line.
const LEAST_ALIKE: usize = 3;

/// A name in the tree.
struct Node<'e> {
    name: &'e BStr,
    children: Vec<usize>,
    /// The lookups of it, with their numbers.
    lookups: Vec<(usize, &'e Lookup)>,
}

impl<'e> Node<'e> {
    fn new(name: &'e BStr) -> Self {
        Self { name, children: Vec::new(), lookups: Vec::new() }
    }

    /// Whether Python looked for it, and it is not there.
    fn is_in_vain(&self) -> bool {
        self.children.is_empty() && self.lookups.iter().all(|(_, lookup)| !is_found(lookup))
    }

    /// The name up to the first dot that does not begin it.
    fn stem(&self) -> &'e BStr {
        let end = self.name.iter().skip(1).position(|byte| *byte == b'.').map_or(self.name.len(), |at| at + 1);
        self.name[..end].as_bstr()
    }
}

/// All names; the first is the top.
struct Tree<'e> {
    nodes: Vec<Node<'e>>,
    is_separator: fn(&u8) -> bool,
    separator: u8,
}

/// The tree of all lookups; none where there was none.
pub(super) fn places(words: &Words, explanation: &Explanation) -> Option<Figure> {
    let resolution = &explanation.resolution;
    let flavor = Flavor::of(resolution.invocation.platform);
    let lookups: Vec<&Lookup> = resolution.steps.iter().flat_map(|step| &step.lookups).collect();
    if lookups.is_empty() {
        return None;
    }
    // Python may spell a path as it was typed, relative to the working directory.
    let absolute: Vec<BString> = lookups
        .iter()
        .map(|lookup| match &resolution.invocation.cwd {
            Some(cwd) => module::join(flavor, &[cwd.as_bstr(), lookup.path.as_bstr()]),
            None => lookup.path.clone(),
        })
        .collect();
    let is_separator =
        if flavor == Flavor::Windows { |byte: &u8| b"/\\".contains(byte) } else { |byte: &u8| *byte == b'/' };
    let mut known: HashMap<&BString, bool> = HashMap::new();
    let mut all = Tree { nodes: vec![Node::new(BStr::new(""))], is_separator, separator: flavor.separator() };
    for (index, (lookup, path)) in lookups.iter().zip(&absolute).enumerate() {
        let drawn = known.len() < MOST;
        if *known.entry(path).or_insert(drawn) {
            all.add(path.as_bstr(), index + 1, lookup);
        }
    }
    let more = known.values().filter(|drawn| !**drawn).count();
    let found = lookups.iter().filter(|lookup| is_found(lookup)).count();
    let description = format!(
        "{} at {}; {found} found something. The steps below list every lookup with its answer.",
        count(lookups.len(), "lookup"),
        count(known.len(), "place")
    );
    let rows = all.rows(words);
    Some(Figure::new("places".to_owned(), "Where Python looked, and what was there", description, |canvas| {
        tree(canvas, &rows, more);
    }))
}

impl<'e> Tree<'e> {
    fn add(&mut self, path: &'e BStr, number: usize, lookup: &'e Lookup) {
        let mut at = 0;
        let names = path.split(self.is_separator).enumerate();
        // What is before the first separator is the top, also where that is nothing.
        for (_, name) in names.filter(|(index, name)| *index == 0 || !matches!(*name, b"" | b".")) {
            at = self.child(at, name.as_bstr());
        }
        self.nodes[at].lookups.push((number, lookup));
    }

    fn child(&mut self, at: usize, name: &'e BStr) -> usize {
        let known = self.nodes[at].children.iter().copied().find(|child| self.nodes[*child].name == name);
        known.unwrap_or_else(|| {
            let child = self.nodes.len();
            self.nodes.push(Node::new(name));
            self.nodes[at].children.push(child);
            child
        })
    }

    /// The tree line by line. A directory with a single name in it, at which Python did not look, shares its line, and so
    /// do names that Python tried in vain and that differ in their ends only.
    fn rows(&self, words: &Words) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.nodes.len());
        let tops = self.groups(&self.nodes[0].children).into_iter().rev().map(|top| (top, Vec::new()));
        let mut left: Vec<(Vec<usize>, Vec<bool>)> = tops.collect();
        while let Some((group, goes_on)) = left.pop() {
            let [only] = group.as_slice() else {
                rows.push(self.alike(words, &group, goes_on));
                continue;
            };
            let (at, mut name) = self.joined(*only);
            let node = &self.nodes[at];
            let children = self.groups(&node.children);
            let last = children.len();
            for (index, child) in children.into_iter().enumerate().rev() {
                left.push((child, goes_on.iter().copied().chain([index + 1 < last]).collect()));
            }
            if !node.children.is_empty() {
                name.push(self.separator);
            }
            rows.push(row(words, node, &name, goes_on));
        }
        rows
    }

    /// The end of a way without branches on which Python looked at nothing else, and its name.
    fn joined(&self, mut at: usize) -> (usize, BString) {
        let mut name = self.nodes[at].name.to_owned();
        while let ([only], []) = (self.nodes[at].children.as_slice(), self.nodes[at].lookups.as_slice()) {
            at = *only;
            name.push(self.separator);
            name.extend_from_slice(self.nodes[at].name);
        }
        (at, name)
    }

    /// The names in a directory, those together that share a line.
    fn groups(&self, children: &[usize]) -> Vec<Vec<usize>> {
        let is_alike = |one: &usize, other: &usize| {
            let (one, other) = (&self.nodes[*one], &self.nodes[*other]);
            one.is_in_vain() && other.is_in_vain() && one.stem() == other.stem()
        };
        let runs = children.chunk_by(is_alike);
        let lines = runs.flat_map(|run| run.chunks(if run.len() >= LEAST_ALIKE { run.len() } else { 1 }));
        lines.map(<[usize]>::to_vec).collect()
    }

    /// Names that differ in their ends only.
    fn alike(&self, words: &Words, group: &[usize], goes_on: Vec<bool>) -> Row {
        let nodes: Vec<&Node<'_>> = group.iter().map(|at| &self.nodes[*at]).collect();
        let stem = nodes.first().map(|node| node.stem()).unwrap_or_default();
        let ends =
            nodes.iter().map(|node| node.name.get(stem.len()..).unwrap_or_default()).filter(|end| !end.is_empty());
        let ends: Vec<String> = ends.map(|end| words.show(end)).collect();
        Row {
            goes_on,
            name: format!("{}…", words.show(stem)),
            is_found: Some(false),
            first: nodes.first().and_then(|node| node.lookups.first()).map(|(number, _)| *number),
            answers: format!("{} names, none is there: {}", nodes.len(), ends.join(", ")),
        }
    }
}

fn row(words: &Words, node: &Node<'_>, name: &BString, goes_on: Vec<bool>) -> Row {
    let is_found = (!node.lookups.is_empty()).then(|| node.lookups.iter().any(|(_, lookup)| is_found(lookup)));
    Row {
        goes_on,
        name: words.show(name),
        is_found,
        first: node.lookups.first().map(|(number, _)| *number),
        answers: answers(words, node),
    }
}

/// The first answers, each once.
fn answers(words: &Words, node: &Node<'_>) -> String {
    let mut different: Vec<(String, usize)> = Vec::new();
    for (_, lookup) in &node.lookups {
        let (question, answer) = (question(lookup.op), answer(&words.page, &lookup.answer));
        let colon = if question.ends_with('?') { "" } else { ":" };
        let text = format!("{question}{colon} {answer}");
        match different.iter_mut().find(|(known, _)| *known == text) {
            Some((_, times)) => *times += 1,
            None => different.push((text, 1)),
        }
    }
    let more = different.len().saturating_sub(MOST_ANSWERS);
    let shown = different.into_iter().take(MOST_ANSWERS);
    let shown = shown.map(|(text, times)| if times == 1 { text } else { format!("{text} ({times} times)") });
    let mut answers = shown.collect::<Vec<_>>().join(" · ");
    if more > 0 {
        answers.push_str(" · …");
    }
    answers
}
