//! File systems that are mounted with `noexec`.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{InterpreterName, Survey};
use crate::host::mounts::Mount;
use crate::host::{FileKind, Platform};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::text::sentence;

pub(in crate::rules) static NOEXEC_MOUNT: Rule = Rule {
    code: Code("VD128"),
    name: "noexec-mount",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The environment is on a file system that is mounted without permission to execute files (noexec).",
    why: "\
Hardened systems mount /tmp, /home or shared volumes with noexec. Every script in bin then fails with `Permission \
denied` whatever its mode, and extension modules cannot be loaded: `failed to map segment from shared object`. An \
interpreter elsewhere, reached by a symlink, still starts; a copied one does not.",
    example: "\
$ grep ' /mnt/shared ' /proc/self/mountinfo
36 25 0:31 / /mnt/shared rw,nosuid,nodev,noexec - tmpfs tmpfs rw
$ /mnt/shared/env/bin/pip
bash: /mnt/shared/env/bin/pip: Permission denied",
    fix: "Recreate the environment on another file system.",
    sources: &["mount(8): noexec", "pypa/virtualenv#596"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&NOEXEC_MOUNT], judges: &[Judge { when: When::Environment(120), find }] };

/// How many files are checked at most.
const MOST_FILES: usize = 4;

/// The executable has its execute permission, but the system refuses to execute it.
pub fn refused(survey: &Survey<'_>) -> Option<Finding> {
    let file = survey.resolution.identification.file.as_ref()?;
    let is_executable = survey.metadata(file.as_bstr()).is_ok_and(|metadata| metadata.executable);
    if is_executable { judge(survey, file.as_bstr()) } else { None }
}

/// Finds an environment on such a file system whose interpreter is elsewhere: its scripts and extension modules fail.
///
/// The list of mounts is read only where the system refuses to execute a script that has its permissions.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let is_here = survey.platform() == Platform::Linux && survey.is_environment();
    if !is_here || survey.resolution.identification.problem.is_some() {
        return;
    }
    let bin = survey.bin();
    let is_script = |name: &BString| InterpreterName::parse(name.as_bstr()).is_none() && !name.contains(&b'.');
    let names = survey.list(bin).into_iter().filter(|name| is_script(name) && name != "activate");
    let mut paths = names.map(|name| survey.join(bin, name)).take(MOST_FILES);
    let refused = paths.find(|path| {
        let metadata = survey.metadata(path.as_bstr());
        let for_all = |mode: u16| mode & 0o111 == 0o111;
        let has_permission = metadata.is_ok_and(|metadata| {
            metadata.kind == FileKind::File && metadata.access.is_some_and(|access| for_all(access.mode))
        });
        has_permission && !survey.ask.may_execute(path.as_bstr())
    });
    findings.extend(refused.and_then(|path| judge(survey, path.as_bstr())));
}

/// The finding about `file`, if it is on such a file system.
fn judge(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    let mount = survey.mount_of(file).filter(|mount| mount.has_option("noexec"))?;
    let message = sentence!(
        file,
        " is on the file system ",
        mount.point,
        ", which is mounted with noexec: nothing on it may be executed"
    );
    let advice = "recreate the environment on another file system, or have this one mounted without noexec; until then, \
                  run scripts as python -m NAME";
    Some(
        Finding::new(&NOEXEC_MOUNT, message)
            .evidence(Evidence::line(Mount::table(), mount.line, mount.text).marking("noexec"))
            .effect(
                "starting any file on it fails with `Permission denied`, and loading extension modules fails with \
                     `failed to map segment from shared object`",
            )
            .fix(Fix::advice(advice)),
    )
}
