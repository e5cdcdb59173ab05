//! Paths to an installation that stay when its next micro version replaces it.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::fixes;

/// A path to the same installation that its next update keeps.
pub fn lasting(survey: &Survey<'_>, home: &BStr) -> Option<BString> {
    if survey.flavor() == Flavor::Windows {
        return None;
    }
    let names: Vec<&[u8]> = home.split(|&byte| byte == b'/').collect();
    let mut candidates = vec![keg(&names), profile(survey, &names)];
    candidates.extend((0..names.len()).map(|index| shortened(&names, index)));
    let own = survey.join(home, fixes::python(survey));
    let leads_there = |dir: &BString| {
        dir != home && survey.same_file(survey.join(dir, fixes::python(survey)).as_bstr(), own.as_bstr())
    };
    candidates.into_iter().flatten().find(leads_there)
}

/// Homebrew: `PREFIX/Cellar/NAME/VERSION/…` is also `PREFIX/opt/NAME/…`.
fn keg(names: &[&[u8]]) -> Option<BString> {
    let at = names.iter().position(|name| *name == b"Cellar")?;
    let mut path = names.get(..at)?.to_vec();
    path.push(b"opt");
    path.push(names.get(at + 1)?);
    path.extend(names.get(at + 3..)?);
    Some(bstr::join("/", path).into())
}

/// Nix: what is installed from the store is also in a profile.
fn profile(survey: &Survey<'_>, names: &[&[u8]]) -> Option<BString> {
    if !names.windows(2).any(|pair| pair == [b"nix".as_slice(), b"store"]) {
        return None;
    }
    let home = survey.resolution.invocation.variable("HOME").map(|home| survey.join(home, ".nix-profile/bin"));
    let shared = ["/run/current-system/sw/bin", "/nix/var/nix/profiles/default/bin"].map(BString::from);
    home.into_iter().chain(shared).find(|dir| survey.is_file(survey.join(dir, fixes::python(survey)).as_bstr()))
}

/// The path with the micro version removed from one name: `cpython-3.12-linux-x86_64-gnu` for
/// `cpython-3.12.5-linux-x86_64-gnu`.
fn shortened(names: &[&[u8]], index: usize) -> Option<BString> {
    let name = names.get(index)?;
    let (start, end) = micro(name)?;
    let shorter = [&name[..start], &name[end..]].concat();
    let mut path = names.to_vec();
    *path.get_mut(index)? = &shorter;
    Some(bstr::join("/", path).into())
}

/// Where the `.Z` of the first `X.Y.Z` begins and ends.
fn micro(name: &[u8]) -> Option<(usize, usize)> {
    let digits =
        |from: usize| name.get(from..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    (0..name.len()).filter(|&at| at == 0 || !name[at - 1].is_ascii_digit()).find_map(|at| {
        let first = at + digits(at);
        let second = (name.get(first) == Some(&b'.') && first > at).then(|| first + 1 + digits(first + 1))?;
        let end = (name.get(second) == Some(&b'.') && second > first + 1).then(|| second + 1 + digits(second + 1))?;
        (end > second + 1).then_some((second, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn micro_versions_are_removed_from_names() {
        for (name, expected) in [
            ("cpython-3.12.5-linux", Some("cpython-3.12-linux")),
            ("3.11.7", Some("3.11")),
            ("Python312", None),
            ("python@3.12", None),
            ("a1.2.x", None),
        ] {
            let names: Vec<&[u8]> = vec![name.as_bytes()];
            assert_eq!(shortened(&names, 0), expected.map(BString::from), "{name}");
        }
    }

    #[test]
    fn kegs_have_an_alias() {
        let home = b"/opt/homebrew/Cellar/python@3.12/3.12.4/bin";
        let names: Vec<&[u8]> = home.split(|&byte| byte == b'/').collect();
        assert_eq!(keg(&names), Some("/opt/homebrew/opt/python@3.12/bin".into()));
        assert_eq!(keg(&[b"Cellar"]), None);
    }
}
