//! A rule: what may be wrong, told before anything is examined.

use super::code::Code;
use super::finding::Severity;

/// What may be wrong, with its documentation. `venv-doctor rule CODE` prints it, and `docs/rules.md` is made from all
/// of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its code, such as `VD205`.
    pub code: Code,
    /// Its name: a few words joined by hyphens, such as `home-gone`.
    pub name: &'static str,
    /// How bad what it finds is, unless the case at hand is better or worse.
    pub severity: Severity,
    /// Whether it goes by evidence or by resemblance.
    pub confidence: Confidence,
    /// What it means, in one sentence.
    pub summary: &'static str,
    /// Why that is bad: what people see, and what Python or the system does underneath.
    pub why: &'static str,
    /// A file or a few lines from a shell that show it.
    pub example: &'static str,
    /// What mends it.
    pub fix: &'static str,
    /// Where the behavior is described or comes from: an upstream issue, or file and function.
    pub sources: &'static [&'static str],
}

/// Every rule has a code of its own, so that the code tells rules apart.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// How sure a rule is of what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Confidence {
    /// It goes by evidence.
    Certain,
    /// It goes by resemblance, and its findings are at most warnings.
    Heuristic,
}

impl Confidence {
    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Heuristic => "heuristic",
        }
    }
}
