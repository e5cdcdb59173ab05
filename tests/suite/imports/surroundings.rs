//! What varies around a kind: where the layout is, flags, launch, environment or base.

use std::io;

use super::kind::Kind;
use super::kinds_entries::{see_the_base, start_the_base};
use super::layout::Layout;
use crate::differential::generate::{self, Plan};
use crate::support::rng::Rng;

/// The environment that a kind needs, mostly in an ordinary directory.
pub fn plan(kind: &Kind, rng: &mut Rng, plain: bool) -> Plan {
    let tree = if kind.name == "zip-of-the-base" { "own-tree-linked-library" } else { "ordinary" };
    let names = ["blank", "utf-8", "quote", "hash", "long", "newline", "deep"];
    let name = if plain || rng.below(8) > 0 { "ordinary" } else { names[rng.below(names.len())] };
    // A line of a `.pth` file holds no newline, and code in quotes holds no quote.
    let name = if ["newline", "quote"].contains(&name) && kind.name.contains("editable") { "ordinary" } else { name };
    generate::plan(&[("tree", tree), ("name", name)])
}

/// Varies launch, flags and environment, before the kind is built.
pub fn vary(l: &mut Layout<'_>) -> io::Result<()> {
    match l.rng.below(12) {
        0 | 1 => {
            let flag = l.pick(&["-s", "-E", "-S", "-I"]);
            l.draft.flags.push(flag);
        }
        2 if l.since(11) => l.draft.flags.push("-P"),
        3 => see_the_base(l)?,
        4 => start_the_base(l),
        _ => {}
    }
    match l.rng.below(8) {
        0 => l.script(l.at("scripts/run.py")),
        1 => l.module("run_this_probe"),
        _ => Ok(()),
    }
}
