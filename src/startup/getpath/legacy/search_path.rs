//! `calculate_module_search_path`, and what the C code returns.

use std::mem;

use bstr::{BString, ByteSlice};

use super::super::{PathConfig, RawEntry, split};
use super::{Calculation, Found};
use crate::startup::behaviors::Behavior;
use crate::startup::record::{Origin, Value};
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Calculation<'_, '_, '_> {
    /// The C code writes one string with `:` between the entries and splits it later, so that a directory whose name
    /// contains `:` becomes two entries.
    pub(super) fn build_path(&mut self) {
        self.trace.begin(StepId::Path);
        if let Some(list) = self.settings.python_path.clone() {
            self.trace.say("The entries of PYTHONPATH come first, exactly as written.");
            self.add(&list, Origin::PythonPath);
        }
        let zip = self.zip_path.clone();
        self.add(&zip, Origin::Zip);
        self.add_compiled_path();
        let extensions = self.exec_prefix.clone();
        self.add(&extensions, Origin::PlatStdlib);
        self.trace.say(sentence!(
            "sys.path then has the zip file, whether or not it exists, the standard library ",
            self.prefix,
            " and the extension modules ",
            self.exec_prefix,
            "."
        ));
        let values = self.result.path.iter().map(|entry| entry.value.clone()).collect();
        self.trace.set("sys.path", Value::List(values));
    }

    /// The `PYTHONPATH` macro: each relative part is joined to the standard library; the empty part means the standard library itself.
    fn add_compiled_path(&mut self) {
        let list = self.input.interpreter.compiled.pythonpath.clone().unwrap_or_default();
        for part in split(list.as_bstr(), b':') {
            let value = if part.first() == Some(&b'/') {
                part.to_owned()
            } else if part.is_empty() || self.prefix.last() == Some(&b'/') {
                sentence!(self.prefix, part)
            } else {
                sentence!(self.prefix, "/", part)
            };
            let origin = if part.is_empty() { Origin::Stdlib } else { Origin::CompiledPythonPath };
            self.add(&value, origin);
        }
    }

    fn add(&mut self, list: &BString, origin: Origin) {
        let step = self.trace.step();
        for value in split(list.as_bstr(), b':') {
            self.result.path.push(RawEntry { value: value.to_owned(), origin, step, file: None });
        }
    }

    /// What the C code returns.
    pub(super) fn finish(mut self) -> PathConfig {
        let prefix = self.reduced_prefix();
        let exec_prefix = self.reduced_exec_prefix();
        let base_executable =
            self.input.behaviors.has(Behavior::BaseExecutable).then(|| self.program_full_path.clone());
        debug_assert!(self.prefix_found != Found::No || !self.prefix.is_empty());
        PathConfig {
            executable: self.program_full_path,
            base_executable,
            base_prefix: prefix.clone(),
            base_exec_prefix: exec_prefix.clone(),
            prefix,
            exec_prefix,
            platlibdir: self.input.layout.platlibdir.clone(),
            stdlib_dir: None,
            home: self.settings.home.clone(),
            ..mem::take(&mut self.result)
        }
    }
}
