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

/// Reads the arguments of `env`; none where an option is unknown, a variable in `-S` is not in `variables`, or no command
/// is left.
pub fn parse(arguments: &[BString], variables: &BTreeMap<String, BString>) -> Option<Env> {
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
        let (name, value) = word.split_once_str("=")?;
        env.set.push((name.into(), value.into()));
    }
    env.command = rest;
    (!env.command.is_empty()).then_some(env)
}

impl Env {
    /// One argument that begins with a hyphen: a long option, or short ones together.
    fn option(&mut self, word: &BString, rest: &mut Vec<BString>, variables: &BTreeMap<String, BString>) -> Option<()> {
        if let Some(long) = word.strip_prefix(b"--") {
            return self.long_option(long, rest, variables);
        }
        if word == "-" {
            self.clears = true;
            return Some(());
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
                        None if rest.is_empty() => return None,
                        None => rest.remove(0),
                    };
                    return self.value(letter, value, rest, variables);
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn long_option(
        &mut self,
        long: &[u8],
        rest: &mut Vec<BString>,
        variables: &BTreeMap<String, BString>,
    ) -> Option<()> {
        let (name, value) = match long.split_once_str("=") {
            Some((name, value)) => (name, Some(BString::from(value))),
            None => (long, None),
        };
        let letter = match name {
            b"ignore-environment" => {
                self.clears = true;
                return Some(());
            }
            b"debug" => return Some(()),
            b"unset" => b'u',
            b"chdir" => b'C',
            b"split-string" => b'S',
            _ => return None,
        };
        let value = match value {
            Some(value) => value,
            None if rest.is_empty() => return None,
            None => rest.remove(0),
        };
        self.value(letter, value, rest, variables)
    }

    fn value(
        &mut self,
        letter: u8,
        value: BString,
        rest: &mut Vec<BString>,
        variables: &BTreeMap<String, BString>,
    ) -> Option<()> {
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
fn split(text: &[u8], variables: &BTreeMap<String, BString>) -> Option<Vec<BString>> {
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
                let value = variables.get(name[..end].to_str().ok()?)?;
                word.get_or_insert_default().extend_from_slice(value);
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
        let variables = BTreeMap::from([("HOME".to_owned(), BString::from("/h"))]);
        let arguments: Vec<BString> = arguments.iter().map(|&argument| argument.into()).collect();
        let env = parse(&arguments, &variables)?;
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
        assert_eq!(told(&["-S python3 ${UNKNOWN}", "x"]), None);
        assert_eq!(told(&["--frobnicate", "x"]), None);
        assert_eq!(told(&["-S python3 'x", "x"]), None);
    }
}
