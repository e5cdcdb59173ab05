//! Owners and permissions of the files that decide what is imported.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Distribution, Survey};
use crate::host::path::Flavor;
use crate::host::{Access, FileKind, HostError};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, ModeChange, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static PACKAGE_UNREADABLE: Rule = Rule {
    code: Code("VD801"),
    name: "package-unreadable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Installed packages cannot be read by the user who starts Python.",
    why: "\
Installing as root with a umask of 077 creates directories that nobody else may enter. If site-packages is \
unreadable, imports fail with `No module named …`; if the directory of a package is unreadable, its __init__.py is \
not found and it is imported as an empty namespace package; if a file is unreadable, importing it fails with \
PermissionError. Only what the mode certainly forbids is reported: groups and access-control lists may allow more, \
and root may read everything.",
    example: "\
$ ls -ld .venv/lib/python3.12/site-packages/yaml
drwx------ 3 root root 4096 .venv/lib/python3.12/site-packages/yaml
$ .venv/bin/python -c 'import yaml; yaml.load'
AttributeError: module 'yaml' has no attribute 'load'",
    fix: "Run `chmod -R a+rX` on the installed packages, or install them as the user who runs them.",
    sources: &["CPython Lib/importlib/_bootstrap_external.py: FileFinder.find_spec"],
};

pub(in crate::rules) static FOREIGN_OWNER: Rule = Rule {
    code: Code("VD802"),
    name: "foreign-owner",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Some distributions are owned by another user than the directory that they are installed in.",
    why: "\
sudo pip, or a container that writes into a mounted directory, leaves files owned by root among those of the user. \
Imports work. An upgrade has to rename and remove these files and may not: it fails with `[Errno 13] Permission \
denied` and leaves the distribution half removed.",
    example: "\
$ ls -ld .venv/lib/python3.12/site-packages/*.dist-info
drwxr-xr-x 2 ada  ada  4096 pip-24.0.dist-info
drwxr-xr-x 2 root root 4096 requests-2.32.3.dist-info",
    fix: "Give all files to the owner of the environment, and do not install with sudo.",
    sources: &["pypa/virtualenv#535", "astral-sh/uv-docker-example#82"],
};

pub(in crate::rules) static WORLD_WRITABLE: Rule = Rule {
    code: Code("VD803"),
    name: "world-writable",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Any user of the machine may change files that decide what this Python executes.",
    why: "\
pyvenv.cfg, bin, site-packages and .pth files are read or executed at every startup. Whoever may write to them can \
run code with the rights of everybody who starts this Python. Usual causes are `chmod -R 777` and shares. \
Directories with the sticky bit, private groups, and file systems that show one mode for everything are not \
reported.",
    example: "\
$ ls -ld .venv/lib/python3.12/site-packages
drwxrwxrwx 9 ada ada 4096 .venv/lib/python3.12/site-packages",
    fix: "Run `chmod o-w` on the paths that the finding names.",
    sources: &["CPython Lib/site.py: addsitedir", "CWE-732"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PACKAGE_UNREADABLE, &FOREIGN_OWNER, &WORLD_WRITABLE],
    judges: &[Judge { when: When::Environment(800), find }],
};

/// How many paths are shown as evidence at most.
const MOST_SHOWN: usize = 8;

/// How many names of a site directory are checked at most.
const MOST: usize = 512;

/// File systems that show the same mode for everything, whatever users may really do.
const MODELESS: [&str; 9] = ["9p", "drvfs", "vfat", "exfat", "ntfs", "ntfs3", "fuseblk", "cifs", "vboxsf"];

/// Examines modes and owners of the few files and directories that decide what is imported.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if survey.flavor() == Flavor::Windows {
        return;
    }
    let owners = owners(survey);
    unreadable(survey, &owners, findings);
    foreign(survey, &owners, findings);
    writable(survey, findings);
}

/// What applies where a snapshot names no mode: root owns the file, and everybody may read it.
const ORDINARY: Access = Access { mode: 0o755, owner: 0, group: None, links: 1 };

