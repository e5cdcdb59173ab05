//! VD809 and VD810: file systems that lack something, or that answer when they like.

use bstr::{BStr, ByteSlice};

use crate::environment::{Creator, Mount, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static FILESYSTEM_WITHOUT_LINKS: Rule = Rule {
    code: Code("VD809"),
    name: "filesystem-without-links",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The environment lies on a file system without symbolic links, and making it stopped halfway.",
    why: "\
FAT, exFAT, many shares and the shared directories of virtual machines have no symbolic links. venv makes two kinds: the \
interpreter, unless it is told to copy, and lib64 to lib, whatever it is told (up to 3.14; not on macOS and Windows). \
It stops with Operation not permitted and leaves what it had made, mostly a directory without activate and without pip.",
    example: "\
$ python3 -m venv --copies /media/usb/.venv
Error: [Errno 1] Operation not permitted: 'lib' -> '/media/usb/.venv/lib64'",
    fix: "Make the environment on a file system of the machine's own; the project can stay where it is.",
    sources: &["python/cpython#98975", "python/cpython#133951", "pypa/virtualenv#2786"],
};

pub(in crate::rules) static NETWORK_BASE: Rule = Rule {
    code: Code("VD810"),
    name: "network-base",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The installation that the environment needs lies behind a network or an automounter.",
    why: "\
The interpreter and the standard library are read at every start. While the server is away, python hangs or says Stale \
file handle; while an automount sleeps, the links of the environment seem to lead nowhere. Both mend themselves, which \
makes it hard to see afterwards what happened.",
    example: "\
$ findmnt -T $(readlink -f .venv/bin/python)
TARGET SOURCE         FSTYPE OPTIONS
/sw    nas:/export/sw nfs4   ro,relatime",
    fix: "Nothing has to be done; an installation on the machine's own disk is always there.",
    sources: &["conda/conda-pack#245", "proc(5): mountinfo"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&FILESYSTEM_WITHOUT_LINKS, &NETWORK_BASE],
    judges: &[Judge { when: When::Environment(820), find }],
};

/// File systems on which a symbolic link cannot be made, or only by those who ask for it.
const WITHOUT_LINKS: [&str; 10] =
    ["vfat", "msdos", "exfat", "cifs", "smb3", "vboxsf", "fuse.vmhgfs-fuse", "fuse.vmhgfs", "prl_fs", "hfsplus-fuse"];

/// File systems behind a network, or that are mounted when somebody asks.
const REMOTE: [&str; 7] = ["nfs", "nfs4", "cifs", "smb3", "autofs", "fuse.sshfs", "afs"];

/// Judges what the environment and its base lie on.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    findings.extend(without_links(survey));
    findings.extend(remote_base(survey));
}

fn is_one_of(mount: &Mount, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| mount.kind == *kind)
}

fn shown_by(mount: &Mount) -> Evidence {
    Evidence::line(Mount::table(), mount.line, mount.text.clone()).marking(sentence!(mount.kind, " ", mount.source))
}

/// Making the environment stopped at its first link, and what comes after it is missing.
fn without_links(survey: &Survey<'_>) -> Option<Finding> {
    let activate = survey.join(survey.bin(), "activate");
    let is_partial = if survey.is_environment() {
        let by_venv = matches!(survey.creator(), Creator::Venv);
        by_venv && (survey.is_missing(activate.as_bstr()) || survey.is_missing(survey.executable()))
    } else {
        // The link comes before pyvenv.cfg and before the interpreter.
        survey.is_missing(survey.executable()) && survey.is_dir(survey.join(survey.root(), "lib").as_bstr())
    };
    if !is_partial {
        return None;
    }
    let mount = survey.separate_mount_of(survey.root()).filter(|mount| is_one_of(mount, &WITHOUT_LINKS))?;
    let missing = if survey.is_missing(survey.executable()) { survey.executable() } else { activate.as_bstr() };
    let message = sentence!(
        survey.root(),
        " lies on ",
        mount.kind,
        ", which has no links, and is not complete: ",
        missing,
        " is missing"
    );
    let effect = "venv links lib64 to lib whatever it is told (up to 3.14), and the interpreter unless it is told to copy: \
                  Operation not permitted, and what it would have made next is not there";
    let line = fixes::line(survey, fixes::python(survey)).words(["-m", "venv"]).word(home_place(survey));
    Some(
        Finding::new(&FILESYSTEM_WITHOUT_LINKS, message)
            .evidence(shown_by(&mount))
            .evidence(Evidence::about(missing, "does not exist"))
            .effect(effect)
            .fix(Fix::advice("make the environment on a file system of this machine's own").command(line)),
    )
}

/// A place for the environment below the user's home.
fn home_place(survey: &Survey<'_>) -> bstr::BString {
    let name = survey.base_name(survey.parent(survey.root()).as_bstr());
    let name = if name.is_empty() { "env".into() } else { name };
    let home = survey.resolution.invocation.variable("HOME").unwrap_or(BStr::new("~"));
    survey.join(survey.join(home, ".venvs"), name)
}

/// The base interpreter is behind a network.
fn remote_base(survey: &Survey<'_>) -> Option<Finding> {
    let base = survey.resolution.sys.as_ref()?.base_prefix.as_bstr();
    let mount = survey.separate_mount_of(base).filter(|mount| is_one_of(mount, &REMOTE))?;
    let message = sentence!(
        "the base of this Python, ",
        base,
        ", lies on ",
        mount.source,
        " (",
        mount.kind,
        "), mounted at ",
        mount.point
    );
    let effect = "while the server or the mount is away, the interpreter hangs or is missing, and comes back by itself";
    Some(
        Finding::new(&NETWORK_BASE, message)
            .evidence(shown_by(&mount))
            .effect(effect)
            .fix(Fix::advice("nothing is wrong now; a base on the machine's own disk is always there")),
    )
}
