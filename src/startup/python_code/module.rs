//! Whole modules: every logical line on its own, and the indentation.
//!
//! A line whose statement is wrong makes the module wrong wherever the line is, so that nothing needs to know which
//! function or loop it is in.

use super::blocks::Blocks;
use super::statement::{Parser, Statement};
use super::token::{self, Token, Tokens};
use super::{Grammar, Wrong};

/// Statements that contain others and are not read further here.
const SKIPPED: &[&str] = &["for", "with", "def", "class", "async", "await", "match", "case", "lazy", "type", "print"];
const COMPOUND: &[&str] = &["if", "while", "for", "try", "with", "def", "class", "async", "match", "lazy", "type"];
const NEEDS_COLON: &[&str] = &["for", "with", "def", "class"];

/// A module that was taken apart once, whatever is asked of it.
pub struct Source {
    grammar: Grammar,
    found: Result<Tokens, Wrong>,
}

impl Source {
    /// Takes a module apart.
    pub fn read(code: &[u8], grammar: Grammar) -> Self {
        let code = code.strip_prefix(b"\xef\xbb\xbf").unwrap_or(code);
        Self { grammar, found: token::tokens(code, grammar) }
    }

    /// The line that the release certainly refuses; none where it compiles the module, or this reader does not know.
    pub fn refused(&self) -> Option<usize> {
        match self.found.as_ref().map_err(|wrong| *wrong).and_then(|found| accept(found, self.grammar)) {
            Err(Wrong::Invalid(line)) => Some(line),
            Ok(()) | Err(Wrong::Unsure) => None,
        }
    }

    /// Its tokens; none where it was not read to its end.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.found.as_ref().ok()
    }

    /// The simple statements at its beginning, at most so many; what is not certain ends them.
    pub fn beginning(&self, most: usize) -> Vec<Statement> {
        self.tokens().map_or(Vec::new(), |found| first_statements(found, self.grammar, most))
    }

    /// The modules that its code outside of functions imports by statements. An f-string, of which this reader does not know
    /// all tokens, contains none.
    pub fn imports(&self) -> Vec<String> {
        let found = self.found.as_ref().ok();
        let outline = found.and_then(|found| outline_of(found.clone(), self.grammar));
        outline.map(|outline| outline.imports).unwrap_or_default()
    }

    /// Every module that it imports, wherever; none where some import is not understood.
    pub fn all_imports(&self) -> Option<Vec<String>> {
        let found = self.found.as_ref().ok().filter(|found| found.is_sure)?;
        let outline = outline_of(found.clone(), self.grammar)?;
        let is_function = |token: &Token| matches!(token, Token::Name(word) if matches!(word.as_str(), "def" | "async" | "lambda" | "class"));
        (!outline.imports_more && !found.list.iter().any(is_function)).then_some(outline.imports)
    }

    /// What is known of it without running it; none where this reader does not know all its tokens.
    pub fn outline(self) -> Option<Outline> {
        outline_of(self.found.ok().filter(|found| found.is_sure)?, self.grammar)
    }
}

/// What is known of a module without running it.
#[derive(Debug, Default)]
pub struct Outline {
    /// The simple statements at its beginning.
    pub first: Vec<Statement>,
    /// Whether these are all its statements.
    pub is_whole: bool,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// The modules that its code outside of functions imports by statements.
    pub imports: Vec<String>,
    /// Whether it imports outside of functions in a way that is not understood.
    pub imports_more: bool,
    /// What its code outside of any block takes with `from MODULE import NAME`: each module with one name.
    pub taken: Vec<(String, String)>,
}

/// Reads a module; none where this reader does not know all its tokens.
pub fn outline(code: &[u8], grammar: Grammar) -> Option<Outline> {
    Source::read(code, grammar).outline()
}

fn outline_of(found: Tokens, grammar: Grammar) -> Option<Outline> {
    let mut outline = Outline { is_whole: true, ..Outline::default() };
    let mut lines = found.list.split_inclusive(|token| *token == Token::Newline);
    let mut function = None;
    for indent in found.indents {
        let Some(tokens) = lines.next() else { break };
        let indent = indent?;
        if function.is_some_and(|outer| indent <= outer) {
            function = None;
        }
        if function.is_none() {
            outline.note_imports(tokens, grammar);
        }
        if indent == 0 {
            outline.note_taken(tokens);
        }
        if function.is_none() && tokens.first().is_some_and(is_function) {
            function = Some(indent);
        }
        if outline.is_whole && !outline.add(tokens, grammar) {
            outline.is_whole = false;
        }
    }
    outline.tokens = found.list;
    Some(outline)
}

fn is_function(token: &Token) -> bool {
    matches!(token, Token::Name(word) if word == "def" || word == "async")
}

impl Outline {
    /// Adds the statements of a logical line; false where it is none of simple statements.
    fn add(&mut self, tokens: &[Token], grammar: Grammar) -> bool {
        if matches!(tokens, [.., Token::Op(":"), Token::Newline]) {
            return false;
        }
        let lines = vec![1; tokens.len()];
        let mut parser = Parser::new(tokens, &lines, grammar);
        let mut statements = Vec::new();
        let is_simple = parser.statements(&mut statements).is_ok();
        self.first.extend(statements.into_iter().filter(|_| is_simple));
        is_simple
    }

