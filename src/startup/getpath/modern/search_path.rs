//! UPDATE pythonpath (sys.path), the sanity checks, and UPDATE config FROM CALCULATED VALUES.

use std::mem;

use bstr::{BString, ByteSlice};

use super::super::{PathConfig, RawEntry, split};
use super::Getpath;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::record::{Origin, Value};
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Getpath<'_, '_, '_> {
    /// The first `sys.path`, in its order.
    pub(super) fn build_path(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::Path);
        if self.use_environment {
            self.add_python_path()?;
        }
        self.add_zip();
        if self.is_windows() && self.use_environment {
            self.add_registry();
        }
        self.add_compiled_path();
        let layout = self.input.layout;
        if self.stdlib_dir.is_empty() && !self.base_prefix.is_empty() {
            self.stdlib_dir = self.join(self.base_prefix.as_bstr(), layout.stdlib.as_bstr());
        }
        if self.platstdlib_dir.is_empty() && !self.base_exec_prefix.is_empty() {
            self.platstdlib_dir = self.join(self.base_exec_prefix.as_bstr(), layout.platstdlib.as_bstr());
        }
        self.add_stdlib();
        let values = self.path.iter().map(|entry| entry.value.clone()).collect();
        self.trace.set("sys.path", Value::List(values));
        self.trace.set_text("sys._stdlib_dir", self.stdlib_dir.as_bstr());
        Ok(())
    }

    pub(super) fn add(&mut self, value: BString, origin: Origin) {
        let step = self.trace.step();
        self.path.push(RawEntry { value, origin, step, file: None });
    }

    fn add_python_path(&mut self) -> Result<(), Fatal> {
        let Some(list) = self.settings.python_path.clone() else { return Ok(()) };
        self.trace
            .say("The entries of PYTHONPATH come first, as absolute paths; Python does not look whether they exist.");
        for entry in split(list.as_bstr(), self.input.layout.delimiter) {
            let value = self.abspath(entry)?;
            self.add(value, Origin::PythonPath);
        }
        Ok(())
    }

    fn add_zip(&mut self) {
        let parent = if self.is_windows() {
            match self.library {
                Some(library) => self.dirname(library),
                None => self.executable_dir.clone(),
            }
        } else if self.build_prefix.is_some() {
            self.compiled_prefix()
        } else {
            self.base_prefix.clone()
        };
        let zip = self.join(parent.as_bstr(), self.input.layout.zip.as_bstr());
        self.stdlib_zip.clone_from(&zip);
        self.add(zip, Origin::Zip);
    }

    fn add_compiled_path(&mut self) {
        let Some(list) = self.input.interpreter.compiled.pythonpath.as_ref().filter(|list| !list.is_empty()) else {
            return;
        };
        for entry in split(list.as_bstr(), self.input.layout.delimiter) {
            let value = self.join(self.base_prefix.as_bstr(), entry);
            self.add(value, Origin::CompiledPythonPath);
        }
    }

    fn add_stdlib(&mut self) {
        let stdlib = (self.stdlib_dir.clone(), Origin::Stdlib);
        let platstdlib = (self.platstdlib_dir.clone(), Origin::PlatStdlib);
        let order = if self.is_windows() { [platstdlib, stdlib] } else { [stdlib, platstdlib] };
        for (value, origin) in order {
            if !value.is_empty() {
                self.add(value, origin);
            }
        }
        if self.is_windows() && !self.executable_dir.is_empty() {
            let dir = self.executable_dir.clone();
            if self.path.iter().all(|entry| entry.value != dir) {
                self.add(dir, Origin::ExecutableDir);
            }
        }
        self.trace.say(sentence!(
            "sys.path then has the zip file, whether or not it exists, the standard library ",
            self.stdlib_dir,
            " and the extension modules ",
            self.platstdlib_dir,
            "."
        ));
    }

    /// From 3.15 on, Python looks whether the standard library exists, and warns if not.
    pub(super) fn warn_of_missing_stdlib(&mut self) -> Result<(), Fatal> {
        if !self.input.behaviors.has(Behavior::MissingStdlibWarning) {
            return Ok(());
        }
        let is_replaced = self.pth.as_ref().is_some_and(|(_, lines)| !lines.is_empty());
        if is_replaced && self.input.behaviors.has(Behavior::MissingStdlibWarningNotUnderPth) {
            return Ok(());
        }
        self.trace.begin(StepId::MissingStdlib);
        self.has(Behavior::MissingStdlibWarning);
        let zip = self.stdlib_zip.clone();
        let has_zip = !zip.is_empty() && self.trace.ask.is_file(zip.as_bstr());
        let stdlib = self.stdlib_dir.clone();
        if !has_zip && (stdlib.is_empty() || !self.trace.ask.is_dir(stdlib.as_bstr())) {
            let hint = self.home_hint("sys.prefix", &self.prefix);
            self.warn_of_path(sentence!("WARN: Could not find the standard library directory! ", hint))?;
            self.trace.say(sentence!("The standard library ", stdlib, " does not exist, and Python warns about it."));
            return Ok(());
        }
        let platstdlib = self.platstdlib_dir.clone();
        if platstdlib.is_empty() || !self.trace.ask.is_dir(platstdlib.as_bstr()) {
            let hint = self.home_hint("sys.exec_prefix", &self.exec_prefix);
            self.warn_of_path(sentence!("WARN: Could not find the platform standard library directory! ", hint))?;
            self.trace.say(sentence!(
                "The directory of the extension modules, ",
                platstdlib,
                ", does not exist, and Python warns about it."
            ));
            return Ok(());
        }
        self.trace.say("The standard library and its extension modules exist.");
        Ok(())
    }

    fn home_hint(&self, name: &str, value: &BString) -> BString {
        if self.home.is_empty() {
            sentence!(name, " is set to ", value, ", is this correct?")
        } else {
            sentence!(
                "The Python 'home' directory was set to ",
                crate::text::python::repr(&self.home, self.trace.charset),
                ", is this correct?"
            )
        }
    }

    /// What the script returns.
    pub(super) fn finish(mut self) -> PathConfig {
        PathConfig {
            executable: self.executable,
            base_executable: Some(self.base_executable),
            prefix: self.prefix,
            exec_prefix: self.exec_prefix,
            base_prefix: self.base_prefix,
            base_exec_prefix: self.base_exec_prefix,
            platlibdir: self.input.layout.platlibdir.clone(),
            stdlib_dir: Some(self.stdlib_dir).filter(|dir| !dir.is_empty()),
            path: self.path,
            home: Some(self.home).filter(|home| !home.is_empty()),
            ..mem::take(&mut self.result)
        }
    }
}
