//! Code that names `sys.path` in order to change it.

use super::Grammar;
use super::module::Source;
use super::token::Token;
use crate::startup::behaviors::Behaviors;

/// Methods of a list that change it.
const METHODS: &[&str] = &["append", "insert", "extend", "remove", "pop", "clear", "sort", "reverse"];
/// Operators by which the list, or a part of it, is replaced.
const ASSIGNMENTS: &[&str] = &["=", "+="];

/// A subscript of more tokens is not followed to its end.
const LONGEST_SUBSCRIPT: usize = 64;

/// What is known of code that is run as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurveyedCode {
    /// The release does not compile it: the line, from 1.
    Invalid(usize),
    /// It contains a statement that changes `sys.path`: the line, from 1.
    ChangesPath(usize),
    /// Neither is known of it.
    Other,
}

/// Reads code as far as it is about validity and `sys.path`.
pub fn survey_code(code: &[u8], behaviors: &Behaviors) -> SurveyedCode {
    let grammar = Grammar::of(behaviors);
    let source = Source::read(code, grammar);
    if let Some(line) = source.refused() {
        return SurveyedCode::Invalid(line);
    }
    let Some(found) = source.tokens() else { return SurveyedCode::Other };
    let at = (0..found.list.len()).find(|at| changes(&found.list[*at..]));
    at.and_then(|at| found.lines.get(at).copied()).map_or(SurveyedCode::Other, SurveyedCode::ChangesPath)
}

/// Whether tokens begin with `sys.path.METHOD(`, `sys.path =`, `sys.path +=`, `sys.path[…] =` or `addsitedir(`.
fn changes(tokens: &[Token]) -> bool {
    let (is_name, is_op) = (
        |at: usize, name: &str| matches!(tokens.get(at), Some(Token::Name(own)) if own == name),
        |at: usize, ops: &[&str]| matches!(tokens.get(at), Some(Token::Op(op)) if ops.contains(op)),
    );
    if is_name(0, "addsitedir") {
        return is_op(1, &["("]);
    }
    if !(is_name(0, "sys") && is_op(1, &["."]) && is_name(2, "path")) {
        return false;
    }
    if is_op(3, &["."]) {
        let is_method = METHODS.iter().any(|method| is_name(4, method));
        return is_method && is_op(5, &["("]);
    }
    if is_op(3, &["["]) {
        return ends_in_assignment(&tokens[3..]);
    }
    is_op(3, ASSIGNMENTS)
}

/// Whether a subscript is followed by an assignment, within the same line.
fn ends_in_assignment(tokens: &[Token]) -> bool {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().take(LONGEST_SUBSCRIPT) {
        match token {
            Token::Op("[" | "(" | "{") => depth += 1,
            Token::Op("]" | ")" | "}") => depth = depth.saturating_sub(1),
            Token::Newline => return false,
            _ => {}
        }
        if depth == 0 {
            return matches!(tokens.get(at + 1), Some(Token::Op("=" | "+=")));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::Version;

    #[test]
    fn only_code_changes_the_path() {
        let behaviors = Behaviors::of(Version::new(3, 12, 1));
        let cases = [
            ("import sys\nsys.path.insert(0, '/x')\n", SurveyedCode::ChangesPath(2)),
            ("import sys\nif True:\n    sys.path += ['/x']\n", SurveyedCode::ChangesPath(3)),
            ("import sys\nsys.path[:0] = ['/x']\n", SurveyedCode::ChangesPath(2)),
            ("import site\nsite.addsitedir('/x')\n", SurveyedCode::ChangesPath(2)),
            ("import sys\nprint(sys.path[0])\n", SurveyedCode::Other),
            ("import sys\nprint(sys.path)\nx = sys.path == []\n", SurveyedCode::Other),
            ("import os\nos.path.join('a', 'b')\n", SurveyedCode::Other),
            ("# sys.path.insert(0, '/x')\nx = 'sys.path.append(1)'\n", SurveyedCode::Other),
            ("print 'ready'\n", SurveyedCode::Invalid(1)),
        ];
        for (code, expected) in cases {
            assert_eq!(survey_code(code.as_bytes(), &behaviors), expected, "{code:?}");
        }
    }
}
