//! `calculate_module_search_path`.

use bstr::{BStr, BString, ByteSlice};

use super::Calculation;
use crate::host::path::legacy::windows as arithmetic;
use crate::startup::getpath::{RawEntry, split};
use crate::startup::record::{Origin, Value};
use crate::startup::steps::StepId;
use crate::text::sentence;

/// `PYTHONPATH` of `PC/pyconfig.h`.
const COMPILED_PATH: &str = r".\DLLs;.\lib";

impl Calculation<'_, '_, '_> {
    /// The parts in their order. The C code writes one string with `;` between them and splits it later.
    pub(super) fn build_path(&mut self) {
        self.trace.begin(StepId::Path);
        let python_path = self.settings.python_path.clone();
        let registry = self.registry_lists();
        let has_better = python_path.is_some() || self.home.is_some() || !registry.is_empty();
        if let Some(list) = &python_path {
            self.trace.say("The entries of PYTHONPATH come first, exactly as written.");
            self.add(list.as_bstr(), Origin::PythonPath);
        }
        let zip = self.zip_path.clone();
        self.add(zip.as_bstr(), Origin::Zip);
        for list in &registry {
            self.add(list.as_bstr(), Origin::Registry);
        }
        self.add_compiled_path(has_better);
        let dir = self.argv0_path.clone();
        self.add(dir.as_bstr(), Origin::ExecutableDir);
        self.trace.say(sentence!("The directory of the executable, ", dir, ", comes last."));
        let values = self.result.path.iter().map(|entry| entry.value.clone()).collect();
        self.trace.set("sys.path", Value::List(values));
    }

    /// The compiled-in list with the prefix in place of the leading dots; relative only if no prefix is known.
    fn add_compiled_path(&mut self, has_better: bool) {
        let compiled = self.input.interpreter.compiled.pythonpath.clone().filter(|list| !list.is_empty());
        let list = compiled.unwrap_or_else(|| COMPILED_PATH.into());
        let home = match self.home.clone() {
            Some(home) => home,
            None if has_better => return,
            None => ".".into(),
        };
        for part in split(list.as_bstr(), b';') {
            let is_relative = matches!(part.as_bytes(), [b'.', b'\\' | b'/', ..]);
            let value = if is_relative { sentence!(home, part[1..]) } else { part.to_owned() };
            let origin = match last_name(part) {
                b"DLLs" => Origin::PlatStdlib,
                b"lib" => Origin::Stdlib,
                _ => Origin::CompiledPythonPath,
            };
            self.add(value.as_bstr(), origin);
        }
    }

    fn add(&mut self, list: &BStr, origin: Origin) {
        let step = self.trace.step();
        for value in split(list, b';') {
            self.result.path.push(RawEntry { value: value.to_owned(), origin, step, file: None });
        }
    }

    /// If there is no prefix yet, the parents of the entries of `sys.path` are searched, the last entry first.
    pub(super) fn search_prefix_on_path(&mut self) {
        if !self.prefix.is_empty() {
            return;
        }
        self.trace.begin(StepId::PrefixPath);
        let entries: Vec<BString> = self.result.path.iter().rev().map(|entry| entry.value.clone()).collect();
        for entry in entries {
            if let Some(prefix) = self.search_up(arithmetic::reduce(entry.as_bstr())) {
                self.trace.say(sentence!(
                    "The search from the parent of ",
                    entry,
                    " upwards finds the standard library in ",
                    prefix,
                    "."
                ));
                self.trace.set_text("sys.base_prefix", prefix.as_bstr());
                self.prefix = prefix;
                return;
            }
        }
        self.trace
            .say("No directory above an entry of sys.path contains a standard library, so sys.prefix stays empty.");
    }
}

/// What follows the last separator.
fn last_name(path: &BStr) -> &[u8] {
    path.rfind_byteset(br"\/").map_or(path.as_bytes(), |end| &path[end + 1..])
}
