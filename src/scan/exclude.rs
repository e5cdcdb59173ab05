//! The patterns of directories that are not entered.

use bstr::{BStr, ByteSlice};
use globset::{Glob, GlobSet, GlobSetBuilder};
use thiserror::Error;

use crate::host::path::Flavor;

/// Patterns such as `**/node_modules`; a directory is left out where its whole path matches one of them.
#[derive(Clone, Debug, Default)]
pub struct Exclude {
    patterns: GlobSet,
}

/// A pattern that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("invalid pattern '{pattern}': {reason}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Exclude {
    /// Reads the patterns: `*` and `?` match within one name and beyond, `**` stands for any number of directories, and
    /// `[…]` and `{…,…}` are alternatives.
    ///
    /// # Errors
    /// [`PatternError`] names the first pattern that is none.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, PatternError> {
        let mut builder = GlobSetBuilder::new();
        let mut last = "";
        let refuse = |pattern: &str, error: &globset::Error| PatternError {
            pattern: pattern.to_owned(),
            reason: error.kind().to_string(),
        };
        for pattern in patterns {
            builder.add(Glob::new(pattern).map_err(|error| refuse(pattern, &error))?);
            last = pattern;
        }
        // Patterns that are valid one by one can be too large together.
        Ok(Self { patterns: builder.build().map_err(|error| refuse(last, &error))? })
    }

    /// Whether the directory is left out.
    pub(super) fn matches(&self, flavor: Flavor, path: &BStr) -> bool {
        if self.patterns.is_empty() {
            return false;
        }
        match flavor {
            Flavor::Posix => self.patterns.is_match(path.to_path_lossy()),
            Flavor::Windows => self.patterns.is_match(path.replace(b"\\", b"/").to_path_lossy()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_compared_with_the_whole_path() {
        let exclude = Exclude::new(["**/node_modules", "/srv/*.d"]).unwrap();
        let posix = |path: &str| exclude.matches(Flavor::Posix, path.into());
        assert!(posix("/w/app/node_modules") && posix("/srv/conf.d"));
        assert!(!posix("/w/app") && !posix("/w/app/node_modules/left"));
        assert!(exclude.matches(Flavor::Windows, r"C:\w\node_modules".into()));
        assert!(!Exclude::default().matches(Flavor::Posix, "/".into()));
    }

    #[test]
    fn an_invalid_pattern_is_named() {
        let error = Exclude::new(["fine", "["]).unwrap_err();
        assert_eq!(error.pattern, "[");
        assert!(error.to_string().starts_with("invalid pattern '[': "), "{error}");
    }
}
