//! Who may start the interpreter, and with whose rights it runs.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static SETUID_INTERPRETER: Rule = Rule {
    code: Code("VD129"),
    name: "setuid-interpreter",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter lends the rights of its owner to whoever starts it.",
    why: "\
With the set-user-ID or set-group-ID bit the kernel raises the rights of the process. Python notices that the \
identities differ and leaves out the user site; everything else counts as ever: .pth files, PYTHONPATH, -c. Anybody \
can run any code with these rights.",
    example: "\
$ ls -l .venv/bin/python3
-rwsr-xr-x 1 root root 17600 .venv/bin/python3",
    fix: "Take the bits away. Give capabilities or rights to a program that does one thing.",
    sources: &["execve(2)", "CPython Lib/site.py: check_enableusersite"],
};

pub(in crate::rules) static PRIVATE_BASE: Rule = Rule {
    code: Code("VD132"),
    name: "private-base",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "The environment can be reached by users who probably cannot reach its interpreter.",
    why: "\
An environment outside of any home is linked to an interpreter below a directory that is closed to others, such as \
root's home or that of another user. It works for whoever made it. A service, or a container with USER, gets Permission denied, or is \
told that the file does not exist. Access-control lists are not seen.",
    example: "\
$ readlink -f /app/.venv/bin/python
/srv/private/python-3.12/bin/python3.12
$ stat -c %a /srv/private
700",
    fix: "Install the interpreter in a place that everybody may enter, and make the environment anew with it.",
    sources: &["astral-sh/uv#13309", "astral-sh/uv#12538"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&SETUID_INTERPRETER, &PRIVATE_BASE],
    judges: &[
        Judge { when: When::Startup(150), find: find_setuid },
        Judge { when: When::Environment(140), find: find_private },
    ],
};

const SET_USER: u16 = 0o4000;
const SET_GROUP: u16 = 0o2000;
/// Without this bit, set-group-ID means mandatory locking.
const GROUP_EXECUTES: u16 = 0o010;
const OTHERS_ENTER: u16 = 0o001;
/// The most directories above a file that are asked about.
const MOST_DIRS: usize = 64;

/// Judges the bits that lend the rights of the owner to whoever starts the file.
pub fn find_setuid(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let identification = &survey.resolution.identification;
    let Some(file) = identification.file.as_ref().filter(|_| identification.problem.is_none()) else { return };
    if survey.platform() == Platform::Windows {
        return;
    }
    let Some(access) = survey.metadata(file.as_bstr()).ok().and_then(|metadata| metadata.access) else { return };
    let lends_user = access.mode & SET_USER != 0;
    let lends_group = access.mode & (SET_GROUP | GROUP_EXECUTES) == SET_GROUP | GROUP_EXECUTES;
    let (whose, bits) = match (lends_user, lends_group) {
        (true, true) => ("user and group", "u-s,g-s"),
        (true, false) => ("user", "u-s"),
        (false, true) => ("group", "g-s"),
        (false, false) => return,
    };
    let owner = access.owner.to_string();
    let message = sentence!(file, " runs with the rights of the ", whose, " that owns it (user ", owner, ")");
    let command = fixes::line(survey, "chmod").word(bits).word("--").word(file);
    findings.push(
        Finding::new(&SETUID_INTERPRETER, message)
            .evidence(Evidence::about(file.clone(), format!("has mode {:04o}", access.mode)))
            .effect(
                "whoever starts it runs any code with these rights: Python leaves out the user site and nothing \
                     else, and does what .pth files, PYTHONPATH and the command line say",
            )
            .fix(
                Fix::advice("take the bits away, and give rights to a program that does one thing")
                    .command(command)
                    .safe(),
            )
            .step(super::step(survey)),
    );
}

/// A directory that others may not enter.
struct Closed {
    path: BString,
    mode: u16,
    owner: u32,
}

/// Judges whether those who can reach the environment can reach its interpreter.
pub fn find_private(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let identification = &survey.resolution.identification;
    let is_judged = survey.is_environment() && survey.platform() != Platform::Windows;
    if !is_judged || identification.problem.is_some() {
        return;
    }
    let mut places = [identification.file.as_ref(), identification.interpreter.library.as_ref()].into_iter().flatten();
    let Some((place, closed)) = places.find_map(|place| Some((place, first_closed(survey, place.as_bstr())?))) else {
        return;
    };
    let Ok(root) = survey.ask.real_path(survey.root()) else { return };
    if survey.is_below(root.as_bstr(), closed.path.as_bstr()) {
        return;
    }
    let owner = survey.metadata(root.as_bstr()).ok().and_then(|metadata| metadata.access).map(|access| access.owner);
    let is_shut_out = owner.is_some_and(|owner| owner != 0 && owner != closed.owner) && closed.mode & 0o011 == 0;
    let is_open = first_closed(survey, survey.join(&root, "bin").as_bstr()).is_none();
    let who = match owner {
        Some(owner) if is_shut_out => sentence!("user ", owner.to_string(), ", who owns the environment,"),
        _ if is_open => "others".into(),
        _ => return,
    };
    let severity = if is_shut_out { Severity::Warning } else { Severity::Info };
    let message = sentence!(place, " lies below ", closed.path, ", which ", who, " probably may not enter");
    let advice = "make the environment anew with an interpreter in a place that everybody may enter, such as /usr or \
                  /opt (uv takes UV_PYTHON_INSTALL_DIR); a home is closed for good reasons";
    findings.push(
        Finding::new(&PRIVATE_BASE, message)
            .severity(severity)
            .evidence(Evidence::about(closed.path, format!("has mode {:04o}, of user {}", closed.mode, closed.owner)))
            .effect("for them the kernel answers Permission denied, or says that there is no such file")
            .fix(Fix::advice(advice)),
    );
}

/// The first directory on the way to `path`, from the root, that others may not enter.
fn first_closed(survey: &Survey<'_>, path: &BStr) -> Option<Closed> {
    let mut dirs = Vec::new();
    let mut dir = survey.parent(path);
    while dirs.len() < MOST_DIRS && survey.parent(dir.as_bstr()) != dir {
        let above = survey.parent(dir.as_bstr());
        dirs.push(std::mem::replace(&mut dir, above));
    }
    dirs.into_iter().rev().find_map(|path| {
        let access = survey.metadata(path.as_bstr()).ok()?.access?;
        (access.mode & OTHERS_ENTER == 0).then_some(Closed { path, mode: access.mode, owner: access.owner })
    })
}
