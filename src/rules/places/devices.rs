//! File systems that have no symlinks, or that are not always available.

use bstr::{BStr, ByteSlice};

use crate::environment::{Creator, Survey};
use crate::host::mounts::Mount;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static FILESYSTEM_WITHOUT_SYMLINKS: Rule = Rule {
    code: Code("VD809"),
    name: "filesystem-without-symlinks",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The environment is on a file system without symlinks, and its creation stopped halfway.",
    why: "\
FAT, exFAT, many shares and the shared directories of virtual machines have no symlinks. venv creates two kinds: the \
interpreter, unless it is told to copy, and lib64 to lib in any case (up to 3.14; not on macOS and Windows). It \
stops with `Operation not permitted` and leaves what it had created, usually a directory without activate and \
without pip.",
    example: "\
$ python3 -m venv --copies /media/usb/.venv
Error: [Errno 1] Operation not permitted: 'lib' -> '/media/usb/.venv/lib64'",
    fix: "Create the environment on a file system of the machine's own; the project can stay where it is.",
    sources: &["python/cpython#98975", "python/cpython#133951", "pypa/virtualenv#2786"],
};

pub(in crate::rules) static NETWORK_BASE: Rule = Rule {
    code: Code("VD810"),
    name: "network-base",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The installation that the environment needs is on a network file system or an automount.",
    why: "\
The interpreter and the standard library are read at every startup. While the server is unavailable, Python hangs or \
reports `Stale file handle`; while an automount is not mounted, the symlinks of the environment seem to dangle. Both \
problems disappear by themselves, which makes it hard to see afterwards what happened.",
    example: "\
$ findmnt -T $(readlink -f .venv/bin/python)
TARGET SOURCE         FSTYPE OPTIONS
/sw    nas:/export/sw nfs4   ro,relatime",
    fix: "Nothing has to be done. An installation on the machine's own disk is always available.",
    sources: &["conda/conda-pack#245", "proc(5): mountinfo"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&FILESYSTEM_WITHOUT_SYMLINKS, &NETWORK_BASE],
    judges: &[Judge { when: When::Environment(820), find }],
};

/// File systems that have no symlinks, or only with a special mount option.
const WITHOUT_SYMLINKS: [&str; 10] =
    ["vfat", "msdos", "exfat", "cifs", "smb3", "vboxsf", "fuse.vmhgfs-fuse", "fuse.vmhgfs", "prl_fs", "hfsplus-fuse"];

/// File systems on a network, or that are mounted on first access.
const REMOTE: [&str; 7] = ["nfs", "nfs4", "cifs", "smb3", "autofs", "fuse.sshfs", "afs"];

/// Examines the file systems of the environment and of its base.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    findings.extend(without_symlinks(survey));
    findings.extend(remote_base(survey));
}

fn is_one_of(mount: &Mount, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| mount.kind == *kind)
}

fn shown_by(mount: &Mount) -> Evidence {
    Evidence::line(Mount::table(), mount.line, mount.text.clone()).marking(sentence!(mount.kind, " ", mount.source))
}

/// Creating the environment stopped at its first symlink, and what venv creates after it is missing.
fn without_symlinks(survey: &Survey<'_>) -> Option<Finding> {
    let activate = survey.join(survey.bin(), "activate");
    let is_partial = if survey.is_environment() {
        let by_venv = matches!(survey.creator(), Creator::Venv);
        by_venv && (survey.is_missing(activate.as_bstr()) || survey.is_missing(survey.executable()))
    } else {
        // venv creates this symlink before pyvenv.cfg and before the interpreter.
        survey.is_missing(survey.executable()) && survey.is_dir(survey.join(survey.root(), "lib").as_bstr())
    };
    if !is_partial {
        return None;
    }
    let mount = survey.separate_mount_of(survey.root()).filter(|mount| is_one_of(mount, &WITHOUT_SYMLINKS))?;
    let missing = if survey.is_missing(survey.executable()) { survey.executable() } else { activate.as_bstr() };
    let message = sentence!(
        survey.root(),
        " is incomplete, because it is on a ",
        mount.kind,
        " file system, which has no symlinks: ",
        missing,
        " is missing"
    );
    let effect = "venv always creates the symlink lib64 (up to 3.14), and one for the interpreter unless it is told to \
                  copy: it stops with `Operation not permitted`, and what it would have created next is missing";
    let line = fixes::by_python(survey).words(["-m", "venv"]).word(home_place(survey));
    Some(
        Finding::new(&FILESYSTEM_WITHOUT_SYMLINKS, message)
            .evidence(shown_by(&mount))
            .evidence(Evidence::about(missing, "does not exist"))
            .effect(effect)
            .fix(Fix::advice("create the environment on a file system of the machine's own").command(line)),
    )
}

/// A path for the environment below the user's home directory.
fn home_place(survey: &Survey<'_>) -> bstr::BString {
    let name = survey.base_name(survey.parent(survey.root()).as_bstr());
    let name = if name.is_empty() { "env".into() } else { name };
    let home = survey.resolution.invocation.variable("HOME").unwrap_or(BStr::new("~"));
    survey.join(survey.join(home, ".venvs"), name)
}

/// The base installation is on a network file system.
fn remote_base(survey: &Survey<'_>) -> Option<Finding> {
    let base = survey.resolution.sys.as_ref()?.base_prefix.as_bstr();
    let mount = survey.separate_mount_of(base).filter(|mount| is_one_of(mount, &REMOTE))?;
    let message = sentence!(
        "the base of this Python, ",
        base,
        ", is on ",
        mount.source,
        " (",
        mount.kind,
        "), mounted at ",
        mount.point
    );
    let effect =
        "while the server or the mount is unavailable, the interpreter hangs or is missing, and returns by itself";
    Some(
        Finding::new(&NETWORK_BASE, message)
            .evidence(shown_by(&mount))
            .effect(effect)
            .fix(Fix::advice("nothing is wrong now; a base on the machine's own disk is always available")),
    )
}
