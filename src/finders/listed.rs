//! `FileFinder` with everything that it would take in one directory, one after the other.

use bstr::{BStr, BString, ByteSlice};

use super::candidates::{Hit, Rules, Searched, joined};
use super::flavor;
use crate::host::path::Flavor;
use crate::host::{HostError, Lookups};

/// The names of a directory that begin like a module, as the finder compares them.
struct Names {
    known: Vec<BString>,
    ignores_case: bool,
}

impl Names {
    /// On Windows, the case of what follows the first dot does not count.
    fn of(lookups: &Lookups<'_>, names: &[BString], tail: &BStr, rules: &Rules) -> Self {
        let is_windows = flavor(lookups) == Flavor::Windows;
        if !is_windows && !rules.ignores_case {
            let known = names.iter().filter(|name| name.starts_with(tail)).cloned().collect();
            return Self { known, ignores_case: false };
        }
        let wanted = if rules.ignores_case { lowered(tail) } else { tail.to_owned() };
        let compared = |name: &BString| {
            if rules.ignores_case {
                return lowered(name.as_bstr());
            }
            match name.find_byte(b'.') {
                Some(dot) => [&name[..dot], &name[dot..].to_lowercase()].concat().into(),
                None => name.clone(),
            }
        };
        let begins = |name: &&BString| name.len() >= tail.len().min(wanted.len());
        let known = names.iter().filter(begins).map(compared).filter(|name| name.starts_with(&wanted)).collect();
        Self { known, ignores_case: rules.ignores_case }
    }

    /// Whether the finder takes a name for one that is listed. Only the name of the module is lowered.
    fn contain(&self, tail: &BStr, suffix: &[u8]) -> bool {
        let tail = if self.ignores_case { lowered(tail) } else { tail.to_owned() };
        self.known.iter().any(|name| name.strip_prefix(tail.as_slice()).is_some_and(|rest| rest == suffix))
    }
}

fn lowered(name: &BStr) -> BString {
    name.to_lowercase().into()
}

/// Searches a directory: packages, modules, and the directory itself as a portion of a namespace package.
pub(super) fn candidates(lookups: &Lookups<'_>, dir: &BStr, tail: &BStr, rules: &Rules) -> Searched {
    let listing = match lookups.list_dir(dir) {
        Ok(listing) => listing,
        Err(HostError::NotFound) => return Searched::NoEntry,
        Err(error) => return Searched::Unlistable(error),
    };
    let names = Names::of(lookups, &listing, tail, rules);
    let base = joined(lookups, dir, tail);
    let hit = |path: BString, code| Hit { code, path, location: None, is_zipped: false, is_readable: true };
    let (mut hits, mut is_portion) = (Vec::new(), false);
    if names.contain(tail, b"") {
        for (suffix, code) in &rules.suffixes {
            let path = joined(lookups, base.as_bstr(), &[b"__init__".as_slice(), suffix].concat());
            if lookups.is_file(path.as_bstr()) {
                hits.push(Hit { location: Some(base.clone()), ..hit(path, Some(*code)) });
            }
        }
        is_portion = hits.is_empty() && lookups.is_dir(base.as_bstr());
    }
    for (suffix, code) in &rules.suffixes {
        if !names.contain(tail, suffix) {
            continue;
        }
        let path = joined(lookups, dir, &[tail.as_bytes(), suffix].concat());
        if lookups.is_file(path.as_bstr()) {
            hits.push(hit(path, Some(*code)));
        }
    }
    if is_portion {
        hits.push(Hit { location: Some(base.clone()), ..hit(base, None) });
    }
    Searched::In(hits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::candidates::{Code, ZipRules};
    use super::*;
    use crate::host::{MemoryHost, Platform};

    const SUFFIXES: [(&str, Code); 5] = [
        (".cpython-312-x86_64-linux-gnu.so", Code::Extension),
        (".abi3.so", Code::Extension),
        (".so", Code::Extension),
        (".py", Code::Source),
        (".pyc", Code::Bytecode),
    ];

    fn rules(ignores_case: bool) -> Rules {
        let zip = ZipRules { magic: None, ..ZipRules::OF_TESTS };
        Rules { suffixes: SUFFIXES.map(|(suffix, code)| (suffix.into(), code)).into(), ignores_case, zip }
    }

    fn found(host: &MemoryHost, dir: &str, ignores_case: bool) -> Vec<String> {
        let lookups = Lookups::new(host, None);
        match candidates(&lookups, dir.into(), "spam".into(), &rules(ignores_case)) {
            Searched::In(hits) => hits.into_iter().map(|hit| hit.path.to_string()).collect(),
            _ => Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn packages_come_first_then_modules_then_the_directory(
            inside in proptest::sample::subsequence(SUFFIXES.to_vec(), 0..=5),
            beside in proptest::sample::subsequence(SUFFIXES.to_vec(), 0..=5),
            has_dir in any::<bool>(),
        ) {
            let mut host = MemoryHost::new(Platform::Linux).directory("/d").file("/d/spamelot.py", "");
            if has_dir {
                host = host.directory("/d/spam");
            }
            let mut expected = Vec::new();
            for (suffix, _) in &inside {
                host = host.file(format!("/d/spam/__init__{suffix}"), "");
                expected.push(format!("/d/spam/__init__{suffix}"));
            }
            for (suffix, _) in &beside {
                host = host.file(format!("/d/spam{suffix}"), "");
                expected.push(format!("/d/spam{suffix}"));
            }
            if has_dir && inside.is_empty() {
                expected.push("/d/spam".to_owned());
            }
            prop_assert_eq!(found(&host, "/d", false), expected);
        }
    }

    #[test]
    fn letter_case_counts_unless_the_variable_says_otherwise() {
        let host = MemoryHost::new(Platform::Macos).file("/d/Spam.py", "").file("/d/spam.PY", "");
        assert_eq!(found(&host, "/d", false), [""; 0]);
        let host = MemoryHost::new(Platform::Windows).file("C:\\d\\spam.PY", "");
        assert_eq!(found(&host, "C:\\d", false), ["C:\\d\\spam.py"]);
        let host = MemoryHost::new(Platform::Windows).file("C:\\d\\Spam.py", "");
        assert_eq!(found(&host, "C:\\d", false), [""; 0]);
        assert_eq!(found(&host, "C:\\d", true), ["C:\\d\\spam.py"]);
    }
}
