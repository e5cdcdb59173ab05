//! `venv-doctor explain`: resolve, render, judge.

use std::mem;

use venv_doctor::host::LiveHost;
use venv_doctor::report::{json, text};
use venv_doctor::startup::Options;

use super::args::{ExplainArguments, Format};
use super::exit::Exit;
use super::output;
use super::subject::Subject;
use super::terminal;

/// Explains the Python that the arguments name.
pub fn run(arguments: &ExplainArguments) -> Exit {
    let host = LiveHost;
    let subject = match Subject::from_arguments(&host, &arguments.subject) {
        Ok(subject) => subject,
        Err(error) => return output::refuse(&error),
    };
    let options = Options { python_version: subject.python_version, ..Options::default() };
    let explanation = venv_doctor::explain(&host, &subject.invocation, &options);
    let exit = Exit::of(&explanation);
    let rendered = match arguments.output.format() {
        Format::Json => json::v1::render(&explanation, &subject.notes),
        Format::Text => {
            let style = text::Style {
                width: terminal::width(&host, arguments.width),
                color: terminal::wants_color(&host, arguments.color),
                verbose: arguments.verbose,
                home: terminal::home(&host),
            };
            text::render(&explanation, &subject.notes, &style).into_bytes()
        }
    };
    // The process ends here, and its memory goes back in one piece.
    mem::forget(explanation);
    output::print(&rendered, exit)
}
