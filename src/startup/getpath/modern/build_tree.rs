//! CHECK FOR BUILD DIRECTORY.

use bstr::{BString, ByteSlice};

use super::super::cfg;
use super::Getpath;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::record::Value;
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Getpath<'_, '_, '_> {
    /// Looks for the marks of a build tree next to the executable, or in `home` for an environment.
    pub(super) fn detect_build_tree(&mut self) -> Result<(), Fatal> {
        if self.real_executable_dir.is_empty() {
            return Ok(());
        }
        self.trace.begin(StepId::BuildTree);
        let dir = self.real_executable_dir.clone();
        let path = self.join(dir.as_bstr(), b"pybuilddir.txt".as_bstr());
        if self.home_is_unencodable {
            let exception = "OSError: [Errno 84] Invalid or incomplete multibyte or wide character";
            return Err(self.fatal(
                exception,
                sentence!(path, " contains characters that the encoding of the locale does not have"),
            ));
        }
        match self.read_lines(path.as_bstr()) {
            Ok(content) => {
                let first = cfg::read_lines(&content).first().map(|&line| line.to_owned());
                self.platstdlib_dir = match first {
                    Some(line) => self.join(dir.as_bstr(), line.as_bstr()),
                    None => dir.clone(),
                };
                self.trace.say(sentence!(path, " exists, so Python takes its directory for a build tree."));
                self.enter_build_tree(&dir);
            }
            Err(error) if !self.is_tolerated(&error) => return Err(self.fatal_read(path.as_bstr(), &error)),
            Err(_) => self.look_for_setup_local(&dir),
        }
        Ok(())
    }

    /// The second mark. Later releases ignore it, because it let whoever could write to a directory take over an interpreter.
    fn look_for_setup_local(&mut self, dir: &BString) {
        if self.has(Behavior::SetupLocalIgnored) {
            self.trace.say("There is no pybuilddir.txt, so this is an installed Python.");
            return;
        }
        let landmark = if self.is_windows() {
            sentence!(self.vpath(), "\\Modules\\Setup.local")
        } else {
            BString::from("Modules/Setup.local")
        };
        if self.is_file_in(dir.as_bstr(), landmark.as_bstr()) {
            if self.is_windows() {
                self.platstdlib_dir.clone_from(dir);
            }
            self.trace.say("Modules/Setup.local exists, so Python takes its directory for a build tree.");
            self.enter_build_tree(dir);
        } else {
            self.trace.say("There is neither pybuilddir.txt nor Modules/Setup.local, so this is an installed Python.");
        }
    }

    fn enter_build_tree(&mut self, dir: &BString) {
        let vpath = self.vpath();
        let build_prefix = self.join(dir.as_bstr(), vpath.as_bstr());
        let stdlib_prefix = if self.is_windows() {
            Some(build_prefix.clone())
        } else {
            self.search_up(build_prefix.as_bstr(), |script, dir| script.is_file_in(dir, b"Lib/os.py".as_bstr()))
        };
        let stdlib_parent = stdlib_prefix.as_ref().unwrap_or(&build_prefix).clone();
        self.stdlib_dir = self.join(stdlib_parent.as_bstr(), b"Lib".as_bstr());
        self.prefix = stdlib_prefix.unwrap_or_default();
        self.exec_prefix.clone_from(&build_prefix);
        self.build_prefix = Some(build_prefix);
        self.result.is_build_tree = true;
        let stdlib = self.stdlib_dir.clone();
        self.trace.say(sentence!("The standard library is ", stdlib, "."));
        self.trace.set("sys._stdlib_dir", Value::Text(stdlib));
    }

    /// `VPATH`; if it is unknown, a build inside the source tree is assumed. All builds for Windows are made two
    /// directories below it.
    fn vpath(&mut self) -> BString {
        if let Some(vpath) = &self.input.interpreter.compiled.vpath {
            return vpath.clone();
        }
        if self.is_windows() {
            return r"..\..".into();
        }
        self.result.unknown.get_or_insert("compiled.vpath");
        BString::default()
    }

    /// QUIRK of the script: outside Windows, `sys.prefix` is the prefix of the installation even in the build tree.
    pub(super) fn restore_build_prefixes(&mut self) {
        if self.is_windows() || self.build_prefix.is_none() {
            return;
        }
        let prefix = self.compiled_prefix();
        let exec_prefix = self.compiled_exec_prefix();
        let exec_prefix = if exec_prefix.is_empty() { prefix.clone() } else { exec_prefix };
        // The directory of a relative path may have no name, and an empty string is false in the script.
        let is_venv = self.venv_prefix.as_ref().is_some_and(|dir| !dir.is_empty());
        if !self.has(Behavior::VenvPrefixInGetpath) || !is_venv {
            self.prefix.clone_from(&prefix);
            self.exec_prefix.clone_from(&exec_prefix);
        }
        self.base_prefix = prefix;
        self.base_exec_prefix = exec_prefix;
    }
}
