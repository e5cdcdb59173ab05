//! The program `env`, which finds its command on PATH (`src/env.c` of coreutils).

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

/// What `env` does with its arguments.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Env {
    /// Whether it begins with no variable at all.
    pub clears: bool,
    /// The variables that it removes.
    pub removed: Vec<BString>,
    /// The variables that it sets, in order.
    pub set: Vec<(BString, BString)>,
    /// The directory that it changes to.
    pub dir: Option<BString>,
    /// The command and its arguments.
    pub command: Vec<BString>,
}

/// Why `env` starts nothing that is known.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// What it does with its arguments is not known here.
    Unknown,
    /// No `env` has such an option: it ends with status 125.
    Option(char),
}

/// The variables by which `-S` may replace a `${NAME}`: those that are set, of those that are known at all.
pub struct Variables<'v> {
    /// Those that are set.
    pub set: &'v BTreeMap<String, BString>,
    /// Whether a variable of this name would be among them if it were set.
    pub is_known: fn(&str) -> bool,
}

impl Variables<'_> {
    /// The value, which is empty where the variable is not set; none where that is not known.
    fn value(&self, name: &str) -> Option<BString> {
        let value = self.set.get(name).cloned();
        value.or_else(|| (self.is_known)(name).then(BString::default))
    }
}

/// The long options that every `env` with long options has, each with what it means.
const LONG: [(&str, Long); 12] = [
    ("ignore-environment", Long::Short(b'i')),
    ("unset", Long::Value(b'u')),
    ("chdir", Long::Value(b'C')),
    ("split-string", Long::Value(b'S')),
    ("debug", Long::Short(b'v')),
    ("default-signal", Long::Signals),
    ("ignore-signal", Long::Signals),
    ("block-signal", Long::Signals),
    ("list-signal-handling", Long::Signals),
    ("null", Long::Other),
    ("help", Long::Other),
    ("version", Long::Other),
];

/// What a long option means.
#[derive(Clone, Copy)]
enum Long {
    /// The same as a short one.
    Short(u8),
    /// The same as a short one with a value.
    Value(u8),
    /// It is about signals, and changes nothing for Python's startup.
    Signals,
    /// `env` starts nothing, or refuses to.
    Other,
}

/// The long option of this name, which may be cut short as long as it is unique.
fn long_option_of(name: &[u8]) -> Option<Long> {
    let exact = LONG.iter().find(|(known, _)| known.as_bytes() == name);
    let mut begun = LONG.iter().filter(|(known, _)| known.as_bytes().starts_with(name));
    let only = begun.next().filter(|_| begun.next().is_none());
    exact.or(only).map(|(_, long)| *long)
}

/// Reads the arguments of `env`.
///
/// # Errors
/// Where an option is not known, `-S` needs a variable that is not known, or no command is left.
pub fn parse(arguments: &[BString], variables: &Variables<'_>) -> Result<Env, Refused> {
    let mut env = Env::default();
    let mut rest: Vec<BString> = arguments.to_vec();
    while let Some(first) = rest.first().cloned() {
        if first == "--" {
            rest.remove(0);
            break;
        }
        if !first.starts_with(b"-") {
            break;
        }
        rest.remove(0);
        env.option(&first, &mut rest, variables)?;
    }
    let assignments = rest.iter().take_while(|word| word.contains(&b'=')).count();
    for word in rest.drain(..assignments) {
        let (name, value) = word.split_once_str("=").unwrap_or_default();
        env.set.push((name.into(), value.into()));
    }
    env.command = rest;
    if env.command.is_empty() { Err(Refused::Unknown) } else { Ok(env) }
}

impl Env {
    /// One argument that begins with a hyphen: a long option, or short ones together.
    fn option(&mut self, word: &BString, rest: &mut Vec<BString>, variables: &Variables<'_>) -> Result<(), Refused> {
        if let Some(long) = word.strip_prefix(b"--") {
            return self.long_option(long, rest, variables);
        }
        if word == "-" {
            self.clears = true;
            return Ok(());
        }
        let mut at = 1;
        while let Some(&letter) = word.get(at) {
            at += 1;
            match letter {
                b'i' => self.clears = true,
                b'v' => {}
                b'u' | b'C' | b'S' => {
                    let value = word.get(at..).filter(|value| !value.is_empty()).map(BString::from);
                    let value = match value {
                        Some(value) => value,
                        None if rest.is_empty() => return Err(Refused::Unknown),
                        None => rest.remove(0),
                    };
                    return self.value(letter, value, rest, variables).ok_or(Refused::Unknown);
                }
                // What was meant as several words is one, and no option is called so.
                b' ' | b'\t' | b'\r' => return Err(Refused::Option(char::from(letter))),
                _ => return Err(Refused::Unknown),
            }
        }
        Ok(())
    }

