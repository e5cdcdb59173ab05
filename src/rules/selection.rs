//! Which findings are wanted: by code, by phase, by severity.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::code::Code;
use super::finding::{Finding, Severity};
use super::registry::all_rules;

/// A code, or the beginning of codes: `VD201`, or `VD2` for all that begin so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePrefix(String);

impl CodePrefix {
    /// Whether the code begins so.
    pub fn covers(&self, code: Code) -> bool {
        code.text().starts_with(&self.0)
    }
}

impl fmt::Display for CodePrefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A text with which no code begins.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct PrefixError(String);

impl FromStr for CodePrefix {
    type Err = PrefixError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let prefix = Self(text.to_ascii_uppercase());
        if prefix.0.len() > 1 && all_rules().any(|rule| prefix.covers(rule.code)) {
            return Ok(prefix);
        }
        Err(PrefixError(format!("no rule has the code {text}; `venv-doctor rule --all` lists them")))
    }
}

/// What is wanted of all findings.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Only these, where there are any.
    pub select: Vec<CodePrefix>,
    /// And of those, none of these.
    pub ignore: Vec<CodePrefix>,
    /// The mildest that is shown.
    pub severity: Severity,
}

impl Selection {
    /// Whether the finding counts, mild as it may be.
    pub fn counts(&self, finding: &Finding) -> bool {
        let covered = |prefixes: &[CodePrefix]| prefixes.iter().any(|prefix| prefix.covers(finding.code()));
        (self.select.is_empty() || covered(&self.select)) && !covered(&self.ignore)
    }

    /// Whether the finding is shown.
    pub fn shows(&self, finding: &Finding) -> bool {
        self.counts(finding) && finding.severity >= self.severity
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::executable::file::DANGLING_SYMLINK;
    use crate::rules::prefix::home::{HOME_GONE, HOME_MASKED};
    use crate::rules::prefix::initialize::FAILS_TO_INITIALIZE;
    use crate::rules::startup_code::pth::PTH_TARGET_MISSING;

    #[test]
    fn a_prefix_selects_all_codes_that_begin_so() {
        let prefix: CodePrefix = "vd2".parse().unwrap();
        assert!(prefix.covers(HOME_GONE.code) && !prefix.covers(DANGLING_SYMLINK.code));
        for wrong in ["", "V", "VD0", "VD9999", "home"] {
            assert!(wrong.parse::<CodePrefix>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_ignored_is_neither_counted_nor_shown() {
        let selection = Selection {
            select: vec!["VD2".parse().unwrap()],
            ignore: vec!["VD202".parse().unwrap()],
            severity: Severity::Error,
        };
        let finding = |rule, severity| Finding::new(rule, "").severity(severity);
        assert!(selection.shows(&finding(&FAILS_TO_INITIALIZE, Severity::Error)));
        assert!(selection.counts(&finding(&FAILS_TO_INITIALIZE, Severity::Info)));
        assert!(!selection.shows(&finding(&FAILS_TO_INITIALIZE, Severity::Info)));
        assert!(!selection.counts(&finding(&HOME_MASKED, Severity::Error)));
        assert!(!selection.counts(&finding(&PTH_TARGET_MISSING, Severity::Error)));
    }
}
