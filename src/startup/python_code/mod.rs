//! Reading Python code without running it: one import line of a `.pth` file, or a customization module.
//!
//! Why a reader of our own, and not the parser of a published crate: the parsers that know every release
//! (those of ruff and of other linters) are not published as libraries with a promise of stability, bring dozens of
//! crates, and accept the union of all grammars first. Needed here is much less: the statements of one line, whether
//! *this* release compiles them, and an honest "unknown" for the rest.
//!
//! The answer is [`Wrong::Invalid`] only where the release certainly refuses the code. Whatever this reader does not
//! know, such as the inside of f-strings, makes the code [`Code::is_sure`] = false, and never invalid.

mod blocks;
mod changes_path;
mod encoding;
mod expression;
mod module;
mod statement;
mod string;
mod token;

pub use changes_path::{SurveyedCode, survey_code};
pub use encoding::declared_encodings;
pub use module::{Outline, Source, outline};
pub use statement::{Statement, line};
pub use token::{Token, Tokens, tokens, word};

use bstr::BString;

use super::behaviors::{Behavior, Behaviors};

/// What the grammar of a release has.
#[derive(Clone, Copy, Debug)]
pub struct Grammar {
    /// `async` and `await` are keywords.
    pub async_keywords: bool,
    /// `from __future__ import annotations`.
    pub future_annotations: bool,
    /// `:=`, and `/` in parameters.
    pub walrus: bool,
    /// A backslash may not be the last character.
    pub backslash_needs_line: bool,
    /// `match` as a statement.
    pub match_statement: bool,
    /// `a[*b]`, `except*`.
    pub star_index: bool,
    /// Quotes of any kind inside f-strings, `type X = …`, and type parameters.
    pub nested_quotes: bool,
    /// `except A, B:`, and strings with the prefix `t`.
    pub template_strings: bool,
    /// `lazy import`, and unpacking in comprehensions.
    pub lazy_imports: bool,
}

impl Grammar {
    /// The grammar of a release.
    pub fn of(behaviors: &Behaviors) -> Self {
        Self {
            async_keywords: behaviors.has(Behavior::AsyncKeywords),
            // Both came with 3.7.
            future_annotations: behaviors.has(Behavior::AsyncKeywords),
            walrus: behaviors.has(Behavior::AssignmentExpressions),
            backslash_needs_line: behaviors.has(Behavior::BackslashNeedsLine),
            match_statement: behaviors.has(Behavior::MatchStatement),
            star_index: behaviors.has(Behavior::StarIndex),
            nested_quotes: behaviors.has(Behavior::NestedFStringQuotes),
            template_strings: behaviors.has(Behavior::TemplateStrings),
            lazy_imports: behaviors.has(Behavior::LazyImports),
        }
    }
}

/// Why code was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The release refuses it: the line of the file, from 1.
    Invalid(usize),
    /// This reader does not know.
    Unsure,
}

/// Code that was read.
#[derive(Debug)]
pub struct Code {
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// Whether every part was understood.
    pub is_sure: bool,
}

/// An expression, as far as anything is done with it.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A name.
    Name(String),
    /// `OBJECT.NAME`.
    Attribute(Box<Expression>, String),
    /// `FUNCTION(ARGUMENTS)`.
    Call(Box<Expression>, Vec<Argument>),
    /// A string.
    Text(BString),
    /// A bytes literal.
    Bytes(BString),
    /// A whole number.
    Integer(i64),
    /// `None`, `True`, `False`, `...`, and other literals.
    Constant,
    /// Several expressions between commas.
    Tuple(Vec<Expression>),
    /// `[…]`.
    List(Vec<Expression>),
    /// `A[B]`.
    Index,
    /// `*A`.
    Starred(Box<Expression>),
    /// `A + B`.
    Sum(Box<Expression>, Box<Expression>),
    /// Anything else.
    Other,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A value.
    Value(Expression),
    /// Anything else: `NAME=VALUE`, `*LIST`, `**MAPPING`.
    Other,
}
