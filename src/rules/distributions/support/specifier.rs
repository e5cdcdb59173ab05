//! Version specifiers, as `Requires-Python` has them (PEP 440).

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier};

/// Whether a final release of Python satisfies every specifier of a list; none if one cannot be parsed. Like pip, this
/// takes a pre-release of Python for the final release.
pub fn admits(specifiers: &str, python: [u64; 3]) -> Option<bool> {
    let python = Version::new(python);
    let mut admitted = true;
    for specifier in specifiers.split(',').map(str::trim).filter(|specifier| !specifier.is_empty()) {
        admitted &= one(specifier)?.contains(&python);
    }
    Some(admitted)
}

fn one(specifier: &str) -> Option<VersionSpecifier> {
    // The specification does not define this, but many wheels say `>=3.6.*`, and pip once accepted it.
    let least = specifier.strip_prefix(">=").and_then(|version| version.strip_suffix(".*"));
    let corrected = least.map(|version| format!(">={version}"));
    VersionSpecifier::from_str(corrected.as_deref().unwrap_or(specifier)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The expected values are those of `packaging.specifiers.SpecifierSet(text).contains(version, prereleases=True)`.
    #[test]
    fn specifiers_admit_what_packaging_admits() {
        let cases = [
            (">=3.8", Some(true)),
            (">=3.13", Some(false)),
            (">= 3.8, < 3.13", Some(true)),
            ("<3.12", Some(false)),
            ("<=3.12", Some(false)),
            (">3.12", Some(true)),
            ("==3.12.*", Some(true)),
            ("!=3.0.*,!=3.1.*,>=2.7", Some(true)),
            ("!=3.12.*", Some(false)),
            ("~=3.6", Some(true)),
            ("~=3.11.0", Some(false)),
            ("~=3", None),
            ("==3.12.1", Some(true)),
            (">=3.13.0rc1", Some(false)),
            ("<3.12.2.dev0", Some(true)),
            (">=3.6.*", Some(true)),
            ("<4", Some(true)),
            ("", Some(true)),
            ("3.8", None),
            (">=three", None),
        ];
        for (text, expected) in cases {
            assert_eq!(admits(text, [3, 12, 1]), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_specifier_can_be_parsed(text in "([<>=!~]{1,3} ?v?[0-9]{0,22}(\\.[0-9*]{0,3}){0,5}(rc1|.dev0|.post1|\\+x|)[, ]?){0,4}", any in "\\PC{0,20}") {
            admits(&text, [3, 12, 1]);
            admits(&any, [3, 12, 1]);
        }

        #[test]
        fn a_release_is_either_admitted_or_not(release in prop::array::uniform3(0_u64..40), python in prop::array::uniform3(0_u64..40)) {
            let [major, minor, micro] = release;
            let holds = |operator: &str| admits(&format!("{operator}{major}.{minor}.{micro}"), python);
            prop_assert_eq!(holds(">="), Some(python >= release));
            prop_assert_eq!(holds("<"), Some(python < release));
            prop_assert_eq!(holds("=="), Some(python == release));
            prop_assert_eq!(holds("!="), holds("==").map(|it| !it));
        }
    }
}
