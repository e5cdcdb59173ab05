//! Trials: startup repeated in one environment with something as it is in the other.

use std::collections::HashMap;

use bstr::{BString, ByteSlice};

use super::changes::Found;
use super::items::{Id, Item, ids, is_same};
use super::roots::Root;
use super::{Kind, Side};
use crate::environment::Depth;
use crate::explanation;
use crate::host::Host;
use crate::invocation::{Invocation, Launch};
use crate::startup::MOST_BYTES;
use crate::text::python;
use crate::what_if::WhatIf;

/// The values of an environment by their ids.
type Values = HashMap<Id, Option<BString>>;

/// Whether a change goes away with some roots: whether A becomes as B if they are as in B, and B as A if they are as in A.
/// None where they cannot be made so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reach {
    /// Whether A then is as B.
    pub a: Option<bool>,
    /// Whether B then is as A.
    pub b: Option<bool>,
}

impl Reach {
    /// Whether it does in one of the two.
    pub fn is_any(self) -> bool {
        self.a == Some(true) || self.b == Some(true)
    }

    /// Whether nothing else is needed: it does wherever it can be tried.
    pub fn is_full(self) -> bool {
        self.is_any() && self.a != Some(false) && self.b != Some(false)
    }
}

/// What becomes of each of the changes if all these roots are as in the other environment. Only with [`Depth::Environment`]
/// are there the findings that startup does not show.
pub fn reaches(a: &Side<'_>, b: &Side<'_>, found: &[Found], roots: &[&Root], depth: Depth) -> Vec<Reach> {
    let (a, b) = (Trial::run(a, b, roots, depth), Trial::run(b, a, roots, depth));
    let of = |trial: &Option<Trial>, one: &Found| trial.as_ref().map(|trial| trial.explains(one));
    found.iter().map(|one| Reach { a: of(&a, one), b: of(&b, one) }).collect()
}

struct Trial {
    /// The values of the environment as it is.
    before: Values,
    /// The same with the changes.
    after: Values,
    /// The values of the other environment.
    wanted: Values,
}

impl Trial {
    /// None where a root cannot be made as in the other environment.
    fn run(side: &Side<'_>, other: &Side<'_>, roots: &[&Root], depth: Depth) -> Option<Self> {
        let mut draft = Draft { side, other, depth, invocation: call(side).clone(), what_if: WhatIf::default() };
        roots.iter().try_for_each(|root| draft.make(root))?;
        let before = if depth == Depth::Startup { &side.startup } else { &side.items };
        Some(Self { before: values(before), after: values(&draft.items()?), wanted: values(&other.items) })
    }

    fn explains(&self, found: &Found) -> bool {
        let of = |values: &Values| values.get(&found.id).cloned();
        let (before, after, wanted) = (of(&self.before), of(&self.after), of(&self.wanted));
        if found.change.kind == Kind::Moved {
            return false;
        }
        let agrees = |one: &Option<Option<BString>>, other: &Option<Option<BString>>| match (one, other) {
            (Some(one), Some(other)) => is_same(one.as_ref(), other.as_ref()),
            (None, None) => true,
            _ => false,
        };
        agrees(&after, &wanted) && !agrees(&after, &before)
    }
}

fn values(items: &[Item]) -> Values {
    ids(items).into_iter().zip(items.iter().map(|item| item.value.clone())).collect()
}

/// A text of the other environment as it would be in this one.
fn moved(side: &Side<'_>, other: &Side<'_>, text: &[u8]) -> BString {
    let relative = other.places.relative(text);
    side.places.absolute(&relative).unwrap_or_else(|| text.into())
}

/// How the interpreter is called, which a command may start in another way than it was called itself.
fn call<'s>(side: &'s Side<'_>) -> &'s Invocation {
    &side.explanation.resolution.invocation
}

/// An environment that is made like another one in some respects.
struct Draft<'s, 'h> {
    side: &'s Side<'h>,
    other: &'s Side<'h>,
    depth: Depth,
    invocation: Invocation,
    what_if: WhatIf,
}

impl Draft<'_, '_> {
    fn make(&mut self, root: &Root) -> Option<()> {
        match root {
            Root::Flag(name) => self.flag(name),
            Root::Variable(name) => self.variable(name),
            Root::Cfg => {
                let cfg = self.side.explanation.resolution.pyvenv_cfg.as_ref()?;
                self.what_if.without.push(cfg.path.clone());
                Some(())
            }
            Root::Key(key) => {
                self.key(key);
                Some(())
            }
            Root::File(file) => self.file(file),
        }
    }

    /// What startup does then.
    fn items(&self) -> Option<Vec<Item>> {
        let look = &self.side.look;
        if self.what_if.is_empty() {
            return Some(self.on(look.host));
        }
        let changed = self.what_if.apply(look.host, &self.side.explanation).ok()?;
        Some(self.on(&changed.host))
    }

    fn on(&self, host: &dyn Host) -> Vec<Item> {
        let explanation = explanation::examine(host, &self.invocation, self.side.look.options, self.depth);
        self.side.items_of(&explanation, host)
    }

    fn flag(&mut self, name: &BString) -> Option<()> {
        let (flags, from) = (&mut self.invocation.flags, call(self.other));
        match name.to_str().ok()? {
            "-I" => flags.isolated = from.flags.isolated,
            "-E" => flags.ignore_environment = from.flags.ignore_environment,
            "-s" => flags.no_user_site = from.flags.no_user_site,
            "-S" => flags.no_site = from.flags.no_site,
            "-P" => flags.safe_path = from.flags.safe_path,
            "-X" => self.invocation.options.clone_from(&from.options),
            "launch" => {
                self.invocation.launch = match &from.launch {
                    Launch::Script(path) => Launch::Script(moved(self.side, self.other, path)),
                    launch => launch.clone(),
                }
            }
            _ => self.invocation.switches.clone_from(&from.switches),
        }
        Some(())
    }

    fn variable(&mut self, name: &str) -> Option<()> {
        match call(self.other).variable(name) {
            Some(value) => {
                self.invocation.environment.insert(name.to_owned(), moved(self.side, self.other, value));
            }
            None => {
                self.invocation.environment.remove(name)?;
            }
        }
        if ["LANG", "LC_ALL", "LC_CTYPE", "PYTHONCOERCECLOCALE", "PYTHONUTF8"].contains(&name) {
            // The variables decide then, and no longer what was recorded.
            self.invocation.locale_encoding = None;
        }
        Some(())
    }

    /// All lines of the key are replaced by one: of several, it depends on the key which of them counts.
    fn key(&mut self, key: &BString) {
        self.what_if.drop.push(key.clone());
        let entries = self.other.explanation.resolution.pyvenv_cfg.iter().flat_map(|cfg| &cfg.entries);
        let mut lines = entries.filter(|entry| python::lower(&entry.key) == *key);
        let line = if key == "home" { lines.next() } else { lines.next_back() };
        let value = line.map(|entry| (key.clone(), moved(self.side, self.other, &entry.value)));
        self.what_if.set.extend(value);
    }

    fn file(&mut self, file: &BString) -> Option<()> {
        let path = self.side.places.absolute(file)?;
        let theirs = self.other.places.absolute(file)?;
        match self.other.look.host.read(theirs.as_bstr(), MOST_BYTES) {
            Ok(content) => {
                let content = moved(self.side, self.other, &content);
                self.what_if.with_file.push((path, content.into()));
            }
            Err(_) => self.what_if.without.push(path),
        }
        Some(())
    }
}
