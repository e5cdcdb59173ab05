//! Mounts from which nothing may be executed.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{InterpreterName, Mount, Survey};
use crate::host::{FileKind, Platform};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::text::sentence;

pub(in crate::rules) static NOEXEC_MOUNT: Rule = Rule {
    code: Code("VD128"),
    name: "noexec-mount",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The environment lies on a mount from which nothing may be executed.",
    why: "\
Hardened systems mount /tmp, /home or shared volumes with noexec. The kernel then refuses every script in bin with \
Permission denied whatever its mode is, and refuses to map extension modules: failed to map segment from shared \
object. A linked interpreter elsewhere still starts; a copied one does not.",
    example: "\
$ grep ' /mnt/shared ' /proc/self/mountinfo
36 25 0:31 / /mnt/shared rw,nosuid,nodev,noexec - tmpfs tmpfs rw
$ /mnt/shared/env/bin/pip
bash: /mnt/shared/env/bin/pip: Permission denied",
    fix: "Make the environment anew on another file system.",
    sources: &["mount(8): noexec", "pypa/virtualenv#596"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&NOEXEC_MOUNT], judges: &[Judge { when: When::Environment(120), find }] };

/// The most files that are asked about.
const MOST_FILES: usize = 4;

/// The executable has its bit and is refused all the same.
pub fn refused(survey: &Survey<'_>) -> Option<Finding> {
    let file = survey.resolution.identification.file.as_ref()?;
    let is_executable = survey.metadata(file.as_bstr()).is_ok_and(|metadata| metadata.executable);
    if is_executable { judge(survey, file.as_bstr()) } else { None }
}

/// Judges the place of an environment whose interpreter lies elsewhere: its scripts and extension modules are there.
///
/// The list of mounts is read only where the kernel refuses a script that has its bits.
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
        let has_bits = metadata.is_ok_and(|metadata| {
            metadata.kind == FileKind::File && metadata.access.is_some_and(|access| for_all(access.mode))
        });
        has_bits && !survey.ask.may_execute(path.as_bstr())
    });
    findings.extend(refused.and_then(|path| judge(survey, path.as_bstr())));
}

/// Says so, where `file` lies on such a mount.
fn judge(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    let mount = survey.mount_of(file).filter(|mount| mount.has_option("noexec"))?;
    let message = sentence!(file, " lies on the mount ", mount.point, ", from which nothing may be executed");
    let advice = "make the environment anew on another file system, or have this one mounted without noexec; scripts \
                  in it can be called meanwhile as python -m NAME";
    Some(
        Finding::new(&NOEXEC_MOUNT, message)
            .evidence(Evidence::line(Mount::table(), mount.line, mount.text).marking("noexec"))
            .effect(
                "the kernel answers Permission denied to whatever is started from there, and refuses to map \
                     extension modules: failed to map segment from shared object",
            )
            .fix(Fix::advice(advice)),
    )
}
