//! Environment markers of PEP 508: whether a requirement counts for this interpreter.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier};

use crate::environment::Survey;
use crate::host::{Machine, Platform};
use crate::interpreter::Implementation;

/// The deepest nesting of parentheses that is followed.
const DEEPEST: usize = 16;

/// The values of an interpreter that markers compare. What is not known has none, and a comparison with it is neither
/// true nor false.
pub struct Values {
    platform: Platform,
    python: Option<String>,
    full: Option<String>,
    implementation: Option<(&'static str, &'static str)>,
    machine: Option<&'static str>,
}

impl Values {
    /// The values of the interpreter that is examined.
    pub fn of(survey: &Survey<'_>) -> Self {
        let version = survey.version();
        let implementation = match survey.resolution.identification.interpreter.implementation {
            Implementation::CPython => Some(("cpython", "CPython")),
            Implementation::PyPy => Some(("pypy", "PyPy")),
            _ => None,
        };
        Self {
            platform: survey.platform(),
            python: version.map(|version| version.short()),
            full: version.filter(|version| version.micro.is_some()).map(|version| version.to_string()),
            implementation,
            machine: machine(survey),
        }
    }

    fn get(&self, variable: &str) -> Option<String> {
        let by_platform = |names: [&str; 3]| {
            let index = match self.platform {
                Platform::Linux => 0,
                Platform::Macos => 1,
                Platform::Windows => 2,
            };
            Some(names[index].to_owned())
        };
        match variable {
            "python_version" => self.python.clone(),
            "python_full_version" => self.full.clone(),
            // That of PyPy is another than the version of the language.
            "implementation_version" => self.full.clone().filter(|_| self.is_cpython()),
            "os_name" | "os.name" => by_platform(["posix", "posix", "nt"]),
            "sys_platform" | "sys.platform" => by_platform(["linux", "darwin", "win32"]),
            "platform_system" => by_platform(["Linux", "Darwin", "Windows"]),
            "platform_machine" | "platform.machine" => self.machine.map(str::to_owned),
            "implementation_name" => self.implementation.map(|(name, _)| name.to_owned()),
            "platform_python_implementation" | "platform.python_implementation" | "python_implementation" => {
                self.implementation.map(|(_, name)| name.to_owned())
            }
            // Whoever installs a distribution without its extras does not want what only an extra requires.
            "extra" => Some(String::new()),
            _ => None,
        }
    }

    fn is_cpython(&self) -> bool {
        self.implementation.is_some_and(|(name, _)| name == "cpython")
    }
}

