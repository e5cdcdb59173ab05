//! Faults of the interpreter in the environment.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Fault;
use crate::support::stage::Stage;

/// In the order in which they can be combined.
pub const FAULTS: [Fault; 14] = [
    ("home and the interpreter are of a minor version that was removed", |stage| {
        super::config::set(stage, "home", "/opt/python3.5/bin")?;
        lead_to(stage, Path::new("/opt/python3.5/bin/python3.5"))
    }),
    ("the name python3 is gone", |stage| stage.remove("env/bin/python3")),
    ("the name with the version is gone", |stage| stage.remove(Path::new("env/bin").join(stage.name()))),
    ("python3 is another Python", |stage| stage.link("env/bin/python3", other(stage)?).map(drop)),
    ("the symlinks of the interpreter became text", |stage| {
        let symlinks = names(stage)?.into_iter().filter_map(|name| Some((fs::read_link(&name).ok()?, name)));
        for (target, name) in symlinks {
            fs::remove_file(&name)?;
            stage.write(&name, target.to_str().expect("readable"))?;
        }
        Ok(())
    }),
    ("a ._pth file is next to the interpreter", |stage| {
        stage.write("env/bin/python._pth", format!("{}\n", stage.stdlib().display())).map(drop)
    }),
    ("the interpreter may not be executed", |stage| copies(stage)?.iter().try_for_each(|name| stage.mode(name, 0o644))),
    ("the interpreter may not be written", |stage| copies(stage)?.iter().try_for_each(|name| stage.mode(name, 0o555))),
    ("the interpreter has the rights of its owner", |stage| {
        copies(stage)?.iter().try_for_each(|name| stage.mode(name, 0o4755))
    }),
    ("the interpreter was copied by half", |stage| {
        copies(stage)?.iter().try_for_each(|name| {
            let content = fs::read(name)?;
            fs::write(name, &content[..content.len() / 2])
        })
    }),
    ("the interpreter is empty", |stage| copies(stage)?.iter().try_for_each(|name| fs::write(name, ""))),
    ("the interpreter is another Python", |stage| lead_to(stage, &other(stage)?)),
    ("the names of the interpreter lead to one another", |stage| {
        stage.link("env/bin/python", "python3")?;
        stage.link("env/bin/python3", "python").map(drop)
    }),
    ("bin is empty", |stage| {
        for name in names(stage)? {
            fs::remove_file(name)?;
        }
        Ok(())
    }),
];

/// The names of the interpreter.
fn names(stage: &Stage<'_>) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(stage.at("env/bin"))? {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_default();
        let rest = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy"));
        let is_name = rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
        if is_name && !entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found) }
}

/// Those names that are files and no symlinks.
fn copies(stage: &Stage<'_>) -> io::Result<Vec<PathBuf>> {
    let names = names(stage)?.into_iter();
    let found: Vec<PathBuf> = names.filter(|name| fs::symlink_metadata(name).is_ok_and(|it| it.is_file())).collect();
    if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found) }
}

/// Has those names that are symlinks to elsewhere lead to this file.
pub fn lead_to(stage: &Stage<'_>, target: &Path) -> io::Result<()> {
    let mut is_changed = false;
    for name in names(stage)? {
        if fs::read_link(&name).is_ok_and(|target| target.is_absolute()) {
            stage.link(name, target)?;
            is_changed = true;
        }
    }
    if is_changed { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
}

/// A Python of another minor version in the same world.
fn other(stage: &Stage<'_>) -> io::Result<PathBuf> {
    let others = crate::support::interpreters::found().interpreters.iter();
    let here = |other: &&crate::support::interpreters::Interpreter| {
        std::sync::Arc::ptr_eq(&other.world, &stage.python.world) && other.minor != stage.python.minor
    };
    let other = others.filter(here).min_by_key(|other| other.minor.abs_diff(stage.python.minor));
    other.map(|other| PathBuf::from(other.exe.to_string())).ok_or_else(|| io::ErrorKind::NotFound.into())
}
