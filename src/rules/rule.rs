//! A rule: what there is to be known about a code before anything is examined.

use super::code::Code;
use super::finding::Severity;

/// The documentation of a code. `venv-doctor rule CODE` prints it, and `docs/rules.md` is made from all of them.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its code.
    pub code: Code,
    /// Its name: a few words joined by hyphens.
    pub name: &'static str,
    /// How bad what it finds is, unless the case at hand is milder.
    pub severity: Severity,
    /// Whether it goes by a likeness instead of evidence. What it finds is then at most a warning, and says so.
    pub heuristic: bool,
    /// What it means, in one sentence.
    pub summary: &'static str,
    /// Why that is bad: what people see, and what Python or the system does underneath.
    pub reason: &'static str,
    /// A file or a few lines from a shell that show it.
    pub example: &'static str,
    /// What fixes it.
    pub fix: &'static str,
    /// Where the behavior is described or comes from: an upstream issue, or file and function.
    pub sources: &'static [&'static str],
}

/// The first digit of a code says what the rule looks at.
pub const PHASES: [(u16, &str); 9] = [
    (1, "The file that is started"),
    (2, "pyvenv.cfg, prefix and base"),
    (3, "Variables and sys.path"),
    (4, "Startup code: .pth and .start files, customization modules"),
    (5, "Scripts, activation, and where the environment stands"),
    (6, "Installed distributions"),
    (7, "Extension modules"),
    (8, "Permissions and places"),
    (9, "Where certainty ends"),
];
