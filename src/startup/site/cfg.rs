//! The site module's own reader of `pyvenv.cfg`.

use bstr::BString;

use crate::startup::record::{CfgEntry, Reader};
use crate::text::python;

/// What `venv()` of `Lib/site.py` takes from the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// The last `home`.
    pub home: Option<BString>,
    /// The last `include-system-site-packages`, in lower case.
    pub system_site: Option<BString>,
    /// Every line with an equals sign.
    pub entries: Vec<CfgEntry>,
}

/// Takes the file apart; `getpath_line` is the line whose `home` the path configuration took.
pub fn parse(content: &[u8], getpath_line: Option<usize>) -> Keys {
    let mut keys = Keys::default();
    let mut home_entry = None;
    let mut system_entry = None;
    for (index, line) in python::universal_lines(content).into_iter().enumerate() {
        let Some((key, value)) = python::partition(line) else { continue };
        let (key, value) = (python::strip(key), python::strip(value));
        match python::lower(key).as_slice() {
            b"home" => {
                keys.home = Some(value.to_owned());
                home_entry = Some(keys.entries.len());
            }
            b"include-system-site-packages" => {
                keys.system_site = Some(python::lower(value));
                system_entry = Some(keys.entries.len());
            }
            _ => {}
        }
        let used_by = if getpath_line == Some(index + 1) { vec![Reader::Getpath] } else { Vec::new() };
        keys.entries.push(CfgEntry {
            line: index + 1,
            text: line.to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
            used_by,
        });
    }
    for index in [home_entry, system_entry].into_iter().flatten() {
        keys.entries[index].used_by.push(Reader::Site);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_wins_and_both_readers_are_named() {
        let keys = parse(b"home = /a\rHOME= /b\r\ninclude-system-site-packages = TRUE\nno equals\n", Some(1));
        assert_eq!(keys.home, Some("/b".into()));
        assert_eq!(keys.system_site, Some("true".into()));
        let used: Vec<_> = keys.entries.iter().map(|entry| (entry.line, entry.used_by.clone())).collect();
        assert_eq!(used, [(1, vec![Reader::Getpath]), (2, vec![Reader::Site]), (3, vec![Reader::Site])]);
    }
}
