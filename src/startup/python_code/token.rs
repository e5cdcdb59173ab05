//! The tokens of code.

use std::ops::Range;

use bstr::BString;

use super::{Grammar, Wrong, string};

/// A piece of code.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name or a keyword.
    Name(String),
    /// A string, with its value where that is known.
    Text(Option<BString>),
    /// A bytes literal.
    Bytes(Option<BString>),
    /// A number; its value where it is a small whole number.
    Number(Option<i64>),
    /// An operator or a delimiter.
    Op(&'static str),
    /// The end of a logical line.
    Newline,
}

/// The name at a place; nothing where something else is there.
pub fn word(tokens: &[Token], at: usize) -> &str {
    match tokens.get(at) {
        Some(Token::Name(name)) => name,
        _ => "",
    }
}

/// The tokens of a text, the line of each, and what is known of the indentation of the lines.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The tokens; the last is [`Token::Newline`].
    pub list: Vec<Token>,
    /// The physical line of each, from 1.
    pub lines: Vec<usize>,
    /// The column at which each logical line begins, tabs up to multiples of eight.
    pub indents: Vec<Option<usize>>,
    /// The same with each tab as one column: Python refuses code whose blocks depend on the width of a tab.
    pub narrow_indents: Vec<usize>,
    /// Where each token is in [`Tokens::text`].
    pub spans: Vec<Range<usize>>,
    /// The text, with every line end as a newline.
    pub text: Vec<u8>,
    /// Whether every token was understood.
    pub is_sure: bool,
}

/// How wide a tab is in front of code.
const TAB: usize = 8;

/// Operators, the longest first.
const OPERATORS: &[&str] = &[
    "**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "==",
    "<=", ">=", "**", "//", "<<", ">>", "+", "-", "*", "/", "%", "&", "|", "^", "~", "@", "<", ">", "=", "(", ")", "[",
    "]", "{", "}", ",", ":", ".", ";",
];

pub(super) struct Reader<'t> {
    pub text: &'t [u8],
    /// The same text, of which no part has to be validated again.
    valid: &'t str,
    pub at: usize,
    pub line: usize,
    pub grammar: Grammar,
    pub is_sure: bool,
    open: Vec<u8>,
    is_line_start: bool,
    found: Tokens,
}

/// Takes code apart.
///
/// # Errors
/// Where the release refuses the code, or this reader does not know.
pub fn tokens(code: &[u8], grammar: Grammar) -> Result<Tokens, Wrong> {
    if code.contains(&0) {
        return Err(Wrong::Unsure);
    }
    let mut text = Vec::with_capacity(code.len() + 1);
    let mut bytes = code.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\r' {
            bytes.next_if_eq(&b'\n');
            text.push(b'\n');
        } else {
            text.push(byte);
        }
    }
    text.push(b'\n');
    let mut reader = Reader::new(std::str::from_utf8(&text).map_err(|_| Wrong::Unsure)?, grammar);
    while reader.at < text.len() {
        let start = reader.at;
        reader.next()?;
        let span = start..reader.at;
        reader.found.spans.resize(reader.found.list.len(), span);
    }
    if !reader.open.is_empty() {
        return Err(reader.invalid());
    }
    reader.end_line();
    let mut found = reader.found;
    found.is_sure = reader.is_sure;
    found.spans.resize(found.list.len(), text.len()..text.len());
    found.text = text;
    Ok(found)
}

impl<'t> Reader<'t> {
    fn new(valid: &'t str, grammar: Grammar) -> Self {
        let (open, found) = (Vec::new(), Tokens::default());
        let text = valid.as_bytes();
        Self { text, valid, at: 0, line: 1, grammar, is_sure: true, open, is_line_start: true, found }
    }

    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn byte_before(&self) -> Option<u8> {
        self.at.checked_sub(1).map(|at| self.text[at])
    }

    pub(super) fn invalid(&self) -> Wrong {
        Wrong::Invalid(self.line)
    }

    fn push(&mut self, token: Token) {
        self.found.list.push(token);
        self.found.lines.push(self.line);
    }

    fn end_line(&mut self) {
        if self.found.list.last().is_some_and(|last| *last != Token::Newline) {
            self.push(Token::Newline);
        }
        self.is_line_start = true;
    }

    fn next(&mut self) -> Result<(), Wrong> {
        let Some(byte) = self.byte(0) else { return Ok(()) };
        match byte {
            b'\n' => {
                if self.open.is_empty() {
                    self.end_line();
                }
                self.line += 1;
                self.at += 1;
                return Ok(());
            }
            b'#' => {
                self.at += self.text[self.at..].iter().position(|byte| *byte == b'\n').unwrap_or(0);
                return Ok(());
            }
            b'\\' => return self.continuation(),
            b' ' | b'\t' | b'\x0c' if !self.is_line_start => {
                self.at += 1;
                return Ok(());
            }
            _ => {}
        }
        if self.is_line_start && self.open.is_empty() {
            self.indentation();
            return Ok(());
        }
        self.is_line_start = false;
        match byte {
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_some_and(|next| next.is_ascii_digit()) => self.number(),
            b'\'' | b'"' => self.string(0),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.name(),
            _ => self.operator(),
        }
    }

    /// The blanks in front of a logical line. A line with nothing but a comment has no indentation.
    fn indentation(&mut self) {
        let start = self.at;
        while matches!(self.byte(0), Some(b' ' | b'\t' | b'\x0c')) {
            self.at += 1;
        }
        if !matches!(self.byte(0), Some(b'\n' | b'#')) {
            let blanks = &self.text[start..self.at];
            let (mut wide, mut narrow) = (0, 0);
            for blank in blanks {
                (wide, narrow) = match blank {
                    b' ' => (wide + 1, narrow + 1),
                    b'\t' => ((wide / TAB + 1) * TAB, narrow + 1),
                    _ => (0, 0),
                };
            }
            self.found.indents.push(Some(wide));
            self.found.narrow_indents.push(narrow);
            self.is_line_start = false;
        } else if self.byte(0) == Some(b'\n') {
            self.line += 1;
            self.at += 1;
        }
    }

