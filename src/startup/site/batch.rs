//! `StartupState` of 3.15: everything is collected first and then applied as one batch (PEP 829).

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::Site;
use super::entry_point::{Called, EntryPoint, Unresolved};
use super::hook::At;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::RawEntry;
use crate::startup::locale;
use crate::startup::record::{Fault, Hook, HookKind, MissingPath, Origin, OriginFile};
use crate::startup::steps::StepId;
use crate::text::python;
use crate::text::sentence;

/// What was collected.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// `_processed_sitedirs`.
    processed: HashSet<BString>,
    /// `_path_entries`.
    paths: Vec<RawEntry>,
    /// Those of them that cannot be looked up, because the encoding of the locale does not have their characters.
    unencodable: HashSet<BString>,
    /// `_importexecs`: file, then its lines with their numbers.
    imports: Vec<(BString, Vec<(usize, BString)>)>,
    /// `_entrypoints`: file, then its lines with their numbers. An empty list suppresses import lines too.
    entry_points: Vec<(BString, Vec<(usize, BString)>)>,
}

impl Site<'_, '_, '_> {
    /// `StartupState.addsitedir`: reads the files of the directory and collects what they contain.
    pub(super) fn collect_site_dir(&mut self, dir: &BStr, origin: Origin) -> Result<(), Fatal> {
        let (dir, case) = self.make_path(&[dir]);
        if !self.batch.processed.insert(case.clone()) {
            self.trace.say("This directory was processed before.");
            return Ok(());
        }
        let step = self.trace.step();
        if self.known.insert(case) {
            self.batch.paths.push(RawEntry { value: dir.clone(), origin, step, file: None });
        }
        // One listing is enough for both kinds.
        let (pth_names, start_names) = self.startup_files(dir.as_bstr());
        for name in pth_names {
            self.collect_pth(dir.as_bstr(), name.as_bstr())?;
        }
        for name in start_names {
            self.collect_start(dir.as_bstr(), name.as_bstr())?;
        }
        Ok(())
    }

    fn startup_files(&mut self, dir: &BStr) -> (Vec<BString>, Vec<BString>) {
        let mut names = self.files_of(dir, "");
        let starts = names.iter().filter(|name| name.ends_with(b".start")).cloned().collect();
        names.retain(|name| name.ends_with(b".pth"));
        (names, starts)
    }

    fn collect_pth(&mut self, dir: &BStr, name: &BStr) -> Result<(), Fatal> {
        self.trace.begin(StepId::Pth);
        let file = self.join(&[dir, name]);
        self.trace.say(sentence!("Python reads ", file, "."));
        let Some(content) = self.open_text(file.as_bstr(), false)? else { return Ok(()) };
        let mut imports = Vec::new();
        for (index, line) in content.lines().iter().enumerate() {
            let line = python::strip(line);
            let number = index + 1;
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            if line.starts_with(b"import ") || line.starts_with(b"import\t") {
                imports.push((number, line.to_owned()));
                continue;
            }
            let (path, case) = self.make_path(&[dir, line]);
            if self.known.insert(case) {
                let from = OriginFile { file: file.clone(), line: number };
                let step = self.trace.step();
                self.trace.say(sentence!("Line ", number.to_string(), " names the path ", path, "."));
                if locale::is_unencodable(self.trace.charset, line) {
                    self.batch.unencodable.insert(path.clone());
                }
                self.batch.paths.push(RawEntry { value: path, origin: Origin::PthFile, step, file: Some(from) });
            }
        }
        if !imports.is_empty() {
            self.trace.say(format!("Import lines kept for later: {}.", imports.len()));
            self.batch.imports.push((file, imports));
        }
        Ok(())
    }

    fn collect_start(&mut self, dir: &BStr, name: &BStr) -> Result<(), Fatal> {
        self.trace.begin(StepId::Start);
        let file = self.join(&[dir, name]);
        self.trace.say(sentence!("Python reads ", file, "."));
        let Some(content) = self.open_text(file.as_bstr(), true)? else { return Ok(()) };
        let lines = content.lines();
        let entry_points: Vec<(usize, BString)> = lines
            .iter()
            .enumerate()
            .map(|(index, line)| (index + 1, python::strip(line).to_owned()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with(b"#"))
            .collect();
        self.trace.say(format!("Entry points kept for later: {}.", entry_points.len()));
        self.batch.entry_points.push((file, entry_points));
        Ok(())
    }

    /// `StartupState.process`: paths, then import lines, then entry points. Nothing to do before 3.15.
    pub(super) fn flush_batch(&mut self) -> Result<(), Fatal> {
        if !self.input.behaviors.has(crate::startup::behaviors::Behavior::StartFiles) {
            return Ok(());
        }
        self.flush_paths();
        self.flush_imports()?;
        self.flush_entry_points()
    }

    /// `_extend_syspath`.
    fn flush_paths(&mut self) {
        self.trace.begin(StepId::FlushPaths);
        for entry in std::mem::take(&mut self.batch.paths) {
            if self.sys.path.iter().any(|known| known.value == entry.value) {
                continue;
            }
            let Some(from) = &entry.file else {
                self.sys.path.push(entry);
                continue;
            };
            let cannot_be_asked = self.batch.unencodable.contains(&entry.value);
            if !cannot_be_asked && self.trace.ask.exists(entry.value.as_bstr()) {
                self.sys.path.push(entry);
                continue;
            }
            self.trace.print_text(sentence!(
                "In ",
                from.file,
                ": ",
                entry.value,
                " does not exist; skipping sys.path append"
            ));
            self.trace.say(sentence!(entry.value, ", which ", from.file, " names, does not exist and is not added."));
            let missing =
                MissingPath { file: from.file.clone(), line: from.line, path: entry.value.clone(), step: entry.step };
            self.result.missing.push(missing);
        }
        self.note_path();
    }

    /// `_exec_imports`.
    fn flush_imports(&mut self) -> Result<(), Fatal> {
        let imports = std::mem::take(&mut self.batch.imports);
        if imports.is_empty() {
            return Ok(());
        }
        self.trace.begin(StepId::FlushImports);
        for (file, lines) in imports {
            let stem = file.strip_suffix(b".pth").unwrap_or(&file);
            let suppressor = sentence!(stem, ".start");
            if self.batch.entry_points.iter().any(|(file, _)| *file == suppressor) {
                self.trace.say(sentence!(suppressor, " suppresses the import lines of ", file, "."));
                continue;
            }
            for (number, line) in lines {
                self.run_line(file.as_bstr(), number, line.as_bstr())?;
            }
        }
        self.note_path();
        Ok(())
    }

    /// `_execute_start_entrypoints`: each is imported and called.
    fn flush_entry_points(&mut self) -> Result<(), Fatal> {
        let files = std::mem::take(&mut self.batch.entry_points);
        if files.iter().all(|(_, lines)| lines.is_empty()) {
            return Ok(());
        }
        let step = self.trace.begin(StepId::FlushEntryPoints);
        let before = self.sys.path.len();
        for (file, lines) in files {
            for (number, line) in lines {
                self.call_entry_point(step, &file, number, &line)?;
            }
        }
        if self.sys.path.len() > before {
            self.note_path();
        }
        Ok(())
    }

    fn call_entry_point(&mut self, step: usize, file: &BString, number: usize, line: &BString) -> Result<(), Fatal> {
        let Some(entry) = EntryPoint::parse(line.as_bstr()) else {
            let shown = python::repr(line, self.trace.charset);
            self.trace.print_text(sentence!("Invalid entry point syntax in ", file, ": ", shown));
            self.trace.print_text(sentence!("  ValueError: invalid format: ", shown));
            self.trace.say(sentence!(
                "Line ",
                number.to_string(),
                " of ",
                file,
                " does not have the form package.module:callable."
            ));
            self.note_fault(file.as_bstr(), Some(number), Fault::EntryPointForm);
            return Ok(());
        };
        let at = At { file: file.as_bstr(), number, line: line.as_bstr() };
        let called = self.call_known(at, &entry)?;
        if matches!(called, Called::Failed) {
            self.trace.say(sentence!("The module of ", line, " in ", file, " cannot be imported."));
            return Ok(());
        }
        if let Some(unresolved) = self.unresolved(&entry) {
            self.report_unresolved(file, number, line, unresolved);
            return Ok(());
        }
        self.trace.say(sentence!(file, " calls ", line, "."));
        let known = match called {
            Called::Quiet => Some("a function that does not change sys.path"),
            Called::Extends => Some("pex's code, which adds the paths of two variables"),
            Called::Unknown | Called::Failed => None,
        };
        self.result.startup.push(Hook {
            kind: HookKind::StartEntryPoint,
            file: file.clone(),
            line: Some(number),
            code: Some(line.clone()),
            known,
            only_imports: false,
            step,
        });
        if known.is_none() {
            self.doubt(file.as_bstr(), Some(number), line.clone());
        }
        Ok(())
    }

    /// What is printed for an entry point that names nothing. Importing the modules on the way to it runs their code.
    fn report_unresolved(&mut self, file: &BString, number: usize, line: &BString, unresolved: Unresolved) {
        self.trace.print_text(sentence!("Error resolving entry point ", line, " from ", file));
        let place = sentence!("Line ", number.to_string(), " of ", file);
        let fault = match unresolved {
            Unresolved::TopModule(module) => {
                self.trace.print_text(format!("  ModuleNotFoundError: No module named '{module}'"));
                self.trace.say(sentence!(place, " names a module that is not on sys.path."));
                Fault::EntryPointModule(module)
            }
            Unresolved::Part(name, source) => {
                self.trace.say(sentence!(place, " names ", name, ", which ", source, " does not have."));
                self.doubt(
                    source.as_bstr(),
                    None,
                    sentence!("importing it for the entry point ", line, " runs its code"),
                );
                Fault::EntryPointObject { name, source }
            }
        };
        self.note_fault(file.as_bstr(), Some(number), fault);
    }
}
