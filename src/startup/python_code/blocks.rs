//! The blocks of a module: their indentation, what may follow what, and which statements need a block around them.

use super::Grammar;
use super::token::{Token, word};

/// What was last seen at a level, and so may go on with another clause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Chain {
    /// Nothing that goes on.
    #[default]
    None,
    /// `if` or `elif`.
    If,
    /// `for` or `while`.
    Loop,
    /// `try`, which needs another clause.
    Try,
    /// `except` with a class.
    Except,
    /// `except` without one, which is the last.
    BareExcept,
    /// `else` of a `try`.
    TryElse,
    /// A decorator, which needs a definition.
    Decorator,
}

/// What a block belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Function,
    Class,
    Loop,
    Other,
}

/// A level of indentation.
#[derive(Debug)]
struct Level {
    /// Its column with wide tabs, and with narrow ones.
    columns: (usize, usize),
    kind: Kind,
    chain: Chain,
}

/// The blocks that are open.
#[derive(Debug)]
pub(super) struct Blocks {
    levels: Vec<Level>,
    /// The block that the last line has opened.
    opened: Option<Kind>,
}

impl Default for Blocks {
    fn default() -> Self {
        let level = Level { columns: (0, 0), kind: Kind::Other, chain: Chain::None };
        Self { levels: vec![level], opened: None }
    }
}

impl Blocks {
    /// Takes a logical line; whether it may be here.
    pub fn line(&mut self, columns: (usize, usize), tokens: &[Token]) -> bool {
        self.indent(columns) && self.clause(tokens)
    }

    /// Whether the code may end here.
    pub fn end(&mut self) -> bool {
        self.opened.is_none() && self.levels.iter().all(Level::is_complete)
    }

    fn indent(&mut self, columns: (usize, usize)) -> bool {
        let Some(current) = self.levels.last().map(|level| level.columns) else { return false };
        if let Some(kind) = self.opened.take() {
            self.levels.push(Level { columns, kind, chain: Chain::None });
            return columns.0 > current.0 && columns.1 > current.1;
        }
        while self.levels.last().is_some_and(|level| level.columns.0 > columns.0) {
            if !self.levels.pop().is_some_and(|level| level.is_complete()) {
                return false;
            }
        }
        self.levels.last().is_some_and(|level| level.columns == columns)
    }

    /// Whether the line goes on with what came before it at its level.
    fn clause(&mut self, tokens: &[Token]) -> bool {
        let Some(level) = self.levels.last_mut() else { return false };
        let (first, second) = (word(tokens, 0), word(tokens, 1));
        let before = std::mem::take(&mut level.chain);
        let next = match (first, before) {
            ("elif", Chain::If) => Chain::If,
            ("else", Chain::If | Chain::Loop)
            | ("finally", Chain::Try | Chain::TryElse | Chain::Except | Chain::BareExcept) => Chain::None,
            ("else", Chain::Except | Chain::BareExcept) => Chain::TryElse,
            ("except", Chain::Try | Chain::Except) => {
                let is_bare = tokens.get(1) == Some(&Token::Op(":"));
                if is_bare { Chain::BareExcept } else { Chain::Except }
            }
            ("elif" | "else" | "except" | "finally", _) | (_, Chain::Try) => return false,
            ("def" | "class", _) | ("async", Chain::Decorator) => Chain::None,
            _ if tokens.first() == Some(&Token::Op("@")) => Chain::Decorator,
            (_, Chain::Decorator) => return false,
            ("if", _) => Chain::If,
            ("for" | "while", _) => Chain::Loop,
            ("async", _) if second == "for" => Chain::Loop,
            ("try", _) => Chain::Try,
            _ => Chain::None,
        };
        level.chain = next;
        let opens = matches!(tokens, [.., Token::Op(":"), Token::Newline]);
        self.opened = opens.then_some(match (first, second) {
            ("def", _) | ("async", "def") => Kind::Function,
            ("class", _) => Kind::Class,
            ("for" | "while", _) | ("async", "for") => Kind::Loop,
            _ => Kind::Other,
        });
        true
    }

    /// Whether a statement may be in the blocks around it, and is one of the release.
    pub fn allows(&self, tokens: &[Token], grammar: Grammar) -> bool {
        let (first, second) = (word(tokens, 0), word(tokens, 1));
        let is_open = self.opened.is_some();
        match first {
            "return" | "yield" => self.is_inside(Kind::Function, Kind::Class),
            "await" => !grammar.async_keywords || self.is_inside(Kind::Function, Kind::Class),
            "nonlocal" => self.levels.len() > 1,
            "break" | "continue" => {
                let scope = self.levels.iter().rposition(|level| matches!(level.kind, Kind::Function | Kind::Class));
                self.levels[scope.unwrap_or(0)..].iter().any(|level| level.kind == Kind::Loop)
            }
            "async" => !grammar.async_keywords || matches!(second, "def" | "for" | "with"),
            // A name, or the statement of a later release.
            "match" | "case" if is_open && !second.is_empty() && !is_operator(second) => grammar.match_statement,
            "type" if !second.is_empty() && !is_operator(second) => grammar.nested_quotes,
            "def" | "class" => tokens.get(2) != Some(&Token::Op("[")) || grammar.nested_quotes,
            _ => true,
        }
    }

    /// Whether the innermost of two kinds of blocks is the first.
    fn is_inside(&self, wanted: Kind, other: Kind) -> bool {
        let found = self.levels.iter().rev().find(|level| level.kind == wanted || level.kind == other);
        found.is_some_and(|level| level.kind == wanted)
    }
}

impl Level {
    fn is_complete(&self) -> bool {
        !matches!(self.chain, Chain::Try | Chain::Decorator)
    }
}

/// Words between two expressions.
fn is_operator(word: &str) -> bool {
    matches!(word, "in" | "is" | "and" | "or" | "not" | "if" | "else" | "for")
}