    /// A backslash at the end of a line.
    fn continuation(&mut self) -> Result<(), Wrong> {
        if self.is_line_start {
            return Err(Wrong::Unsure);
        }
        if self.byte(1) != Some(b'\n') {
            return Err(self.invalid());
        }
        self.at += 2;
        let is_last = self.text[self.at..].iter().all(|byte| *byte == b'\n');
        if is_last && self.grammar.backslash_needs_line {
            return Err(self.invalid());
        }
        self.line += 1;
        Ok(())
    }

    fn name(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        let rest = self.valid.get(start..).ok_or(Wrong::Unsure)?;
        let length = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
        if length == 0 {
            // Directly behind a name, it may be a mark that is part of the name.
            let follows_name =
                matches!(self.byte_before(), Some(b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80..));
            let is_blank = rest.starts_with(char::is_whitespace);
            let is_odd_letter = rest.starts_with(['\u{2118}', '\u{212e}', '\u{309b}', '\u{309c}']);
            return Err(if !is_blank && (follows_name || is_odd_letter) { Wrong::Unsure } else { self.invalid() });
        }
        let name = &rest[..length];
        if matches!(rest.as_bytes().get(length), Some(b'\'' | b'"')) && string::is_prefix(name, self.grammar) {
            return self.string(length);
        }
        if !name.is_ascii() || rest[length..].starts_with(|c: char| !c.is_ascii()) {
            self.is_sure = false;
        }
        let token = Token::Name(name.to_owned());
        self.push(token);
        self.at += length;
        Ok(())
    }

    fn string(&mut self, prefix: usize) -> Result<(), Wrong> {
        let line = self.line;
        let token = string::read(self, prefix)?;
        self.found.list.push(token);
        self.found.lines.push(line);
        Ok(())
    }

    fn number(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        while let Some(byte) = self.byte(0) {
            let is_exponent = matches!(self.text[self.at - usize::from(self.at > start)], b'e' | b'E')
                && !self.text[start..self.at].starts_with(b"0x")
                && !self.text[start..self.at].starts_with(b"0X");
            let goes_on = byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'.')
                || (matches!(byte, b'+' | b'-') && is_exponent && self.at > start);
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.text[start..self.at]).map_err(|_| Wrong::Unsure)?.to_owned();
        match number(&text) {
            Some(value) => self.push(Token::Number(value)),
            // Such as `1if`, which releases judge differently.
            None if text.contains(['i', 'o', 'a', 'n', 'e', '.']) && !text.contains('_') => return Err(Wrong::Unsure),
            None => return Err(self.invalid()),
        }
        Ok(())
    }

    fn longest_operator(&self) -> Option<&'static str> {
        let rest = &self.text[self.at..];
        // The commonest ones begin no other.
        match rest.first()? {
            b'(' => return Some("("),
            b')' => return Some(")"),
            b',' => return Some(","),
            b';' => return Some(";"),
            b'[' => return Some("["),
            b']' => return Some("]"),
            _ => {}
        }
        let walrus = self.grammar.walrus;
        OPERATORS.iter().find(|op| rest.starts_with(op.as_bytes()) && (**op != ":=" || walrus)).copied()
    }

    fn operator(&mut self) -> Result<(), Wrong> {
        let Some(op) = self.longest_operator() else { return Err(self.invalid()) };
        match op {
            "(" | "[" | "{" => self.open.push(op.as_bytes()[0]),
            ")" | "]" | "}" => {
                let opener = match op {
                    ")" => b'(',
                    "]" => b'[',
                    _ => b'{',
                };
                if self.open.pop() != Some(opener) {
                    return Err(self.invalid());
                }
            }
            _ => {}
        }
        self.push(Token::Op(op));
        self.at += op.len();
        Ok(())
    }
}

/// The value of a number; none outside if it is not a number in any release.
#[expect(clippy::option_option, reason = "a number or not, and of known value or not")]
fn number(text: &str) -> Option<Option<i64>> {
    let is_digits = |digits: &str, radix: u32| {
        !digits.is_empty()
            && !digits.ends_with('_')
            && !digits.starts_with('_')
            && !digits.contains("__")
            && digits.chars().all(|c| c == '_' || c.is_digit(radix))
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        let lower = text.to_ascii_lowercase();
        if let Some(digits) = lower.strip_prefix(prefix) {
            let plain = digits.strip_prefix('_').unwrap_or(digits);
            return is_digits(plain, radix).then(|| i64::from_str_radix(&plain.replace('_', ""), radix).ok());
        }
    }
    if is_digits(text, 10) {
        let plain = text.replace('_', "");
        let is_octal = plain.len() > 1 && plain.starts_with('0') && plain.contains(|c| c != '0');
        return (!is_octal).then(|| plain.parse().ok());
    }
    let real = text.strip_suffix(['j', 'J']).unwrap_or(text);
    let (mantissa, exponent) = match real.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (real, None),
    };
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    let is_part = |part: &str| part.is_empty() || is_digits(part, 10);
    let is_number = is_part(whole)
        && fraction.is_none_or(is_part)
        && exponent.is_none_or(|exponent| is_digits(exponent, 10))
        && !(whole.is_empty() && fraction.is_none_or(str::is_empty));
    is_number.then_some(None)
}
