//! Literals in the tokens of a module, which is read and never run.

use bstr::BString;

use crate::startup::{Token, Tokens, word};

/// How deep values may be nested.
const MOST_NESTED: usize = 8;

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    /// A string.
    Text(BString),
    /// A list, a tuple or a set.
    List(Vec<Literal>),
    /// A dictionary.
    Map(Vec<(Literal, Literal)>),
    /// `True`.
    True,
    /// A number, or another name.
    Other,
}

impl Literal {
    /// The string, if it is one.
    pub fn text(&self) -> Option<&BString> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The strings of a list; none where it is no list of strings.
    pub fn texts(&self) -> Option<Vec<BString>> {
        match self {
            Self::List(list) => list.iter().map(|item| item.text().cloned()).collect(),
            _ => None,
        }
    }

    /// The entries of a dictionary whose keys are strings; none where it is no such dictionary.
    pub fn entries(&self) -> Option<Vec<(BString, &Literal)>> {
        match self {
            Self::Map(map) => map.iter().map(|(key, value)| Some((key.text()?.clone(), value))).collect(),
            // `{}` may be taken for an empty list or set by nobody.
            _ => None,
        }
    }

    /// A dictionary from strings to strings.
    pub fn paths(&self) -> Option<Vec<(BString, BString)>> {
        self.entries()?.into_iter().map(|(key, value)| Some((key, value.text()?.clone()))).collect()
    }
}

/// The lines that are outside of any block.
fn top_level(found: &Tokens) -> impl Iterator<Item = &[Token]> {
    let lines = found.list.split_inclusive(|token| *token == Token::Newline);
    lines.zip(&found.indents).filter(|(_, indent)| **indent == Some(0)).map(|(line, _)| line)
}

/// The literal that is assigned to a name, perhaps with an annotation, in the only line that does so.
pub(super) fn assigned(found: &Tokens, name: &str) -> Option<Literal> {
    let is_target = |line: &&[Token]| word(line, 0) == name && matches!(line.get(1), Some(Token::Op("=" | ":")));
    let mut lines = top_level(found).filter(is_target);
    let line = lines.next().filter(|_| lines.next().is_none())?;
    let sign = line.iter().position(|token| *token == Token::Op("="))?;
    value(&line[sign + 1..], MOST_NESTED).map(|(value, _)| value)
}

/// The arguments of each call of a function, or of a method, that is a statement or assigned, anywhere in the module. An
/// argument that is given by its name counts like the others.
pub(super) fn calls(found: &Tokens, function: &str) -> Vec<Vec<Literal>> {
    let is_call = |at: &usize| {
        let is_definition =
            at.checked_sub(1).is_some_and(|before| matches!(word(&found.list, before), "def" | "class"));
        word(&found.list, *at) == function && found.list.get(at + 1) == Some(&Token::Op("(")) && !is_definition
    };
    let starts = (0..found.list.len()).filter(is_call);
    starts.filter_map(|at| Some(sequence(&found.list[at + 2..], ")", MOST_NESTED)?.0)).map(values).collect()
}

/// Whether a module defines a class.
pub(super) fn defines_class(found: &Tokens, name: &str) -> bool {
    top_level(found).any(|line| word(line, 0) == "class" && word(line, 1) == name)
}

fn values(items: Vec<(Option<Literal>, Literal)>) -> Vec<Literal> {
    items.into_iter().map(|(_, value)| value).collect()
}

/// The literal at the beginning of tokens, and what follows it.
fn value(tokens: &[Token], depth: usize) -> Option<(Literal, &[Token])> {
    let depth = depth.checked_sub(1)?;
    let (first, rest) = tokens.split_first()?;
    match first {
        Token::Text(Some(_)) => {
            let mut whole = BString::default();
            let mut rest = tokens;
            while let Some((Token::Text(Some(text)), after)) = rest.split_first() {
                whole.extend_from_slice(text);
                rest = after;
            }
            Some((Literal::Text(whole), rest))
        }
        Token::Op("{") => {
            let (items, rest) = sequence(rest, "}", depth)?;
            let is_map = items.iter().all(|(key, _)| key.is_some());
            let map = || items.iter().filter_map(|(key, value)| Some((key.clone()?, value.clone()))).collect();
            Some((if is_map { Literal::Map(map()) } else { Literal::List(values(items.clone())) }, rest))
        }
        Token::Op("[") => sequence(rest, "]", depth).map(|(items, rest)| (Literal::List(values(items)), rest)),
        Token::Op("(") => sequence(rest, ")", depth).map(|(items, rest)| (Literal::List(values(items)), rest)),
        Token::Name(name) if name == "True" => Some((Literal::True, rest)),
        Token::Name(_) | Token::Number(_) => {
            // A call without arguments, such as `set()`, is an empty one.
            match rest {
                [Token::Op("("), Token::Op(")"), rest @ ..] => Some((Literal::List(Vec::new()), rest)),
                _ => Some((Literal::Other, rest)),
            }
        }
        _ => None,
    }
}

type Items = Vec<(Option<Literal>, Literal)>;

/// What is between brackets, each with its key, and what follows them.
fn sequence<'t>(mut tokens: &'t [Token], close: &str, depth: usize) -> Option<(Items, &'t [Token])> {
    let is_close = |token: &Token| matches!(token, Token::Op(op) if *op == close);
    let mut items = Vec::new();
    loop {
        let (first, rest) = tokens.split_first()?;
        if is_close(first) {
            return Some((items, rest));
        }
        if let [Token::Name(_), Token::Op("="), rest @ ..] = tokens {
            tokens = rest;
        }
        let (one, rest) = value(tokens, depth)?;
        tokens = rest;
        if let Some((Token::Op(":"), rest)) = tokens.split_first() {
            let (other, rest) = value(rest, depth)?;
            items.push((Some(one), other));
            tokens = rest;
        } else {
            items.push((None, one));
        }
        match tokens.split_first()? {
            (Token::Op(","), rest) => tokens = rest,
            (token, _) if is_close(token) => {}
            _ => return None,
        }
    }
}