    fn note_taken(&mut self, tokens: &[Token]) {
        let [Token::Name(from), Token::Name(module), Token::Name(import), rest @ ..] = tokens else { return };
        if from != "from" || import != "import" {
            return;
        }
        // A name after `as` is none of the module's.
        let ends = |token: &Token| matches!(token, Token::Op(op) if matches!(*op, "," | "(" | ")"));
        for part in rest.split(ends) {
            if let [Token::Name(name), ..] = part {
                self.taken.push((module.clone(), name.clone()));
            }
        }
    }

    fn note_imports(&mut self, tokens: &[Token], grammar: Grammar) {
        let is_word = |token: &Token, word: &str| matches!(token, Token::Name(name) if name == word);
        if !tokens.iter().any(|token| is_word(token, "import") || is_word(token, "__import__")) {
            return;
        }
        let lines = vec![1; tokens.len()];
        let mut statements = Vec::new();
        let is_read = Parser::new(tokens, &lines, grammar).statements(&mut statements).is_ok();
        self.imports_more |= !is_read;
        for statement in statements {
            match statement {
                Statement::Import(names) => self.imports.extend(names.into_iter().map(|(name, _)| name)),
                Statement::From(name) => self.imports.push(name),
                _ => self.imports_more = true,
            }
        }
    }
}

/// Whether a release compiles a module of these tokens.
///
/// # Errors
/// Where the release certainly refuses it, or this reader does not know.
fn accept(found: &Tokens, grammar: Grammar) -> Result<(), Wrong> {
    let (mut start, mut indents) = (0, found.indents.iter().zip(&found.narrow_indents));
    let mut blocks = Blocks::default();
    while start < found.list.len() {
        let end = found.list[start..]
            .iter()
            .position(|token| *token == Token::Newline)
            .map_or(found.list.len(), |at| start + at + 1);
        let (tokens, lines) = (&found.list[start..end], &found.lines[start..end]);
        let Some((Some(wide), narrow)) = indents.next() else { return Err(Wrong::Unsure) };
        let is_valid = blocks.line((*wide, *narrow), tokens) && blocks.allows(tokens, grammar);
        // Nothing but parameters can have a slash after a comma.
        let is_slash = |pair: &[Token]| pair == [Token::Op(","), Token::Op("/")];
        if !is_valid || !grammar.walrus && tokens.windows(2).any(is_slash) {
            return Err(Wrong::Invalid(lines[0]));
        }
        match logical_line(tokens, lines, grammar) {
            Err(Wrong::Unsure) | Ok(()) => {}
            invalid => return invalid,
        }
        start = end;
    }
    if blocks.end() { Ok(()) } else { Err(Wrong::Invalid(found.lines.last().copied().unwrap_or(1))) }
}

fn first_statements(found: &Tokens, grammar: Grammar, most: usize) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut start = 0;
    for indent in &found.indents {
        let rest = &found.list[start..];
        let end = start + rest.iter().position(|token| *token == Token::Newline).map_or(rest.len(), |at| at + 1);
        let tokens = &found.list[start..end];
        let is_compound = match tokens.first() {
            Some(Token::Name(word)) => COMPOUND.contains(&word.as_str()),
            first => first == Some(&Token::Op("@")),
        };
        let mut parser = Parser::new(tokens, &found.lines[start..end], grammar);
        let mut line = Vec::new();
        if *indent != Some(0) || is_compound || parser.statements(&mut line).is_err() || !parser.is_sure {
            break;
        }
        statements.append(&mut line);
        start = end;
        if statements.len() >= most {
            break;
        }
    }
    statements
}

fn logical_line(tokens: &[Token], lines: &[usize], grammar: Grammar) -> Result<(), Wrong> {
    let word = match tokens.first() {
        Some(Token::Name(name)) => name.as_str(),
        Some(Token::Op("@")) => return Ok(()),
        _ => "",
    };
    let mut parser = Parser::new(tokens, lines, grammar);
    match word {
        "if" | "while" | "elif" => {
            parser.advance();
            parser.named()?;
            if parser.is_op(":=") {
                return Err(Wrong::Unsure);
            }
        }
        "else" | "try" | "finally" => parser.advance(),
        "except" => except(&mut parser)?,
        "print" if matches!(tokens.get(1), Some(Token::Text(_) | Token::Bytes(_) | Token::Number(_))) => {
            return parser.invalid();
        }
        word if SKIPPED.contains(&word) && word != "print" => {
            let has_colon = tokens.contains(&Token::Op(":"));
            return if has_colon || !NEEDS_COLON.contains(&word) { Ok(()) } else { parser.invalid() };
        }
        _ => return parser.statements(&mut Vec::new()),
    }
    parser.want_op(":")?;
    if matches!(parser.peek(), Token::Newline) { Ok(()) } else { parser.statements(&mut Vec::new()) }
}

/// `except A as B`; with a comma, Python 2 meant something else, and 3.14 does again.
fn except(parser: &mut Parser<'_>) -> Result<(), Wrong> {
    parser.advance();
    if parser.is_op("*") {
        return if parser.grammar.star_index { Err(Wrong::Unsure) } else { parser.invalid() };
    }
    if parser.is_op(":") {
        return Ok(());
    }
    parser.test()?;
    if parser.is_op(",") {
        return if parser.grammar.template_strings { Err(Wrong::Unsure) } else { parser.invalid() };
    }
    if parser.take_word("as") {
        parser.name()?;
    }
    Ok(())
}
