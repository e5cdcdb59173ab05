//! Who may start the interpreter, and with whose rights it runs.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, ModeChange, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static SETUID_INTERPRETER: Rule = Rule {
    code: Code("VD129"),
    name: "setuid-interpreter",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter runs with the rights of the user or group that owns it, whoever starts it.",
    why: "\
With the set-user-ID or set-group-ID bit, the kernel raises the rights of the process. Python notices that the \
identities differ and disables the user site directory; everything else takes effect as usual: .pth files, \
PYTHONPATH, -c. Anybody can run any code with these rights.",
    example: "\
$ ls -l .venv/bin/python3
-rwsr-xr-x 1 root root 17600 .venv/bin/python3",
    fix: "Remove the bits. Give capabilities or rights to a program that does one thing.",
    sources: &["execve(2)", "CPython Lib/site.py: check_enableusersite"],
};

pub(in crate::rules) static PRIVATE_BASE: Rule = Rule {
    code: Code("VD132"),
    name: "private-base",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "Users who can reach the environment probably cannot reach its interpreter.",
    why: "\
The environment is outside of any home directory, but its symlinks lead to an interpreter below a directory that is \
closed to others, such as the home directory of root or of another user. It works for the user who created it. A \
service, or a container with USER, gets `Permission denied`, or is told that the file does not exist. Access-control \
lists are not examined.",
    example: "\
$ readlink -f /app/.venv/bin/python
/srv/private/python-3.12/bin/python3.12
$ stat -c %a /srv/private
700",
    fix: "Install the interpreter in a directory that everybody may enter, and recreate the environment with it.",
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
/// How many directories above a file are checked at most.
const MOST_DIRS: usize = 64;

/// Finds the bits that give the rights of the owner to whoever starts the file.
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
        (true, true) => ("user and group", ModeChange::NO_SET_ID),
        (true, false) => ("user", ModeChange::NO_SETUID),
        (false, true) => ("group", ModeChange::NO_SETGID),
        (false, false) => return,
    };
    let owner = access.owner.to_string();
    let message =
        sentence!(file, " runs with the rights of the ", whose, " that owns it (user ", owner, "), whoever starts it");
    let command = fixes::chmod(survey, bits, [file]);
    findings.push(
        Finding::new(&SETUID_INTERPRETER, message)
            .evidence(Evidence::about(file.clone(), format!("has mode {:04o}", access.mode)))
            .effect(
                "whoever starts it can run any code with these rights: Python disables the user site directory, \
                     but still follows .pth files, PYTHONPATH and the command line",
            )
            .fix(
                Fix::advice("remove the bits, and give the rights to a program that does one thing")
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

/// Finds an interpreter that users who can reach the environment probably cannot reach.
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
        _ if is_open => "other users".into(),
        _ => return,
    };
    let severity = if is_shut_out { Severity::Warning } else { Severity::Info };
    let message = sentence!(place, " is below ", closed.path, ", which ", who, " probably may not enter");
    let advice = "recreate the environment with an interpreter in a directory that everybody may enter, such as /usr or \
                  /opt (for uv, set UV_PYTHON_INSTALL_DIR); do not open a home directory to others";
    findings.push(
        Finding::new(&PRIVATE_BASE, message)
            .severity(severity)
            .evidence(Evidence::about(
                closed.path,
                format!("has mode {:04o} and is owned by user {}", closed.mode, closed.owner),
            ))
            .effect("for these users, starting Python fails with `Permission denied` or `No such file or directory`")
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
