//! What explains what: trials first, then what is left.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

use super::changes::Found;
use super::roots::{self, Root};
use super::shares::{self, Shared, Shares};
use super::{Aspect, Cause, Change, Kind, Letter, Side, Weight, installed, remaining};
use crate::rules::Severity;
use crate::text::sentence;

/// The rules by which no `pyvenv.cfg` counts: a symlink bypasses the environment, or the file has another name.
const NO_CFG: [&str; 2] = ["VD251", "VD252"];

/// The changes with their causes.
pub fn explain(a: &Side<'_>, b: &Side<'_>, found: Vec<Found>) -> (Vec<Change>, Vec<Cause>) {
    let mut board = Board { a, b, found, causes: Vec::new(), ranks: Vec::new() };
    remaining::interpreter(&mut board);
    let (roots, tried) = roots::find(a, b, &board.found);
    let shares = shares::find(a, b, &board.found, &roots[..tried.min(roots.len())]);
    board.roots(&roots, &shares);
    remaining::outcome(&mut board);
    remaining::all(&mut board);
    board.finish()
}

/// The changes, and the causes that were found for them so far.
pub struct Board<'s, 'h> {
    /// The first environment.
    pub a: &'s Side<'h>,
    /// The second environment.
    pub b: &'s Side<'h>,
    /// All changes.
    pub found: Vec<Found>,
    /// The causes.
    pub causes: Vec<Cause>,
    /// For each, where startup meets it, or that it comes last.
    ranks: Vec<usize>,
}

impl<'s, 'h> Board<'s, 'h> {
    /// One of the two environments.
    pub fn side(&self, letter: Letter) -> &'s Side<'h> {
        letter.of(self.a, self.b)
    }

    /// The changes without a cause of which this is true.
    pub fn open(&self, is_meant: impl Fn(&Found) -> bool) -> Vec<usize> {
        let open = self.found.iter().enumerate().filter(|(_, one)| one.change.cause.is_none() && is_meant(one));
        open.map(|(index, _)| index).collect()
    }

    /// Adds a cause. What has a cause already keeps it.
    pub fn add(&mut self, aspect: Aspect, statement: BString, changes: Vec<usize>, follows: Vec<usize>) {
        let number = self.causes.len();
        let mut take = |indices: Vec<usize>| -> Vec<usize> {
            let taken = |index: &usize| {
                let change = &mut self.found[*index].change;
                let is_free = change.cause.is_none();
                change.cause = Some(change.cause.unwrap_or(number));
                is_free
            };
            indices.into_iter().filter(taken).collect()
        };
        let changes = take(changes);
        let consequences = take(follows);
        let weight = self.weight(aspect, &changes, &consequences);
        self.causes.push(Cause { aspect, statement, weight, changes, consequences });
        self.ranks.push(rank(aspect));
    }

    /// Adds what explains nothing and has no explanation, after everything of equal weight.
    pub fn add_last(&mut self, aspect: Aspect, statement: BString, changes: Vec<usize>) {
        self.add(aspect, statement, changes, Vec::new());
        self.ranks.last_mut().into_iter().for_each(|rank| *rank = Aspect::ALL.len());
    }

