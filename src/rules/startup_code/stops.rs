//! Lines and files that end or block startup.

use bstr::{BStr, ByteSlice};

use super::support::failing::{self, Failing};
use super::support::{by_owner, files, hooks};
use crate::environment::{Ownership, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Rule, Severity, Topic};
use crate::startup::{Failure, Hook, HookKind};
use crate::text::sentence;

pub(in crate::rules) static PTH_STOPS_STARTUP: Rule = Rule {
    code: Code("VD407"),
    name: "pth-stops-startup",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A line of a .pth file ends or blocks the startup of every Python that reads it, or probably does.",
    why: "\
Python runs the code in .pth files while it imports site. SystemExit is not a subclass of Exception, so nothing \
catches it and Python fails to start; a line that waits does so twice, once for each time that Python processes an \
environment's directory; a line that starts another Python runs again in that one. Whether an unknown line gets that \
far cannot be known without running it: it is reported as a warning, with the call that may stop startup.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/guard.pth
import sys; sys.exit(3)
$ .venv/bin/python
Fatal Python error: init_import_site: Failed to import the site module
SystemExit: 3",
    fix: "Rename the file so that Python ignores it, read it, and reinstall the distribution that owns it.",
    sources: &["CPython Lib/site.py: addpackage", "BerriAI/litellm#24521"],
};

/// The rules of this file. The judges of [`super::failures`] and [`super::integrity`] find them.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&PTH_STOPS_STARTUP], judges: &[] };

/// Calls with which a line of code may end or block startup, or start Python again; and what they do.
const STOPPERS: &[(&str, &str)] = &[
    ("os._exit(", "ends the process"),
    ("sys.exit(", "ends the process"),
    ("raise SystemExit", "ends the process"),
    ("os.abort(", "ends the process"),
    ("time.sleep(", "waits"),
    ("input(", "waits for input"),
    ("while True", "loops forever"),
    ("os.fork(", "starts another process"),
    ("os.system(", "starts another program"),
    ("subprocess.", "starts another program"),
    ("os.exec", "starts another program"),
];

/// A line that certainly ends the process.
pub fn exits(survey: &Survey<'_>, failure: &Failure, exception: &str) -> Finding {
    let file = failure.file.as_bstr();
    let message = sentence!(failing::place(survey, failure), " ends the process: ", exception);
    Finding::new(&PTH_STOPS_STARTUP, message)
        .severity(Severity::Error)
        .evidence(failing::evidence(survey, failure, exit_call(survey, failure)))
        .effect("Python fails to start: it exits while it imports site, before it runs anything else")
        .fix(by_owner::disable(survey, file, &survey.owner_of(file)))
}

/// The call with which a line ends the process.
fn exit_call(survey: &Survey<'_>, failure: &Failure) -> &'static [u8] {
    const CALLS: [&[u8]; 5] = [b"os._exit", b"os.abort", b"sys.exit", b"raise SystemExit", b"raise"];
    let hook = survey.resolution.startup.iter().find(|it| it.file == failure.file && it.line == failure.line);
    let code = hook.and_then(|hook| hook.code.as_ref());
    let found = CALLS.into_iter().find(|call| code.is_some_and(|code| code.contains_str(call)));
    found.unwrap_or_default()
}

/// A file that Python may wait for forever when it opens it.
pub fn blocks(survey: &Survey<'_>, failure: &Failure) -> Finding {
    let file = failure.file.as_bstr();
    let ownership = survey.owner_of(file);
    let message =
        sentence!(file, by_owner::origin(&ownership), " is not a regular file, and opening it may never finish");
    Finding::new(&PTH_STOPS_STARTUP, message)
        .evidence(Evidence::about(file, "a pipe, a socket or a device"))
        .effect("Python waits at every start until another process writes to it")
        .fix(by_owner::disable(survey, file, &ownership))
}

/// Unknown code with a call that may end or block the process.
pub fn may_stop(survey: &Survey<'_>, hook: &Hook, ownership: &Ownership<'_>, failing: &Failing<'_>) -> Option<Finding> {
    let code = hook.code.as_ref().filter(|_| hook.kind == HookKind::PthImport && hook.known.is_none())?;
    let (call, what) = STOPPERS.iter().find(|(call, _)| code.contains_str(call)).filter(|_| !failing.contains(hook))?;
    let file: &BStr = hook.file.as_bstr();
    let message = sentence!(hooks::place(file, hook.line, ownership), " probably ", what, " at every start");
    let effect = "programs that start this Python wait for it or end with it; a Python that the line starts runs the \
                  line again";
    Some(
        Finding::new(&PTH_STOPS_STARTUP, message)
            .severity(Severity::Warning)
            .evidence(files::line_evidence(survey, file, hook.line?, call.as_bytes()))
            .effect(effect)
            .fix(by_owner::disable(survey, file, ownership))
            .step(hook.step),
    )
}
