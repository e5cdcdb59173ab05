//! Notations that a shell or another program would have replaced, and that Python takes literally: `~`, `$NAME`, `%NAME%`,
//! quotes, and the separator of another system.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::shell::posix;
use crate::text::sentence;

/// What was meant by a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// These paths, each of which exists.
    Paths(Vec<BString>),
    /// What a shell makes of this: it depends on variables that startup does not consult. Everything else is quoted.
    Shell(BString),
    /// Paths that do not exist either.
    Nothing,
    /// Nobody can say: it depends on something that neither a shell nor the variables tell.
    Unknown,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'t> {
    /// As it is.
    Literal(&'t BStr),
    /// The value of a variable.
    Variable(&'t str),
    /// Something that only another program understands, such as `${workspaceFolder}`.
    Other,
}

/// Which notation a text contains, as the end of a sentence; none where it is an ordinary path.
pub fn complaint(flavor: Flavor, text: &BStr) -> Option<&'static str> {
    let is_windows = flavor == Flavor::Windows;
    let bare = unquoted(text);
    let has_dollar = text.contains(&b'$');
    let has_percent = pieces(bare).iter().any(|piece| matches!(piece, Piece::Variable(_)));
    if text.starts_with(b"~") {
        Some("begins with ~, which only a shell expands, and only outside of quotes")
    } else if has_dollar || has_percent {
        Some("contains a variable that no shell has expanded")
    } else if bare.len() < text.len() && has_quote(text) {
        Some("is in quotes, which Python takes as part of the name")
    } else if parts(flavor, text).len() > 1 {
        Some("contains the separator of another system, so Python takes it as one directory")
    } else if is_windows || bare.len() == text.len() {
        None
    } else {
        Some("begins or ends with a blank, which Python takes as part of the name")
    }
}

/// What was meant, as far as the variables and the machine tell.
pub fn meaning(survey: &Survey<'_>, text: &BStr) -> Meaning {
    let flavor = survey.flavor();
    let bare = unquoted(text);
    let mut paths = Vec::new();
    for part in parts(flavor, bare) {
        let Some((home, rest)) = expanded_home(survey, part) else { return Meaning::Unknown };
        let literal = sentence!(home.clone().unwrap_or_default(), rest);
        if survey.exists(literal.as_bstr()) {
            paths.push(literal);
            continue;
        }
        let pieces = (home, pieces(rest));
        match replaced(survey, &pieces) {
            Ok(path) => paths.push(path),
            Err(Meaning::Shell(shell)) if parts(flavor, bare).len() == 1 => return Meaning::Shell(shell),
            Err(_) => return Meaning::Unknown,
        }
    }
    paths.retain(|path| survey.exists(path.as_bstr()));
    if paths.is_empty() { Meaning::Nothing } else { Meaning::Paths(paths) }
}

fn has_quote(text: &BStr) -> bool {
    [text.first(), text.last()].into_iter().flatten().any(|byte| matches!(byte, b'"' | b'\''))
}

/// Without the quotes and blanks around it.
fn unquoted(text: &BStr) -> &BStr {
    text.trim_with(|c| matches!(c, '"' | '\'' | ' ' | '\t')).as_bstr()
}

/// What is between the separators of the other system.
fn parts(flavor: Flavor, text: &BStr) -> Vec<&BStr> {
    match flavor {
        Flavor::Posix => text.split(|&byte| byte == b';').map(BStr::new).filter(|part| !part.is_empty()).collect(),
        // The first colon may be that of a drive.
        Flavor::Windows if text.get(2..).is_some_and(|rest| rest.contains(&b':')) => vec![text, text],
        Flavor::Windows => vec![text],
    }
}

/// The home directory that a `~` means, and what follows; none for the home of another user.
fn expanded_home<'t>(survey: &Survey<'_>, text: &'t BStr) -> Option<(Option<BString>, &'t BStr)> {
    let Some(rest) = text.strip_prefix(b"~") else { return Some((None, text)) };
    if !rest.is_empty() && !matches!(rest[0], b'/' | b'\\') {
        return None;
    }
    let name = if survey.flavor() == Flavor::Windows { "USERPROFILE" } else { "HOME" };
    let set = survey.resolution.invocation.variable(name).map(ToOwned::to_owned);
    let home = set.filter(|home| !home.is_empty()).or_else(|| survey.ask.host().account_home())?;
    Some((Some(home), rest.as_bstr()))
}

