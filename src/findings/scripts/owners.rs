//! Which distribution a script belongs to.

use bstr::{BStr, ByteSlice};

use crate::environment::{Distribution, Survey};

/// `entry_points.txt` of the largest distributions has a few hundred kilobytes.
const MOST_ENTRY_POINTS: u64 = 4 << 20;

/// The distribution whose `RECORD` lists the script of that name.
pub fn by_record<'s>(survey: &'s Survey<'_>, name: &BStr) -> Option<&'s Distribution> {
    let bin = survey.base_name(survey.bin());
    survey.distributions().iter().find(|distribution| {
        let Ok(record) = distribution.record(survey) else { return false };
        record.entries().any(|entry| lists(&entry.path, bin.as_bstr(), name))
    })
}

/// The distribution that says in `entry_points.txt` what the script of that name is to run.
pub fn by_entry_point<'s>(survey: &'s Survey<'_>, name: &BStr) -> Option<&'s Distribution> {
    survey.distributions().iter().find(|distribution| {
        let text = distribution.read(survey, "entry_points.txt", MOST_ENTRY_POINTS);
        text.is_ok_and(|text| declares(&text, name))
    })
}

/// The distribution that a script belongs to, by either.
pub fn of<'s>(survey: &'s Survey<'_>, name: &BStr) -> Option<&'s Distribution> {
    by_record(survey, name).or_else(|| by_entry_point(survey, name))
}

/// Whether a path of a `RECORD` leads out of the site folder to `bin/name`.
fn lists(path: &BStr, bin: &BStr, name: &BStr) -> bool {
    let above = path.strip_suffix(name.as_bytes()).and_then(|rest| rest.strip_suffix(b"/"));
    let above = above.filter(|above| above.starts_with(b"..") || above.starts_with(b"/"));
    above.and_then(|above| above.strip_suffix(bin.as_bytes())).is_some_and(|rest| rest.ends_with(b"/"))
}

fn declares(text: &[u8], name: &BStr) -> bool {
    let stem = name.strip_suffix(b".exe").unwrap_or(name);
    let mut counts = false;
    text.lines().map(<[u8]>::trim).any(|line| {
        if line.starts_with(b"[") {
            counts = matches!(line, b"[console_scripts]" | b"[gui_scripts]");
            return false;
        }
        counts && line.split_once_str("=").is_some_and(|(key, _)| key.trim() == stem)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_entry_points_name_scripts() {
        assert!(lists("../../../bin/pip".into(), "bin".into(), "pip".into()));
        assert!(!lists("../../../bin/mypip".into(), "bin".into(), "pip".into()));
        assert!(!lists("pkg/bin/pip".into(), "bin".into(), "pip".into()));
        let text = b"[other]\nx = y\n[console_scripts]\npip = pip:main\npip3=pip:main\n";
        assert!(declares(text, "pip".into()) && declares(text, "pip3".into()) && declares(text, "pip.exe".into()));
        assert!(!declares(text, "x".into()) && !declares(text, "pi".into()));
    }
}
