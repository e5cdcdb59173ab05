//! `venv-doctor explain`: resolve, render, and choose the exit code.

use std::mem;

use crate::host::Host;
use crate::report::{json, text};

use super::args::{ExplainArguments, Format};
use super::exit::Exit;
use super::output;
use super::source::{Source, told_from_outside};
use super::subject::Unfound;
use super::terminal;
use super::what_if::Answer;

/// Explains the Python that the arguments name.
pub fn run(arguments: &ExplainArguments) -> Exit {
    let unfound = match arguments.output.format() {
        Format::Json => Unfound::Reported,
        Format::Text => Unfound::Refused,
    };
    let source = Source::open(arguments.snapshot.as_deref(), &arguments.subject, unfound);
    let Source { host, subject, .. } = match source {
        Ok(source) => source,
        Err(error) => return output::refuse(&error),
    };
    let host = host.as_ref();
    let mut answer = match Answer::explain(host, &subject, arguments) {
        Ok(answer) => answer,
        Err(error) => return output::refuse(&error),
    };
    let exit = Exit::of(&answer.changed);
    if arguments.output.format() == Format::Text {
        told_from_outside(arguments.subject.call.root.as_deref(), &mut answer.changed, &mut answer.notes);
    }
    let rendered = match (answer.difference(), arguments.output.format()) {
        (None, Format::Json) => json::v1::render(&answer.changed, &answer.notes),
        (None, Format::Text) => output::text(text::render(&answer.changed, &answer.notes, &style(host, arguments))),
        (Some(difference), Format::Json) => difference.to_json(),
        (Some(difference), Format::Text) => output::text(difference.to_text(&style(host, arguments))),
    };
    // The process ends here, and its memory goes back in one piece.
    mem::forget(answer);
    output::print(&rendered, exit)
}

fn style(host: &dyn Host, arguments: &ExplainArguments) -> text::Style {
    text::Style { verbose: arguments.verbose, ..terminal::style(arguments.look, terminal::home(host)) }
}
