//! What printed commands do to files, next to what the actions of the same fix say.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use bstr::{BString, ByteSlice};
use venv_doctor::internals::rules::{Edit, Removal};
use venv_doctor::{Action, Fix};

use super::fixture::Entry;
use crate::support::tree::{Tree, tree};

fn native(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(path))
}

/// Whether all files that a fix changes are below `place`, so that it can be followed.
pub fn is_below(fix: &Fix, place: &Path) -> bool {
    let mut changed = fix.actions.iter().flat_map(touched);
    changed.all(|path| native(&path).starts_with(place)) && fix.actions.iter().all(|action| is_played(action, place))
}

/// Whether nothing but what this test has made would be run.
fn is_played(action: &Action, place: &Path) -> bool {
    match action {
        Action::Run { argv, .. } => !argv[0].contains(&b'/') || native(&argv[0]).starts_with(place),
        _ => true,
    }
}

/// Whether it changes files.
pub fn changes_files(fix: &Fix) -> bool {
    fix.actions.iter().any(|action| changed_path(action).is_some())
}

/// The path that an action changes; none where a program runs.
fn changed_path(action: &Action) -> Option<&BString> {
    match action {
        Action::Write { path, .. }
        | Action::Symlink { path, .. }
        | Action::Remove { path, .. }
        | Action::Rename { path, .. }
        | Action::MakeDir { path }
        | Action::ChangeMode { path, .. } => Some(path),
        Action::Run { .. } => None,
    }
}

/// The paths that an action reads or changes.
fn touched(action: &Action) -> Vec<BString> {
    let mut paths: Vec<BString> = changed_path(action).cloned().into_iter().collect();
    match action {
        Action::Rename { to, .. } => paths.push(to.clone()),
        Action::Write { edit: Edit::CopyOf(from), .. } => paths.push(from.clone()),
        _ => {}
    }
    paths
}

/// Says where the commands and the actions of a fix lead to different files; `stubs` has the programs that are not run.
pub fn difference(
    fix: &Fix,
    place: &Path,
    files: &BTreeMap<BString, Entry>,
    stubs: &Path,
    (shell, arguments): (&str, &[&str]),
) -> Option<String> {
    made(fix, place, files).unwrap();
    let before = tree(place);
    for action in &fix.actions {
        if let Err(error) = done(action) {
            return Some(format!("{action:?}: {error}"));
        }
    }
    let expected = tree(place);
    let planned = changed(&before, &expected);
    made(fix, place, files).unwrap();
    let search = std::env::join_paths([stubs, Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
    let mut told = String::new();
    for command in &fix.commands {
        let mut run = Command::new(shell);
        run.args(arguments.iter().filter(|argument| **argument != "-H")).arg("-c").arg(OsStr::from_bytes(command));
        run.env_clear().env("PATH", &search).env("HOME", stubs).env("RECORD", "/dev/null").env("LC_ALL", "C.UTF-8");
        let output = run.current_dir(place).output().expect("the shell is there");
        told.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    let got = tree(place);
    let wrong: Vec<PathBuf> = differing(&expected, &got);
    (!wrong.is_empty()).then(|| {
        let content =
            |tree: &Tree| tree.get(&wrong[0]).map(|it| format!("{it:?}").chars().take(600).collect::<String>());
        format!(
            "{shell}: {:?} differ: planned {planned:?}\n{:?}\n{:?}\n{told}",
            wrong,
            content(&expected),
            content(&got)
        )
    })
}

fn changed(before: &Tree, after: &Tree) -> Vec<PathBuf> {
    differing(before, after)
}

/// The paths whose kind, content or mode differ.
fn differing(one: &Tree, other: &Tree) -> Vec<PathBuf> {
    let paths: BTreeSet<&PathBuf> = one.keys().chain(other.keys()).collect();
    let is_alike = |path: &PathBuf| match (one.get(path), other.get(path)) {
        (Some(one), Some(other)) => one.has_content_of(other) && one.has_mode_of(other),
        _ => false,
    };
    paths.into_iter().filter(|path| !is_alike(path)).cloned().collect()
}

/// Makes what the fix is about, and nothing else.
pub fn made(fix: &Fix, place: &Path, files: &BTreeMap<BString, Entry>) -> io::Result<()> {
    for entry in fs::read_dir(place)? {
        fs::remove_dir_all(entry?.path())?;
    }
    for path in fix.actions.iter().flat_map(touched) {
        let below = [path.as_slice(), b"/"].concat();
        for (path, entry) in files.iter().filter(|(it, _)| **it == path || it.starts_with(&below)) {
            one(native(path), entry)?;
        }
        let path = native(&path);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir)?;
        }
    }
    Ok(())
}

/// Makes one thing, unless it is there.
pub fn one(path: &Path, entry: &Entry) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Ok(());
    }
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    match entry {
        Entry::File(content) => {
            fs::write(path, content)?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o644))
        }
        Entry::Directory => fs::create_dir(path),
        Entry::Symlink(target) => symlink(native(target), path),
    }
}

/// Does an action.
fn done(action: &Action) -> io::Result<()> {
    match action {
        Action::Write { path, edit } => {
            let file = native(path);
            let content = match edit {
                Edit::CopyOf(from) => fs::read(native(from))?,
                edit => edit.apply(&fs::read(file).unwrap_or_default()).ok_or(io::ErrorKind::InvalidData)?,
            };
            fs::write(file, content)
        }
        Action::Symlink { path, target } => {
            if fs::symlink_metadata(native(path)).is_ok() {
                fs::remove_file(native(path))?;
            }
            symlink(native(target), native(path))
        }
        Action::Remove { path, removal } => match removal {
            Removal::File => fs::remove_file(native(path)),
            Removal::EmptyDir => fs::remove_dir(native(path)),
            Removal::Tree if native(path).is_dir() && !native(path).is_symlink() => fs::remove_dir_all(native(path)),
            Removal::Tree => fs::remove_file(native(path)).or(Ok(())),
        },
        Action::Rename { path, to } => fs::rename(native(path), native(to)),
        Action::MakeDir { path } => fs::create_dir(native(path)),
        Action::ChangeMode { path, mode } => {
            let old = fs::metadata(native(path))?.permissions().mode();
            let new = mode.applied(u16::try_from(old & 0o7777).unwrap());
            fs::set_permissions(native(path), fs::Permissions::from_mode(new.into()))
        }
        Action::Run { .. } => Ok(()),
    }
}

/// Whether a text contains the name, so that no shell can be given it.
pub fn contains(text: &[u8], name: &[u8]) -> bool {
    text.contains_str(name)
}
