//! `venv-doctor explain`: resolve, render, and choose the exit code.

use std::mem;

use crate::host::Host;
use crate::report::{html, json, text};

use super::args::{ExplainArguments, PageFormat};
use super::exit::Exit;
use super::output;
use super::source::{Source, told_from_outside};
use super::subject::Unfound;
use super::terminal;
use super::what_if::Answer;

/// Explains the Python that the arguments name.
pub fn run(arguments: &ExplainArguments) -> Exit {
    let unfound = match arguments.output.format() {
        PageFormat::Json => Unfound::Reported,
        PageFormat::Text | PageFormat::Html => Unfound::Refused,
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
    if arguments.output.format() != PageFormat::Json {
        told_from_outside(arguments.subject.call.root.as_deref(), &mut answer.changed, &mut answer.notes);
    }
    let rendered = match (answer.difference(), arguments.output.format()) {
        (None, PageFormat::Json) => json::v1::render(&answer.changed, &answer.notes),
        (None, PageFormat::Text) => output::text(text::render(&answer.changed, &answer.notes, &style(host, arguments))),
        (None, PageFormat::Html) => {
            let surroundings = answer.surroundings.as_ref();
            output::text(html::explain(&answer.changed, surroundings, &answer.notes, terminal::home(host)))
        }
        (Some(difference), PageFormat::Json) => difference.to_json(),
        (Some(difference), PageFormat::Html) => output::text(html::what_if(&difference, terminal::home(host))),
        (Some(difference), PageFormat::Text) => output::text(difference.to_text(&style(host, arguments))),
    };
    // The process ends here, and its memory goes back in one piece.
    mem::forget(answer);
    output::deliver(arguments.destination.file(), &rendered, exit)
}

fn style(host: &dyn Host, arguments: &ExplainArguments) -> text::Style {
    text::Style { verbose: arguments.verbose, ..terminal::style(arguments.look, terminal::home(host)) }
}
