//! CALCULATE prefix AND exec_prefix.

use bstr::{BStr, BString, ByteSlice};

use super::super::search_result;
use super::Getpath;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::steps::StepId;
use crate::text::sentence;

const NO_PREFIX: &str = "Could not find platform independent libraries <prefix>";
const NO_EXEC_PREFIX: &str = "Could not find platform dependent libraries <exec_prefix>";

impl Getpath<'_, '_, '_> {
    /// Tries each source in turn until one gives a prefix.
    pub(super) fn find_prefix(&mut self) -> Result<(), Fatal> {
        if !self.home.is_empty() {
            self.take_given_home();
        }
        if self.prefix.is_empty() && self.library.is_some() {
            self.search_library();
        }
        if self.prefix.is_empty() && !self.executable_dir.is_empty() {
            self.search_zip();
        }
        if self.prefix.is_empty() && !self.executable_dir.is_empty() {
            self.search_stdlib();
        }
        if self.prefix.is_empty() {
            self.fall_back()?;
        }
        let prefix = self.prefix.clone();
        self.trace.set_text("sys.base_prefix", prefix.as_bstr());
        Ok(())
    }

    /// `PYTHONHOME`, or the directory of a `._pth` file: used without any lookup.
    fn take_given_home(&mut self) {
        self.trace.begin(StepId::PrefixHome);
        let home = self.home.clone();
        let (prefix, exec_prefix) = match home.find_byte(self.input.layout.delimiter) {
            Some(at) => (home[..at].into(), home[at + 1..].into()),
            None => (home.clone(), home.clone()),
        };
        self.prefix = prefix;
        self.exec_prefix = exec_prefix;
        self.stdlib_dir.clear();
        let giver = if self.pth.is_some() { "The ._pth file" } else { "PYTHONHOME" };
        self.trace.say(sentence!(giver, " sets the home to ", home, ", which Python uses without any lookup."));
        self.trace.set_text("sys.base_exec_prefix", self.exec_prefix.as_bstr());
    }

    /// Next to the shared library that contains the interpreter.
    fn search_library(&mut self) {
        self.trace.begin(StepId::PrefixLibrary);
        self.has(Behavior::LibraryEverywhere);
        let layout = self.input.layout;
        let dir = self.dirname(self.library.unwrap_or_default());
        let found = if self.is_windows() {
            self.is_file_in(dir.as_bstr(), layout.zip.as_bstr()).then(|| dir.clone())
        } else {
            self.search_up(dir.as_bstr(), |script, dir| script.is_file_in(dir, layout.zip.as_bstr()))
        };
        if let Some(prefix) = found {
            self.trace.say(sentence!("The search from the library upwards finds ", layout.zip, " in ", prefix, "."));
            self.prefix = prefix;
        } else if self.has_stdlib_landmark(dir.as_bstr()) {
            self.trace.say(sentence!("The directory of the library, ", dir, ", contains the standard library."));
            self.stdlib_dir = self.join(dir.as_bstr(), layout.stdlib.as_bstr());
            self.prefix = dir;
        } else {
            self.trace.say(sentence!("The search from the directory of the library, ", dir, ", finds nothing."));
        }
    }

    /// The zip file is a landmark, and it is looked for before the standard library itself.
    fn search_zip(&mut self) {
        self.trace.begin(StepId::PrefixZip);
        let layout = self.input.layout;
        let start = self.executable_dir.clone();
        let found = if self.is_windows() {
            self.is_file_in(start.as_bstr(), layout.zip.as_bstr()).then(|| start.clone())
        } else {
            self.search_up(start.as_bstr(), |script, dir| script.is_file_in(dir, layout.zip.as_bstr()))
        };
        let Some(prefix) = found else {
            self.trace.say(sentence!(
                "Neither ",
                start,
                " nor any directory above it contains ",
                layout.zip,
                ", which is normal."
            ));
            return;
        };
        let stdlib = self.join(prefix.as_bstr(), layout.stdlib.as_bstr());
        let has_stdlib = self.trace.ask.is_dir(stdlib.as_bstr());
        self.stdlib_dir = if has_stdlib { stdlib } else { BString::default() };
        self.trace.say(sentence!(prefix, " contains ", layout.zip, " and becomes the prefix."));
        self.prefix = prefix;
    }

    fn search_stdlib(&mut self) {
        self.trace.begin(StepId::PrefixSearch);
        let layout = self.input.layout;
        let start = self.executable_dir.clone();
        let found = self.search_up(start.as_bstr(), Self::has_stdlib_landmark);
        self.trace.say(search_result(&layout.stdlib_landmarks[0], start.as_bstr(), found.as_ref()));
        let Some(prefix) = found else { return };
        if self.stdlib_dir.is_empty() {
            self.stdlib_dir = self.join(prefix.as_bstr(), layout.stdlib.as_bstr());
        }
        self.prefix = prefix;
    }

    /// The compiled-in prefix, then the working directory.
    fn fall_back(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::PrefixCompiled);
        self.prefix = self.compiled_prefix();
        if !self.prefix.is_empty() {
            let prefix = self.prefix.clone();
            if self.has_stdlib_landmark(prefix.as_bstr()) {
                self.trace.say(sentence!(
                    "The searches found nothing, so Python uses the prefix compiled into the binary: ",
                    prefix,
                    ". It contains a standard library, so Python prints no warning."
                ));
            } else {
                self.trace.say(sentence!(
                    "The searches found nothing, and the prefix compiled into the binary, ",
                    prefix,
                    ", does not contain a standard library either."
                ));
                self.warn(NO_PREFIX);
            }
        }
        if self.prefix.is_empty() && self.result.unknown.is_some() {
            self.trace.say("Python uses the prefix compiled into the binary, which is unknown here.");
        } else if self.prefix.is_empty() {
            self.prefix = self.abspath(b"".as_bstr())?;
            self.trace.say("The binary has no compiled-in prefix, so the working directory becomes the prefix.");
            self.warn(NO_PREFIX);
        }
        Ok(())
    }

    /// The directory of the extension modules.
    pub(super) fn find_exec_prefix(&mut self) {
        if self.exec_prefix.is_empty() {
            self.trace.begin(StepId::ExecPrefix);
            self.search_exec_prefix();
            self.check_exec_prefix();
        }
        if self.exec_prefix.is_empty() {
            self.exec_prefix.clone_from(&self.prefix);
        }
        if self.prefix.is_empty() || self.exec_prefix.is_empty() {
            self.warn("Consider setting $PYTHONHOME to <prefix>[:<exec_prefix>]");
        }
        let exec_prefix = self.exec_prefix.clone();
        self.trace.set_text("sys.base_exec_prefix", exec_prefix.as_bstr());
    }

    fn search_exec_prefix(&mut self) {
        if self.is_windows() {
            return self.take_windows_exec_prefix();
        }
        let prefix = self.prefix.clone();
        if !prefix.is_empty() && self.has(Behavior::ExecPrefixPrefersPrefix) && self.has_extensions(prefix.as_bstr()) {
            self.trace.say("The prefix contains the extension modules.");
            self.exec_prefix = prefix;
            return;
        }
        let start = self.executable_dir.clone();
        if let Some(found) = self.search_up(start.as_bstr(), Self::has_extensions) {
            self.trace.say(search_result(&self.input.layout.platstdlib, start.as_bstr(), Some(&found)));
            self.exec_prefix = found;
            return;
        }
        self.exec_prefix = self.compiled_exec_prefix();
        self.trace.say(sentence!(
            "Neither ",
            start,
            " nor any directory above it contains ",
            self.input.layout.platstdlib,
            ", so Python uses the exec prefix compiled into the binary: ",
            self.exec_prefix,
            "."
        ));
    }

    fn check_exec_prefix(&mut self) {
        let exec_prefix = self.exec_prefix.clone();
        if !exec_prefix.is_empty() && self.has_extensions(exec_prefix.as_bstr()) {
            return;
        }
        if !self.is_windows() {
            self.warn(NO_EXEC_PREFIX);
        } else if !self.has(Behavior::ExecPrefixIsPrefix) {
            self.exec_prefix.clone_from(&self.prefix);
            if self.has(Behavior::MissingDllsReplaced) {
                self.platstdlib_dir.clone_from(&self.prefix);
            }
        } else if self.platstdlib_dir.is_empty() && self.has(Behavior::MissingDllsReplaced) {
            // A missing DLLs directory would give Lib precedence over the executable's directory, where the modules are.
            self.platstdlib_dir = exec_prefix;
        }
    }

    /// Windows searches for no extension modules.
    fn take_windows_exec_prefix(&mut self) {
        if self.has(Behavior::ExecPrefixIsPrefix) {
            self.exec_prefix.clone_from(&self.prefix);
            self.trace.say("On Windows, the exec prefix is the prefix.");
        } else {
            self.exec_prefix.clone_from(&self.executable_dir);
            self.trace.say(
                "In these releases for Windows, the exec prefix is the executable's directory if that contains DLLs, and the prefix otherwise.",
            );
        }
    }

    fn has_extensions(&mut self, dir: &BStr) -> bool {
        let path = self.join(dir, self.input.layout.platstdlib.as_bstr());
        self.trace.ask.is_dir(path.as_bstr())
    }

    /// From 3.14 on, the environment's directory becomes the prefix here and not in `site`.
    pub(super) fn apply_venv_prefix(&mut self) {
        self.base_prefix.clone_from(&self.prefix);
        self.base_exec_prefix.clone_from(&self.exec_prefix);
        let Some(venv_prefix) = self.venv_prefix.clone() else { return };
        if !self.input.behaviors.has(Behavior::VenvPrefixInGetpath) {
            return;
        }
        self.trace.begin(StepId::VenvPrefix);
        self.has(Behavior::VenvPrefixInGetpath);
        if venv_prefix.is_empty() {
            self.trace.say(
                "The directory of pyvenv.cfg has no name, because its path is relative, so the prefix does not change.",
            );
            return;
        }
        self.trace.say(sentence!(
            "The directory of pyvenv.cfg, ",
            venv_prefix,
            ", becomes the prefix; ",
            self.base_prefix,
            " stays the base prefix."
        ));
        self.trace.set_text("sys.prefix", venv_prefix.as_bstr());
        self.trace.set_text("sys.exec_prefix", venv_prefix.as_bstr());
        self.prefix.clone_from(&venv_prefix);
        self.exec_prefix = venv_prefix;
    }

    /// `PREFIX`, empty where there is none; noted as unknown where nothing tells it.
    pub(super) fn compiled_prefix(&mut self) -> BString {
        match &self.input.interpreter.compiled.prefix {
            Some(prefix) => prefix.clone(),
            None => self.unknown("compiled.prefix"),
        }
    }

    /// `EXEC_PREFIX`, as [`Self::compiled_prefix`].
    pub(super) fn compiled_exec_prefix(&mut self) -> BString {
        match &self.input.interpreter.compiled.exec_prefix {
            Some(prefix) => prefix.clone(),
            None => self.unknown("compiled.exec_prefix"),
        }
    }

    fn unknown(&mut self, fact: &'static str) -> BString {
        if !self.is_windows() {
            self.result.unknown.get_or_insert(fact);
        }
        BString::default()
    }
}
