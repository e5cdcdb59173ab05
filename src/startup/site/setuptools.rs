//! The `site.py` that setuptools before 49 wrote into directories of `PYTHONPATH`: it loads the real module, processes the
//! `.pth` files of these directories, and moves what they add in front of the standard library.

use std::collections::HashSet;

use bstr::{BString, ByteSlice};

use super::{Module, Site, program_of};
use crate::finders;
use crate::host::Platform;
use crate::interpreter::Implementation;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::RawEntry;
use crate::startup::record::{ImportFault, ImportProblem, Origin, Value};
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// Later releases do not have the functions that it calls, and Windows splits `PYTHONPATH` otherwise.
    pub(super) fn is_setuptools_simulated(&self) -> bool {
        let is_posix = self.input.invocation.platform != Platform::Windows;
        let is_cpython = self.input.interpreter.implementation == Implementation::CPython;
        is_posix && is_cpython && !self.input.behaviors.has(Behavior::FrozenSite)
    }

    /// `__boot()`.
    pub(super) fn run_setuptools(&mut self, module: &Module) -> Result<(), Fatal> {
        self.note_replacement(module);
        let variable = self.input.invocation.variable("PYTHONPATH");
        let dirs: Vec<BString> =
            variable.map_or_else(Vec::new, |value| value.split_str(":").map(BString::from).collect());
        let first = self.sys.path.get(dirs.len()).map(|entry| entry.value.clone());
        self.run_real(module, dirs.len())?;
        let known: HashSet<BString> =
            self.sys.path.iter().map(|entry| self.make_path(&[entry.value.as_bstr()]).1).collect();
        let insert = std::mem::take(&mut self.egg_insert);
        for dir in &dirs {
            self.add_overlay(dir.as_bstr())?;
        }
        self.egg_insert += insert;
        if let Some(first) = first {
            self.trace.resume(StepId::Site);
            self.move_added(&first, &known);
        }
        Ok(())
    }

    fn note_replacement(&mut self, module: &Module) {
        let file = finders::join(&self.trace.ask, module.dir.as_bstr(), "site.py");
        self.trace.say(sentence!(file, " is that of setuptools before 49, which loads the real site module."));
        let origin = self.sys.path.iter().find(|entry| entry.value == module.dir).map(|entry| entry.origin);
        self.result.imports.push(ImportProblem {
            module: "site",
            fault: ImportFault::Replaces,
            exception: None,
            entry: Some((module.dir.clone(), origin.unwrap_or(Origin::PythonPath))),
            file,
            step: self.trace.step(),
        });
    }

    /// The first other `site.py` behind the entries of `PYTHONPATH`.
    fn run_real(&mut self, module: &Module, skipped: usize) -> Result<(), Fatal> {
        let standard: Vec<RawEntry> = self.sys.path.iter().skip(skipped).cloned().collect();
        let found =
            standard.iter().filter(|entry| entry.value != module.dir && !entry.value.is_empty()).find_map(|entry| {
                let file = finders::join(&self.trace.ask, entry.value.as_bstr(), "site.py");
                self.trace.ask.is_file(file.as_bstr()).then_some((file, entry))
            });
        let Some((file, entry)) = found else {
            let exception = "ImportError: Couldn't find the real 'site' module";
            return Err(self.failure(exception, "no other entry of sys.path contains site.py"));
        };
        self.trace.say(sentence!("The real site module is ", file, "."));
        let program = program_of(self.trace, self.input, file.as_bstr(), entry.origin == Origin::Stdlib);
        self.run_program(&Module { program, dir: entry.value.clone() })
    }

    /// What was added since moves in front of the first entry that is not of `PYTHONPATH`.
    fn move_added(&mut self, first: &BString, known: &HashSet<BString>) {
        let first = self.make_path(&[first.as_bstr()]).1;
        let mut insert_at = None;
        let mut path = Vec::new();
        for entry in std::mem::take(&mut self.sys.path) {
            let case = self.make_path(&[entry.value.as_bstr()]).1;
            if case == first && insert_at.is_none() {
                insert_at = Some(path.len());
            }
            match &mut insert_at {
                Some(at) if !known.contains(&case) => {
                    path.insert(*at, entry);
                    *at += 1;
                }
                _ => path.push(entry),
            }
        }
        self.sys.path = path;
        self.trace.say("It moves the entries that the .pth files of PYTHONPATH add in front of the standard library.");
        let values = self.sys.path.iter().map(|entry| entry.value.clone()).collect();
        self.trace.set("sys.path", Value::List(values));
    }
}
