//! Two environments side by side: everything that differs, what explains it, and what could not be compared.
//!
//! The differences are one flat list of [`Change`]s, and the causes refer to them by index, so that every renderer shows
//! the same. A path is compared by where it lies: below the environment, its base or the home directory.
//!
//! What explains what is found by trial. If only PYTHONPATH of B were as in A, would B do as A does? Startup is repeated
//! with that one change, in both directions, and what then agrees follows from it. If it agrees in one direction only, others
//! count, too, and these are told together.

mod causes;
mod changes;
mod entries;
mod headline;
mod installed;
mod items;
mod places;
mod remaining;
mod roots;
mod shares;
mod side;
mod trials;
mod versions;

use bstr::BString;

use crate::environment::Depth;

pub use entries::entries;
pub use places::Place;
pub use side::{Look, Side};

/// One of the two environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// The first that was named.
    A,
    /// The second.
    B,
}

impl Letter {
    /// How it is called in text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    /// What belongs to it, of what belongs to each of the two.
    pub fn of<T>(self, a: T, b: T) -> T {
        match self {
            Self::A => a,
            Self::B => b,
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// What a difference is about, in the order in which startup comes to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The operating system.
    Platform,
    /// Which Python it is, and how it was built.
    Interpreter,
    /// Flags, options and what is run.
    Flags,
    /// Environment variables that startup reads.
    Variables,
    /// What the interpreter belongs to.
    Environment,
    /// Lines of `pyvenv.cfg`.
    PyvenvCfg,
    /// Whether Python starts, and if not, why.
    Outcome,
    /// Attributes of `sys` and `site`.
    Values,
    /// Entries of `sys.path`.
    Path,
    /// Startup hooks.
    Hooks,
    /// What Python prints on standard error.
    Messages,
    /// Installed distributions.
    Distributions,
    /// Scripts.
    Scripts,
    /// What is wrong.
    Findings,
}

impl Aspect {
    /// All, in order.
    pub const ALL: [Self; 14] = [
        Self::Platform,
        Self::Interpreter,
        Self::Flags,
        Self::Variables,
        Self::Environment,
        Self::PyvenvCfg,
        Self::Outcome,
        Self::Values,
        Self::Path,
        Self::Hooks,
        Self::Messages,
        Self::Distributions,
        Self::Scripts,
        Self::Findings,
    ];

    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Interpreter => "interpreter",
            Self::Flags => "flags",
            Self::Variables => "variables",
            Self::Environment => "environment",
            Self::PyvenvCfg => "pyvenv_cfg",
            Self::Outcome => "outcome",
            Self::Values => "values",
            Self::Path => "path",
            Self::Hooks => "startup",
            Self::Messages => "messages",
            Self::Distributions => "distributions",
            Self::Scripts => "scripts",
            Self::Findings => "findings",
        }
    }
}

/// How the two environments differ in something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only one of the two has it.
    Only(Letter),
    /// Both have it, and it is not the same.
    Different,
    /// Both have it, in another order.
    Moved,
}

impl Kind {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Only(Letter::A) => "only-in-a",
            Self::Only(Letter::B) => "only-in-b",
            Self::Different => "different",
            Self::Moved => "moved",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub aspect: Aspect,
    /// What differs, by its name: `sys.prefix`, `PYTHONPATH`, `requests`, the code of a rule; of a list of paths, the path.
    pub name: BString,
    /// How.
    pub kind: Kind,
    /// What A has; none where it has nothing.
    pub a: Option<BString>,
    /// What B has; none where it has nothing.
    pub b: Option<BString>,
    /// The cause that explains it, as an index into [`Contrast::causes`].
    pub cause: Option<usize>,
}

impl Change {
    /// What one of the two has.
    pub fn of(&self, letter: Letter) -> Option<&BString> {
        letter.of(self.a.as_ref(), self.b.as_ref())
    }
}

/// How much follows from a cause, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing that was compared follows from it.
    Nothing,
    /// Something is different that Python and installers do not decide by.
    Little,
    /// Values, paths, startup hooks, distributions or scripts are different.
    Some,
    /// One of the two has an error.
    Error,
    /// One of the two starts and the other does not.
    Outcome,
}

impl Weight {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Little => "little",
            Self::Some => "some",
            Self::Error => "error",
            Self::Outcome => "outcome",
        }
    }
}

/// A difference that explains others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What it is about.
    pub aspect: Aspect,
    /// What is different, as one sentence without a period.
    pub statement: BString,
    /// How much follows from it.
    pub weight: Weight,
    /// The changes that it is itself, as indices into [`Contrast::changes`].
    pub changes: Vec<usize>,
    /// The changes that follow from it.
    pub consequences: Vec<usize>,
}

/// Something that was not compared, because one of the two does not have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What was not compared.
    pub what: &'static str,
    /// Where it is not recorded.
    pub missing: Vec<Letter>,
    /// Whether two environments can differ in it and be the same in everything else that is compared.
    is_essential: bool,
    /// How it is recorded.
    pub help: &'static str,
}

/// The answer in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is different in what startup does and in what is installed.
    Same,
    /// Something is different.
    Different,
    /// Nothing that was compared is different, and it is not known what is installed.
    Unknown,
}

impl Verdict {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Unknown => "unknown",
        }
    }
}

/// Everything in which two environments differ.
#[derive(Clone, Debug)]
pub struct Contrast {
    /// The answer in one sentence.
    pub headline: BString,
    /// The directories by which paths were compared.
    pub places: Vec<Place>,
    /// What explains the changes, the weightiest first.
    pub causes: Vec<Cause>,
    /// All changes, in the order of their aspects.
    pub changes: Vec<Change>,
    /// What was not compared.
    pub gaps: Vec<Gap>,
}

impl Contrast {
    /// The answer in a word.
    pub fn verdict(&self) -> Verdict {
        match (self.changes.is_empty(), !self.gaps.iter().any(|gap| gap.is_essential)) {
            (false, _) => Verdict::Different,
            (true, true) => Verdict::Same,
            (true, false) => Verdict::Unknown,
        }
    }
}

/// Compares two environments.
pub fn contrast(a: &Side<'_>, b: &Side<'_>) -> Contrast {
    let found = changes::find(a, b);
    let (changes, causes) = causes::explain(a, b, found);
    let mut contrast = Contrast {
        headline: BString::default(),
        places: places::shown(&a.places, &b.places),
        causes,
        changes,
        gaps: gaps(a, b),
    };
    contrast.headline = headline::write(&contrast, a, b);
    contrast
}

/// What a snapshot that was recorded for less does not hold.
fn gaps(a: &Side<'_>, b: &Side<'_>) -> Vec<Gap> {
    let missing = |lacks: &dyn Fn(&Side<'_>) -> bool| -> Vec<Letter> {
        [(a, Letter::A), (b, Letter::B)].iter().filter(|(side, _)| lacks(side)).map(|(_, letter)| *letter).collect()
    };
    let installed = Gap {
        what: "distributions and scripts",
        missing: missing(&|side| side.manifest.is_none()),
        is_essential: true,
        help: "`venv-doctor snapshot` of this version records them",
    };
    let findings = Gap {
        what: "findings beyond those of startup",
        missing: missing(&|side| side.look.held < Depth::Environment),
        // They are conclusions from what is compared, and from files that only they look at.
        is_essential: false,
        help: "`venv-doctor snapshot --check` records what they depend on",
    };
    let mut gaps = vec![installed, findings];
    gaps.retain(|gap| !gap.missing.is_empty());
    gaps
}
