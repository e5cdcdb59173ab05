//! READ pyvenv.cfg.

use bstr::{BStr, BString, ByteSlice};

use super::super::cfg;
use super::Getpath;
use crate::host::HostError;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::locale;
use crate::startup::steps::StepId;
use crate::text::sentence;

const LANDMARK: &[u8] = b"pyvenv.cfg";

impl Getpath<'_, '_, '_> {
    /// Looks for `pyvenv.cfg` and takes `home` from it.
    pub(super) fn read_pyvenv_cfg(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::VenvSearch);
        if !self.home.is_empty() && !self.has(Behavior::VenvPrefixInGetpath) {
            self.trace.say("PYTHONHOME is set, so the path configuration does not look for pyvenv.cfg.");
            return Ok(());
        }
        let next_to = if self.executable_dir.is_empty() {
            self.dirname(self.executable.clone().as_bstr())
        } else {
            self.executable_dir.clone()
        };
        let above = self.dirname(next_to.as_bstr());
        let mut found = self.open_cfg(above)?;
        if found.is_none() {
            found = self.open_cfg(next_to)?;
        }
        let Some((dir, content)) = found else {
            self.trace.say("The path configuration finds no pyvenv.cfg, so this is not a virtual environment for it.");
            return Ok(());
        };
        self.take_home(dir, &content);
        self.result.cfg.content = content;
        Ok(())
    }

    /// Reads one candidate; Python tries the next one only if the file is missing or may not be read.
    fn open_cfg(&mut self, dir: BString) -> Result<Option<(BString, Vec<u8>)>, Fatal> {
        let path = self.join(dir.as_bstr(), LANDMARK.as_bstr());
        match self.read_lines(path.as_bstr()) {
            Ok(content) => {
                self.trace.say(sentence!("The path configuration reads ", path, "."));
                self.result.cfg.tried(path.as_bstr(), true);
                self.result.cfg.path = Some(path);
                Ok(Some((dir, content)))
            }
            Err(error) => {
                self.result.cfg.tried(path.as_bstr(), false);
                if !self.is_tolerated(&error) {
                    return Err(self.fatal_read(path.as_bstr(), &error));
                }
                if error == HostError::PermissionDenied {
                    self.trace.say(sentence!(path, " may not be read and is skipped."));
                }
                Ok(None)
            }
        }
    }

    fn take_home(&mut self, dir: BString, content: &[u8]) {
        let lines = cfg::read_lines(content);
        let home = cfg::find_home(&lines);
        if home.is_some() || self.has(Behavior::HomelessCfgAnchors) {
            self.venv_prefix = Some(dir);
        }
        let Some((line, home)) = home else {
            self.trace.begin(StepId::VenvHome);
            let consequence = if self.venv_prefix.is_some() {
                "pyvenv.cfg has no home key. It still marks a virtual environment, and the search for the standard library starts at the executable."
            } else {
                "pyvenv.cfg has no home key, so the path configuration ignores it; the site module reads it later."
            };
            self.trace.say(consequence);
            return;
        };
        self.trace.begin(StepId::VenvHome);
        if !self.home.is_empty() {
            self.trace.say("PYTHONHOME is set and overrides the home key.");
            return;
        }
        self.result.cfg.take_home(self.trace, line, home.as_bstr());
        self.trace.set_text("executable_dir", home.as_bstr());
        self.home_is_unencodable = locale::is_unencodable(self.trace.charset, &home);
        self.executable_dir.clone_from(&home);
        self.real_executable_dir = home;
        if self.base_executable.is_empty() {
            self.find_base_executable();
        }
    }

    /// The interpreter behind the environment: where the symlink leads, or a file of the same name in `home`.
    fn find_base_executable(&mut self) {
        self.trace.begin(StepId::BaseExecutable);
        let executable = self.executable.clone();
        match self.realpath(executable.as_bstr()) {
            Ok(real) if real != executable => {
                self.trace.say(sentence!(
                    "The executable is a symlink, and the file that it leads to, ",
                    real,
                    ", is the base executable."
                ));
                self.base_executable = real;
            }
            _ => self.find_base_in_home(executable.as_bstr()),
        }
        self.trace.set_text("sys._base_executable", self.base_executable.as_bstr());
    }

    fn find_base_in_home(&mut self, executable: &BStr) {
        let home = self.executable_dir.clone();
        let name = self.basename(executable);
        self.base_executable = self.join(home.as_bstr(), name.as_bstr());
        let looks_further = !self.is_windows() && self.has(Behavior::BaseExecutableNames);
        if looks_further && !self.home_is_unencodable && !self.trace.ask.is_file(self.base_executable.as_bstr()) {
            for other in [self.input.layout.program_name, &self.input.layout.versioned_name] {
                if name == other {
                    continue;
                }
                let candidate = self.join(home.as_bstr(), other.into());
                if self.trace.ask.is_file(candidate.as_bstr()) {
                    self.base_executable = candidate;
                    break;
                }
            }
        }
        self.trace.say(sentence!(
            "The executable is not a symlink, so the base executable is the one in home: ",
            self.base_executable,
            "."
        ));
    }
}
