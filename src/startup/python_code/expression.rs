//! Expressions: whether they are valid, and the few forms whose parts matter.

use super::statement::Parser;
use super::token::Token;
use super::{Argument, Expression, Wrong};

/// Deeper code is not read.
const MOST_NESTED: usize = 60;

/// Longer chains, such as `a.b.c` and `a()()`, are not read, and a longer sum is no sum. Each link is one level of the tree,
/// and levels are left one after the other when it is freed: a line of a million links would overflow the stack.
const MOST_CHAINED: usize = 100;

/// Operators between two operands that need no `not` between them.
const BINARY: &[&str] =
    &["+", "-", "*", "/", "%", "//", "@", "<<", ">>", "&", "|", "^", "**", "<", ">", "<=", ">=", "==", "!="];

type Parsed = Result<Expression, Wrong>;

impl Parser<'_> {
    /// Expressions with commas between them, each possibly starred: a tuple, or one expression.
    pub(super) fn tuple(&mut self) -> Parsed {
        let first = self.starred()?;
        if !self.is_op(",") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take_op(",") {
            if self.ends_expression() {
                break;
            }
            parts.push(self.starred()?);
        }
        Ok(Expression::Tuple(parts))
    }

    /// Whether nothing more can follow a comma.
    fn ends_expression(&self) -> bool {
        match self.peek() {
            Token::Newline => true,
            Token::Op(op) => matches!(*op, ")" | "]" | "}" | ";" | "=" | ":") || op.len() > 1 && op.ends_with('='),
            _ => self.is_word("in"),
        }
    }

    fn starred(&mut self) -> Parsed {
        if self.take_op("*") { Ok(Expression::Starred(Box::new(self.operation()?))) } else { self.named() }
    }

    /// An expression, possibly `NAME := VALUE`. Only some places allow that.
    pub(super) fn named(&mut self) -> Parsed {
        let value = self.test()?;
        if self.is_op(":=") {
            if !matches!(value, Expression::Name(_)) {
                return self.invalid();
            }
            self.advance();
            self.test()?;
            // Comprehensions and bare statements have rules of their own.
            if self.nested == 0 {
                self.is_sure = false;
            }
            return Ok(Expression::Other);
        }
        Ok(value)
    }

    /// `A if B else C`, or a lambda.
    pub(super) fn test(&mut self) -> Parsed {
        if self.nested >= MOST_NESTED {
            return Err(Wrong::Unsure);
        }
        self.nested += 1;
        let value = if self.is_word("lambda") { self.lambda() } else { self.conditional() };
        self.nested -= 1;
        value
    }

    fn conditional(&mut self) -> Parsed {
        let value = self.or_test()?;
        if !self.take_word("if") {
            return Ok(value);
        }
        self.or_test()?;
        if !self.take_word("else") {
            return self.invalid();
        }
        self.test()?;
        Ok(Expression::Other)
    }

    fn or_test(&mut self) -> Parsed {
        let mut value = self.not_test()?;
        while self.take_word("and") || self.take_word("or") {
            self.not_test()?;
            value = Expression::Other;
        }
        Ok(value)
    }

    fn not_test(&mut self) -> Parsed {
        let mut is_not = false;
        while self.take_word("not") {
            is_not = true;
        }
        let mut value = self.operation()?;
        while self.take_comparison()? {
            self.operation()?;
            value = Expression::Other;
        }
        Ok(if is_not { Expression::Other } else { value })
    }

    /// `in`, `is`, and their negations.
    fn take_comparison(&mut self) -> Result<bool, Wrong> {
        if self.take_word("in") {
            return Ok(true);
        }
        if self.take_word("is") {
            // `x is 'a'` is valid and prints a warning.
            self.is_sure = false;
            self.take_word("not");
            return Ok(true);
        }
        if self.is_word("not") {
            self.advance();
            return if self.take_word("in") { Ok(true) } else { Err(self.wrong()) };
        }
        Ok(false)
    }

    /// Operands with arithmetic and comparing operators between them; their order of evaluation does not matter here.
    pub(super) fn operation(&mut self) -> Parsed {
        let mut value = self.operand()?;
        let mut is_sum = true;
        let mut chained = 0;
        while let Token::Op(op) = *self.peek() {
            if !BINARY.contains(&op) {
                break;
            }
            self.advance();
            let right = self.operand()?;
            chained += 1;
            is_sum &= op == "+" && chained <= MOST_CHAINED;
            value = if is_sum { Expression::Sum(Box::new(value), Box::new(right)) } else { Expression::Other };
        }
        Ok(value)
    }

    fn operand(&mut self) -> Parsed {
        let mut is_signed = false;
        while self.take_op("-") || self.take_op("+") || self.take_op("~") {
            is_signed = true;
        }
        if self.grammar.async_keywords && self.is_word("await") {
            if self.is_line {
                return self.invalid();
            }
            self.advance();
            is_signed = true;
        } else if self.is_soft_await() {
            self.advance();
            (is_signed, self.is_sure) = (true, false);
        }
        let value = self.primary()?;
        Ok(if is_signed { Expression::Other } else { value })
    }

    /// Before `await` was a keyword everywhere, it was one inside of `async def`: two names in a row are nothing else.
    fn is_soft_await(&self) -> bool {
        !self.grammar.async_keywords
            && !self.is_line
            && self.is_word("await")
            && matches!(self.ahead(1), Some(Token::Name(name)) if !self.is_keyword(name))
    }

    fn primary(&mut self) -> Parsed {
        let mut value = self.atom()?;
        for _ in 0..MOST_CHAINED {
            if self.take_op(".") {
                let name = self.name()?;
                value = Expression::Attribute(Box::new(value), name);
            } else if self.take_op("(") {
                self.warns_of_call(&value);
                value = Expression::Call(Box::new(value), self.arguments()?);
            } else if self.take_op("[") {
                self.index()?;
                value = Expression::Index;
            } else {
                return Ok(value);
            }
        }
        Err(Wrong::Unsure)
    }

    /// `'a'()` is valid and prints a warning.
    fn warns_of_call(&mut self, value: &Expression) {
        if !matches!(value, Expression::Name(_) | Expression::Attribute(..) | Expression::Call(..)) {
            self.is_sure = false;
        }
    }

    fn atom(&mut self) -> Parsed {
        match self.peek().clone() {
            Token::Op("(") => self.parentheses(),
            Token::Op("[") => self.list(),
            Token::Op("{") => self.braces(),
            Token::Op("...") => {
                self.advance();
                Ok(Expression::Constant)
            }
            Token::Number(value) => {
                self.advance();
                Ok(value.map_or(Expression::Constant, Expression::Integer))
            }
            Token::Text(_) | Token::Bytes(_) => self.strings(),
            Token::Name(name) if matches!(name.as_str(), "None" | "True" | "False") => {
                self.advance();
                Ok(Expression::Constant)
            }
            Token::Name(_) => Ok(Expression::Name(self.name()?)),
            _ => self.invalid(),
        }
    }

    /// Literals next to each other are one; text and bytes do not mix.
    fn strings(&mut self) -> Parsed {
        let is_text = matches!(self.peek(), Token::Text(_));
        let mut whole = Some(Vec::new());
        loop {
            match (self.peek().clone(), is_text) {
                (Token::Text(value), true) | (Token::Bytes(value), false) => {
                    whole = whole.zip(value).map(|(whole, value)| [whole, value.into()].concat());
                    self.advance();
                }
                (Token::Text(_) | Token::Bytes(_), _) => return self.invalid(),
                _ => break,
            }
        }
        Ok(match (whole, is_text) {
            (Some(value), true) => Expression::Text(value.into()),
            (Some(value), false) => Expression::Bytes(value.into()),
            (None, _) => Expression::Constant,
        })
    }

    fn parentheses(&mut self) -> Parsed {
        self.advance();
        if self.take_op(")") {
            return Ok(Expression::Tuple(Vec::new()));
        }
        self.nested += 1;
        let value = if self.is_word("yield") { self.yields() } else { self.in_parentheses() };
        self.nested -= 1;
        let value = value?;
        self.want_op(")")?;
        Ok(value)
    }

    fn in_parentheses(&mut self) -> Parsed {
        // `(a, b) for …` makes tuples, and `a, b for …` is invalid.
        let is_bracketed = self.is_op("(");
        let value = self.tuple()?;
        if self.is_comprehension() {
            let is_tuple = matches!(value, Expression::Tuple(_)) && !is_bracketed;
            return self.comprehension(is_tuple || matches!(value, Expression::Starred(_)));
        }
        match value {
            Expression::Starred(_) => self.invalid(),
            value => Ok(value),
        }
    }

    /// `yield`, which a line cannot have outside a lambda.
    pub(super) fn yields(&mut self) -> Parsed {
        if self.is_line && self.lambdas == 0 {
            return self.invalid();
        }
        self.is_sure = false;
        self.advance();
        if self.take_word("from") {
            self.test()?;
        } else if !self.ends_expression() {
            self.tuple()?;
        }
        Ok(Expression::Other)
    }

    fn list(&mut self) -> Parsed {
        self.advance();
        if self.take_op("]") {
            return Ok(Expression::List(Vec::new()));
        }
        let is_bracketed = self.is_op("(");
        self.nested += 1;
        let value = self.tuple();
        self.nested -= 1;
        let value = value?;
        if self.is_comprehension() {
            let is_tuple = matches!(value, Expression::Tuple(_)) && !is_bracketed;
            let value = self.comprehension(is_tuple || matches!(value, Expression::Starred(_)))?;
            self.want_op("]")?;
            return Ok(value);
        }
        self.want_op("]")?;
        Ok(match value {
            Expression::Tuple(parts) => Expression::List(parts),
            // `[(a, b)]` looks the same as `[a, b]` here, and is as harmless.
            one => Expression::List(vec![one]),
        })
    }

    fn braces(&mut self) -> Parsed {
        self.advance();
        self.nested += 1;
        let done = self.in_braces();
        self.nested -= 1;
        done?;
        self.want_op("}")?;
        Ok(Expression::Other)
    }

    fn in_braces(&mut self) -> Result<(), Wrong> {
        let mut is_dict = None;
        while !self.is_op("}") {
            let is_pair = if self.take_op("**") {
                self.operation()?;
                if self.is_comprehension() {
                    self.comprehension(true)?;
                }
                true
            } else {
                self.starred()?;
                let is_pair = self.take_op(":");
                if is_pair {
                    self.test()?;
                }
                if self.is_comprehension() {
                    self.comprehension(is_dict.is_some())?;
                }
                is_pair
            };
            if is_dict.is_some_and(|is_dict| is_dict != is_pair) {
                return self.invalid();
            }
            is_dict = Some(is_pair);
            if !self.take_op(",") {
                break;
            }
        }
        Ok(())
    }

    fn is_comprehension(&self) -> bool {
        let is_ahead = matches!(self.ahead(1), Some(Token::Name(name)) if name == "for");
        self.is_word("for") || self.is_word("async") && (self.grammar.async_keywords || is_ahead)
    }

    /// `for TARGET in VALUES if CONDITION …`. Unpacking in front of it came late.
    fn comprehension(&mut self, is_unpacking: bool) -> Parsed {
        if is_unpacking {
            if !self.grammar.lazy_imports {
                return self.invalid();
            }
            self.is_sure = false;
        }
        while self.is_comprehension() {
            if self.take_word("async") {
                self.is_sure = false;
            }
            if !self.take_word("for") {
                return self.invalid();
            }
            self.targets()?;
            if !self.take_word("in") {
                return self.invalid();
            }
            self.or_test()?;
            while self.take_word("if") {
                if self.is_word("lambda") {
                    return Err(Wrong::Unsure);
                }
                self.or_test()?;
                if self.is_op(":=") {
                    return Err(Wrong::Unsure);
                }
            }
        }
        Ok(Expression::Other)
    }

    /// The targets of a `for`.
    pub(super) fn targets(&mut self) -> Result<(), Wrong> {
        loop {
            self.take_op("*");
            let target = self.operation()?;
            self.check_target(&target)?;
            if !self.take_op(",") || self.is_word("in") {
                return Ok(());
            }
        }
    }

    fn index(&mut self) -> Result<(), Wrong> {
        if self.is_op("]") {
            return self.invalid();
        }
        self.nested += 1;
        let done = self.slices();
        self.nested -= 1;
        done?;
        self.want_op("]")
    }

    fn slices(&mut self) -> Result<(), Wrong> {
        while !self.is_op("]") {
            if self.is_op("*") {
                if !self.grammar.star_index {
                    return self.invalid();
                }
                self.is_sure = false;
                self.advance();
            }
            for part in 0..3 {
                if !self.is_op(":") && !self.is_op("]") && !self.is_op(",") {
                    self.test()?;
                    if self.is_op(":=") {
                        return Err(Wrong::Unsure);
                    }
                } else if part == 0 && !self.is_op(":") {
                    return self.invalid();
                }
                if part == 2 || !self.take_op(":") {
                    break;
                }
            }
            if !self.take_op(",") {
                break;
            }
        }
        Ok(())
    }

    /// The arguments of a call, and the closing bracket.
    fn arguments(&mut self) -> Result<Vec<Argument>, Wrong> {
        self.nested += 1;
        let done = self.in_arguments();
        self.nested -= 1;
        let arguments = done?;
        self.want_op(")")?;
        Ok(arguments)
    }

    fn in_arguments(&mut self) -> Result<Vec<Argument>, Wrong> {
        let mut found = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut has_mapping = false;
        while !self.is_op(")") {
            if self.take_op("**") {
                self.test()?;
                has_mapping = true;
                found.push(Argument::Other);
            } else if self.take_op("*") {
                if has_mapping {
                    return self.invalid();
                }
                self.test()?;
                found.push(Argument::Other);
            } else if self.is_keyword_argument() {
                let name = self.name()?;
                self.advance();
                self.test()?;
                if names.contains(&name) || name == "__debug__" {
                    return self.invalid();
                }
                names.push(name);
                found.push(Argument::Other);
            } else {
                let is_bracketed = self.is_op("(");
                let value = self.named()?;
                if self.is_op("=") && is_bracketed {
                    return Err(Wrong::Unsure);
                }
                if has_mapping || !names.is_empty() {
                    return self.invalid();
                }
                if self.is_comprehension() {
                    let value = self.comprehension(false)?;
                    // Only alone may it stand without brackets of its own; releases differ about a comma behind it.
                    if !found.is_empty() {
                        return self.invalid();
                    }
                    if !self.is_op(")") {
                        return if self.is_op(",") { Err(Wrong::Unsure) } else { self.invalid() };
                    }
                    found.push(Argument::Value(value));
                    break;
                }
                found.push(Argument::Value(value));
            }
            if !self.take_op(",") {
                break;
            }
        }
        Ok(found)
    }

    fn is_keyword_argument(&self) -> bool {
        matches!(self.peek(), Token::Name(name) if !self.is_keyword(name)) && self.ahead(1) == Some(&Token::Op("="))
    }

    fn lambda(&mut self) -> Parsed {
        self.advance();
        self.parameters()?;
        self.want_op(":")?;
        self.lambdas += 1;
        let body = self.test();
        self.lambdas -= 1;
        body?;
        Ok(Expression::Other)
    }

    /// The parameters of a lambda.
    fn parameters(&mut self) -> Result<(), Wrong> {
        let mut names: Vec<String> = Vec::new();
        let (mut has_default, mut has_star, mut has_slash, mut needs_name) = (false, false, false, false);
        while !self.is_op(":") {
            if self.take_op("**") {
                names.push(self.name()?);
                needs_name |= needs_name;
                self.take_op(",");
                break;
            }
            if self.take_op("*") {
                if has_star {
                    return self.invalid();
                }
                has_star = true;
                if self.is_op(",") {
                    needs_name = true;
                } else {
                    names.push(self.name()?);
                }
            } else if self.is_op("/") {
                if !self.grammar.walrus || has_slash || has_star || names.is_empty() {
                    return self.invalid();
                }
                self.advance();
                has_slash = true;
            } else {
                names.push(self.name()?);
                needs_name = false;
                if self.take_op("=") {
                    self.test()?;
                    has_default = true;
                } else if has_default && !has_star {
                    return self.invalid();
                }
            }
            if !self.take_op(",") {
                break;
            }
        }
        let is_repeated = names.iter().enumerate().any(|(index, name)| names[..index].contains(name));
        if needs_name || is_repeated { self.invalid() } else { Ok(()) }
    }
}