    /// The roots with what follows from them. What has an effect only together with others is told with these.
    fn roots(&mut self, roots: &[Root], shares: &Shares) {
        let is_open = |board: &Self, index: &usize| board.found[*index].change.cause.is_none();
        let shared: Vec<(&Shared, Vec<usize>)> = shares
            .shared
            .iter()
            .map(|shared| (shared, shared.changes.iter().copied().filter(|index| is_open(self, index)).collect()))
            .filter(|(_, changes): &(_, Vec<usize>)| !changes.is_empty())
            .collect();
        let mut of_distributions: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, root) in roots.iter().enumerate() {
            let mut follows = shares.own.get(number).cloned().unwrap_or_default();
            follows.retain(|index| is_open(self, index) && !root.is(&self.found[*index]));
            if follows.is_empty() && shared.iter().any(|(shared, _)| shared.roots.contains(&number)) {
                continue;
            }
            follows.extend(self.known_consequences(root));
            follows.sort_unstable();
            follows.dedup();
            match self.installed_by(root) {
                Some(distribution) => of_distributions.entry(distribution).or_default().extend(follows),
                None => self.root(root, follows),
            }
        }
        for (distribution, mut follows) in of_distributions {
            follows.extend(installed::findings_about(self, &[distribution]));
            follows.sort_unstable();
            follows.dedup();
            let statement = installed::of_list(Aspect::Distributions, &[&self.found[distribution].change]);
            self.add(Aspect::Distributions, statement, vec![distribution], follows);
        }
        for (shared, follows) in shared {
            self.shared(&shared.roots.iter().map(|&root| &roots[root]).collect::<Vec<_>>(), shared, follows);
        }
    }

    /// One that is no change in itself counts only if something follows from it.
    fn root(&mut self, root: &Root, follows: Vec<usize>) {
        let changes = self.open(|one| root.is(one));
        if changes.is_empty() && follows.is_empty() {
            return;
        }
        self.add(root.aspect(), self.statement(root), changes, follows);
    }

    fn shared(&mut self, roots: &[&Root], shared: &Shared, follows: Vec<usize>) {
        let number = match roots.len() {
            2 => "two".to_owned(),
            3 => "three".to_owned(),
            many => many.to_string(),
        };
        let number = if shared.is_each_enough {
            format!("each of {number} differences is enough: ")
        } else {
            format!("{number} differences together: ")
        };
        let statements: Vec<BString> = roots.iter().map(|root| self.statement(root)).collect();
        let changes = self.open(|one| roots.iter().any(|root| root.is(one)));
        self.add(roots[0].aspect(), sentence!(number, bstr::join(", and ", statements)), changes, follows);
    }

    /// What follows from a root even if no trial shows it.
    fn known_consequences(&self, root: &Root) -> Vec<usize> {
        match root {
            // What the file itself brings follows from it, even if something else hides the effect in a trial.
            Root::File(file) => self.open(|one| one.files.contains(file)),
            // No startup is repeated with another library: a snapshot tells which one was loaded, and not which would be.
            Root::Variable(name) if name.starts_with("LD_") => {
                self.open(|one| one.change.aspect == Aspect::Interpreter && one.change.name == "library")
            }
            Root::Cfg => self.open(|one| match one.change.aspect {
                Aspect::Findings => NO_CFG.iter().any(|code| one.change.name == *code),
                Aspect::Environment | Aspect::Values | Aspect::Path => self.kinds().is_some(),
                _ => false,
            }),
            _ => Vec::new(),
        }
    }

    /// That one is an environment and the other an installation.
    fn kinds(&self) -> Option<&Change> {
        let all = self.found.iter().map(|one| &one.change);
        all.into_iter().find(|change| change.aspect == Aspect::Environment && change.name == "kind")
    }

    /// The distribution that has installed a startup file, if it is not the same in both.
    fn installed_by(&self, root: &Root) -> Option<usize> {
        let Root::File(file) = root else { return None };
        let name = self.a.owners.get(file).or_else(|| self.b.owners.get(file))?;
        let is_meant = |one: &Found| one.change.aspect == Aspect::Distributions && one.id.1 == *name;
        self.open(is_meant).first().copied()
    }

    fn statement(&self, root: &Root) -> BString {
        let change = self.found.iter().find(|one| root.is(one)).map(|one| &one.change);
        match (root, change) {
            (Root::Cfg, Some(change)) => match (self.kinds(), change.kind) {
                (Some(kinds), _) => remaining::of_kinds(kinds),
                (None, Kind::Only(has)) => {
                    let path = change.of(has).cloned().unwrap_or_default();
                    sentence!("only ", has.name(), " has a pyvenv.cfg that counts, ", path)
                }
                _ => "pyvenv.cfg differs".into(),
            },
            (Root::File(file), _) => self.file(file),
            (Root::Flag(_), Some(change)) => flag(change),
            (Root::Variable(_), Some(change)) => assignment(change, ""),
            (Root::Key(_), Some(change)) => assignment(change, " in pyvenv.cfg"),
            (_, None) => BString::default(),
        }
    }

    fn file(&self, file: &BString) -> BString {
        let path = |letter: Letter| self.side(letter).places.absolute(file).unwrap_or_default();
        let Some(has) = roots::owner(self.a, self.b, file) else {
            return sentence!("the startup file ", path(Letter::B), " of B is not as in A");
        };
        sentence!("only ", has.name(), " has the startup file ", path(has))
    }

    fn weight(&self, aspect: Aspect, changes: &[usize], follows: &[usize]) -> Weight {
        let own = changes.iter().map(|&index| own_weight(aspect, &self.found[index].change));
        let caused = follows.iter().map(|&index| weight_of(&self.found[index].change));
        own.chain(caused).max().unwrap_or(Weight::Nothing)
    }

    /// The weightiest first; of equals, what startup meets first.
    fn finish(mut self) -> (Vec<Change>, Vec<Cause>) {
        let mut order: Vec<usize> = (0..self.causes.len()).collect();
        order.sort_by_key(|&index| {
            let cause = &self.causes[index];
            (Reverse(cause.weight), self.ranks[index])
        });
        let mut number = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            number[old] = new;
        }
        for one in &mut self.found {
            one.change.cause = one.change.cause.map(|old| number[old]);
        }
        let mut causes: Vec<Option<Cause>> = self.causes.into_iter().map(Some).collect();
        let sorted = order.iter().filter_map(|&index| causes[index].take()).collect();
        (self.found.into_iter().map(|one| one.change).collect(), sorted)
    }
}