fn access(survey: &Survey<'_>, path: &BStr) -> Option<Access> {
    Some(survey.metadata(path).ok()?.access.unwrap_or(ORDINARY))
}

/// The owners and modes of the metadata directories.
fn owners<'s>(survey: &'s Survey<'_>) -> Vec<(&'s Distribution, Access)> {
    let known = survey.distributions().iter();
    known
        .filter_map(|distribution| Some((distribution, access(survey, distribution.path(survey).as_bstr())?)))
        .collect()
}

/// Whether this process certainly may not use the file: neither as its owner, nor by the bits of the group and of others
/// together. The groups of the process are not known, and root may do everything.
fn is_refused(survey: &Survey<'_>, access: Access, wanted: u16) -> bool {
    let user = survey.resolution.invocation.process.euid;
    let granted = if access.owner == user { access.mode >> 6 } else { access.mode | access.mode >> 3 };
    user != 0 && granted & wanted != wanted
}

/// Packages that this user may not read. If the user owns and may read all metadata, packages are not checked one by one.
fn unreadable(survey: &Survey<'_>, owners: &[(&Distribution, Access)], findings: &mut Vec<Finding>) {
    let user = survey.resolution.invocation.process.euid;
    for site in survey.own_site_dirs() {
        if survey.ask.list_dir(site.path.as_bstr()).err() == Some(HostError::PermissionDenied) {
            findings.push(closed_site(survey, &site.path));
            continue;
        }
        let is_mixed = owners.iter().any(|(distribution, access)| {
            distribution.site == site.path && (access.owner != user || is_refused(survey, *access, 0o5))
        });
        if user == 0 || !is_mixed {
            continue;
        }
        let refused: Vec<BString> = survey
            .list(site.path.as_bstr())
            .iter()
            .take(MOST)
            .map(|name| survey.join(&site.path, name))
            .filter(|path| {
                let Ok(metadata) = survey.metadata(path.as_bstr()) else { return false };
                let wanted = if metadata.kind == FileKind::Directory { 0o5 } else { 0o4 };
                metadata.access.is_some_and(|access| is_refused(survey, access, wanted))
            })
            .collect();
        findings.extend(closed_packages(survey, &site.path, &refused));
    }
}

fn mode(survey: &Survey<'_>, path: &BStr) -> String {
    access(survey, path).map_or_else(
        || "cannot be read".to_owned(),
        |access| format!("has mode {:04o} and is owned by user {}", access.mode, access.owner),
    )
}

fn open(survey: &Survey<'_>, paths: &[BString]) -> Fix {
    let line = fixes::line(survey, "sudo").words(["chmod", "-R", "a+rX", "--"]).words(paths);
    Fix::advice("let everybody read the installed packages, or install them as the user who runs them").command(line)
}

fn closed_site(survey: &Survey<'_>, site: &BString) -> Finding {
    Finding::new(&PACKAGE_UNREADABLE, sentence!(site, " cannot be read by this user"))
        .evidence(Evidence::about(site.clone(), mode(survey, site.as_bstr())))
        .effect("nothing that is installed in it can be imported: `No module named …`")
        .fix(open(survey, std::slice::from_ref(site)))
}

fn closed_packages(survey: &Survey<'_>, site: &BString, refused: &[BString]) -> Option<Finding> {
    let first = refused.first()?;
    let count = refused.len();
    let message = if count == 1 {
        sentence!(first, " cannot be read by this user")
    } else {
        sentence!(
            count.to_string(),
            " files and directories in ",
            site,
            " cannot be read by this user, such as ",
            first
        )
    };
    let effect = "a package whose directory cannot be read is imported as an empty namespace package, and importing an \
                  unreadable module fails with PermissionError";
    let shown: Vec<BString> = refused.iter().take(MOST_SHOWN).cloned().collect();
    let all_evidence = shown.iter().map(|path| Evidence::about(path.clone(), mode(survey, path.as_bstr())));
    let fix = if count > MOST_SHOWN { open(survey, std::slice::from_ref(site)) } else { open(survey, &shown) };
    Some(Finding::new(&PACKAGE_UNREADABLE, message).all_evidence(all_evidence).effect(effect).fix(fix))
}

