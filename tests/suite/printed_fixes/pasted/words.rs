//! How a command line is read, in the few notations that all shells read alike. Anything else is an error.

/// A part of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word, as the program gets it.
    Word(Vec<u8>),
    /// What is for the shell.
    Operator(&'static str),
}

/// A program with its arguments, and the file that takes its output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    pub argv: Vec<Vec<u8>>,
    /// The file, and whether it is appended to.
    pub output: Option<(Vec<u8>, bool)>,
}

/// Reads a line for the shells of Unix.
pub fn posix(line: &[u8]) -> Result<Vec<Token>, String> {
    fields(line)
        .map(|field| match field {
            b">" => Ok(Token::Operator(">")),
            b">>" => Ok(Token::Operator(">>")),
            b"&&" => Ok(Token::Operator("&&")),
            field => posix_word(field).map(Token::Word),
        })
        .collect()
}

/// The fields of a line: what is between the spaces outside of quotes.
fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quote = None;
    line.split(move |&byte| {
        match quote {
            Some(open) if byte == open => quote = None,
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            _ => {}
        }
        quote.is_none() && byte == b' '
    })
}

fn posix_word(field: &[u8]) -> Result<Vec<u8>, String> {
    let wrong = |what: &str| Err(format!("{what} in {}", String::from_utf8_lossy(field)));
    let mut word = Vec::new();
    let mut rest = field;
    if rest.is_empty() || b"=@%".contains(&rest[0]) {
        return wrong("an empty word or a beginning that some shell expands");
    }
    while let Some(&first) = rest.first() {
        let length = match first {
            b'\'' => {
                let Some(end) = rest[1..].iter().position(|&byte| byte == b'\'') else { return wrong("an open quote") };
                let inner = &rest[1..=end];
                if inner.iter().any(|&byte| b"\\!".contains(&byte) || byte.is_ascii_control()) {
                    return wrong("what not every shell leaves alone");
                }
                word.extend_from_slice(inner);
                end + 2
            }
            b'"' if rest.starts_with(b"\"'\"") => {
                word.push(b'\'');
                3
            }
            b'"' => {
                let Some(end) = rest.windows(4).position(|four| four == b":?}\"") else {
                    return wrong("double quotes");
                };
                let name = &rest[3..end];
                if !rest.starts_with(b"\"${") || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                {
                    return wrong("double quotes");
                }
                word.extend_from_slice(&[b"<", name, b">"].concat());
                end + 4
            }
            b'\\' if rest.len() > 1 && b"\\!".contains(&rest[1]) => {
                word.push(rest[1]);
                2
            }
            byte if byte.is_ascii_alphanumeric() || b"/._-+=:@%,".contains(&byte) => {
                word.push(byte);
                1
            }
            _ => return wrong("what has a meaning for a shell"),
        };
        rest = &rest[length..];
    }
    Ok(word)
}

/// The calls of a line.
pub fn calls(tokens: Vec<Token>) -> Vec<Call> {
    let mut calls = vec![Call::default()];
    let mut redirection = None;
    for token in tokens {
        let call = calls.last_mut().expect("there is always one");
        match token {
            Token::Operator("&&") => calls.push(Call::default()),
            Token::Operator(other) => redirection = Some(other == ">>"),
            Token::Word(word) => match redirection.take() {
                Some(appends) => call.output = Some((word, appends)),
                None => call.argv.push(word),
            },
        }
    }
    calls
}

/// Reads a line for `PowerShell`: bare words, words between single quotes, the call operator, and commas between paths.
pub fn powershell(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = line.strip_prefix("& ").unwrap_or(line);
    if line.starts_with(is_quote) {
        return Err(format!("a value, not a command: {line}"));
    }
    while !rest.is_empty() {
        let length = if rest.starts_with(is_quote) {
            let (word, length) = quoted(rest)?;
            words.push(word);
            length
        } else {
            let length = rest.find(' ').unwrap_or(rest.len());
            let word = &rest[..length];
            let is_bare = |c: char| c.is_ascii_alphanumeric() || r"\/._-+=:$".contains(c);
            let is_variable = words.is_empty() && word.starts_with("$env:");
            if word != "," && (!word.chars().all(is_bare) || word.contains('$') && !is_variable) {
                return Err(format!("{word} has a meaning for PowerShell in {line}"));
            }
            words.push(word.to_owned());
            length
        };
        rest = &rest[length..];
        match rest.strip_prefix(' ') {
            Some(next) => rest = next,
            None if rest.is_empty() => {}
            None => return Err(format!("two words without a space between them in {line}")),
        }
    }
    Ok(words)
}

/// `PowerShell` takes the quotes of typography for single quotes.
fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

fn quoted(text: &str) -> Result<(String, usize), String> {
    let mut word = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if !is_quote(c) {
            word.push(c);
        } else if let Some((_, next)) = characters.next_if(|(_, next)| is_quote(*next)) {
            word.push(next);
        } else {
            return Ok((word, at + c.len_utf8()));
        }
    }
    Err(format!("an open quote in {text}"))
}
