//! CALCULATE program_name, executable, base_executable and real_executable.

use bstr::{BStr, BString, ByteSlice};

use super::super::split;
use super::Getpath;
use crate::host::path::getpath as arithmetic;
use crate::host::{HostError, Platform};
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::record::Value;
use crate::startup::settings;
use crate::startup::steps::StepId;
use crate::text::sentence;

/// The limit of Linux since 4.2, which `getpath_realpath` repeats.
const MOST_LINKS: usize = 40;

impl Getpath<'_, '_, '_> {
    /// CALCULATE `program_name` and CALCULATE `executable`.
    pub(super) fn find_executable(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::Executable);
        self.find_program_name();
        let separator = self.input.layout.flavor.separator();
        let given = self.program_name.clone();
        if self.executable.is_empty() && given.contains(&separator) {
            self.executable = self.abspath(given.as_bstr())?;
            self.trace.say(sentence!(
                "Python was started as ",
                given,
                ". A symlink is not followed here: the path itself becomes sys.executable."
            ));
        }
        let real = self.input.interpreter.real_executable.clone().unwrap_or_default();
        if self.executable.is_empty() {
            self.executable.clone_from(&real);
            self.real_executable = real;
        } else if self.os() == Platform::Macos {
            // The caller may have passed a wrong path, and the script uses it.
            self.real_executable.clone_from(&self.executable);
        } else {
            self.real_executable = real;
        }
        if self.executable.is_empty() {
            self.search_path_variable();
        }
        if self.executable.is_empty() {
            self.executable_dir = self.abspath(b".".as_bstr())?;
            self.real_executable_dir.clone_from(&self.executable_dir);
            self.trace.say("No directory of PATH contains that name, so the search for the standard library starts in the working directory.");
        }
        self.trace.set_text("sys.executable", self.executable.as_bstr());
        Ok(())
    }

    fn find_program_name(&mut self) {
        self.program_name.clone_from(&self.input.invocation.executable);
        if self.program_name.is_empty() {
            self.program_name = self.input.layout.program_name.into();
        }
        let is_short =
            self.is_windows() && !arithmetic::has_suffix(self.input.layout.flavor, self.program_name.as_bstr(), ".exe");
        if is_short {
            let long = sentence!(self.program_name, ".exe");
            if self.is_executable(long.as_bstr()) {
                self.program_name = long;
            }
        }
    }

    /// A bare name is looked up on PATH, whatever the flags say.
    fn search_path_variable(&mut self) {
        let Some(list) = settings::set_variable(self.input.invocation, "PATH") else { return };
        for dir in split(list, self.input.layout.delimiter) {
            let candidate = self.join(dir, self.program_name.clone().as_bstr());
            if self.is_executable(candidate.as_bstr()) {
                self.trace.say(sentence!(
                    "The name ",
                    self.program_name,
                    " has no slash; PATH leads to it in ",
                    dir,
                    "."
                ));
                self.executable = candidate;
                return;
            }
        }
    }

    /// `PYTHONEXECUTABLE` and `__PYVENV_LAUNCHER__` replace the executable on every system.
    pub(super) fn apply_launcher(&mut self) {
        let Some((name, value)) = ["PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"]
            .iter()
            .find_map(|&name| Some((name, settings::set_variable(self.input.invocation, name)?)))
        else {
            return;
        };
        self.trace.begin(StepId::Launcher);
        let framework = self.input.interpreter.compiled.framework.as_ref().is_some_and(|name| !name.is_empty());
        if self.os() == Platform::Macos && framework {
            // The binary in the application bundle is an implementation detail and does not count (bpo-46890).
            let dir = self.dirname(self.library.unwrap_or_default());
            self.base_executable = sentence!(dir, "/bin/", self.input.layout.versioned_name);
        } else if !self.real_executable.is_empty() && self.has(Behavior::LauncherBaseIsFile) {
            self.base_executable.clone_from(&self.real_executable);
        } else {
            self.base_executable.clone_from(&self.executable);
        }
        if self.real_executable.is_empty() {
            self.real_executable.clone_from(&self.base_executable);
        }
        self.executable = value.to_owned();
        self.executable_dir = self.dirname(value);
        self.trace.say(sentence!(
            name,
            " is set, so sys.executable becomes its value, ",
            value,
            ", and the search for the standard library starts there; -E and -I do not prevent that."
        ));
        self.trace.set_text("sys.executable", value);
        self.trace.set_text("sys._base_executable", self.base_executable.as_bstr());
    }

    /// CALCULATE `base_executable`, `real_executable` and `executable_dir`.
    pub(super) fn resolve_executable(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::Links);
        if self.base_executable.is_empty() {
            self.base_executable =
                if self.executable.is_empty() { self.real_executable.clone() } else { self.executable.clone() };
        }
        if self.real_executable.is_empty() {
            self.real_executable.clone_from(&self.base_executable);
        }
        if !self.real_executable.is_empty() || !self.has(Behavior::NothingToResolve) {
            let unresolved = self.real_executable.clone();
            match self.realpath(unresolved.as_bstr()) {
                Ok(real) => self.real_executable = real,
                Err(_) if self.trace.ask.is_file(unresolved.as_bstr()) => {
                    let named = if self.has(Behavior::RealpathMessage) { &unresolved } else { &self.base_executable };
                    let message = sentence!("Failed to find real location of ", named);
                    self.warn_of_path(message)?;
                }
                Err(_) => self.trace.say("The symlinks form a loop, so the path stays as it is."),
            }
        }
        self.find_library_dir()?;
        if self.executable_dir.is_empty() && !self.real_executable.is_empty() {
            self.executable_dir = self.dirname(self.real_executable.clone().as_bstr());
            self.real_executable_dir.clone_from(&self.executable_dir);
        }
        if self.real_executable_dir.is_empty() && !self.real_executable.is_empty() {
            self.real_executable_dir = self.dirname(self.real_executable.clone().as_bstr());
        }
        self.explain_executable_dir();
        Ok(())
    }

    /// macOS looks next to its library early.
    fn find_library_dir(&mut self) -> Result<(), Fatal> {
        let Some(library) = self.library else { return Ok(()) };
        if self.os() != Platform::Macos || !self.executable_dir.is_empty() {
            return Ok(());
        }
        let dir = self.dirname(library);
        if self.has_stdlib_landmark(dir.as_bstr()) {
            let real = self.realpath(dir.as_bstr()).map_err(|error| self.fatal_read(dir.as_bstr(), &error))?;
            self.executable_dir.clone_from(&real);
            self.real_executable_dir = real;
        }
        Ok(())
    }

    fn explain_executable_dir(&mut self) {
        let why = if self.real_executable == self.executable { "not a symlink" } else { "symlinks followed" };
        let sentence = sentence!("The file that runs is ", self.real_executable, " (", why, ").");
        self.trace.say(sentence);
        let start = self.executable_dir.clone();
        self.trace.say(sentence!("The search for the standard library starts in ", start, " and goes upwards."));
        self.trace.set("executable_dir", Value::Text(start));
        self.trace.set_text("real_executable", self.real_executable.as_bstr());
        self.trace.set_text("sys._base_executable", self.base_executable.as_bstr());
    }

    /// `getpath_realpath`: follows symlinks of the last component only. Windows before 3.13 resolves nothing.
    pub(super) fn realpath(&mut self, path: &BStr) -> Result<BString, HostError> {
        if self.is_windows() {
            return self.windows_realpath(path);
        }
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let Ok(target) = self.trace.ask.read_link(path.as_bstr()) else { return Ok(path) };
            path = if target.first() == Some(&b'/') {
                target
            } else {
                // A path without a slash is kept whole as the directory: the C code only cuts at a slash.
                let dir = if path.contains(&b'/') { self.dirname(path.as_bstr()) } else { path };
                self.join(dir.as_bstr(), target.as_bstr())
            };
        }
        Err(HostError::SymlinkLoop)
    }

    fn windows_realpath(&mut self, path: &BStr) -> Result<BString, HostError> {
        if !self.has(Behavior::WindowsRealpath) {
            return Ok(path.to_owned());
        }
        let real = self.trace.ask.real_path(path)?;
        let same = real.to_lowercase() == path.to_lowercase();
        Ok(if same { path.to_owned() } else { real })
    }
}
