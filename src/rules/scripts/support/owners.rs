//! Which distribution installed a script.

use bstr::{BStr, ByteSlice};

use crate::environment::{Distribution, Survey};

/// The largest `entry_points.txt` that is read; those of the largest distributions have a few hundred kilobytes.
const MOST_ENTRY_POINTS: u64 = 4 << 20;

/// The distribution whose `RECORD` lists the script of that name.
pub fn by_record<'s>(survey: &'s Survey<'_>, name: &BStr) -> Option<&'s Distribution> {
    survey.owner_of_script(name)
}

/// The distribution whose `entry_points.txt` declares the script of that name.
pub fn by_entry_point<'s>(survey: &'s Survey<'_>, name: &BStr) -> Option<&'s Distribution> {
    survey.of_every_minor().find(|distribution| {
        let text = distribution.read(survey, "entry_points.txt", MOST_ENTRY_POINTS);
        text.is_ok_and(|text| declares(&text, name))
    })
}

/// The distribution that installed a script, by its `RECORD` or its `entry_points.txt`.
pub fn of<'s>(survey: &'s Survey<'_>, name: &BStr) -> Option<&'s Distribution> {
    by_record(survey, name).or_else(|| by_entry_point(survey, name))
}

/// Whether a distribution is installed for a minor version other than the one that runs.
pub fn is_of_other_minor(survey: &Survey<'_>, owner: &Distribution) -> bool {
    survey.of_other_minors().iter().any(|other| std::ptr::eq(other, owner))
}

fn declares(text: &[u8], name: &BStr) -> bool {
    let stem = name.strip_suffix(b".exe").unwrap_or(name);
    let mut is_scripts = false;
    text.lines().map(<[u8]>::trim).any(|line| {
        if line.starts_with(b"[") {
            is_scripts = matches!(line, b"[console_scripts]" | b"[gui_scripts]");
            return false;
        }
        is_scripts && line.split_once_str("=").is_some_and(|(key, _)| key.trim() == stem)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_points_name_scripts() {
        let text = b"[other]\nx = y\n[console_scripts]\npip = pip:main\npip3=pip:main\n";
        assert!(declares(text, "pip".into()) && declares(text, "pip3".into()) && declares(text, "pip.exe".into()));
        assert!(!declares(text, "x".into()) && !declares(text, "pi".into()));
    }
}
