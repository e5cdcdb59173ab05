//! Lines of `pyvenv.cfg` as evidence, and the fixes that change them.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Cfg, CfgLine, Survey};
use crate::host::path::Flavor;
use crate::rules::{Evidence, Fix, Line, fixes};
use crate::text::sentence;

/// The lines of a longer file are not judged one by one: no creator writes nearly as many.
pub const MOST_LINES: usize = 1000;
/// One command deletes at most this many lines.
const MOST_DELETED: usize = 32;

/// A whole line as evidence, with one part of it marked.
pub fn evidence(cfg: &Cfg, line: &CfgLine, part: impl AsRef<[u8]>) -> Evidence {
    Evidence::line(cfg.path.clone(), line.number, line.text.clone()).marking(part)
}

/// A whole line as evidence, with its value marked, even where the key contains the same text.
pub fn value_evidence(cfg: &Cfg, line: &CfgLine) -> Evidence {
    let evidence = Evidence::line(cfg.path.clone(), line.number, line.text.clone());
    match line.text.rfind(line.value.as_slice()) {
        Some(at) => evidence.span(at..at + line.value.len()),
        None => evidence,
    }
}

/// Sets the value of a line; its key keeps its spelling.
pub fn set(survey: &Survey<'_>, cfg: &Cfg, line: &CfgLine, value: &BStr) -> Fix {
    let key = line.key.as_ref().and_then(|key| key.to_str().ok()).unwrap_or("home");
    fixes::set_key(survey, cfg.path.as_bstr(), key, value)
}

/// Appends a line, whether or not the last line ends in a line break.
pub fn append(survey: &Survey<'_>, cfg: &Cfg, key: &str, value: &BStr) -> Fix {
    let line = sentence!(key, " = ", value);
    let fix = Fix::advice(sentence!("add the line ", line, " to ", cfg.path));
    if survey.flavor() == Flavor::Windows {
        return fix;
    }
    let is_ended = cfg.bytes().is_some_and(|content| content.is_empty() || content.ends_with(b"\n"));
    fix.command(fixes::append(survey, cfg.path.as_bstr(), is_ended, line.as_bstr())).safe()
}

/// Deletes lines by their numbers; gives advice alone where `sed` would count lines differently.
pub fn delete(survey: &Survey<'_>, cfg: &Cfg, numbers: &[usize], advice: impl Into<BString>) -> Fix {
    let counts_alike = cfg.bytes().is_some_and(|content| !has_lone_return(content));
    let is_feasible = counts_alike && (1..=MOST_DELETED).contains(&numbers.len());
    let command = is_feasible.then(|| fixes::delete_lines(survey, cfg.path.as_bstr(), numbers)).flatten();
    Fix::advice(advice).commands(command)
}

/// Whether a carriage return alone ends a line, as only Python counts lines.
fn has_lone_return(content: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', content).any(|at| content.get(at + 1) != Some(&b'\n'))
}

/// The command that writes a `pyvenv.cfg` with no more than an environment needs.
pub fn write_minimal(survey: &Survey<'_>, path: &BString, home: &BString) -> Line {
    let version = survey.version().map(|version| BString::from(format!("version = {version}")));
    let lines = [sentence!("home = ", home), "include-system-site-packages = false".into()];
    fixes::write(survey, path.as_bstr(), lines.into_iter().chain(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_carriage_return_without_a_line_feed_ends_a_line() {
        assert!(!has_lone_return(b"a\r\nb\n"));
        assert!(has_lone_return(b"a\rb\n") && has_lone_return(b"a\r"));
    }
}
