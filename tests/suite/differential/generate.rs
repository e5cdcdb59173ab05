//! Makes a layout from a number.

use std::fs;
use std::io;

use bstr::{BString, ByteSlice};

use super::draft::{Draft, join};
use super::{kinds_cfg, kinds_env, kinds_exe, kinds_launch, kinds_pth, kinds_site, kinds_tree};
use crate::support::interpreters::Interpreter;
use crate::support::rng::Rng;

/// One possibility in a dimension.
pub struct Choice {
    /// Its name in reports.
    pub name: &'static str,
    /// How often it is taken, relative to the others.
    pub weight: u32,
    /// What it does to a layout.
    pub apply: fn(&mut Draft<'_>) -> io::Result<()>,
}

/// A set of possibilities of which each layout has exactly one; the first is the usual one.
pub struct Dimension {
    /// Its name in reports.
    pub name: &'static str,
    /// The possibilities.
    pub choices: &'static [Choice],
}

/// A choice.
pub const fn choice(name: &'static str, weight: u32, apply: fn(&mut Draft<'_>) -> io::Result<()>) -> Choice {
    Choice { name, weight, apply }
}

/// All dimensions, in the order in which they build a layout.
pub const DIMENSIONS: &[Dimension] = &[
    Dimension { name: "name", choices: kinds_exe::NAMES },
    Dimension { name: "tree", choices: kinds_tree::TREES },
    Dimension { name: "shape", choices: kinds_exe::SHAPES },
    Dimension { name: "home", choices: kinds_cfg::HOMES },
    Dimension { name: "system", choices: kinds_cfg::SYSTEM },
    Dimension { name: "cfg", choices: kinds_cfg::FORMS },
    Dimension { name: "place", choices: kinds_cfg::PLACES },
    Dimension { name: "underpth", choices: kinds_tree::UNDERPTH },
    Dimension { name: "build", choices: kinds_tree::BUILDS },
    Dimension { name: "user", choices: kinds_site::USERS },
    Dimension { name: "pth", choices: kinds_pth::PTH },
    Dimension { name: "pth2", choices: kinds_pth::PTH },
    Dimension { name: "start", choices: kinds_pth::START },
    Dimension { name: "customize", choices: kinds_site::CUSTOMIZE },
    Dimension { name: "pythonhome", choices: kinds_env::PYTHONHOME },
    Dimension { name: "pythonpath", choices: kinds_env::PYTHONPATH },
    Dimension { name: "variable", choices: kinds_env::VARIABLES },
    Dimension { name: "locale", choices: kinds_env::LOCALES },
    Dimension { name: "flags", choices: kinds_launch::FLAGS },
    Dimension { name: "call", choices: kinds_launch::CALLS },
    Dimension { name: "cwd", choices: kinds_launch::CWDS },
    Dimension { name: "launch", choices: kinds_launch::LAUNCHES },
];

/// How many choices there are that are not the usual one.
pub fn kinds() -> usize {
    DIMENSIONS.iter().map(|dimension| dimension.choices.len() - 1).sum()
}

/// Which choice each dimension takes.
pub type Plan = Vec<usize>;

/// Layouts of a single kind first (each with nothing else unusual), then combinations.
///
/// With fewer layouts than kinds half of them are single kinds; `turn` rotates through these, so that several
/// interpreters together still see all.
pub fn plans(seed: u64, count: usize, turn: usize) -> Vec<Plan> {
    let singles = if count > kinds() { kinds() } else { count / 2 };
    let order = Rng::new(seed, 0).shuffled(kinds());
    let mut plans = vec![vec![0; DIMENSIONS.len()]];
    plans.extend((0..singles).map(|index| single(order[(turn * singles + index) % order.len()])));
    plans.extend((plans.len()..count.max(1)).map(|index| combination(seed, turn * count + index)));
    plans
}

/// The plan with these choices, each with its dimension, and nothing else unusual.
pub fn plan(choices: &[(&str, &str)]) -> Plan {
    let taken = |dimension: &Dimension| {
        let wanted = choices.iter().find(|(name, _)| *name == dimension.name);
        wanted.map_or(0, |(_, wanted)| dimension.choices.iter().position(|choice| choice.name == *wanted).unwrap())
    };
    DIMENSIONS.iter().map(taken).collect()
}

/// The plan in which only kind number `kind` is unusual.
fn single(mut kind: usize) -> Plan {
    let mut plan = vec![0; DIMENSIONS.len()];
    for (dimension, taken) in DIMENSIONS.iter().zip(&mut plan) {
        let unusual = dimension.choices.len() - 1;
        if kind < unusual {
            *taken = kind + 1;
            break;
        }
        kind -= unusual;
    }
    plan
}

fn combination(seed: u64, index: usize) -> Plan {
    let mut rng = Rng::new(seed, index);
    // Some layouts are crowded, most are not.
    let calm = rng.below(5) + 1;
    DIMENSIONS
        .iter()
        .map(|dimension| {
            let total: u32 = dimension.choices.iter().map(|choice| choice.weight).sum();
            let mut at = u32::try_from(rng.below(total as usize)).unwrap_or(0);
            let taken = dimension.choices.iter().position(|choice| {
                let hit = at < choice.weight;
                at = at.wrapping_sub(choice.weight);
                hit
            });
            let quiet = rng.below(6) < calm;
            if quiet { 0 } else { taken.unwrap_or(0) }
        })
        .collect()
}

/// The name of a plan: what is unusual in it.
pub fn name(plan: &Plan) -> String {
    let unusual: Vec<String> = DIMENSIONS
        .iter()
        .zip(plan)
        .filter(|&(_, &taken)| taken != 0)
        .map(|(dimension, &taken)| format!("{}={}", dimension.name, dimension.choices[taken].name))
        .collect();
    if unusual.is_empty() { "ordinary".to_owned() } else { unusual.join(" ") }
}

/// Builds the layout of a plan in a new directory `label`.
pub fn build<'a>(python: &'a Interpreter, label: &str, plan: &Plan) -> io::Result<Draft<'a>> {
    let mut draft = Draft::new(python, join(python.world.work(), label));
    fs::create_dir_all(draft.outside(&draft.work))?;
    let home: BString = draft.at("home");
    draft.dir(home)?;
    for (dimension, &taken) in DIMENSIONS.iter().zip(plan) {
        draft.serial += 1;
        (dimension.choices[taken].apply)(&mut draft)?;
        if draft.skip.is_some() {
            return Ok(draft);
        }
    }
    draft.finish()?;
    if draft.unprivileged {
        // A working directory that is to be removed is made in it by whoever runs the programs.
        let work = draft.work.clone();
        draft.mode(work, 0o777)?;
    }
    if python.pypy && draft.env.get("PYTHONPATH").is_some_and(|list| list.to_str().is_err()) {
        draft.impossible(
            "PyPy crashes on a PYTHONPATH that is not UTF-8, or not, and the report says that it cannot know",
        );
    }
    if draft.unprivileged && !python.open_to_all {
        draft.impossible("an unprivileged user cannot run this interpreter");
    }
    Ok(draft)
}
