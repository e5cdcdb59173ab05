//! An action, worked out for one machine: at which real path, from what, to what.

use bstr::{BStr, BString, ByteSlice};
use similar::TextDiff;

use super::state::{MOST_BYTES, State, digest};
use crate::host::path::{Flavor, module};
use crate::host::{Change, FileKind, Host, HostError};
use crate::rules::{Action, Edit, Removal};
use crate::text::sentence;

/// The permission bits of a file whose bits nobody knows, since it exists in imagination only.
const USUAL_MODE: u16 = 0o644;
/// The largest file of which a difference is shown.
const MOST_SHOWN: usize = 1 << 20;

/// A change of one machine, with what is there before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Operation {
    /// What is done.
    pub what: What,
    /// What is at its path before.
    pub before: State,
    /// What is at its path after.
    pub after: State,
    /// The difference of the contents, where both are text.
    pub diff: Option<String>,
}

/// What is done, with real paths: no symlink is on the way to them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum What {
    /// Gives a file a content.
    Write {
        /// The file.
        path: BString,
        /// All of it.
        content: BString,
    },
    /// Creates or replaces a symlink.
    Symlink {
        /// The symlink.
        path: BString,
        /// Its target.
        target: BString,
    },
    /// Removes a file, a symlink, or a directory with everything in it.
    Remove {
        /// What is removed.
        path: BString,
    },
    /// Moves something.
    Rename {
        /// From here.
        path: BString,
        /// To here.
        to: BString,
    },
    /// Creates a directory.
    MakeDir {
        /// The directory.
        path: BString,
    },
    /// Sets permission bits.
    SetMode {
        /// Of this.
        path: BString,
        /// To these.
        mode: u16,
    },
    /// Runs a program.
    Run {
        /// The program and its arguments.
        argv: Vec<BString>,
        /// Its working directory.
        cwd: Option<BString>,
        /// Where it builds something new; nowhere, if nobody knows what it changes.
        builds: Vec<BString>,
    },
}

impl What {
    /// The path that it is about: none where a program runs.
    pub fn path(&self) -> Option<&BString> {
        match self {
            Self::Write { path, .. }
            | Self::Symlink { path, .. }
            | Self::Remove { path }
            | Self::Rename { path, .. }
            | Self::MakeDir { path }
            | Self::SetMode { path, .. } => Some(path),
            Self::Run { .. } => None,
        }
    }

    /// The paths that are changed: that one, and where it is moved to.
    pub fn paths(&self) -> impl Iterator<Item = &BString> {
        let to = if let Self::Rename { to, .. } = self { Some(to) } else { None };
        self.path().into_iter().chain(to)
    }

    /// Does it. A program is not run.
    ///
    /// # Errors
    /// As the machine answers.
    pub fn perform(&self, machine: &mut dyn Change) -> Result<(), HostError> {
        match self {
            Self::Write { path, content } => machine.write(path.as_bstr(), content),
            Self::Symlink { path, target } => machine.symlink(path.as_bstr(), target.as_bstr()),
            Self::Remove { path } => machine.remove(path.as_bstr()),
            Self::Rename { path, to } => machine.rename(path.as_bstr(), to.as_bstr()),
            Self::MakeDir { path } => machine.make_dir(path.as_bstr()),
            Self::SetMode { path, mode } => machine.set_mode(path.as_bstr(), *mode),
            Self::Run { .. } => Ok(()),
        }
    }
}

/// Works out an action; none where nothing is left to be done.
///
/// # Errors
/// One sentence that says what stands in the way.
pub fn work_out(host: &dyn Host, action: &Action, cwd: Option<&BString>) -> Result<Option<Operation>, BString> {
    let place = |path: &BString| place(host, path, cwd);
    match action {
        Action::Write { path, edit } => write(host, &ended(host, &place(path)?)?, edit),
        Action::Symlink { path, target } => symlink(host, place(path)?, target),
        Action::Remove { path, removal } => remove(host, place(path)?, *removal),
        Action::Rename { path, to } => rename(host, place(path)?, place(to)?),
        Action::MakeDir { path } => {
            let path = place(path)?;
            match state(host, &path)? {
                State::Missing => {
                    let after = State::Directory { mode: None };
                    Ok(Some(Operation { what: What::MakeDir { path }, before: State::Missing, after, diff: None }))
                }
                State::Directory { .. } => Ok(None),
                _ => Err(sentence!(path, " exists and is not a directory")),
            }
        }
        Action::ChangeMode { path, mode } => {
            let path = ended(host, &place(path)?)?;
            let before = state(host, &path)?;
            let old = before.mode().unwrap_or(USUAL_MODE);
            let new = mode.applied(old);
            let after = match &before {
                State::File { sha256, .. } => State::File { sha256: sha256.clone(), mode: Some(new) },
                State::Directory { .. } => State::Directory { mode: Some(new) },
                _ => return Err(sentence!(path, " has no mode that can be changed")),
            };
            let operation = Operation { what: What::SetMode { path, mode: new }, before, after, diff: None };
            Ok((new != old).then_some(operation))
        }
        Action::Run { argv, builds } => {
            let builds = builds.iter().map(place).collect::<Result<_, _>>()?;
            let what = What::Run { argv: argv.clone(), cwd: cwd.cloned(), builds };
            Ok(Some(Operation { what, before: State::Other, after: State::Other, diff: None }))
        }
    }
}

