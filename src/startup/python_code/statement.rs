//! Simple statements, with semicolons between them.

use super::token::{self, Token};
use super::{Code, Expression, Grammar, Wrong};

/// A statement, as far as anything is done with it.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `import A.B as C, …`: each name with its alias.
    Import(Vec<(String, Option<String>)>),
    /// `from A import …`.
    From(String),
    /// An expression.
    Expression(Expression),
    /// `NAME = VALUE`.
    Assign(String, Expression),
    /// `raise`.
    Raise(Option<Expression>),
    /// `pass`.
    Pass,
    /// Anything else.
    Other,
}

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The features of `__future__` that every release knows.
const FEATURES: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "generator_stop",
];

const AUGMENTED: &[&str] = &["+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="];

pub(super) struct Parser<'t> {
    pub tokens: &'t [Token],
    pub lines: &'t [usize],
    pub at: usize,
    pub grammar: Grammar,
    /// Whether the code is at the top level, where `return`, `break` and the like have no place.
    pub is_line: bool,
    pub is_sure: bool,
    pub nested: usize,
    pub lambdas: usize,
}

/// Reads one line of code, in which a compound statement has no place, since the line begins with `import`.
///
/// # Errors
/// Where the release refuses the line, or this reader does not know.
pub fn line(code: &[u8], grammar: Grammar) -> Result<Code, Wrong> {
    let found = token::tokens(code, grammar)?;
    let mut parser = Parser::new(&found.list, &found.lines, grammar);
    parser.is_line = true;
    parser.is_sure = found.is_sure;
    let mut statements = Vec::new();
    while !parser.is_at_end() {
        parser.statements(&mut statements)?;
    }
    Ok(Code { statements, is_sure: parser.is_sure, tokens: found.list })
}

