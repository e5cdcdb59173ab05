//! Lines of `pyvenv.cfg` as evidence, and what to do about them.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Cfg, CfgLine, Survey};
use crate::host::path::Flavor;
use crate::rules::{Evidence, Fix, fixes};

/// No creator writes nearly as many lines; in a file with more, single lines are not judged.
pub const MOST_LINES: usize = 1000;
/// More lines are not taken out by one command.
const MOST_DELETED: usize = 32;

/// A whole line as evidence, with the part that is meant.
pub fn evidence(cfg: &Cfg, line: &CfgLine, part: impl AsRef<[u8]>) -> Evidence {
    Evidence::line(cfg.path.clone(), line.number, line.text.clone()).marking(part)
}

/// The value of a line as evidence. Where the key holds the same text, the value is meant.
pub fn value_evidence(cfg: &Cfg, line: &CfgLine) -> Evidence {
    let evidence = Evidence::line(cfg.path.clone(), line.number, line.text.clone());
    match line.text.rfind(line.value.as_slice()) {
        Some(at) => evidence.span(at..at + line.value.len()),
        None => evidence,
    }
}

/// Writes another value into a line, its key spelled as it is.
pub fn set(survey: &Survey<'_>, cfg: &Cfg, line: &CfgLine, value: &BStr) -> Fix {
    let key = line.key.as_ref().and_then(|key| key.to_str().ok()).unwrap_or("home");
    fixes::set_key(survey, cfg.path.as_bstr(), key, value)
}

/// Adds a line at the end, whether or not the last one has an end.
pub fn append(survey: &Survey<'_>, cfg: &Cfg, key: &str, value: &BStr) -> Fix {
    let line = crate::text::sentence!(key, " = ", value);
    let fix = Fix::advice(crate::text::sentence!("add the line ", line, " to ", cfg.path));
    if survey.flavor() == Flavor::Windows {
        return fix;
    }
    let is_ended = cfg.bytes().is_some_and(|content| content.is_empty() || content.ends_with(b"\n"));
    let format = if is_ended { "%s\\n" } else { "\\n%s\\n" };
    let command = fixes::line(survey, "printf").word(format).word(line).raw(">>").word(&cfg.path);
    fix.command(command).safe()
}

/// Takes lines out by their numbers; advice alone where `sed` would count other lines.
pub fn delete(survey: &Survey<'_>, cfg: &Cfg, numbers: &[usize], advice: impl Into<BString>) -> Fix {
    let counts_alike = cfg.bytes().is_some_and(|content| !has_lone_return(content));
    let is_feasible = counts_alike && (1..=MOST_DELETED).contains(&numbers.len());
    let command = is_feasible.then(|| fixes::delete_lines(survey, cfg.path.as_bstr(), numbers)).flatten();
    Fix::advice(advice).commands(command)
}

/// Whether a carriage return alone ends a line, which it does for Python and for nobody else.
fn has_lone_return(content: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', content).any(|at| content.get(at + 1) != Some(&b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_counts_alone_only() {
        assert!(!has_lone_return(b"a\r\nb\n"));
        assert!(has_lone_return(b"a\rb\n") && has_lone_return(b"a\r"));
    }
}
