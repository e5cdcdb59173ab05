//! The file of `PYTHONSTARTUP`, which an interactive session runs before its first prompt.

use bstr::{BStr, BString};

use super::{RefusedSetting, counted};
use crate::host::HostError;
use crate::invocation::{Invocation, Launch};
use crate::startup::behaviors::Behaviors;
use crate::startup::fatal::{Fatal, os_error};
use crate::startup::known_code::{self, Effect, End, Module, Place};
use crate::startup::record::Doubt;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::{python, sentence};

/// Where a module that the file imports is found.
pub type PlaceOf<'p> = &'p dyn Fn(&Trace<'_>, &str) -> Place;

/// Looks for the file. Python complains where it cannot be opened or compiled, and goes on.
///
/// # Errors
/// Where the file ends the session before its first prompt.
pub fn read(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    invocation: &Invocation,
    place: PlaceOf<'_>,
    refused: &mut Vec<RefusedSetting>,
    doubts: &mut Vec<Doubt>,
) -> Result<(), Fatal> {
    let Some(file) = counted(invocation, "PYTHONSTARTUP").filter(|_| invocation.launch == Launch::Interactive) else {
        return Ok(());
    };
    trace.begin(StepId::StartupFile);
    let content = match trace.ask.read(file, crate::startup::MOST_BYTES) {
        Ok(content) => content,
        Err(error @ (HostError::NotFound | HostError::PermissionDenied | HostError::NotADirectory)) => {
            trace.say(sentence!(
                "PYTHONSTARTUP names ",
                file,
                ", which cannot be opened; the session starts without it."
            ));
            trace.print("Could not open PYTHONSTARTUP");
            trace.print_text(sentence!(os_error(&error), ": ", python::repr(file, trace.charset)));
            let problem = if error == HostError::NotFound { "does not exist" } else { "cannot be opened" };
            refused.push(refusal(trace, file, problem));
            return Ok(());
        }
        Err(_) => {
            trace.say(sentence!("PYTHONSTARTUP names ", file, ", which is no regular file."));
            // Python does not complain, and runs nothing.
            refused.push(refusal(trace, file, "is no regular file"));
            return Ok(());
        }
    };
    trace.say(sentence!("The session first runs ", file, ", as PYTHONSTARTUP says."));
    run(trace, behaviors, file, &content, place, refused, doubts)
}

fn run(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    file: &BStr,
    content: &[u8],
    place: PlaceOf<'_>,
    refused: &mut Vec<RefusedSetting>,
    doubts: &mut Vec<Doubt>,
) -> Result<(), Fatal> {
    match known_code::module(content, behaviors) {
        Module::Known(_) => {}
        Module::Invalid(line) => {
            trace.say(format!("Line {line} of it is not valid Python, so nothing of it runs."));
            trace.print("SyntaxError");
            refused.push(refusal(trace, file, "is not valid Python"));
        }
        Module::Begins(firsts) => {
            let end = known_code::follow(firsts, |module| place(trace, module));
            return follow(trace, file, end, refused, doubts);
        }
        Module::Unknown => doubts.push(doubt(trace, file)),
    }
    Ok(())
}

/// How the file ends, as far as its first statements decide.
fn follow(
    trace: &mut Trace<'_>,
    file: &BStr,
    end: End,
    refused: &mut Vec<RefusedSetting>,
    doubts: &mut Vec<Doubt>,
) -> Result<(), Fatal> {
    let exception = match end {
        End::Missing(module) => format!("ModuleNotFoundError: No module named '{module}'"),
        End::Effect(Effect::Raises(exception)) => exception,
        End::Effect(Effect::Ends(call)) => return Err(Fatal::ended(&call, file)),
        End::Effect(Effect::Exits(exception)) if exception.starts_with("SystemExit") => {
            let text = exception.strip_prefix("SystemExit: ").filter(|text| text.parse::<i64>().is_err());
            let messages = text.into_iter().map(BString::from).collect();
            let reason = sentence!(file, ", which PYTHONSTARTUP names, ends the session: ", exception);
            return Err(Fatal { reason, messages, unanswered: false });
        }
        End::Effect(_) | End::Unknown => {
            doubts.push(doubt(trace, file));
            return Ok(());
        }
    };
    trace.print_text(&exception);
    trace.say(sentence!("It fails: ", exception, "."));
    refused.push(refusal(trace, file, &format!("fails: {exception}")));
    Ok(())
}

fn doubt(trace: &Trace<'_>, file: &BStr) -> Doubt {
    let text = "PYTHONSTARTUP names this file, which runs before the first prompt".into();
    Doubt::Code { file: file.to_owned(), line: None, text, step: trace.step() }
}

fn refusal(trace: &Trace<'_>, file: &BStr, problem: &str) -> RefusedSetting {
    RefusedSetting {
        name: "PYTHONSTARTUP",
        is_option: false,
        value: Some(file.to_owned()),
        problem: problem.into(),
        is_fatal: false,
        step: trace.step(),
    }
}