impl<'t> Parser<'t> {
    pub(super) fn new(tokens: &'t [Token], lines: &'t [usize], grammar: Grammar) -> Self {
        Self { tokens, lines, at: 0, grammar, is_line: false, is_sure: true, nested: 0, lambdas: 0 }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn ahead(&self, by: usize) -> Option<&Token> {
        self.tokens.get(self.at + by)
    }

    pub(super) fn peek(&self) -> &Token {
        self.ahead(0).unwrap_or(&Token::Newline)
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn wrong(&self) -> Wrong {
        Wrong::Invalid(self.lines.get(self.at).or(self.lines.last()).copied().unwrap_or(1))
    }

    pub(super) fn invalid<T>(&self) -> Result<T, Wrong> {
        Err(self.wrong())
    }

    pub(super) fn is_op(&self, op: &str) -> bool {
        matches!(self.peek(), Token::Op(found) if *found == op)
    }

    pub(super) fn take_op(&mut self, op: &str) -> bool {
        let is_it = self.is_op(op);
        self.at += usize::from(is_it);
        is_it
    }

    pub(super) fn want_op(&mut self, op: &str) -> Result<(), Wrong> {
        if self.take_op(op) { Ok(()) } else { self.invalid() }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Name(found) if found == word)
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_it = self.is_word(word);
        self.at += usize::from(is_it);
        is_it
    }

    pub(super) fn is_keyword(&self, name: &str) -> bool {
        KEYWORDS.contains(&name) || self.grammar.async_keywords && matches!(name, "async" | "await")
    }

    /// A name that is no keyword.
    pub(super) fn name(&mut self) -> Result<String, Wrong> {
        match self.peek().clone() {
            Token::Name(name) if !self.is_keyword(&name) => {
                self.advance();
                Ok(name)
            }
            _ => self.invalid(),
        }
    }

    /// Statements up to the end of the logical line.
    pub(super) fn statements(&mut self, into: &mut Vec<Statement>) -> Result<(), Wrong> {
        loop {
            into.push(self.statement()?);
            let has_more = self.take_op(";");
            if matches!(self.peek(), Token::Newline) {
                self.advance();
                return Ok(());
            }
            if !has_more {
                return self.invalid();
            }
        }
    }

    fn statement(&mut self) -> Result<Statement, Wrong> {
        let word = match self.peek() {
            Token::Name(name) => name.clone(),
            _ => String::new(),
        };
        match word.as_str() {
            "import" => self.import(),
            "from" => self.from(),
            "pass" => {
                self.advance();
                Ok(Statement::Pass)
            }
            "raise" => self.raise(),
            "break" | "continue" | "return" | "nonlocal" if self.is_line => self.invalid(),
            "break" | "continue" => {
                self.advance();
                Ok(Statement::Other)
            }
            "return" => {
                self.advance();
                if !matches!(self.peek(), Token::Newline) && !self.is_op(";") {
                    self.tuple()?;
                }
                Ok(Statement::Other)
            }
            "global" | "nonlocal" => self.names(),
            "del" => self.delete(),
            "assert" => self.assert(),
            "yield" => self.yields().map(|_| Statement::Other),
            "type" if matches!(self.ahead(1), Some(Token::Name(_))) && !self.is_word_ahead() => Err(Wrong::Unsure),
            _ => self.assignment(),
        }
    }

    /// Whether the next token but one is a keyword, so that the first is a plain name.
    fn is_word_ahead(&self) -> bool {
        matches!(self.ahead(1), Some(Token::Name(name)) if self.is_keyword(name))
    }

    fn dotted(&mut self) -> Result<String, Wrong> {
        let mut whole = self.name()?;
        while self.take_op(".") {
            whole.push('.');
            whole.push_str(&self.name()?);
        }
        Ok(whole)
    }

    fn alias(&mut self) -> Result<Option<String>, Wrong> {
        if self.take_word("as") { self.name().map(Some) } else { Ok(None) }
    }

    fn import(&mut self) -> Result<Statement, Wrong> {
        self.advance();
        let mut names = Vec::new();
        loop {
            names.push((self.dotted()?, self.alias()?));
            if !self.take_op(",") {
                return Ok(Statement::Import(names));
            }
        }
    }

    fn from(&mut self) -> Result<Statement, Wrong> {
        self.advance();
        let mut is_relative = false;
        while self.take_op(".") || self.take_op("...") {
            is_relative = true;
        }
        let module = if is_relative && self.is_word("import") { String::new() } else { self.dotted()? };
        if !self.take_word("import") {
            return self.invalid();
        }
        if module == "__future__" && !is_relative {
            // It may only be at the beginning, and a line begins with another import.
            return if self.is_line { self.invalid() } else { self.future() };
        }
        if self.take_op("*") {
            return Ok(if is_relative { Statement::Other } else { Statement::From(module) });
        }
        let is_bracketed = self.take_op("(");
        loop {
            self.name()?;
            self.alias()?;
            if !self.take_op(",") {
                break;
            }
            if is_bracketed && self.is_op(")") {
                break;
            }
        }
        if is_bracketed {
            self.want_op(")")?;
        }
        Ok(if is_relative { Statement::Other } else { Statement::From(module) })
    }

    /// The names of `from __future__ import …`, which a release has to know.
    fn future(&mut self) -> Result<Statement, Wrong> {
        let is_bracketed = self.take_op("(");
        loop {
            let name = self.name()?;
            let is_known =
                FEATURES.contains(&name.as_str()) || name == "annotations" && self.grammar.future_annotations;
            if !is_known {
                return if self.grammar.lazy_imports { Err(Wrong::Unsure) } else { self.invalid() };
            }
            self.alias()?;
            if !self.take_op(",") || is_bracketed && self.is_op(")") {
                break;
            }
        }
        if is_bracketed {
            self.want_op(")")?;
        }
        Ok(Statement::From("__future__".to_owned()))
    }

    fn raise(&mut self) -> Result<Statement, Wrong> {
        self.advance();
        if matches!(self.peek(), Token::Newline) || self.is_op(";") {
            return Ok(Statement::Raise(None));
        }
        let value = self.test()?;
        if self.take_word("from") {
            self.test()?;
            return Ok(Statement::Other);
        }
        Ok(Statement::Raise(Some(value)))
    }

    fn names(&mut self) -> Result<Statement, Wrong> {
        self.advance();
        // Whether it is valid depends on the statements before it.
        self.is_sure = false;
        loop {
            self.name()?;
            if !self.take_op(",") {
                return Ok(Statement::Other);
            }
        }
    }

    fn delete(&mut self) -> Result<Statement, Wrong> {
        self.advance();
        let targets = self.tuple()?;
        self.check_no_star(&targets)?;
        self.check_target(&targets)?;
        Ok(Statement::Other)
    }

    fn assert(&mut self) -> Result<Statement, Wrong> {
        self.advance();
        if matches!(self.test()?, Expression::Tuple(_)) {
            // Valid, with a warning.
            self.is_sure = false;
        }
        if self.take_op(",") {
            self.test()?;
        }
        Ok(Statement::Other)
    }

    fn assignment(&mut self) -> Result<Statement, Wrong> {
        let is_bracketed = self.is_op("(");
        let first = self.tuple()?;
        if self.is_op(":=") {
            return self.invalid();
        }
        if self.take_op(":") {
            return self.annotation(&first);
        }
        if let Token::Op(op) = *self.peek()
            && AUGMENTED.contains(&op)
        {
            self.advance();
            if !matches!(first, Expression::Name(_) | Expression::Attribute(..) | Expression::Index) {
                return self.invalid();
            }
            self.check_target(&first)?;
            self.value()?;
            return Ok(Statement::Other);
        }
        if !self.is_op("=") {
            if matches!(first, Expression::Starred(_)) {
                return self.invalid();
            }
            return Ok(Statement::Expression(first));
        }
        let mut targets = vec![first];
        while self.take_op("=") {
            targets.push(self.value()?);
        }
        let value = targets.pop().unwrap_or(Expression::Other);
        for target in &targets {
            if matches!(target, Expression::Starred(_)) {
                return self.invalid();
            }
            self.check_target(target)?;
        }
        if matches!(value, Expression::Starred(_)) {
            return self.invalid();
        }
        Ok(match targets.as_slice() {
            [Expression::Name(name)] if !is_bracketed => Statement::Assign(name.clone(), value),
            _ => Statement::Other,
        })
    }

    fn annotation(&mut self, target: &Expression) -> Result<Statement, Wrong> {
        if !matches!(target, Expression::Name(_) | Expression::Attribute(..) | Expression::Index) {
            return self.invalid();
        }
        self.check_target(target)?;
        self.test()?;
        self.is_sure = false;
        if self.take_op("=") {
            self.value()?;
        }
        Ok(Statement::Other)
    }

    fn value(&mut self) -> Result<Expression, Wrong> {
        if self.is_word("yield") { self.yields() } else { self.tuple() }
    }

    /// Whether something can be assigned to.
    pub(super) fn check_target(&self, target: &Expression) -> Result<(), Wrong> {
        match target {
            Expression::Name(name) if name == "__debug__" => self.invalid(),
            Expression::Name(_) | Expression::Attribute(..) | Expression::Index => Ok(()),
            Expression::Starred(inner) if !matches!(**inner, Expression::Starred(_)) => self.check_target(inner),
            Expression::Tuple(parts) | Expression::List(parts) => {
                if parts.iter().filter(|part| matches!(part, Expression::Starred(_))).count() > 1 {
                    return self.invalid();
                }
                parts.iter().try_for_each(|part| self.check_target(part))
            }
            _ => self.invalid(),
        }
    }

    fn check_no_star(&self, target: &Expression) -> Result<(), Wrong> {
        match target {
            Expression::Starred(_) => self.invalid(),
            Expression::Tuple(parts) | Expression::List(parts) => {
                parts.iter().try_for_each(|part| self.check_no_star(part))
            }
            _ => Ok(()),
        }
    }
}