/// The text with every variable replaced, or what a shell would have to do.
fn replaced(survey: &Survey<'_>, (home, pieces): &(Option<BString>, Vec<Piece<'_>>)) -> Result<BString, Meaning> {
    let mut path = home.clone().unwrap_or_default();
    let mut shell = home.as_ref().map(|home| posix(home.as_bstr())).unwrap_or_default();
    let mut needs_shell = false;
    for piece in pieces {
        match *piece {
            Piece::Literal(text) => {
                path.extend_from_slice(text);
                shell.extend_from_slice(&posix(text));
            }
            Piece::Variable(name) => {
                if let Some(value) = survey.resolution.invocation.variable(name) {
                    path.extend_from_slice(value);
                    shell.extend_from_slice(&posix(value));
                } else {
                    // With `:?`, the shell refuses to go on where the variable is not set.
                    shell.extend_from_slice(format!("\"${{{name}:?}}\"").as_bytes());
                    needs_shell = true;
                }
            }
            Piece::Other => return Err(Meaning::Unknown),
        }
    }
    match needs_shell {
        true if survey.flavor() == Flavor::Posix => Err(Meaning::Shell(shell)),
        true => Err(Meaning::Unknown),
        false => Ok(path),
    }
}

/// Splits a text at `$NAME`, `${NAME}`, `${env:NAME}` and `%NAME%`.
fn pieces(text: &BStr) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let Some((piece, length)) = variable(text[at..].as_bstr()) else {
            at += 1;
            continue;
        };
        pieces.push(Piece::Literal(text[start..at].as_bstr()));
        pieces.push(piece);
        at += length;
        start = at;
    }
    pieces.push(Piece::Literal(text[start..].as_bstr()));
    pieces
}

/// The variable at the beginning of a text, and the length of its notation.
fn variable(text: &BStr) -> Option<(Piece<'_>, usize)> {
    if let Some(inside) = text.strip_prefix(b"${") {
        let end = inside.find_byte(b'}')?;
        let name = &inside[..end];
        return Some((named(name.strip_prefix(b"env:").unwrap_or(name)), end + 3));
    }
    if let Some(rest) = text.strip_prefix(b"$") {
        let length = name_of(rest);
        return Some((named(&rest[..length]), length + 1));
    }
    let rest = text.strip_prefix(b"%")?;
    let length = name_of(rest);
    let is_name = length > 0 && rest.get(length) == Some(&b'%') && !rest[0].is_ascii_digit();
    is_name.then(|| (named(&rest[..length]), length + 2))
}

/// How many bytes at the beginning of a text may belong to the name of a variable.
fn name_of(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

fn named(name: &[u8]) -> Piece<'_> {
    let is_name = name.first().is_some_and(|first| !first.is_ascii_digit()) && name_of(name) == name.len();
    std::str::from_utf8(name).ok().filter(|_| is_name).map_or(Piece::Other, Piece::Variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_in_every_notation() {
        for (text, names) in [
            ("$HOME/lib", vec!["HOME"]),
            ("${HOME}/$X", vec!["HOME", "X"]),
            ("${env:HOME}/lib", vec!["HOME"]),
            ("%USERPROFILE%\\lib", vec!["USERPROFILE"]),
            ("/a%20b%", vec![]),
            ("/plain", vec![]),
        ] {
            let found: Vec<&str> = pieces(text.into())
                .into_iter()
                .filter_map(|piece| if let Piece::Variable(name) = piece { Some(name) } else { None })
                .collect();
            assert_eq!(found, names, "{text}");
        }
        for other in ["${workspaceFolder:x}/a", "$(pwd)/a", "$1", "${X:-y}"] {
            assert!(pieces(other.into()).contains(&Piece::Other), "{other}");
        }
    }

    #[test]
    fn notations_are_named() {
        let posix = |text: &str| complaint(Flavor::Posix, text.into()).is_some();
        for odd in ["~/lib", "$HOME", "%HOME%/lib", "\"/opt/lib\"", "/opt/lib'", "/a;/b", " /opt", "/opt "] {
            assert!(posix(odd), "{odd}");
        }
        for plain in ["/opt/lib", "lib", "/a b/c", "/it's/here", "/100%/x"] {
            assert!(!posix(plain), "{plain}");
        }
        assert!(complaint(Flavor::Windows, r"C:\a:C:\b".into()).is_some());
        assert!(complaint(Flavor::Windows, r"C:\a".into()).is_none());
    }
}
