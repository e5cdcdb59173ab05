//! Import lines of `.pth` files. They are recorded and never run; of those that are recognized, the effects are applied.

use bstr::{BStr, BString, ByteSlice};

use super::Site;
use super::hook::At;
use crate::host::Platform;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::RawEntry;
use crate::startup::known_code::{self, Effect, Line};
use crate::startup::record::{Fault, Hook, HookKind, Origin, OriginFile};
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// Records a line and applies its known effects; whether Python reads on.
    pub(super) fn run_line(&mut self, file: &BStr, number: usize, line: &BStr) -> Result<bool, Fatal> {
        let recognized = known_code::line(line, self.input.behaviors);
        let step = self.trace.step();
        self.result.startup.push(Hook {
            kind: HookKind::PthImport,
            file: file.to_owned(),
            line: Some(number),
            code: Some(line.to_owned()),
            known: match &recognized {
                Line::Invalid => Some("a line that is not valid Python"),
                Line::Known(known) => Some(known.what),
                Line::Unknown { .. } => None,
            },
            only_imports: matches!(recognized, Line::Unknown { only_imports: true, .. }),
            step,
        });
        let known = match recognized {
            Line::Invalid => {
                self.announce_failure(file, number, line, "SyntaxError", Fault::Syntax(None));
                return Ok(false);
            }
            Line::Unknown { imports, .. } => return Ok(self.run_unknown(file, number, line, &imports)),
            Line::Known(known) => known,
        };
        self.trace.say(sentence!("Line ", number.to_string(), " runs ", known.what, "."));
        for effect in known.effects {
            if !self.apply(At { file, number, line }, effect)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Code that is not recognized certainly fails if the first module that it imports does not exist.
    fn run_unknown(&mut self, file: &BStr, number: usize, line: &BStr, imports: &[String]) -> bool {
        for module in imports {
            let top = module.split('.').next().unwrap_or_default();
            if !self.is_importable(top) {
                self.fail_import(file, number, line, top);
                return false;
            }
        }
        self.trace.say(sentence!(
            "Line ",
            number.to_string(),
            " runs code whose effects cannot be predicted: ",
            line,
            "."
        ));
        self.doubt(file, Some(number), line.to_owned());
        true
    }

    /// Whether a module is built in, frozen, or found on the present `sys.path`.
    pub(super) fn is_importable(&self, name: &str) -> bool {
        needs_no_file(name) || self.find_module(name).is_some() || self.is_namespace(name)
    }

    /// A directory without `__init__` can be imported as well.
    pub(super) fn is_namespace(&self, name: &str) -> bool {
        self.sys
            .path
            .iter()
            .any(|entry| self.trace.ask.is_dir(self.join(&[entry.value.as_bstr(), name.into()]).as_bstr()))
    }

    pub(super) fn apply(&mut self, at: At<'_>, effect: Effect) -> Result<bool, Fatal> {
        let At { file, number, line } = at;
        match effect {
            Effect::Imports { module, function } => return self.import_known(at, &module, function.as_deref()),
            Effect::ImportsWhen { module, function, variable, value, default } => {
                let set = self.input.invocation.variable(variable).unwrap_or(default.as_bytes().as_bstr());
                if set == value {
                    return self.import_known(at, &module, function.as_deref());
                }
            }
            Effect::Namespace(namespace) => return Ok(self.add_namespace(at, &namespace)),
            Effect::Executes(code) => return self.execute(at, code),
            Effect::ExtendFrom { variable, separator, keeps_empty } => {
                self.extend_from(file, number, &variable, separator, keeps_empty);
            }
            Effect::Raises(exception) => {
                self.fail(file, number, line, &exception, Fault::Raises(exception.clone()));
                return Ok(false);
            }
            Effect::Append(path) => self.insert_entry(file, number, path, self.sys.path.len()),
            Effect::Insert(at, path) => self.insert_entry(file, number, path, at.min(self.sys.path.len())),
            Effect::AddSiteDir(path) if self.overlays.is_endless(&path) => {
                self.trace.say(sentence!(
                    "It adds ",
                    path,
                    ", and is not followed: Python is in that directory already, or came through many such lines."
                ));
                self.doubt(file, Some(number), line.to_owned());
            }
            Effect::AddSiteDir(path) => {
                self.overlays.enter(path.clone());
                self.add_overlay(path.as_bstr())?;
                self.overlays.leave();
            }
            Effect::MarkEggs => self.egg_mark = Some(self.sys.path.len()),
            Effect::MoveEggs if self.egg_mark.is_none() => {
                let exception = "AttributeError: module 'sys' has no attribute '__plen'";
                self.fail(file, number, line, exception, Fault::Raises(exception.to_owned()));
                return Ok(false);
            }
            Effect::MoveEggs => self.move_eggs(),
            Effect::Exits(exception) => {
                self.note_fault(file, Some(number), Fault::Exits(exception.clone()));
                return Err(self.exit(file, number, &exception));
            }
            Effect::Ends(call) => {
                self.note_fault(file, Some(number), Fault::Exits(call.clone()));
                return Err(Fatal::ended(&call, sentence!("line ", number.to_string(), " of ", file)));
            }
        }
        Ok(true)
    }

    /// `sys.path.extend(entry for entry in VARIABLE.split(SEPARATOR) if entry)`, or with the entries that are empty.
    pub(super) fn extend_from(
        &mut self,
        file: &BStr,
        number: usize,
        variable: &BString,
        separator: Option<BString>,
        keeps_empty: bool,
    ) {
        let name = variable.to_str_lossy();
        let value = self.input.invocation.variable(&name).filter(|value| !value.is_empty());
        let Some(value) = value.map(ToOwned::to_owned) else { return };
        let is_windows = self.input.invocation.platform == Platform::Windows;
        let separator = separator.unwrap_or_else(|| if is_windows { ";".into() } else { ":".into() });
        for entry in value.split_str(&separator).filter(|entry| keeps_empty || !entry.is_empty()) {
            self.insert_entry(file, number, entry.into(), self.sys.path.len());
        }
    }

    pub(super) fn insert_entry(&mut self, file: &BStr, number: usize, value: BString, at: usize) {
        let from = OriginFile { file: file.to_owned(), line: number };
        let entry = RawEntry { value, origin: Origin::PthFile, step: self.trace.step(), file: Some(from) };
        self.sys.path.insert(at, entry);
    }

    /// `site.addsitedir(PATH)` called by the line: a separate computation, which starts from the entries of `sys.path` that
    /// exist at that moment (`_init_pathinfo`).
    pub(super) fn add_overlay(&mut self, path: &BStr) -> Result<(), Fatal> {
        let existing: Vec<BString> = self.sys.path.iter().map(|entry| entry.value.clone()).collect();
        let inner_known = existing
            .iter()
            .filter(|value| self.trace.ask.exists(value.as_bstr()))
            .map(|value| self.make_path(&[value.as_bstr()]).1)
            .collect();
        let outer_known = std::mem::replace(&mut self.known, inner_known);
        let outer_batch = std::mem::take(&mut self.batch);
        let done = if self.catches {
            self.add_site_dir(path, Origin::SitePackages).and_then(|()| self.flush_batch())
        } else {
            self.add_virtualenv_dir(path, Origin::SitePackages, true)
        };
        self.known = outer_known;
        self.batch = outer_batch;
        done
    }

    /// easy-install's second bracket: what was added since the first bracket moves to the front.
    fn move_eggs(&mut self) {
        let Some(mark) = self.egg_mark.filter(|mark| *mark <= self.sys.path.len()) else { return };
        let new = self.sys.path.split_off(mark);
        let at = self.egg_insert.min(self.sys.path.len());
        let count = new.len();
        self.sys.path.splice(at..at, new);
        self.egg_insert = at + count;
    }

    /// What is printed for code that raises an exception.
    pub(super) fn fail(&mut self, file: &BStr, number: usize, line: &BStr, exception: &str, fault: Fault) {
        self.announce_failure(file, number, line, exception, fault);
        if self.catches {
            self.trace.print_text(format!("  {exception}"));
        }
    }

    fn fail_import(&mut self, file: &BStr, number: usize, line: &BStr, module: &str) {
        let exception = format!("ModuleNotFoundError: No module named '{module}'");
        self.fail(file, number, line, &exception, Fault::MissingModule(module.to_owned()));
    }

    /// Whether an import line sees the local variable `sitedir` of the function that runs it.
    pub(super) fn shows_sitedir(&mut self) -> bool {
        !self.input.behaviors.has(Behavior::StartFiles) || self.has(Behavior::SitedirRestored)
    }

    /// The first line of it; the exception's own text may differ between releases.
    pub(super) fn announce_failure(&mut self, file: &BStr, number: usize, line: &BStr, exception: &str, fault: Fault) {
        if !self.catches {
            self.raised = Some(exception.to_owned());
            return;
        }
        self.note_fault(file, Some(number), fault);
        if self.has(Behavior::StartFiles) {
            self.trace.print_text(sentence!("Error in import line from ", file, ": ", line));
        } else {
            self.trace.print_text(sentence!("Error processing line ", number.to_string(), " of ", file, ":"));
        }
        self.trace.say(sentence!("Line ", number.to_string(), " fails: ", exception, "."));
    }

    fn exit(&self, file: &BStr, number: usize, exception: &str) -> Fatal {
        let because = sentence!("line ", number.to_string(), " of ", file, " ends the process");
        self.failure(exception, because)
    }
}

/// Whether a module is or may be in the interpreter itself.
pub(super) fn needs_no_file(module: &str) -> bool {
    known_code::BUILT_IN.contains(&module) || known_code::MAY_BE_BUILT_IN.contains(&module)
}
