//! The way from what was typed to the file that runs.

use super::drawing::{Figure, Stop, Tone, chain};
use super::words::Words;
use crate::Explanation;
use crate::report::text::summary;
use crate::startup::{Resolution, Status};

/// What is said of the program that takes the place of Python in an environment on Windows.
const REDIRECTOR: &str = "a redirector: it starts the Python in the directory that home in pyvenv.cfg names";

/// The way as a drawing, and as a list for those who do not see it.
pub(super) struct Way {
    /// The drawing.
    pub(super) figure: Figure,
    /// The stops in words.
    pub(super) stops: Vec<Stop>,
}

/// Follows the command, then the symlinks.
pub(super) fn way(words: &Words, explanation: &Explanation, prefix: &str) -> Way {
    let resolution = &explanation.resolution;
    let mut stops = command(words, resolution);
    symlinks(words, resolution, &mut stops);
    if let (Some(last), true) = (stops.last_mut(), resolution.identification.redirector.is_some()) {
        REDIRECTOR.clone_into(&mut last.note);
    }
    end(words, explanation, &mut stops);
    let number = stops.len();
    let last = stops.last().map_or_else(String::new, |stop| stop.path.clone());
    let description = match number {
        1 => format!("What was typed is the end of the way already: {last}."),
        _ => format!("{number} stops; the last is {last}. The list below the drawing has all of them."),
    };
    let figure =
        Figure::new(format!("{prefix}way"), "From what was typed to the file that runs", description, |canvas| {
            chain(canvas, &stops);
        });
    Way { figure, stops }
}

fn stop(label: &'static str, path: String, note: String) -> Stop {
    Stop { label, path, note, tone: Tone::Plain }
}

/// What was typed, and the scripts and shims that lead to an interpreter.
fn command(words: &Words, resolution: &Resolution) -> Vec<Stop> {
    let mut stops = vec![stop("what was typed", words.show(resolution.typed()), String::new())];
    let Some(command) = &resolution.command else { return stops };
    for hop in &command.hops {
        let path = words.show(&hop.path);
        go(&mut stops, "which leads to", path, hop.kind.words().to_owned());
    }
    go(&mut stops, "which starts", words.show(&resolution.invocation.executable), String::new());
    stops
}

/// Says more of the last stop, or adds another.
fn go(stops: &mut Vec<Stop>, label: &'static str, path: String, note: String) {
    match stops.last_mut() {
        Some(last) if last.path == path => {
            if last.note.is_empty() {
                last.note = note;
            }
        }
        _ => stops.push(stop(label, path, note)),
    }
}

fn symlinks(words: &Words, resolution: &Resolution, stops: &mut Vec<Stop>) {
    for hop in &resolution.identification.hops {
        go(stops, "which leads to", words.show(&hop.path), format!("symlink to {}", words.show(&hop.target)));
    }
}

/// The file that runs, or what is in its place.
fn end(words: &Words, explanation: &Explanation, stops: &mut Vec<Stop>) {
    let identification = &explanation.resolution.identification;
    let outcome = &explanation.resolution.outcome;
    let is_there = identification.problem.is_none() && identification.file.is_some();
    let is_sound = is_there && outcome.status != Status::FailsToExecute;
    let missing = summary::missing(explanation);
    let (label, note, tone) = if is_sound {
        ("the file that runs", summary::interpreter(identification), Tone::Good)
    } else if missing.is_some() {
        ("which leads to", "does not exist".to_owned(), Tone::Bad)
    } else {
        let reason = outcome.reason.as_ref().map(|reason| words.show(reason));
        let tone = if identification.file.is_some() && !is_there { Tone::Doubtful } else { Tone::Bad };
        ("which leads to", reason.unwrap_or_default(), tone)
    };
    let path = missing.or_else(|| identification.file.clone()).map(|path| words.show(path));
    match stops.last_mut() {
        Some(last) if path.as_ref().is_none_or(|path| last.path == *path) => {
            last.note = if last.note.is_empty() { note } else { format!("{}; {note}", last.note) };
            last.tone = tone;
        }
        _ => stops.push(Stop { label, path: path.unwrap_or_default(), note, tone }),
    }
}
