//! Version specifiers, as far as `Requires-Python` needs them (PEP 440).

use std::cmp::Ordering;

/// A version that a specifier names: the numbers of its release, and whether it is a pre-release (-1) or a
/// post-release (1).
struct Named {
    release: Vec<u64>,
    phase: i8,
}

/// Whether a final release of Python satisfies every specifier of a list; none if one cannot be parsed. Like pip, this
/// takes a pre-release of Python for the final release.
pub fn admits(specifiers: &str, python: [u64; 3]) -> Option<bool> {
    let mut admitted = true;
    for specifier in specifiers.split(',').map(str::trim).filter(|specifier| !specifier.is_empty()) {
        admitted &= one(specifier, python)?;
    }
    Some(admitted)
}

fn one(specifier: &str, python: [u64; 3]) -> Option<bool> {
    let start = specifier.find(|character: char| !"<>=!~".contains(character))?;
    let (operator, version) = specifier.split_at(start);
    let version = version.trim();
    if let Some(prefix) = version.strip_suffix(".*") {
        let prefix = parse(prefix)?.release;
        let matches = starts_with(python, &prefix);
        return match operator {
            "==" => Some(matches),
            "!=" => Some(!matches),
            // The specification does not define this, but many wheels say `>=3.6.*`, and pip once accepted it.
            ">=" => Some(compare(python, &prefix).is_ge()),
            _ => None,
        };
    }
    let named = parse(version)?;
    let order = compare(python, &named.release).then(0.cmp(&named.phase));
    Some(match operator {
        ">=" => order.is_ge(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        "<" => order.is_lt(),
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "~=" => {
            let (_, prefix) = named.release.split_last().filter(|(_, prefix)| !prefix.is_empty())?;
            order.is_ge() && starts_with(python, prefix)
        }
        _ => return None,
    })
}

fn parse(text: &str) -> Option<Named> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    let (release, rest) = text.split_at(end);
    let release: Option<Vec<u64>> = release.trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
    let rest = rest.trim_start_matches(['.', '-', '_']).to_ascii_lowercase();
    let phase = if rest.is_empty() {
        0
    } else if rest.starts_with("post") || rest.starts_with("rev") {
        1
    } else if ["a", "b", "c", "rc", "dev", "pre"].iter().any(|phase| rest.starts_with(phase)) {
        -1
    } else {
        return None;
    };
    Some(Named { release: release?, phase })
}

/// Compares a version with a release; missing numbers count as 0.
fn compare(python: [u64; 3], release: &[u64]) -> Ordering {
    let length = release.len().max(python.len());
    let number = |numbers: &[u64], index: usize| numbers.get(index).copied().unwrap_or(0);
    (0..length)
        .map(|index| number(&python, index).cmp(&number(release, index)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn starts_with(python: [u64; 3], prefix: &[u64]) -> bool {
    prefix.iter().enumerate().all(|(index, number)| python.get(index).copied().unwrap_or(0) == *number)
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
