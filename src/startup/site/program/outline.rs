//! The statements of a module, function by function, so that comments, docstrings, blank lines and quotes do not count.

use std::fmt::Write;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::startup::python_code::{Grammar, Token, Tokens, tokens};

/// How many bytes of a digest are compared.
const DIGEST_BYTES: usize = 8;

/// A logical line: how deep it is, and its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number of blocks that it is in.
    pub depth: usize,
    /// Its tokens, one blank between two.
    pub code: String,
}

/// A statement at the top level, with everything in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The name of the function or class that it defines; empty for other statements.
    pub name: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Takes a module apart; none where it is not understood.
pub fn items(text: &[u8], grammar: Grammar) -> Option<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    for line in lines(text, grammar)? {
        match items.last_mut() {
            Some(item) if line.depth > 0 => item.lines.push(line),
            _ => items.push(Item { name: name(&line.code).to_owned(), lines: vec![line] }),
        }
    }
    Some(items)
}

/// The logical lines of code, without strings that are statements of their own.
pub fn lines(text: &[u8], grammar: Grammar) -> Option<Vec<Line>> {
    let found = tokens(text, grammar).ok()?;
    let mut lines = Vec::new();
    let mut open: Vec<usize> = vec![0];
    let mut start = 0;
    for indent in &found.indents {
        let length = found.list.get(start..)?.iter().position(|token| *token == Token::Newline)?;
        let indent = (*indent)?;
        while open.last().is_some_and(|block| *block > indent) {
            open.pop();
        }
        if open.last().is_none_or(|block| *block < indent) {
            open.push(indent);
        }
        let is_docstring = length == 1 && matches!(found.list[start], Token::Text(_));
        if !is_docstring {
            lines.push(Line { depth: open.len() - 1, code: code(&found, start..start + length) });
        }
        start += length + 1;
    }
    (start == found.list.len()).then_some(lines)
}

/// The tokens of a line as text. Of a string counts what it says, and not how it is written.
fn code(found: &Tokens, range: std::ops::Range<usize>) -> String {
    let mut code = String::new();
    for at in range {
        if !code.is_empty() {
            code.push(' ');
        }
        // Writing to a string cannot fail.
        let _ = match &found.list[at] {
            Token::Text(Some(value)) => write!(code, "{value:?}"),
            _ => write!(code, "{}", String::from_utf8_lossy(&found.text[found.spans[at].clone()])),
        };
    }
    code
}

/// The name that a line begins to define.
fn name(code: &str) -> &str {
    let mut words = code.split(' ');
    match words.next() {
        Some("def" | "class") => words.next().unwrap_or_default(),
        _ => "",
    }
}

/// The beginning of the digest of everything in the items.
pub fn digest<'i>(items: impl Iterator<Item = &'i Item>) -> String {
    let mut hash = Sha256::new();
    for line in items.flat_map(|item| &item.lines) {
        hash.update([u8::try_from(line.depth).unwrap_or(u8::MAX)]);
        hash.update(&line.code);
        hash.update(b"\n");
    }
    HEXLOWER.encode(&hash.finalize()[..DIGEST_BYTES])
}

/// The beginning of the digest of a file.
pub fn file_digest(text: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(text)[..DIGEST_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::startup::behaviors::Behaviors;

    const TEXT: &str =
        "\"\"\"About.\n\nMore.\n\"\"\"\nimport os\n\ndef quits():\n    pass\n\ndef main():\n    return 'a'\n";

    fn of(text: &str) -> Vec<Item> {
        items(text.as_bytes(), Grammar::of(&Behaviors::of("3.8".parse().unwrap()))).unwrap()
    }

    #[test]
    fn comments_docstrings_quotes_and_line_ends_do_not_count() {
        let other = TEXT
            .replace("About", "Of")
            .replace("    return 'a'", "    '''Told.'''\n    # x\n\n    return  \"a\"")
            .replace('\n', "\r\n");
        assert_eq!(of(TEXT), of(&other));
        let names: Vec<String> = of(TEXT).into_iter().map(|item| item.name).collect();
        assert_eq!(names, ["", "quits", "main"]);
    }

    #[test]
    fn every_statement_and_every_block_counts() {
        let digest = |text: &str| digest(of(text).iter());
        let text = "if a:\n    b\n    c\n";
        assert_ne!(digest(text), digest("if a:\n    b\nc\n"));
        assert_ne!(digest(text), digest("if a:\n    b\n    c\nd\n"));
        assert_ne!(digest("a = f'{b}'\n"), digest("a = f'{c}'\n"));
    }
}
