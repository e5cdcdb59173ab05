//! The arguments that a command hands to Python (`Python/getopt.c`).

use bstr::BString;

use crate::invocation::{Flags, Launch};

/// What Python makes of its arguments.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The flags that startup consults.
    pub flags: Flags,
    /// The `-X` options.
    pub options: Vec<BString>,
    /// What is run; none where the arguments leave it open.
    pub launch: Option<Launch>,
}

/// Why Python runs nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// It knows no such option, and ends with status 2.
    Option(char),
    /// It prints something, such as its version, and ends.
    Prints(char),
}

/// Reads the arguments as Python does, up to what it runs.
pub fn parse(arguments: &[BString]) -> Result<Arguments, Refused> {
    let mut read = Arguments::default();
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        let Some(letters) = word.strip_prefix(b"-").filter(|letters| !letters.is_empty()) else {
            read.launch = Some(if word == "-" { Launch::Interactive } else { Launch::Script(word.clone()) });
            break;
        };
        if let Some(long) = letters.strip_prefix(b"-") {
            match long {
                b"" => {
                    read.launch = rest.next().map(|script| Launch::Script(script.clone()));
                    break;
                }
                b"check-hash-based-pycs" => {
                    rest.next();
                    continue;
                }
                b"help" | b"help-all" | b"help-env" | b"help-xoptions" => return Err(Refused::Prints('h')),
                b"version" => return Err(Refused::Prints('V')),
                _ => return Err(Refused::Option('-')),
            }
        }
        if read.letters(letters, &mut rest)? {
            break;
        }
    }
    Ok(read)
}

impl Arguments {
    /// Short options together; whether what is run has been named.
    fn letters<'a>(&mut self, letters: &[u8], rest: &mut impl Iterator<Item = &'a BString>) -> Result<bool, Refused> {
        for (at, letter) in letters.iter().enumerate() {
            match letter {
                b'I' => self.flags.isolated = true,
                b'E' => self.flags.ignore_environment = true,
                b's' => self.flags.no_user_site = true,
                b'S' => self.flags.no_site = true,
                b'P' => self.flags.safe_path = true,
                b'b' | b'B' | b'd' | b'i' | b'O' | b'q' | b'R' | b'u' | b'v' | b'x' => {}
                b'h' | b'?' | b'V' => return Err(Refused::Prints(char::from(*letter))),
                b'c' | b'm' | b'W' | b'X' => {
                    let value = letters.get(at + 1..).filter(|value| !value.is_empty()).map(BString::from);
                    let value = value.or_else(|| rest.next().cloned()).ok_or(Refused::Option(char::from(*letter)))?;
                    match letter {
                        b'c' => self.launch = Some(Launch::Command),
                        b'm' => self.launch = Some(Launch::Module(value)),
                        b'X' => self.options.push(value),
                        _ => {}
                    }
                    return Ok(self.launch.is_some());
                }
                other => return Err(Refused::Option(char::from(*other))),
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arguments: &[&str]) -> Result<Arguments, Refused> {
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
            Ok(Arguments { options, launch: script, ..Arguments::default() })
        );
        assert_eq!(told(&["-mpip", "x"]).map(|it| it.launch), Ok(Some(Launch::Module("pip".into()))));
        assert_eq!(told(&["-E\r", "x"]), Err(Refused::Option('\r')));
        assert_eq!(told(&["-s -E", "x"]), Err(Refused::Option(' ')));
        assert_eq!(told(&["-V"]), Err(Refused::Prints('V')));
        assert_eq!(told(&[]), Ok(Arguments::default()));
    }
}