/// What `platform.machine()` returns, where the processor of the interpreter tells it: a 32-bit interpreter may run on
/// a 64-bit system.
fn machine(survey: &Survey<'_>) -> Option<&'static str> {
    let machine = survey.abi()?.machine().filter(|machine| machine.is_64)?;
    match (machine.elf, survey.platform()) {
        (Machine::X86_64, Platform::Windows) => Some("AMD64"),
        (Machine::X86_64, _) => Some("x86_64"),
        (Machine::AARCH64, Platform::Linux) => Some("aarch64"),
        (Machine::AARCH64, Platform::Macos) => Some("arm64"),
        (Machine::AARCH64, Platform::Windows) => Some("ARM64"),
        _ => None,
    }
}

/// Whether a marker holds; none if it cannot be parsed, or depends on a value that is not known.
pub fn holds(marker: &str, values: &Values) -> Option<bool> {
    let tokens = tokens(marker)?;
    let mut parser = Parser { rest: &tokens, values };
    let result = parser.any(0)?;
    parser.rest.is_empty().then_some(result)?.known()
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'m> {
    Open,
    Close,
    Text(&'m str),
    Word(&'m str),
    Operator(&'m str),
}

fn tokens(marker: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = marker.trim_start();
    while let Some(first) = rest.chars().next() {
        let end_of = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let length = match first {
            '(' => {
                tokens.push(Token::Open);
                1
            }
            ')' => {
                tokens.push(Token::Close);
                1
            }
            '\'' | '"' => {
                let length = rest.get(1..)?.find(first)?;
                tokens.push(Token::Text(rest.get(1..=length)?));
                length + 2
            }
            '<' | '>' | '=' | '!' | '~' => {
                let end = end_of(|c| "<>=!~".contains(c));
                tokens.push(Token::Operator(rest.get(..end)?));
                end
            }
            _ => {
                let end = end_of(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
                tokens.push(Token::Word(rest.get(..end).filter(|word| !word.is_empty())?));
                end
            }
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

/// Whether a part of a marker holds.
#[derive(Clone, Copy)]
enum Truth {
    True,
    False,
    /// It depends on a value that is not known.
    Unknown,
}

impl Truth {
    fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::True,
            Some(false) => Self::False,
            None => Self::Unknown,
        }
    }

    fn known(self) -> Option<bool> {
        match self {
            Self::True => Some(true),
            Self::False => Some(false),
            Self::Unknown => None,
        }
    }
}

/// Reads a marker from the left. What its methods return is none where the marker is malformed.
struct Parser<'t, 'm> {
    rest: &'t [Token<'m>],
    values: &'t Values,
}

impl<'t, 'm> Parser<'t, 'm> {
    fn next(&mut self) -> Option<&'t Token<'m>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.rest.first().is_some_and(|token| *token == Token::Word(word));
        if is_next {
            self.next();
        }
        is_next
    }

    /// Terms that are joined by `or`.
    fn any(&mut self, depth: usize) -> Option<Truth> {
        let mut result = self.all(depth)?;
        while self.takes("or") {
            result = match (result, self.all(depth)?) {
                (Truth::True, _) | (_, Truth::True) => Truth::True,
                (Truth::False, Truth::False) => Truth::False,
                _ => Truth::Unknown,
            };
        }
        Some(result)
    }

    /// Terms that are joined by `and`, which binds more strongly.
    fn all(&mut self, depth: usize) -> Option<Truth> {
        let mut result = self.one(depth)?;
        while self.takes("and") {
            result = match (result, self.one(depth)?) {
                (Truth::False, _) | (_, Truth::False) => Truth::False,
                (Truth::True, Truth::True) => Truth::True,
                _ => Truth::Unknown,
            };
        }
        Some(result)
    }

    fn one(&mut self, depth: usize) -> Option<Truth> {
        if self.rest.first() == Some(&Token::Open) && depth < DEEPEST {
            self.next();
            let result = self.any(depth + 1)?;
            return (self.next()? == &Token::Close).then_some(result);
        }
        let (left, is_left_named) = self.operand()?;
        let operator = match self.next()? {
            Token::Operator(operator) => operator,
            Token::Word("in") => "in",
            Token::Word("not") if self.takes("in") => "not in",
            _ => return None,
        };
        let (right, is_right_named) = self.operand()?;
        let (Some(left), Some(right)) = (left, right) else { return Some(Truth::Unknown) };
        (is_left_named || is_right_named).then(|| Truth::of(compare(&left, operator, &right)))
    }

    /// A value, none where it is not known, and whether it is that of a variable.
    fn operand(&mut self) -> Option<(Option<String>, bool)> {
        match self.next()? {
            Token::Text(text) => Some((Some((*text).to_owned()), false)),
            Token::Word(name) => Some((self.values.get(name), true)),
            _ => None,
        }
    }
}

/// Compares as versions where the right side is one, and as texts otherwise.
fn compare(left: &str, operator: &str, right: &str) -> Option<bool> {
    match operator {
        "in" => return Some(right.contains(left)),
        "not in" => return Some(!right.contains(left)),
        _ => {}
    }
    if let Ok(specifier) = VersionSpecifier::from_str(&format!("{operator}{right}")) {
        return Some(specifier.contains(&Version::from_str(left).ok()?));
    }
    match operator {
        "==" | "===" => Some(left == right),
        "!=" => Some(left != right),
        "<" => Some(left < right),
        "<=" => Some(left <= right),
        ">" => Some(left > right),
        ">=" => Some(left >= right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn linux() -> Values {
        Values {
            platform: Platform::Linux,
            python: Some("3.12".into()),
            full: Some("3.12.1".into()),
            implementation: Some(("cpython", "CPython")),
            machine: Some("x86_64"),
        }
    }

    /// The expected values are those of `packaging.markers.Marker(text).evaluate({"extra": ""})`.
    #[test]
    fn markers_hold_as_packaging_says() {
        for (marker, expected) in [
            ("python_version >= '3.8'", Some(true)),
            ("python_version < \"3.10\"", Some(false)),
            ("'3.9' <= python_version", Some(true)),
            ("'3.9' >= python_version", Some(false)),
            ("python_full_version < '3.12.2'", Some(true)),
            ("python_version in '3.11 3.12'", Some(true)),
            ("python_version not in '3.11 3.12'", Some(false)),
            ("sys_platform == 'win32'", Some(false)),
            ("sys_platform != 'win32' and os_name == 'posix'", Some(true)),
            ("extra == 'test'", Some(false)),
            ("(python_version < '3.8' or sys_platform == 'linux') and extra != 'x'", Some(true)),
            ("sys_platform == 'linux' or python_version < '3' and extra == 'x'", Some(true)),
            ("implementation_name == 'pypy'", Some(false)),
            ("platform_machine == 'x86_64'", Some(true)),
            ("platform_release >= '5'", None),
            ("platform_release >= '5' and extra == 'x'", Some(false)),
            ("platform_release >= '5' or os_name == 'posix'", Some(true)),
            ("python_version >= ", None),
            ("'a' == 'a'", None),
            ("(os_name == 'posix'", None),
            ("os_name == 'posix' os_name == 'posix'", None),
        ] {
            assert_eq!(holds(marker, &linux()), expected, "{marker}");
        }
    }

    proptest! {
        #[test]
        fn any_marker_can_be_read(text in "(python_version|extra|os_name|and|or|not|in|\\(|\\)|'|\"|3\\.8|[<>=!~]{1,3}| |é){0,24}", any in "\\PC{0,30}") {
            holds(&text, &linux());
            holds(&any, &linux());
        }
    }
}
