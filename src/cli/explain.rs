//! `venv-doctor explain`: resolve, render, judge.

use std::mem;

use venv_doctor::host::LiveHost;
use venv_doctor::report::{json, text};

use super::args::{ExplainArguments, Format};
use super::exit::Exit;
use super::output;
use super::source::Source;
use super::terminal;

/// Explains the Python that the arguments name.
pub fn run(arguments: &ExplainArguments) -> Exit {
    let Source { host, subject } = match Source::open(arguments.snapshot.as_deref(), &arguments.subject) {
        Ok(source) => source,
        Err(error) => return output::refuse(&error),
    };
    let host = host.as_ref();
    let explanation = venv_doctor::explain(host, &subject.invocation, &subject.options);
    let exit = Exit::of(&explanation);
    let rendered = match arguments.output.format() {
        Format::Json => json::v1::render(&explanation, &subject.notes),
        Format::Text => {
            let style = text::Style {
                width: terminal::width(&LiveHost, arguments.width),
                color: terminal::wants_color(&LiveHost, arguments.color),
                verbose: arguments.verbose,
                home: terminal::home(host),
            };
            text::render(&explanation, &subject.notes, &style).into_bytes()
        }
    };
    // The process ends here, and its memory goes back in one piece.
    mem::forget(explanation);
    output::print(&rendered, exit)
}
