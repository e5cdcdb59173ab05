//! `execsitecustomize()` and `execusercustomize()`.

use bstr::{BString, ByteSlice};

use super::Site;
use super::virtualenv16::file::SYNTAX_ERROR;
use crate::startup::fatal::Fatal;
use crate::startup::known_code::{self, Effect, Module};
use crate::startup::record::{Fault, Hook, HookKind};
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
            Module::Ends(Effect::Ends(call)) => {
                self.note_fault(file.as_bstr(), None, Fault::Exits(call.clone()));
                return Err(Fatal::ended(&call, file));
            }
            Module::Ends(Effect::Exits(exception)) => {
                self.note_fault(file.as_bstr(), None, Fault::Exits(exception.clone()));
                return Err(self.failure(&exception, sentence!(file, " ends the process")));
            }
            Module::Known(_) | Module::Ends(_) => {}
        }
        Ok(())
    }
}