/// Whether the actions after an operation have to be worked out on a machine on which it was done. A program is not imagined,
/// and what is moved out of its way before may be the largest directory of an environment.
pub(super) fn counts_for(rest: &[Action], what: &What) -> bool {
    let is_indifferent = |action: &Action| matches!(action, Action::Rename { .. } | Action::Run { .. });
    !(matches!(what, What::Rename { .. }) && rest.iter().all(is_indifferent))
}

fn state(host: &dyn Host, path: &BString) -> Result<State, BString> {
    State::of(host, path.as_bstr()).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &BString, error: &HostError) -> BString {
    sentence!(path, " cannot be read: ", error.to_string())
}

/// The real path of a name: every symlink on the way to it followed, and not the one that it may be itself.
fn place(host: &dyn Host, path: &BString, cwd: Option<&BString>) -> Result<BString, BString> {
    let flavor = Flavor::of(host.platform());
    let path = match cwd {
        Some(cwd) => module::join(flavor, &[cwd.as_bstr(), path.as_bstr()]),
        None => path.clone(),
    };
    let (parent, name) =
        module::split(flavor, path.trim_end_with(|c| c == '/' || c == char::from(flavor.separator())).as_bstr());
    let mut parents = vec![name];
    let mut parent = parent;
    // A directory that another action creates is not there yet.
    loop {
        match host.real_path(parent.as_bstr()) {
            Ok(real) => {
                let parts: Vec<&BStr> =
                    [real.as_bstr()].into_iter().chain(parents.iter().rev().map(|it| it.as_bstr())).collect();
                return Ok(module::join(flavor, &parts));
            }
            Err(HostError::NotFound) if parents.len() < 8 => {
                let (above, name) = module::split(flavor, parent.as_bstr());
                if name.is_empty() {
                    return Err(sentence!(parent, " does not exist"));
                }
                parents.push(name);
                parent = above;
            }
            Err(error) => return Err(unreadable(&parent, &error)),
        }
    }
}

/// The file that a path leads to in the end, where it is a symlink.
fn ended(host: &dyn Host, path: &BString) -> Result<BString, BString> {
    match host.link_metadata(path.as_bstr()) {
        Ok(metadata) if metadata.kind == FileKind::Symlink => {
            host.real_path(path.as_bstr()).map_err(|error| unreadable(path, &error))
        }
        _ => Ok(path.clone()),
    }
}

/// Works out what becomes of a file.
pub(super) fn write(host: &dyn Host, path: &BString, edit: &Edit) -> Result<Option<Operation>, BString> {
    let before = state(host, path)?;
    let old = match &before {
        State::Missing => Vec::new(),
        State::File { .. } => host.read(path.as_bstr(), MOST_BYTES).map_err(|error| unreadable(path, &error))?,
        _ => return Err(sentence!(path, " is not a regular file")),
    };
    let new = match edit {
        Edit::CopyOf(from) => host.read(from.as_bstr(), MOST_BYTES).map_err(|error| unreadable(from, &error))?,
        edit => edit.apply(&old).ok_or_else(|| sentence!(path, " is not in the encoding that it seems to be in"))?,
    };
    if before != State::Missing && new == old {
        return Ok(None);
    }
    let after = State::File { sha256: digest(&new), mode: before.mode() };
    let diff = difference(path, &before, &old, &new);
    let what = What::Write { path: path.clone(), content: new.into() };
    Ok(Some(Operation { what, before, after, diff }))
}

/// A unified difference of two texts; none of what is not text.
fn difference(path: &BString, before: &State, old: &[u8], new: &[u8]) -> Option<String> {
    if old.len().max(new.len()) > MOST_SHOWN {
        return None;
    }
    let (old, new) = (old.to_str().ok()?, new.to_str().ok()?);
    if old.contains('\0') || new.contains('\0') {
        return None;
    }
    let path = path.to_str_lossy();
    let from = if *before == State::Missing { "/dev/null" } else { path.as_ref() };
    Some(TextDiff::from_lines(old, new).unified_diff().header(from, path.as_ref()).to_string())
}

fn symlink(host: &dyn Host, path: BString, target: &BString) -> Result<Option<Operation>, BString> {
    let before = state(host, &path)?;
    let after = State::Symlink { target: target.clone() };
    match &before {
        State::Directory { .. } | State::Other => Err(sentence!(path, " exists and is not a file")),
        same if *same == after => Ok(None),
        _ => Ok(Some(Operation { what: What::Symlink { path, target: target.clone() }, before, after, diff: None })),
    }
}

fn remove(host: &dyn Host, path: BString, removal: Removal) -> Result<Option<Operation>, BString> {
    let before = state(host, &path)?;
    match (&before, removal) {
        (State::Missing, _) => return Ok(None),
        (State::Directory { .. }, Removal::File) => return Err(sentence!(path, " is a directory")),
        (State::Directory { .. }, Removal::EmptyDir) => {
            let names = host.list_dir(path.as_bstr()).map_err(|error| unreadable(&path, &error))?;
            if !names.is_empty() {
                return Err(sentence!(path, " is not empty"));
            }
        }
        (_, Removal::EmptyDir) => return Err(sentence!(path, " is not a directory")),
        _ => {}
    }
    Ok(Some(Operation { what: What::Remove { path }, before, after: State::Missing, diff: None }))
}

fn rename(host: &dyn Host, path: BString, to: BString) -> Result<Option<Operation>, BString> {
    let before = state(host, &path)?;
    if before == State::Missing {
        return Ok(None);
    }
    if state(host, &to)? != State::Missing {
        return Err(sentence!(to, " exists"));
    }
    Ok(Some(Operation { what: What::Rename { path, to }, before, after: State::Missing, diff: None }))
}
