//! Whether startup code may have imported a module before the launch does: what is loaded is not searched for again.

use std::cell::OnceCell;

use bstr::{BString, ByteSlice};

use crate::finders::{self, Suffixes};
use crate::startup::getpath::{Input, RawEntry};
use crate::startup::known_code::{self, Effect, Line};
use crate::startup::python_code::{self, Grammar};
use crate::startup::record::{Hook, HookKind};
use crate::startup::trace::Trace;

/// Modules that are loaded once the site module has run, and what they import with them.
const LOADED: [&str; 4] = ["os", "site", "os.path", "stat"];

/// The startup code of this start, looked at only where a module is hidden.
pub struct Earlier<'a> {
    input: &'a Input<'a>,
    path: &'a [RawEntry],
    hooks: &'a [Hook],
    answer: OnceCell<bool>,
}

impl<'a> Earlier<'a> {
    /// Startup code that ran with this `sys.path`.
    pub fn new(input: &'a Input<'a>, path: &'a [RawEntry], hooks: &'a [Hook]) -> Self {
        Self { input, path, hooks, answer: OnceCell::new() }
    }

    /// Whether some of it may import anything but what is loaded.
    pub fn may_import(&self, trace: &Trace<'_>) -> bool {
        *self.answer.get_or_init(|| self.hooks.iter().any(|hook| self.hook_may_import(trace, hook)))
    }

    fn hook_may_import(&self, trace: &Trace<'_>, hook: &Hook) -> bool {
        if hook.known.is_none() {
            return true;
        }
        match (&hook.code, hook.kind) {
            (Some(code), _) => match known_code::line(code, self.input.behaviors) {
                Line::Known(known) => known.effects.iter().any(|effect| self.effect_may_import(trace, effect)),
                _ => true,
            },
            // The only module that is known to import another is that for the crash reporter.
            (None, HookKind::Sitecustomize | HookKind::Usercustomize) => {
                self.find(trace, "apport_python_hook").is_some()
            }
            (None, _) => true,
        }
    }

    fn effect_may_import(&self, trace: &Trace<'_>, effect: &Effect) -> bool {
        let (Effect::Imports { module, function } | Effect::ImportsWhen { module, function, .. }) = effect else {
            return false;
        };
        // What other functions import is not read.
        let is_known =
            matches!((module.as_str(), function.as_deref()), (_, None) | ("_distutils_hack", Some("add_shim")));
        !is_known || self.find(trace, module).is_some_and(|file| self.file_may_import(trace, &file))
    }

    fn file_may_import(&self, trace: &Trace<'_>, file: &BString) -> bool {
        let grammar = Grammar::of(self.input.behaviors);
        let Ok(content) = trace.read(file.as_bstr()) else { return true };
        let Some(outline) = python_code::outline(&content, grammar).filter(|_| file.ends_with(b".py")) else {
            return true;
        };
        let is_loaded =
            |name: &String| LOADED.contains(&name.as_str()) || known_code::BUILT_IN.contains(&name.as_str());
        outline.imports_more || !outline.imports.iter().all(is_loaded)
    }

    fn find(&self, trace: &Trace<'_>, name: &str) -> Option<BString> {
        let suffixes =
            Suffixes::of(self.input.invocation.platform, self.input.interpreter, self.input.behaviors.version());
        self.path.iter().find_map(|entry| finders::find_module(&trace.ask, entry.value.as_bstr(), name, &suffixes))
    }
}
