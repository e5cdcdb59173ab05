//! The first line of a script, as the kernel takes it apart.

use bstr::{BStr, BString, ByteSlice};

/// `BINPRM_BUF_SIZE` since Linux 5.1; half as much before.
const BUFFER: usize = 256;

/// What the kernel makes of a first line.
#[derive(Debug, PartialEq, Eq)]
pub struct Shebang {
    /// The program, up to the first blank. A carriage return is part of it.
    pub program: BString,
    /// Everything after it, as one argument.
    pub argument: Option<BString>,
}

/// Takes the line apart as `load_script` does; none where it fails with `ENOEXEC`.
pub fn parse(head: &[u8]) -> Option<Shebang> {
    let buffer = &head[..head.len().min(BUFFER)];
    let body = buffer.strip_prefix(b"#!")?;
    // The buffer is filled up with NUL, at which the search for the end of the line stops.
    let nul = body.find_byte(0).unwrap_or(body.len());
    let line = if let Some(end) = body[..nul].find_byte(b'\n') {
        &body[..end]
    } else {
        let rest = body[..nul].trim_start_with(is_blank);
        let is_whole = head.len() < BUFFER || nul < body.len() || rest.find_byteset(b" \t").is_some();
        if !is_whole {
            return None;
        }
        &body[..nul.min(BUFFER - 3)]
    };
    let line = line.trim_with(is_blank);
    if line.is_empty() {
        return None;
    }
    let end = line.find_byteset(b" \t\0").unwrap_or(line.len());
    let argument = line[end..].trim_start_with(is_blank);
    let argument = (!argument.is_empty()).then(|| BStr::new(argument).to_owned());
    Some(Shebang { program: line[..end].into(), argument })
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(head: &str) -> Option<(String, Option<String>)> {
        let Shebang { program, argument } = parse(head.as_bytes())?;
        Some((program.to_string(), argument.map(|argument| argument.to_string())))
    }

    #[test]
    fn the_kernel_splits_once() {
        let one = |program: &str| Some((program.to_owned(), None));
        let two = |program: &str, argument: &str| Some((program.to_owned(), Some(argument.to_owned())));
        assert_eq!(told("#!/bin/python\n"), one("/bin/python"));
        assert_eq!(told("#! \t/bin/python"), one("/bin/python"));
        assert_eq!(told("#!/bin/python -s -E  \nx"), two("/bin/python", "-s -E"));
        assert_eq!(told("#!/bin/python\r\n"), one("/bin/python\r"));
        assert_eq!(told("#!/bin/python -E\r\n"), two("/bin/python", "-E\r"));
        assert_eq!(told("#!\n"), None);
        assert_eq!(told("#!   \n"), None);
        assert_eq!(told("import sys\n"), None);
    }

    #[test]
    fn a_path_that_does_not_fit_is_refused() {
        let fits = format!("#!/{}\n", "p".repeat(252));
        assert_eq!(parse(fits.as_bytes()).map(|it| it.program.len()), Some(253));
        let long = format!("#!/{}\n", "p".repeat(253));
        assert_eq!(parse(long.as_bytes()), None);
        let cut = format!("#!/bin/python {}\n", "x".repeat(400));
        assert_eq!(parse(cut.as_bytes()).map(|it| it.program), Some("/bin/python".into()));
    }
}
