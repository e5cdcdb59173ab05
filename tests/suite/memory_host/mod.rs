//! The machine in memory, compared with the disk: over the same trees, the same lookups have the same answers.
#![cfg(unix)]

mod changes;
mod overlay;

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use bstr::{BStr, BString};
use proptest::prelude::*;
use venv_doctor::internals::host::{
    FileKind, Host, HostError, LiveHost, MemoryHost, Metadata, Platform, WalkOptions, WalkState,
};

/// How far below the temporary directory a tree begins, so that `..` stays within what both hosts know.
const DEPTH: usize = 12;

/// Something to create below the top of a tree.
#[derive(Clone, Debug)]
enum Entry {
    Directory,
    File {
        content: Vec<u8>,
        executable: bool,
    },
    Link(String),
    /// A symlink to an absolute path below the top.
    FullLink(String),
}

/// Few names, so that paths collide.
fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("a"), Just("b"), Just("c"), Just("dd")]
}

fn entry_path() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 1..4).prop_map(|names| names.join("/"))
}

/// A path in a lookup or a symlink: it may contain `..`, `.`, doubled separators or end with one.
fn loose_path() -> impl Strategy<Value = String> {
    let part = prop_oneof![8 => name(), 2 => Just(".."), 1 => Just("."), 1 => Just(""), 1 => Just("none")];
    let end = prop_oneof![6 => Just(""), 1 => Just("/"), 1 => Just("/."), 1 => Just("//")];
    (prop::collection::vec(part, 1..6), end).prop_map(|(parts, end)| parts.join("/") + end)
}

fn entry() -> impl Strategy<Value = Entry> {
    // No symlink has an empty target, and none leads to the root.
    let relative = |path: String| if path.is_empty() || path.starts_with('/') { format!(".{path}") } else { path };
    prop_oneof![
        2 => Just(Entry::Directory),
        2 => (prop::collection::vec(any::<u8>(), 0..9), any::<bool>())
            .prop_map(|(content, executable)| Entry::File { content, executable }),
        4 => loose_path().prop_map(move |path| Entry::Link(relative(path))),
        1 => loose_path().prop_map(Entry::FullLink),
    ]
}

/// Creates `entry` on disk and in memory, where its parents are real directories or can be made, and nothing stands
/// there.
fn create(top: &Path, path: &str, entry: &Entry, mut host: MemoryHost) -> MemoryHost {
    let mut full = top.to_owned();
    let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
    for parent in parents.split_terminator('/') {
        full.push(parent);
        match fs::symlink_metadata(&full) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return host,
            Err(_) => {
                fs::create_dir(&full).unwrap();
                host = host.directory(full.as_os_str().as_bytes());
            }
        }
    }
    full.push(name);
    if fs::symlink_metadata(&full).is_ok() {
        return host;
    }
    let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
    match entry {
        Entry::Directory => {
            fs::create_dir(&full).unwrap();
            host.directory(bytes(&full))
        }
        Entry::File { content, executable } => {
            fs::write(&full, content).unwrap();
            fs::set_permissions(&full, fs::Permissions::from_mode(if *executable { 0o755 } else { 0o644 })).unwrap();
            let host = host.file(bytes(&full), content.clone());
            if *executable { host.executable(bytes(&full)) } else { host }
        }
        Entry::Link(target) => {
            symlink(target, &full).unwrap();
            host.symlink(bytes(&full), target)
        }
        Entry::FullLink(target) => {
            let target = format!("{}/{target}", top.display());
            symlink(&target, &full).unwrap();
            host.symlink(bytes(&full), target)
        }
    }
}

/// A new tree on disk and its image in memory.
fn tree(entries: &[(String, Entry)]) -> (tempfile::TempDir, PathBuf, MemoryHost) {
    let dir = tempfile::tempdir().unwrap();
    let mut top = dir.path().canonicalize().unwrap();
    top.extend((0..DEPTH).map(|level| level.to_string()));
    let host = fill(&top, entries);
    (dir, top, host)
}

/// The tree at `top`, and its image in memory.
fn fill(top: &Path, entries: &[(String, Entry)]) -> MemoryHost {
    fs::create_dir_all(top).unwrap();
    let mut host = MemoryHost::new(Platform::Linux).directory(top.as_os_str().as_bytes());
    for (path, entry) in entries {
        host = create(top, path, entry, host);
    }
    host
}

