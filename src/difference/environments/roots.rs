//! What may be a cause: each difference that can be tried out alone.

use std::collections::BTreeSet;

use bstr::{BString, ByteSlice};

use super::changes::Found;
use super::{Aspect, Kind, Letter, Side};
use crate::startup::{Resolution, Status};

/// So many are tried out at most, each by two startups, and so many lookups may all of these startups together make: a
/// startup that reads a thousand files is not repeated for each of them.
const MOST: usize = 64;
const MOST_LOOKUPS: usize = 200_000;

/// Something that only one of the two has, or that is different, and that can be made alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// A flag of startup, all `-X` options, the other flags, or what is run: by the name of the change.
    Flag(BString),
    /// An environment variable.
    Variable(String),
    /// The whole `pyvenv.cfg`, which only one of the two has.
    Cfg,
    /// A key of it.
    Key(BString),
    /// A file of startup code, told by where it lies.
    File(BString),
}

impl Root {
    /// What it is about.
    pub fn aspect(&self) -> Aspect {
        match self {
            Self::Flag(_) => Aspect::Flags,
            Self::Variable(_) => Aspect::Variables,
            Self::Cfg | Self::Key(_) => Aspect::PyvenvCfg,
            Self::File(_) => Aspect::Hooks,
        }
    }

    /// Whether a change is this root itself.
    pub fn is(&self, found: &Found) -> bool {
        let change = &found.change;
        change.aspect == self.aspect()
            && match self {
                Self::Flag(name) => change.name == *name,
                Self::Variable(name) => change.name == name.as_str(),
                // Without the file there are no lines.
                Self::Cfg => true,
                Self::Key(key) => found.id.1 == *key,
                Self::File(_) => false,
            }
    }
}

/// The roots among the changes, in the order of startup, and how many of them can be tried out.
pub fn find(a: &Side<'_>, b: &Side<'_>, found: &[Found]) -> (Vec<Root>, usize) {
    let mut roots: Vec<Root> = Vec::new();
    let is_unread = is_unread(a, b);
    for one in found {
        let root = match one.change.aspect {
            Aspect::Flags => Root::Flag(one.change.name.clone()),
            Aspect::Variables => Root::Variable(one.change.name.to_string()),
            Aspect::PyvenvCfg if is_unread => continue,
            Aspect::PyvenvCfg if one.id.1.is_empty() && matches!(one.change.kind, Kind::Only(_)) => Root::Cfg,
            Aspect::PyvenvCfg if roots.contains(&Root::Cfg) => continue,
            Aspect::PyvenvCfg => Root::Key(one.id.1.clone()),
            _ => continue,
        };
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    let tried = affordable(a, b);
    let rest = tried.saturating_sub(roots.len());
    roots.extend(files(a, b).into_iter().take(rest).map(Root::File));
    (roots, tried)
}

/// Whether only one of the two comes to its `pyvenv.cfg`, and the other has the same file: that startup ends before is no
/// difference of the file.
fn is_unread(a: &Side<'_>, b: &Side<'_>) -> bool {
    let read = |side: &Side<'_>| side.explanation.resolution.pyvenv_cfg.as_ref().map(|cfg| cfg.path.clone());
    let (file, side, other) = match (read(a), read(b)) {
        (Some(file), None) => (file, a, b),
        (None, Some(file)) => (file, b, a),
        _ => return false,
    };
    let file = side.places.relative(&file);
    other.explanation.resolution.outcome.status != Status::Starts && content(other, &file) == content(side, &file)
}

/// How many roots can be tried out.
fn affordable(a: &Side<'_>, b: &Side<'_>) -> usize {
    let lookups =
        |side: &Side<'_>| -> usize { side.explanation.resolution.steps.iter().map(|step| step.lookups.len()).sum() };
    let each = lookups(a) + lookups(b);
    (MOST_LOOKUPS / each.max(1)).clamp(1, MOST)
}

/// The files of startup code that are not alike, told by where they lie.
fn files(a: &Side<'_>, b: &Side<'_>) -> Vec<BString> {
    let named = |side: &Side<'_>| -> Vec<BString> {
        let resolution = &side.explanation.resolution;
        mentioned(resolution).map(|file| side.places.relative(file)).collect()
    };
    let all: BTreeSet<BString> = named(a).into_iter().chain(named(b)).collect();
    let differ = |file: &BString| content(a, file) != content(b, file);
    all.into_iter().filter(differ).collect()
}

/// Every file of startup code that the record of a startup names.
fn mentioned(resolution: &Resolution) -> impl Iterator<Item = &BString> {
    let lines = resolution.sys.iter().flat_map(|sys| &sys.path).filter_map(|entry| Some(&entry.file.as_ref()?.file));
    let hooks = resolution.startup.iter().map(|hook| &hook.file);
    let missing = resolution.missing.iter().map(|missing| &missing.file);
    let failures = resolution.failures.iter().map(|failure| &failure.file);
    let hiding = resolution.imports.iter().filter(|problem| problem.fault.is_hiding()).map(|problem| &problem.file);
    lines.chain(hooks).chain(missing).chain(failures).chain(hiding)
}

/// The content of a file with its paths told by where they lie.
pub fn content(side: &Side<'_>, relative: &BString) -> Option<BString> {
    let path = side.places.absolute(relative)?;
    let content = side.look.host.read(path.as_bstr(), crate::startup::MOST_BYTES).ok()?;
    Some(side.places.relative(&content))
}

/// Whether only one of the two has the file, and which.
pub fn owner(a: &Side<'_>, b: &Side<'_>, file: &BString) -> Option<Letter> {
    match (content(a, file), content(b, file)) {
        (Some(_), None) => Some(Letter::A),
        (None, Some(_)) => Some(Letter::B),
        _ => None,
    }
}
