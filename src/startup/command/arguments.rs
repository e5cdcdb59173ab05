//! The arguments that a command hands to Python (`Python/getopt.c`).

use bstr::BString;

use crate::invocation::{Flags, HASH_CHECKS, Launch};
use crate::text::sentence;

/// What Python makes of its arguments.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The flags that decide paths.
    pub flags: Flags,
    /// The `-X` options.
    pub options: Vec<BString>,
    /// The other words, each letter as one, and each value as another.
    pub switches: Vec<BString>,
    /// What is run; none where the arguments leave it open.
    pub launch: Option<Launch>,
}

/// Python prints something, such as its version, and ends: the letter of the option.
#[derive(Debug, PartialEq, Eq)]
pub struct Prints(pub char);

/// What follows a word or a letter.
enum Next {
    /// Another.
    Word,
    /// What is run, or a word with which Python ends.
    End,
}

/// Reads the arguments as Python does, up to what it runs.
pub fn parse(arguments: &[BString]) -> Result<Arguments, Prints> {
    let mut read = Arguments::default();
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        let Some(letters) = word.strip_prefix(b"-").filter(|letters| !letters.is_empty()) else {
            read.launch = Some(if word == "-" { Launch::Interactive } else { Launch::Script(word.clone()) });
            break;
        };
        let next = match letters.strip_prefix(b"-") {
            Some(long) => read.long(word, long, &mut rest)?,
            None => read.letters(letters, &mut rest)?,
        };
        if matches!(next, Next::End) {
            break;
        }
    }
    Ok(read)
}

impl Arguments {
    /// A word with two hyphens.
    fn long<'a>(
        &mut self,
        word: &BString,
        long: &[u8],
        rest: &mut impl Iterator<Item = &'a BString>,
    ) -> Result<Next, Prints> {
        match long {
            b"" => self.launch = rest.next().map(|script| Launch::Script(script.clone())),
            b"help" | b"help-all" | b"help-env" | b"help-xoptions" => return Err(Prints('h')),
            b"version" => return Err(Prints('V')),
            _ if word == HASH_CHECKS => {
                self.switches.extend([word].into_iter().chain(rest.next()).cloned());
                return Ok(Next::Word);
            }
            _ => {
                self.switches.push(word.clone());
                return Ok(Next::Word);
            }
        }
        Ok(Next::End)
    }

    /// Short options together.
    fn letters<'a>(&mut self, letters: &[u8], rest: &mut impl Iterator<Item = &'a BString>) -> Result<Next, Prints> {
        for (at, letter) in letters.iter().enumerate() {
            match letter {
                b'I' => self.flags.isolated = true,
                b'E' => self.flags.ignore_environment = true,
                b's' => self.flags.no_user_site = true,
                b'S' => self.flags.no_site = true,
                b'P' => self.flags.safe_path = true,
                b'b' | b'B' | b'd' | b'i' | b'O' | b'q' | b'R' | b't' | b'u' | b'v' | b'x' => {
                    self.switches.push(BString::from([b'-', *letter]));
                }
                b'h' | b'?' | b'V' => return Err(Prints(char::from(*letter))),
                b'c' | b'm' | b'W' | b'X' => {
                    let value = letters.get(at + 1..).filter(|value| !value.is_empty()).map(BString::from);
                    return Ok(self.with_value(*letter, value.or_else(|| rest.next().cloned())));
                }
                // Python reads on, and what follows may still switch variables off before it complains.
                _ => self.switches.push(BString::from([b'-', *letter])),
            }
        }
        Ok(Next::Word)
    }

    /// An option with its value, or with none where the words end.
    fn with_value(&mut self, letter: u8, value: Option<BString>) -> Next {
        match (letter, value) {
            (letter, None) => {
                self.switches.push(BString::from([b'-', letter]));
                return Next::End;
            }
            (b'c', Some(_)) => self.launch = Some(Launch::Command),
            (b'm', Some(name)) => self.launch = Some(Launch::Module(name)),
            (b'X', Some(option)) => self.options.push(option),
            (_, Some(filter)) => self.switches.push(sentence!("-W", filter)),
        }
        if self.launch.is_some() { Next::End } else { Next::Word }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arguments: &[&str]) -> Result<Arguments, Prints> {
        parse(&arguments.iter().map(|&argument| argument.into()).collect::<Vec<_>>())
    }

    #[test]
    fn arguments_of_python() {
        let script = Some(Launch::Script("x.py".into()));
        assert_eq!(told(&["x.py", "-E"]), Ok(Arguments { launch: script.clone(), ..Arguments::default() }));
        let flags = Flags { no_user_site: true, ignore_environment: true, ..Flags::default() };
        assert_eq!(told(&["-sE", "x.py"]), Ok(Arguments { flags, launch: script.clone(), ..Arguments::default() }));
        let options = vec!["frozen_modules=off".into()];
        assert_eq!(
            told(&["-Xfrozen_modules=off", "-W", "error", "x.py"]),
            Ok(Arguments { options, switches: vec!["-Werror".into()], launch: script, ..Arguments::default() })
        );
        assert_eq!(told(&["-mpip", "x"]).map(|it| it.launch), Ok(Some(Launch::Module("pip".into()))));
        let switches = |words: &[&str]| told(words).map(|it| it.switches);
        let words = |words: &[&str]| Ok(words.iter().map(|&word| word.into()).collect());
        assert_eq!(switches(&["-E\r", "x"]), words(&["-\r"]));
        assert_eq!(switches(&["-s -E", "x"]), words(&["- ", "--"]));
        assert_eq!(
            switches(&["-OOWbad", "--check-hash-based-pycs", "x", "-Z"]),
            words(&["-O", "-O", "-Wbad", "--check-hash-based-pycs", "x", "-Z"])
        );
        assert_eq!(switches(&["-X"]), words(&["-X"]));
        assert_eq!(told(&["-V"]), Err(Prints('V')));
        assert_eq!(told(&[]), Ok(Arguments::default()));
    }
}
