//! Every place at which Python looked, as a tree of directories.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use super::drawing::{Figure, Row, tree};
use super::words::Words;
use crate::Explanation;
use crate::host::Lookup;
use crate::host::path::{Flavor, module};
use crate::report::text::steps::{answer, is_found, question};

/// The places that are drawn.
const MOST: usize = 160;
/// The answers that are shown of one place.
const MOST_ANSWERS: usize = 3;

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
}

/// All names; the first is the top.
struct Tree<'e> {
    nodes: Vec<Node<'e>>,
    is_separator: fn(&u8) -> bool,
}

/// The tree of all lookups; none where there was none.
pub(super) fn places(words: &Words, explanation: &Explanation, prefix: &str) -> Option<Figure> {
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
    let mut all = Tree { nodes: vec![Node::new(BStr::new(""))], is_separator };
    for (index, (lookup, path)) in lookups.iter().zip(&absolute).enumerate() {
        let drawn = known.len() < MOST;
        if *known.entry(path).or_insert(drawn) {
            all.add(path.as_bstr(), index + 1, lookup);
        }
    }
    let more = known.values().filter(|drawn| !**drawn).count();
    let found = lookups.iter().filter(|lookup| is_found(lookup)).count();
    let description = format!(
        "{} lookups at {} places, {found} of them found something. The steps below list every lookup with its answer.",
        lookups.len(),
        known.len()
    );
    let rows = all.rows(words);
    Some(Figure::new(format!("{prefix}places"), "Where Python looked, in its order", description, |canvas| {
        tree(canvas, &rows, more);
    }))
}

impl<'e> Tree<'e> {
    fn add(&mut self, path: &'e BStr, number: usize, lookup: &'e Lookup) {
        let mut at = 0;
        for name in path.split(self.is_separator) {
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

    /// The tree line by line. A directory with a single name in it, at which Python did not look, shares its line.
    fn rows(&self, words: &Words) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.nodes.len());
        let tops = self.nodes[0].children.iter().rev().map(|top| (*top, Vec::new()));
        let mut left: Vec<(usize, Vec<bool>)> = tops.collect();
        while let Some((mut at, goes_on)) = left.pop() {
            let mut name = self.nodes[at].name.to_owned();
            while let ([only], []) = (self.nodes[at].children.as_slice(), self.nodes[at].lookups.as_slice()) {
                at = *only;
                name.push(b'/');
                name.extend_from_slice(self.nodes[at].name);
            }
            let node = &self.nodes[at];
            rows.push(row(words, node, name, goes_on.clone()));
            for (index, child) in node.children.iter().enumerate().rev() {
                let mut below = goes_on.clone();
                below.push(index + 1 < node.children.len());
                left.push((*child, below));
            }
        }
        rows
    }
}

fn row(words: &Words, node: &Node<'_>, mut name: BString, goes_on: Vec<bool>) -> Row {
    if !node.children.is_empty() {
        name.push(b'/');
    }
    let answers = node
        .lookups
        .iter()
        .take(MOST_ANSWERS)
        .map(|(_, lookup)| format!("{} {}", question(lookup.op), answer(&words.page, &lookup.answer)));
    let mut answers = answers.collect::<Vec<_>>().join(" · ");
    if node.lookups.len() > MOST_ANSWERS {
        answers.push_str(&format!(" · and {} more", node.lookups.len() - MOST_ANSWERS));
    }
    Row {
        depth: goes_on.len(),
        goes_on,
        name: words.show(&name),
        is_found: (!node.lookups.is_empty()).then(|| node.lookups.iter().any(|(_, lookup)| is_found(lookup))),
        first: node.lookups.first().map(|(number, _)| *number),
        answers,
    }
}
