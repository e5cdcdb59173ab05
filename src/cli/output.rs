//! The one place that reads and writes standard streams and the files that the command line names.
#![allow(clippy::disallowed_methods, reason = "these are files of this program, not of the machine that is explained")]

use std::ffi::OsStr;
use std::fmt::{self, Display, Write as _};
use std::fs::{self, File};
use std::io::{self, BufRead, Read, Write};

use crate::text::escape::escape;
use bstr::BStr;

use super::exit::Exit;
use super::log;
use crate::host::LiveHost;

/// The longest answer to a question that is read, in bytes.
const LONGEST_ANSWER: u64 = 256;

/// An error that ends a command, and what can be done about it.
pub trait Failure: Display {
    /// Advice, each a sentence without a period; further lines of one are a list.
    fn help(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Failure for fmt::Arguments<'_> {}

/// The bytes of a text for people, in which a CI service that keeps them finds no command.
pub fn text(text: String) -> Vec<u8> {
    if log::is_kept(&LiveHost) { log::harmless(text.as_bytes()).into_owned() } else { text.into_bytes() }
}

/// Writes everything at once. A reader that has gone away (`venv-doctor explain | head`) wants no more: success.
pub fn print(bytes: &[u8], exit: Exit) -> Exit {
    print_line(bytes).err().unwrap_or(exit)
}

/// Writes everything at once where it is wanted: to a file, or to standard output.
pub fn deliver(file: Option<&OsStr>, bytes: &[u8], exit: Exit) -> Exit {
    let Some(file) = file else { return print(bytes, exit) };
    match save(file, bytes) {
        Exit::Success => exit,
        failed => failed,
    }
}

/// Writes one line of several. Where that fails, the error is the exit code: success where the reader has gone away.
pub fn print_line(bytes: &[u8]) -> Result<(), Exit> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if is_gone(&error) => Err(Exit::Success),
        Err(error) => Err(refuse(&format_args!("cannot write to standard output: {error}"))),
    }
}

/// Whether nobody reads any more.
fn is_gone(error: &io::Error) -> bool {
    /// `ERROR_PIPE_NOT_CONNECTED`, which the standard library does not know.
    const NOT_CONNECTED: i32 = 233;
    error.kind() == io::ErrorKind::BrokenPipe || cfg!(windows) && error.raw_os_error() == Some(NOT_CONNECTED)
}

/// Writes a file.
pub fn save(file: &OsStr, bytes: &[u8]) -> Exit {
    match fs::write(file, bytes) {
        Ok(()) => Exit::Success,
        Err(error) => refuse(&format_args!("cannot write {}: {error}", file.display())),
    }
}

/// The bytes of a file (`-` is standard input): of one that has more than `most`, one more than that.
pub fn read(file: &OsStr, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = most as u64 + 1;
    if file == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Says something on standard error.
pub fn tell(message: String) {
    // Where standard error cannot be written to, there is nowhere to say so.
    drop(io::stderr().write_all(&text(message)));
}

/// Says on standard error what is worth knowing before the result is read.
pub fn note(message: &BStr) {
    tell(format!("note: {}\n", escape(message)));
}

/// Asks a question on the terminal. Anything but a yes is a no.
pub fn confirm(question: &str) -> bool {
    tell(format!("{question} [y/N] "));
    let mut answer = String::new();
    let is_read = io::stdin().lock().take(LONGEST_ANSWER).read_line(&mut answer).is_ok();
    is_read && matches!(answer.trim(), "y" | "Y" | "yes" | "Yes" | "YES")
}

/// Says on standard error why there is no answer, and what can be done. Messages may quote paths, so that each line is
/// escaped.
pub fn refuse(error: &dyn Failure) -> Exit {
    let mut text = String::new();
    paragraph(&mut text, "error: ", &error.to_string());
    for help in error.help() {
        paragraph(&mut text, "help: ", &help);
    }
    complain(text)
}

/// Says on standard error what to do about some paths before the result is used.
pub fn advise(what: &str, paths: &[&BStr]) {
    let mut message = format!("note: {what}:\n");
    for path in paths {
        // Writing to a string cannot fail.
        let _ = writeln!(message, "  {}", escape(path));
    }
    tell(message);
}

/// Says on standard error what is wrong with the arguments. The library for arguments quotes them as they are.
pub fn refuse_arguments(message: &str) -> Exit {
    let mut text = String::new();
    for line in message.lines() {
        text.push_str(&escape(BStr::new(line)));
        text.push('\n');
    }
    complain(text)
}

fn complain(message: String) -> Exit {
    tell(message);
    Exit::Unusable
}

/// A label and a text, whose further lines are indented below the first.
fn paragraph(into: &mut String, label: &str, text: &str) {
    into.push_str(label);
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            // Writing to a string cannot fail.
            let _ = write!(into, "{:indent$}", "", indent = label.len());
        }
        into.push_str(&escape(BStr::new(line)));
        into.push('\n');
    }
}