/// Everything that may be asked about one path, in a form that two hosts can share.
#[derive(Debug, PartialEq)]
struct Answers {
    metadata: Result<(FileKind, bool, u64), HostError>,
    link_metadata: Result<(FileKind, bool, u64), HostError>,
    read_link: Result<BString, HostError>,
    read: Result<Vec<u8>, HostError>,
    names: Result<Vec<BString>, HostError>,
    entries: Result<Vec<(BString, FileKind)>, HostError>,
    real_path: Result<BString, HostError>,
    size: Result<u64, HostError>,
    may_execute: bool,
}

fn answers(host: &dyn Host, path: &BStr) -> Answers {
    // How large a directory is is the file system's own affair.
    let describe = |m: Metadata| (m.kind, m.executable, if m.kind == FileKind::Directory { 0 } else { m.len });
    let sorted = |mut names: Vec<BString>| {
        names.sort();
        names
    };
    Answers {
        metadata: host.metadata(path).map(describe),
        link_metadata: host.link_metadata(path).map(describe),
        read_link: host.read_link(path),
        read: host.read(path, 6),
        names: host.list_dir(path).map(sorted),
        entries: entries(host, path),
        real_path: host.real_path(path),
        size: host.open(path).map(|file| file.size()),
        may_execute: host.may_execute(path),
    }
}

fn entries(host: &dyn Host, dir: &BStr) -> Result<Vec<(BString, FileKind)>, HostError> {
    let mut entries = Vec::new();
    host.visit_dir(dir, &mut |name, kind| entries.push((name.to_owned(), kind)))?;
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(entries)
}

/// What a walk comes to: paths with their depths and kinds.
type Walked = Vec<(BString, usize, FileKind)>;

/// A walk over a small tree, symlinks not followed and followed.
fn walks(host: &dyn Host, root: &BStr) -> [Walked; 2] {
    [walked(host, root, false), walked(host, root, true)]
}

fn walked(host: &dyn Host, root: &BStr, follow_symlinks: bool) -> Walked {
    let mut walked = Vec::new();
    // Symlinks to one another make many ways through few directories.
    let options = WalkOptions { follow_symlinks, max_depth: Some(3) };
    host.walk(root, options, &mut |entry| {
        walked.push((entry.path.to_owned(), entry.depth, entry.kind));
        // Some directories are left out, by a rule that does not depend on the order.
        if entry.path.ends_with(b"c") { WalkState::Skip } else { WalkState::Continue }
    });
    walked.sort_by(|one, other| one.0.cmp(&other.0));
    walked
}

fn below(top: &Path, path: &str) -> BString {
    [top.as_os_str().as_bytes(), b"/", path.as_bytes()].concat().into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_answers_as_the_disk_does(
        entries in prop::collection::vec((entry_path(), entry()), 1..16),
        lookups in prop::collection::vec(loose_path(), 1..24),
    ) {
        let (_dir, top, memory) = tree(&entries);
        let asked = lookups.iter().chain(entries.iter().map(|(path, _)| path));
        let mut identities = Vec::new();
        for path in asked {
            let path = below(&top, path);
            let path: &BStr = path.as_ref();
            prop_assert_eq!(answers(&memory, path), answers(&LiveHost, path), "{}", path);
            prop_assert_eq!(walks(&memory, path), walks(&LiveHost, path), "{}", path);
            identities.extend(memory.metadata(path).ok().zip(LiveHost.metadata(path).ok()));
        }
        for (memory, live) in &identities {
            for (other_memory, other_live) in &identities {
                let same = live.identity == other_live.identity;
                prop_assert_eq!(memory.identity == other_memory.identity, same);
            }
        }
    }
}

#[test]
fn limits_are_those_of_linux() {
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: other systems have other limits");
        return;
    }
    let chain = (1..=42).map(|n| (format!("l{n}"), Entry::Link(format!("l{}", n - 1))));
    let file = ("l0".to_owned(), Entry::File { content: Vec::new(), executable: false });
    let (_dir, top, memory) = tree(&std::iter::once(file).chain(chain).collect::<Vec<_>>());
    let names = ["x".repeat(255), "x".repeat(256), "y/".repeat(3000), format!("l0/{}", "x".repeat(256))];
    for path in ["l39", "l40", "l41", "l42", "l41/x"].map(str::to_owned).iter().chain(&names) {
        let path = below(&top, path);
        let path: &BStr = path.as_ref();
        assert_eq!(answers(&memory, path), answers(&LiveHost, path), "{path}");
    }
}
