//! `venv-doctor explain`: resolve, render, judge.

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
    let options = Options { python_version: subject.python_version };
    let resolution = venv_doctor::explain(&host, &subject.invocation, &options);
    let exit = Exit::of(&resolution);
    let rendered = match arguments.output.format() {
        Format::Json => json::v1::render(&resolution, &subject.notes),
        Format::Text => {
            let style = text::Style {
                width: terminal::width(&host, arguments.width),
                color: terminal::wants_color(&host, arguments.color),
                verbose: arguments.verbose,
                home: terminal::home(&host),
            };
            text::render(&resolution, &subject.notes, &style).into_bytes()
        }
    };
    output::print(&rendered, exit)
}