/// Distributions whose owner differs from that of the directory that they are installed in.
fn foreign(survey: &Survey<'_>, owners: &[(&Distribution, Access)], findings: &mut Vec<Finding>) {
    for site in survey.own_site_dirs() {
        let Some(own) = access(survey, site.path.as_bstr()) else { continue };
        let others =
            owners.iter().filter(|(distribution, access)| distribution.site == site.path && access.owner != own.owner);
        let others: Vec<_> = others.collect();
        let Some((first, access)) = others.first() else { continue };
        let (count, owner, other) = (others.len(), own.owner.to_string(), access.owner.to_string());
        let more = if count == 1 { String::new() } else { format!(" and {} more", count - 1) };
        let message = sentence!(
            first.name,
            more,
            " in ",
            site.path,
            if count == 1 { " is owned by user " } else { " are owned by user " },
            other,
            ", but the directory itself by user ",
            owner
        );
        let effect = "an installer that runs as one of these users cannot replace the files of the other: an upgrade \
                      fails halfway with `Permission denied`";
        let all_evidence = others.iter().take(MOST_SHOWN).map(|(distribution, access)| {
            Evidence::about(distribution.path(survey), format!("is owned by user {}", access.owner))
        });
        let is_root = survey.resolution.invocation.process.euid == 0;
        let line = if is_root { fixes::line(survey, "chown") } else { fixes::line(survey, "sudo").word("chown") };
        let line = line.word("-R").word(&owner).word("--").word(&site.path);
        findings.push(
            Finding::new(&FOREIGN_OWNER, message).all_evidence(all_evidence).effect(effect).fix(
                Fix::advice(sentence!("make user ", owner, " the owner of everything in ", site.path)).command(line),
            ),
        );
    }
}

/// Files and directories that decide what runs, and that anybody may change.
fn writable(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_environment() {
        return;
    }
    let mut places: Vec<BString> = vec![survey.root().to_owned(), survey.bin().to_owned()];
    places.extend(survey.cfg().map(ToOwned::to_owned));
    for site in survey.own_site_dirs() {
        places.push(site.path.clone());
        let names = survey.list(site.path.as_bstr()).into_iter().filter(|name| name.ends_with(b".pth"));
        places.extend(names.take(MOST_SHOWN).map(|name| survey.join(&site.path, &name)));
    }
    places.retain(|place| is_open(survey, place.as_bstr()));
    let Some(first) = places.first() else { return };
    let is_modeless =
        survey.separate_mount_of(first.as_bstr()).is_some_and(|mount| MODELESS.iter().any(|kind| mount.kind == *kind));
    if is_modeless {
        return;
    }
    let message = if places.len() == 1 {
        sentence!("any user of this machine may change ", first)
    } else {
        let more = places.len() - 1;
        sentence!(
            "any user of this machine may change ",
            first,
            " and ",
            more.to_string(),
            if more == 1 { " other path that decides what runs" } else { " other paths that decide what runs" }
        )
    };
    let effect = "whoever writes to it decides what this Python executes at every startup, with the rights of whoever \
                  starts it";
    let all_evidence = places.iter().map(|place| Evidence::about(place.clone(), mode(survey, place.as_bstr())));
    let line = fixes::chmod(survey, ModeChange::NOT_BY_OTHERS, &places);
    findings.push(
        Finding::new(&WORLD_WRITABLE, message)
            .all_evidence(all_evidence)
            .effect(effect)
            .fix(Fix::advice("remove the write permission of other users").command(line).safe()),
    );
}

/// Whether others may write. In a directory with the sticky bit they may add files, but not replace those of others.
fn is_open(survey: &Survey<'_>, path: &BStr) -> bool {
    access(survey, path).is_some_and(|access| access.mode & 0o002 != 0 && access.mode & 0o1000 == 0)
}
