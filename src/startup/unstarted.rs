//! What the environment of an interpreter that cannot be started says about itself.
//!
//! No Python gets so far: these steps are venv-doctor's own reading. They look where the Python would look, so that
//! whoever has a dead environment sees for which interpreter it was made.

use bstr::{BStr, BString, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::record::{CfgCandidate, CfgEntry, PyvenvCfg, Reader, Value};
use super::site;
use super::steps::StepId;
use super::trace::Trace;
use crate::host::path::{Flavor, module};
use crate::host::{HostError, Platform};
use crate::interpreter::{Identification, Version};
use crate::invocation::Invocation;
use crate::text::{python, sentence};

/// Reads the `pyvenv.cfg` of the executable at `file`, and looks for the interpreter that it names.
pub fn read(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    identification: &Identification,
    file: &BStr,
) -> Option<PyvenvCfg> {
    let flavor = Flavor::of(invocation.platform);
    let cwd = invocation.cwd.as_ref().map(|cwd| cwd.as_bstr()).unwrap_or_default();
    let executable = module::join(flavor, &[cwd, file]);
    let mut reading = Unstarted { trace, flavor, identification, executable };
    let (cfg, home) = reading.find_cfg()?;
    if let Some(home) = home {
        reading.find_interpreter(invocation.platform, &home);
    }
    Some(cfg)
}

struct Unstarted<'t, 'h, 'i> {
    trace: &'t mut Trace<'h>,
    flavor: Flavor,
    identification: &'i Identification,
    /// Absolute, symlinks not followed.
    executable: BString,
}

impl Unstarted<'_, '_, '_> {
    /// Looks for the file in the order of the version, as far as that is known: from 3.11 on that of the path
    /// configuration; before, it is the site module that finds the environment of a symlinked executable.
    fn find_cfg(&mut self) -> Option<(PyvenvCfg, Option<BString>)> {
        self.trace.begin(StepId::UnstartedCfg);
        let next_to = module::dirname(self.flavor, self.executable.as_bstr());
        let above = module::dirname(self.flavor, next_to.as_bstr());
        let is_modern = self.version().is_none_or(|version| Behaviors::of(version).has(Behavior::GetpathInPython));
        let (dirs, stage) =
            if is_modern { ([above, next_to], Reader::Getpath) } else { ([next_to, above], Reader::Site) };
        let mut candidates = Vec::new();
        for dir in dirs {
            let path = self.join(&dir, b"pyvenv.cfg");
            let content = self.trace.read(path.as_bstr());
            candidates.push(CfgCandidate { path: path.clone(), found: content.is_ok(), stage });
            match content {
                Ok(content) => {
                    let entries = entries(&content);
                    let home = self.read_home(&path, &entries, is_modern);
                    return Some((PyvenvCfg { path, entries, candidates }, home));
                }
                Err(HostError::NotFound | HostError::NotADirectory) => {}
                Err(error) => self.trace.say(sentence!(path, " cannot be read: ", error.to_string(), ".")),
            }
        }
        self.trace.say("There is no pyvenv.cfg next to the executable or one directory above: it is not the interpreter of a virtual environment.");
        None
    }

    /// The version of the interpreter, or where there is none, the one that the symlink to it names.
    fn version(&self) -> Option<Version> {
        let named = || {
            let name = module::basename(self.flavor, self.identification.hops.last()?.target.as_bstr());
            name.strip_prefix(b"python")?.to_str().ok()?.parse().ok()
        };
        self.identification.interpreter.version.or_else(named)
    }

    /// The path configuration takes the first `home`, the site module the last.
    fn read_home(&mut self, path: &BString, entries: &[CfgEntry], is_modern: bool) -> Option<BString> {
        let mut homes = entries.iter().filter(|entry| python::lower(&entry.key) == "home");
        let Some(entry) = (if is_modern { homes.next() } else { homes.next_back() }) else {
            self.trace.say(sentence!(
                "Found ",
                path,
                ". It has no home key, so it does not say which interpreter the environment was made from."
            ));
            return None;
        };
        let line = entry.line.to_string();
        self.trace.say(sentence!("Found ", path, ". Line ", line, " says home = ", entry.value, "."));
        self.trace.set_text("home", entry.value.as_bstr());
        Some(entry.value.clone())
    }

    /// The interpreter in `home`, by the names that it may have there.
    fn find_interpreter(&mut self, platform: Platform, home: &BString) {
        self.trace.begin(StepId::UnstartedInterpreter);
        if !self.trace.ask.is_dir(home.as_bstr()) {
            self.trace.say(sentence!(
                home,
                " does not exist, so the interpreter that the environment was made from is gone."
            ));
            self.trace.set("base_interpreter", Value::None);
            return;
        }
        let names = self.names(platform);
        let paths = names.iter().map(|name| self.join(home, name)).collect::<Vec<_>>();
        let found = paths.into_iter().find(|path| self.trace.ask.is_executable(path.as_bstr()));
        self.trace.say(if let Some(path) = &found {
            sentence!(path, " exists, so home still has an interpreter.")
        } else {
            sentence!(home, " exists, but has no interpreter named ", bstr::join(" or ", &names), ".")
        });
        self.trace.set("base_interpreter", found.map_or(Value::None, Value::Text));
    }

    /// What the interpreter is called: as the symlink to it says, then as the executable, then as any.
    fn names(&self, platform: Platform) -> Vec<BString> {
        let target = self.identification.hops.last().map(|hop| module::basename(self.flavor, hop.target.as_bstr()));
        let own = module::basename(self.flavor, self.executable.as_bstr());
        let usual: &[&str] = if platform == Platform::Windows { &["python.exe"] } else { &["python3", "python"] };
        let mut names: Vec<BString> = Vec::new();
        for name in target.into_iter().chain([own]).chain(usual.iter().map(|name| BString::from(*name))) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn join(&self, dir: &BString, name: &[u8]) -> BString {
        module::join(self.flavor, &[dir.as_bstr(), name.as_bstr()])
    }
}

/// The lines of the file, none of which anybody has used.
fn entries(content: &[u8]) -> Vec<CfgEntry> {
    site::parse_cfg(content, None)
}