/// The version of the interpreter comes before what is called with it; what is installed comes before what is wrong.
fn rank(aspect: Aspect) -> usize {
    Aspect::ALL.iter().position(|other| *other == aspect).unwrap_or_default()
}

/// How much a change counts as a consequence.
pub fn weight_of(change: &Change) -> Weight {
    match change.aspect {
        Aspect::Outcome => Weight::Outcome,
        Aspect::Findings => severity(change).map_or(Weight::Little, |severity| match severity {
            Severity::Error => Weight::Error,
            Severity::Warning => Weight::Some,
            Severity::Info => Weight::Little,
        }),
        Aspect::Flags | Aspect::Variables | Aspect::PyvenvCfg => Weight::Nothing,
        Aspect::Environment if change.name != "kind" => Weight::Little,
        _ => Weight::Some,
    }
}

/// What of an interpreter decides which code it runs; the rest is only where it is and was built.
const TELLING_FACTS: [&str; 6] =
    ["implementation", "version", "vendor", "platlibdir", "abi_thread", "extension_suffix"];

/// How much a change counts in itself.
fn own_weight(aspect: Aspect, change: &Change) -> Weight {
    match aspect {
        Aspect::Flags | Aspect::Variables | Aspect::PyvenvCfg => Weight::Nothing,
        Aspect::Interpreter if TELLING_FACTS.iter().any(|name| change.name == *name) => Weight::Some,
        Aspect::Interpreter => Weight::Little,
        Aspect::Distributions if same_version(change) => Weight::Little,
        Aspect::Scripts if matches!(change.kind, Kind::Only(_)) => Weight::Little,
        _ => weight_of(change),
    }
}

/// Whether only the installer is another one.
fn same_version(change: &Change) -> bool {
    let version =
        |text: Option<&BString>| text.and_then(|text| Some(BString::from(text.split(|byte| *byte == b' ').next()?)));
    let is_plain = |text: Option<&BString>| text.is_some_and(|text| !text.contains_str(" from "));
    change.kind == Kind::Different
        && version(change.a.as_ref()) == version(change.b.as_ref())
        && is_plain(change.a.as_ref())
        && is_plain(change.b.as_ref())
}

/// How bad a finding is, on the worse side.
fn severity(change: &Change) -> Option<Severity> {
    let of = |text: Option<&BString>| {
        let severities = [Severity::Error, Severity::Warning, Severity::Info];
        severities.into_iter().find(|severity| text.is_some_and(|text| text.starts_with(severity.name().as_bytes())))
    };
    of(change.a.as_ref()).max(of(change.b.as_ref()))
}

/// `only B runs with -I`.
fn flag(change: &Change) -> BString {
    match (change.kind, change.name.as_slice()) {
        (Kind::Only(has), b"-X" | b"other flags") => {
            sentence!("only ", has.name(), " runs with ", change.of(has).map(bounded).unwrap_or_default())
        }
        (Kind::Only(has), name) => sentence!("only ", has.name(), " runs with ", name),
        (_, name) => {
            let [a, b] = [Letter::A, Letter::B].map(|letter| change.of(letter).map(bounded).unwrap_or_default());
            if name == b"launch" {
                return sentence!("A runs ", launch(&a), ", and B runs ", launch(&b));
            }
            sentence!("A runs with ", a, ", and B runs with ", b)
        }
    }
}

/// What is run, as the words that list it say.
fn launch(value: &BString) -> BString {
    match value.as_slice() {
        b"command" => "a command (-c)".into(),
        b"interactive" => "an interactive session".into(),
        _ => sentence!("the ", value),
    }
}

/// `only B has NAME = VALUE`.
fn assignment(change: &Change, place: &str) -> BString {
    let quoted = |letter: Letter| change.of(letter).map(bounded).unwrap_or_default();
    match change.kind {
        Kind::Only(has) => sentence!("only ", has.name(), " has ", change.name, " = ", quoted(has), place),
        _ => {
            sentence!(change.name, place, " is ", in_both([quoted(Letter::A), quoted(Letter::B)]))
        }
    }
}

/// `X in A, and Y in B`. What is spelled alike is different where it is in only one of the two.
pub fn in_both([a, b]: [BString; 2]) -> BString {
    if a == b {
        return sentence!(a, " in both, which is in only one of the two environments");
    }
    sentence!(a, " in A, and ", b, " in B")
}

/// The most of a value that a sentence quotes.
const MOST_QUOTED: usize = 200;

/// The beginning of a long value.
pub fn bounded(value: &BString) -> BString {
    if value.is_empty() {
        return "empty".into();
    }
    if value.len() <= MOST_QUOTED {
        return value.clone();
    }
    sentence!(&value[..MOST_QUOTED], "…")
}
