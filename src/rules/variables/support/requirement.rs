//! What an installed distribution requires: a name, and which versions of it.

use std::str::FromStr;

use bstr::{BStr, BString, ByteSlice};
use pep440_rs::{Version, VersionSpecifiers};

use super::marker::{self, Values};
use crate::environment::{Distribution, Form, Survey, normalize};
use crate::rules::Evidence;

/// The most that is read of a `requires.txt`.
const MOST_BYTES: u64 = 256 << 10;

/// A requirement that counts for this interpreter.
#[derive(Debug)]
pub struct Requirement {
    /// The name as it is written.
    pub name: String,
    /// The name by which installers compare.
    pub normalized: BString,
    /// Which versions satisfy it; none where it names a URL.
    versions: Option<VersionSpecifiers>,
    /// What an installer accepts, without the marker.
    pub text: String,
}

impl Requirement {
    /// A requirement as metadata spells it. None where its marker does not hold or is not known to, or where it cannot be
    /// parsed.
    fn parse(text: &str, values: &Values) -> Option<Self> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let text = text.trim();
        let (name, rest) = text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len()));
        let rest = rest.trim_start();
        let after = match rest.strip_prefix('[') {
            Some(inside) => inside.split_once(']')?.1.trim_start(),
            None => rest,
        };
        // A URL may contain a semicolon; the one before a marker has a space in front of it.
        let is_url = after.starts_with('@');
        let (wanted, marker) = after.split_once(if is_url { " ;" } else { ";" }).unzip();
        let wanted = wanted.unwrap_or(after).trim();
        if name.is_empty() || marker.is_some_and(|marker| marker::holds(marker, values) != Some(true)) {
            return None;
        }
        let bare = wanted.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')).unwrap_or(wanted);
        let versions = if is_url { None } else { Some(VersionSpecifiers::from_str(bare).ok()?) };
        let end = text.len() - after.len();
        let text = if is_url {
            format!("{} {wanted}", text.get(..end)?.trim_end())
        } else {
            format!("{}{}", text.get(..end)?.replace(' ', ""), bare.replace(' ', ""))
        };
        Some(Self { name: name.to_owned(), normalized: normalize(name.into()), versions, text })
    }

    /// Whether a version satisfies it; none where that version or what is wanted is no version.
    pub fn admits(&self, version: &BStr) -> Option<bool> {
        Some(self.versions.as_ref()?.contains(&Version::from_str(version.to_str().ok()?).ok()?))
    }
}

/// What a distribution requires on this interpreter, each with the line that says so.
pub fn all(survey: &Survey<'_>, distribution: &Distribution, values: &Values) -> Vec<(Requirement, Evidence)> {
    if distribution.form == Form::EggInfo {
        return of_egg(survey, distribution, values);
    }
    let Ok(headers) = distribution.metadata(survey) else { return Vec::new() };
    let path = survey.join(distribution.path(survey), "METADATA");
    let fields = headers.requires_dist.iter();
    let parsed = fields.filter_map(|field| {
        let requirement = Requirement::parse(field.value.to_str().ok()?, values)?;
        let evidence = Evidence::line(path.clone(), field.line, field.text.clone());
        Some((requirement, evidence.marking(&field.value)))
    });
    parsed.collect()
}

/// The `requires.txt` of setuptools: what stands below `[:MARKER]` counts where the marker holds, and what stands below
/// `[EXTRA]` belongs to an extra.
fn of_egg(survey: &Survey<'_>, distribution: &Distribution, values: &Values) -> Vec<(Requirement, Evidence)> {
    let Ok(content) = distribution.read(survey, "requires.txt", MOST_BYTES) else { return Vec::new() };
    let path = survey.join(distribution.path(survey), "requires.txt");
    let mut counts = true;
    let mut found = Vec::new();
    for (index, line) in content.lines().enumerate() {
        let Ok(text) = line.trim().to_str() else { continue };
        if let Some(section) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            counts = section.strip_prefix(':').is_some_and(|marker| marker::holds(marker, values) == Some(true));
        } else if counts && let Some(requirement) = Requirement::parse(text, values) {
            found.push((requirement, Evidence::line(path.clone(), index + 1, line)));
        }
    }
    found
}

/// Whether two versions are known to differ: `1.0` and `1.0.0` do not.
pub fn differ(one: &BStr, other: &BStr) -> bool {
    let parse = |version: &BStr| Version::from_str(version.to_str().ok()?).ok();
    match (parse(one), parse(other)) {
        (Some(one), Some(other)) => one != other,
        _ => one != other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::host::{Lookups, MemoryHost, Platform};
    use crate::invocation::Invocation;
    use crate::startup::{self, Options};

    fn values() -> Values {
        let host = MemoryHost::new(Platform::Linux).cwd("/");
        let invocation = Invocation::on(&host, "/usr/bin/python3.12").unwrap();
        let lookups = Lookups::new(&host, invocation.cwd.clone());
        let (resolution, lookups) = startup::resolve_asking(lookups, &invocation, &Options::default());
        Values::of(&Survey::new(&resolution, &lookups))
    }

    #[test]
    fn requirements_have_a_name_and_versions() {
        for (text, expected) in [
            ("requests", Some(("requests", "requests", Some(true)))),
            ("Foo.Bar (>=2.0, <3)", Some(("foo-bar", "Foo.Bar>=2.0,<3", Some(false)))),
            ("a[b, c] >= 1 ; os_name == 'posix'", Some(("a", "a[b,c]>=1", Some(true)))),
            ("a>=1; extra == 'test'", None),
            (
                "a @ https://example.org/a;b.zip ; os_name == 'posix'",
                Some(("a", "a @ https://example.org/a;b.zip", None)),
            ),
            ("a ==", None),
            (">=1", None),
            ("", None),
        ] {
            let parsed = Requirement::parse(text, &values());
            let shown =
                parsed.as_ref().map(|one| (one.normalized.to_string(), one.text.clone(), one.admits("1.4".into())));
            let expected = expected.map(|(name, text, admits)| (name.to_owned(), text.to_owned(), admits));
            assert_eq!(shown, expected, "{text}");
        }
        assert!(differ("1.0".into(), "1.1".into()) && !differ("1.0".into(), "1.0.0".into()));
    }

    proptest! {
        #[test]
        fn any_requirement_can_be_read(text in "([a-c]|\\[|\\]|\\(|\\)|@|;|[<>=!~]{1,3}|[0-9.*]{1,4}| |,|é){0,20}") {
            Requirement::parse(&text, &values());
        }
    }
}
