//! `execsitecustomize()` and `execusercustomize()`.

use bstr::{BString, ByteSlice};

use super::Site;
use super::virtualenv16::file::SYNTAX_ERROR;
use crate::finders::{self, Suffixes};
use crate::host::{HostError, Lookups};
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::{Fatal, os_error};
use crate::startup::getpath::{Input, RawEntry};
use crate::startup::imports;
use crate::startup::known_code::{self, Effect, End, First, Module, Place};
use crate::startup::record::{Fault, Hook, HookKind, Origin};
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// Both modules, in their order.
    pub(super) fn customize(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::Sitecustomize);
        self.result.customize.sitecustomize = self.import_customize("sitecustomize", HookKind::Sitecustomize)?;
        if self.result.enable_user_site == Some(true) {
            self.trace.begin(StepId::Usercustomize);
            self.result.customize.usercustomize = self.import_customize("usercustomize", HookKind::Usercustomize)?;
        }
        Ok(())
    }

    fn import_customize(&mut self, name: &str, kind: HookKind) -> Result<Option<BString>, Fatal> {
        if self.meets_removed_cwd(name) {
            self.trace.print_text(sentence!("Error in ", name, "; set PYTHONVERBOSE for traceback:"));
            self.trace.print_text(os_error(&HostError::NotFound));
            self.trace.say("A relative entry of sys.path is searched, and the working directory has been removed.");
            return Ok(None);
        }
        let Some((file, _)) = self.find_module(name) else {
            self.trace.say(sentence!("There is no module ", name, ", which is normal."));
            return Ok(None);
        };
        let content = self.trace.read(file.as_bstr()).unwrap_or_default();
        let module =
            if file.ends_with(b".py") { known_code::module(&content, self.input.behaviors) } else { Module::Unknown };
        let known = if let Module::Known(known) = module { Some(known) } else { None };
        self.trace.say(sentence!(file, " is imported", known.map_or(String::new(), |known| format!(": {known}")), "."));
        let step = self.trace.step();
        self.result.startup.push(Hook {
            kind,
            file: file.clone(),
            line: None,
            code: None,
            known,
            only_imports: false,
            step,
        });
        self.run_module(name, &file, module)?;
        Ok(Some(file))
    }

    /// Whether the search meets an entry below a removed working directory before it finds the module.
    fn meets_removed_cwd(&self, name: &str) -> bool {
        if self.input.invocation.cwd.is_some() || !self.input.behaviors.has(Behavior::FinderPathsAbsolute) {
            return false;
        }
        let ask = &self.trace.ask;
        let is_lost = |entry: &RawEntry| imports::is_in_removed_cwd(ask, self.input, entry.value.as_bstr());
        let Some(lost) = self.sys.path.iter().position(is_lost) else { return false };
        matches!(place_of(ask, self.input, &self.sys.path[..lost], name), Place::Nowhere)
    }

    fn run_module(&mut self, name: &str, file: &BString, module: Module) -> Result<(), Fatal> {
        match module {
            Module::Unknown => self.doubt(file.as_bstr(), None, sentence!("the module ", name, " runs")),
            Module::Invalid(line) if !self.catches => {
                self.trace.say(sentence!("Line ", line.to_string(), " of it is not valid Python."));
                return Err(self.uncaught(file.as_bstr(), None, SYNTAX_ERROR));
            }
            Module::Invalid(line) => {
                self.note_fault(file.as_bstr(), None, Fault::Syntax(Some(line)));
                self.trace.print_text(sentence!("Error in ", name, "; set PYTHONVERBOSE for traceback:"));
                self.trace.say(sentence!(
                    "Line ",
                    line.to_string(),
                    " of it is not valid Python, so nothing of it runs."
                ));
            }
            Module::Begins(firsts) => return self.follow(name, file, firsts),
            Module::Known(_) => {}
        }
        Ok(())
    }

    /// The first statements of the module may already decide.
    fn follow(&mut self, name: &str, file: &BString, firsts: Vec<First>) -> Result<(), Fatal> {
        match known_code::follow(firsts, |module| self.place_of(module)) {
            End::Missing(module) => {
                let exception = format!("ModuleNotFoundError: No module named '{module}'");
                self.report_customize(name, file, &exception, Fault::MissingModule(module));
            }
            End::Effect(Effect::Raises(exception)) => {
                self.report_customize(name, file, &exception, Fault::Raises(exception.clone()));
            }
            End::Effect(Effect::Ends(call)) => {
                self.note_fault(file.as_bstr(), None, Fault::Exits(call.clone()));
                return Err(Fatal::ended(&call, file));
            }
            End::Effect(Effect::Exits(exception)) => {
                self.note_fault(file.as_bstr(), None, Fault::Exits(exception.clone()));
                return Err(self.failure(&exception, sentence!(file, " ends the process")));
            }
            End::Unknown | End::Effect(_) => {
                self.doubt(file.as_bstr(), None, sentence!("the module ", name, " runs"));
            }
        }
        Ok(())
    }

    /// `execsitecustomize` prints the type of the exception, a colon, and its text.
    fn report_customize(&mut self, name: &str, file: &BString, exception: &str, fault: Fault) {
        self.note_fault(file.as_bstr(), None, fault);
        self.trace.print_text(sentence!("Error in ", name, "; set PYTHONVERBOSE for traceback:"));
        let colon = if exception.contains(": ") { "" } else { ": " };
        self.trace.print_text(format!("{exception}{colon}"));
        self.trace.say(sentence!("It fails: ", exception, "."));
    }

    /// Where a module that startup code imports is found.
    pub(super) fn place_of(&self, module: &str) -> Place {
        place_of(&self.trace.ask, self.input, &self.sys.path, module)
    }
}

/// Where a module is found on a `sys.path`.
pub fn place_of(ask: &Lookups<'_>, input: &Input<'_>, path: &[RawEntry], module: &str) -> Place {
    if known_code::BUILT_IN.contains(&module) || known_code::MAY_BE_BUILT_IN.contains(&module) {
        return Place::Standard;
    }
    let suffixes = Suffixes::of(input.invocation.platform, input.interpreter, input.behaviors.version());
    let found = |entry: &&RawEntry| finders::find_module(ask, entry.value.as_bstr(), module, &suffixes).is_some();
    // A directory without `__init__` can be imported as well.
    let is_namespace = |entry: &RawEntry| ask.is_dir(finders::join(ask, entry.value.as_bstr(), module).as_bstr());
    match path.iter().find(found) {
        Some(entry) if matches!(entry.origin, Origin::Stdlib | Origin::PlatStdlib) => Place::Standard,
        None if !path.iter().any(is_namespace) => Place::Nowhere,
        _ => Place::Elsewhere,
    }
}