    fn long_option(&mut self, long: &[u8], rest: &mut Vec<BString>, variables: &Variables<'_>) -> Result<(), Refused> {
        let (name, value) = match long.split_once_str("=") {
            Some((name, value)) => (name, Some(BString::from(value))),
            None => (long, None),
        };
        match (long_option_of(name), value) {
            (Some(Long::Signals), _) | (Some(Long::Short(b'v')), None) => Ok(()),
            (Some(Long::Short(_)), None) => {
                self.clears = true;
                Ok(())
            }
            (Some(Long::Value(letter)), Some(value)) => {
                self.value(letter, value, rest, variables).ok_or(Refused::Unknown)
            }
            (Some(Long::Value(letter)), None) if !rest.is_empty() => {
                let value = rest.remove(0);
                self.value(letter, value, rest, variables).ok_or(Refused::Unknown)
            }
            _ => Err(Refused::Unknown),
        }
    }

    fn value(&mut self, letter: u8, value: BString, rest: &mut Vec<BString>, variables: &Variables<'_>) -> Option<()> {
        match letter {
            b'u' => self.removed.push(value),
            b'C' => self.dir = Some(value),
            _ => {
                rest.splice(0..0, split(&value, variables)?);
            }
        }
        Some(())
    }
}

/// The words of `-S`; none where the text is refused, or a variable is needed that is not known.
fn split(text: &[u8], variables: &Variables<'_>) -> Option<Vec<BString>> {
    let mut words: Vec<BString> = Vec::new();
    let mut word: Option<BString> = None;
    let mut quote: Option<u8> = None;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match (byte, quote) {
            (b'\'' | b'"', None) => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (_, Some(open)) if byte == open => quote = None,
            (b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, None) => words.extend(word.take()),
            (b'#', None) if word.is_none() => break,
            (b'\\', _) => {
                let escaped = *text.get(at)?;
                at += 1;
                match (escaped, quote) {
                    (b'\\' | b'\'', Some(b'\'')) => word.get_or_insert_default().push(escaped),
                    (_, Some(b'\'')) => word.get_or_insert_default().extend_from_slice(&[b'\\', escaped]),
                    (b'c', None) => break,
                    (b'_', None) => words.extend(word.take()),
                    _ => word.get_or_insert_default().push(unescape(escaped)?),
                }
            }
            (b'$', None | Some(b'"')) => {
                let name = text.get(at..)?.strip_prefix(b"{")?;
                let end = name.find_byte(b'}')?;
                let value = variables.value(name[..end].to_str().ok()?)?;
                // A variable without a value leaves no word behind.
                if !value.is_empty() {
                    word.get_or_insert_default().extend_from_slice(&value);
                }
                at += end + 2;
            }
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

fn unescape(escaped: u8) -> Option<u8> {
    Some(match escaped {
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'_' => b' ',
        b'"' | b'#' | b'$' | b'\'' | b'\\' => escaped,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arguments: &[&str]) -> Option<String> {
        let set = BTreeMap::from([("HOME".to_owned(), BString::from("/h"))]);
        let variables = Variables { set: &set, is_known: |name| name == "EMPTY" };
        let arguments: Vec<BString> = arguments.iter().map(|&argument| argument.into()).collect();
        let env = parse(&arguments, &variables).ok()?;
        let set = env.set.iter().map(|(name, value)| format!("{name}={value} "));
        Some(format!(
            "{}{}{}",
            if env.clears { "clear " } else { "" },
            set.collect::<String>(),
            bstr::join("|", &env.command).as_bstr()
        ))
    }

    #[test]
    fn arguments_of_env() {
        let same = |text: &str| Some(text.to_owned());
        assert_eq!(told(&["python3", "x.py"]), same("python3|x.py"));
        assert_eq!(told(&["python3 -E", "x.py"]), same("python3 -E|x.py"));
        assert_eq!(told(&["-S python3 -E", "x.py"]), same("python3|-E|x.py"));
        assert_eq!(told(&["-S", "python3 -sE", "x.py"]), same("python3|-sE|x.py"));
        assert_eq!(told(&["-S A='b c' PATH=${HOME}/bin python3", "x"]), same("A=b c PATH=/h/bin python3|x"));
        assert_eq!(told(&["-iS python3", "x"]), same("clear python3|x"));
        assert_eq!(told(&["--split-string=-u A python3", "x"]), same("python3|x"));
        assert_eq!(told(&["-S python3 # why", "x"]), same("python3|x"));
        assert_eq!(told(&["-S python3 ${EMPTY} -E", "x"]), same("python3|-E|x"));
        assert_eq!(told(&["-S --uns=A --ignore-e --block-signal=INT python3", "x"]), same("clear python3|x"));
        assert_eq!(told(&["-S --d python3", "x"]), None);
        assert_eq!(told(&["-S python3 ${UNKNOWN}", "x"]), None);
        assert_eq!(told(&["--frobnicate", "x"]), None);
        assert_eq!(told(&["-S python3 'x", "x"]), None);
    }
}
