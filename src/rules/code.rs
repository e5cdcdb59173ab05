//! The codes of rules: `VD` and three digits.

use std::fmt;

/// The stable code of a rule, such as `VD205`. Its first digit is that of the rule's family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub(super) &'static str);

impl Code {
    /// Its text, such as `VD205`.
    pub const fn text(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.0)
    }
}
