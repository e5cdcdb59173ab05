//! Text that goes into the log of a CI service, where some lines are commands.
//!
//! GitHub obeys `::NAME::…` at the start of a line and `##[NAME]` anywhere in it, Azure Pipelines and `TeamCity` obey
//! `##NAME[…]`, and GitLab folds at `section_start:`. A path that is wrapped onto a line of its own must be none of these.

use std::borrow::Cow;

use crate::host::Host;
use crate::text::document::begins_command;

/// The variables by which the services say that it is they who read.
const SERVICES: [&str; 5] = ["CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "TEAMCITY_VERSION"];

/// Whether a CI service keeps what this process prints.
pub fn is_kept(host: &dyn Host) -> bool {
    SERVICES.iter().any(|name| host.variable(name).is_some_and(|value| !value.is_empty() && value != "false"))
}

/// The text with the first character of each command written as an escape.
pub fn harmless(text: &[u8]) -> Cow<'_, [u8]> {
    let Ok(plain) = str::from_utf8(text) else { return Cow::Borrowed(text) };
    let is_harmless = |line: &str| command(beginning(line)).is_none() && !line.contains("##");
    if plain.split_inclusive('\n').all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    plain.split_inclusive('\n').for_each(|line| add_line(line, &mut safe));
    Cow::Owned(safe.into_bytes())
}

fn add_line(line: &str, safe: &mut String) {
    let rest = beginning(line);
    let (before, rest) = match command(rest) {
        Some((name, escaped)) => {
            safe.push_str(&line[..line.len() - rest.len()]);
            (escaped, &rest[name.len()..])
        }
        None => ("", line),
    };
    safe.push_str(before);
    for (at, c) in rest.char_indices() {
        match c {
            '#' if begins_command(&rest[at..]) => safe.push_str("\\x23"),
            c => safe.push(c),
        }
    }
}

/// A line from its first visible character on: blanks and colors are passed over.
fn beginning(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(after) = rest.strip_prefix("\x1b[") {
        let parameters = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        rest = parameters.strip_prefix('m').unwrap_or(parameters).trim_start();
    }
    rest
}

/// What makes a line a command, and how it is written instead.
fn command(line: &str) -> Option<(&'static str, &'static str)> {
    [("::", "\\x3a:"), ("section_start:", "section_start\\x3a"), ("section_end:", "section_end\\x3a")]
        .into_iter()
        .find(|(name, _)| line.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_a_command() {
        for (text, safe) in [
            ("a ::b\n  ::error::x\nc", "a ::b\n  \\x3a:error::x\nc"),
            ("\x1b[1;31m::error::x", "\x1b[1;31m\\x3a:error::x"),
            ("a ##[error]x ##vso[y] ###[z", "a \\x23#[error]x \\x23#vso[y] #\\x23#[z"),
            ("section_start:1:a", "section_start\\x3a1:a"),
            ("std::path, ## no", "std::path, ## no"),
        ] {
            assert_eq!(harmless(text.as_bytes()).as_ref(), safe.as_bytes());
        }
    }
}
