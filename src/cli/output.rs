//! The one place that writes to standard output and standard error.

use std::fmt::Display;
use std::io::{self, Write};

use bstr::BStr;
use venv_doctor::text::escape::escape;

use super::exit::Exit;

/// Writes everything at once. A reader that has gone away (`venv-doctor explain | head`) wanted no more: success.
pub fn print(bytes: &[u8], exit: Exit) -> Exit {
    print_line(bytes).err().unwrap_or(exit)
}

/// Writes a line of many. Where it cannot be written, the exit code tells why: a reader that has gone away wanted no more.
pub fn print_line(bytes: &[u8]) -> Result<(), Exit> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Exit::Success),
        Err(error) => Err(refuse(&format_args!("cannot write to standard output: {error}"))),
    }
}

/// Says on standard error why there is no answer. Messages may quote paths, so each line is made harmless.
pub fn refuse(error: &dyn Display) -> Exit {
    let mut text = String::from("error: ");
    for (number, line) in error.to_string().lines().enumerate() {
        if number > 0 {
            text.push_str("\n       ");
        }
        text.push_str(&escape(BStr::new(line)));
    }
    text.push('\n');
    // Nobody is left to be told that standard error cannot be written to.
    drop(io::stderr().write_all(text.as_bytes()));
    Exit::Unusable
}
