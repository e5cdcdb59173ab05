//! Trials: startup repeated in one environment with one thing as it is in the other.

use std::collections::HashMap;

use bstr::{BString, ByteSlice};

use super::changes::Found;
use super::items::{Id, Item, ids, is_same};
use super::roots::Root;
use super::{Kind, Side};
use crate::explanation;
use crate::host::{Host, OverlayHost};
use crate::invocation::{Invocation, Launch};
use crate::startup::MOST_BYTES;
use crate::text::python;
use crate::what_if::WhatIf;

/// The values of an environment by their ids.
type Values = HashMap<Id, Option<BString>>;

/// The changes that a root explains, as indices: those in which the one environment becomes as the other with it alone.
pub fn explained(a: &Side<'_>, b: &Side<'_>, found: &[Found], root: &Root) -> Vec<usize> {
    let both = [(a, b), (b, a)].map(|(side, other)| Trial::run(side, other, root));
    let is_explained = |one: &Found| both.iter().flatten().any(|trial| trial.explains(one));
    (0..found.len()).filter(|&index| is_explained(&found[index])).collect()
}

struct Trial {
    /// The values of the environment as it is.
    before: Values,
    /// The same with the change.
    after: Values,
    /// The values of the other environment.
    wanted: Values,
}

impl Trial {
    /// None where the root cannot be made as in the other environment.
    fn run(side: &Side<'_>, other: &Side<'_>, root: &Root) -> Option<Self> {
        let items = match root {
            Root::Flag(name) => called(side, &with_flag(side, other, name)?),
            Root::Variable(name) => called(side, &with_variable(side, other, name)?),
            Root::Cfg => changed(side, &without_cfg(side)?)?,
            Root::Key(key) => changed(side, &with_key(side, other, key))?,
            Root::File(file) => with_file(side, other, file)?,
        };
        Some(Self { before: values(&side.startup), after: values(&items), wanted: values(&other.items) })
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

fn called(side: &Side<'_>, invocation: &Invocation) -> Vec<Item> {
    let explanation = explanation::explain(side.look.host, invocation, side.look.options);
    side.items_of(&explanation, side.look.host)
}

fn with_flag(side: &Side<'_>, other: &Side<'_>, name: &BString) -> Option<Invocation> {
    let mut invocation = call(side).clone();
    let from = call(other);
    match name.to_str().ok()? {
        "-I" => invocation.flags.isolated = from.flags.isolated,
        "-E" => invocation.flags.ignore_environment = from.flags.ignore_environment,
        "-s" => invocation.flags.no_user_site = from.flags.no_user_site,
        "-S" => invocation.flags.no_site = from.flags.no_site,
        "-P" => invocation.flags.safe_path = from.flags.safe_path,
        "-X" => invocation.options.clone_from(&from.options),
        "launch" => {
            invocation.launch = match &from.launch {
                Launch::Script(path) => Launch::Script(moved(side, other, path)),
                launch => launch.clone(),
            }
        }
        _ => invocation.switches.clone_from(&from.switches),
    }
    Some(invocation)
}

fn with_variable(side: &Side<'_>, other: &Side<'_>, name: &str) -> Option<Invocation> {
    let mut invocation = call(side).clone();
    match call(other).variable(name) {
        Some(value) => {
            invocation.environment.insert(name.to_owned(), moved(side, other, value));
        }
        None => {
            invocation.environment.remove(name)?;
        }
    }
    if ["LANG", "LC_ALL", "LC_CTYPE", "PYTHONCOERCECLOCALE", "PYTHONUTF8"].contains(&name) {
        // The variables decide then, and no longer what was recorded.
        invocation.locale_encoding = None;
    }
    Some(invocation)
}

fn changed(side: &Side<'_>, what_if: &WhatIf) -> Option<Vec<Item>> {
    let changed = what_if.apply(side.look.host, &side.explanation).ok()?;
    Some(on(side, &changed.host))
}

fn on(side: &Side<'_>, host: &dyn Host) -> Vec<Item> {
    let explanation = explanation::explain(host, call(side), side.look.options);
    side.items_of(&explanation, host)
}

fn without_cfg(side: &Side<'_>) -> Option<WhatIf> {
    let cfg = side.explanation.resolution.pyvenv_cfg.as_ref()?;
    let mut what_if = WhatIf::default();
    what_if.without.push(cfg.path.clone());
    Some(what_if)
}

/// All lines of the key are replaced by one: of several, it depends on the key which of them counts.
fn with_key(side: &Side<'_>, other: &Side<'_>, key: &BString) -> WhatIf {
    let mut what_if = WhatIf::default();
    what_if.drop.push(key.clone());
    let entries = other.explanation.resolution.pyvenv_cfg.iter().flat_map(|cfg| &cfg.entries);
    let mut lines = entries.filter(|entry| python::lower(&entry.key) == *key);
    let line = if key == "home" { lines.next() } else { lines.next_back() };
    what_if.set.extend(line.map(|entry| (key.clone(), moved(side, other, &entry.value))));
    what_if
}

fn with_file(side: &Side<'_>, other: &Side<'_>, file: &BString) -> Option<Vec<Item>> {
    let path = side.places.absolute(file)?;
    let theirs = other.places.absolute(file)?;
    let mut host = OverlayHost::new(side.look.host);
    match other.look.host.read(theirs.as_bstr(), MOST_BYTES) {
        Ok(content) => host.add_file(path.as_bstr(), moved(side, other, &content)).ok()?,
        Err(_) => {
            host.remove(path.as_bstr()).ok().filter(|existed| *existed)?;
        }
    }
    Some(on(side, &host))
}
