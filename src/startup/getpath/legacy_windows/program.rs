//! `get_program_full_path`.

use bstr::{BString, ByteSlice};

use super::Calculation;
use crate::host::path::Flavor;
use crate::host::path::legacy::windows as arithmetic;
use crate::host::path::module;
use crate::startup::behaviors::Behavior;
use crate::startup::record::Value;
use crate::startup::settings;
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Calculation<'_, '_, '_> {
    /// The file that the process runs, or the redirector that started it.
    pub(super) fn find_program(&mut self) {
        self.trace.begin(StepId::Executable);
        let module = self.module_path();
        self.trace.say(sentence!("According to Windows, the process runs ", module, "."));
        self.program_full_path = self.cleaned(module);
        self.trace.set_text("sys.executable", self.program_full_path.as_bstr());
        if self.has(Behavior::WindowsBaseExecutable) {
            self.base_executable = Some(self.program_full_path.clone());
        }
        self.apply_launcher();
        self.apply_given();
        self.argv0_path = arithmetic::reduce(self.program_full_path.as_bstr());
        self.trace.say(sentence!(
            "The search for the standard library starts in ",
            self.argv0_path,
            "; no symlink is followed."
        ));
        self.trace.set("argv0_path", Value::Text(self.argv0_path.clone()));
    }

    /// Values that the program has filled in stay.
    fn apply_given(&mut self) {
        let Some(given) = self.settings.given.clone() else { return };
        if let Some(executable) = given.executable {
            self.base_executable = self.base_executable.is_some().then(|| executable.clone());
            self.program_full_path = executable;
        }
        self.base_executable = given.base_executable.or(self.base_executable.take());
    }

    /// `GetModuleFileNameW`; if that is unknown, the path as typed.
    fn module_path(&self) -> BString {
        let invocation = self.input.invocation;
        match &self.input.interpreter.real_executable {
            Some(path) => path.clone(),
            None => module::abspath(
                Flavor::Windows,
                invocation.cwd.as_ref().map(|cwd| cwd.as_bstr()),
                invocation.executable.as_bstr(),
            ),
        }
    }

    fn cleaned(&mut self, path: BString) -> BString {
        if self.has(Behavior::WindowsCleanExecutable) { arithmetic::canonicalize(path.as_bstr()) } else { path }
    }

    /// The redirector passes its own path in `__PYVENV_LAUNCHER__`, which counts even with `-E` and `-I`.
    fn apply_launcher(&mut self) {
        let Some(launcher) = settings::set_variable(self.input.invocation, "__PYVENV_LAUNCHER__") else { return };
        self.trace.begin(StepId::Launcher);
        if !self.has(Behavior::WindowsLauncher) {
            self.trace.say("__PYVENV_LAUNCHER__ is set, but this version ignores it on Windows.");
            return;
        }
        if self.has(Behavior::LauncherBase) {
            self.base_executable = Some(self.program_full_path.clone());
            self.trace.set_text("sys._base_executable", self.program_full_path.as_bstr());
        }
        self.program_full_path = self.cleaned(launcher.to_owned());
        self.trace.say(sentence!(
            "__PYVENV_LAUNCHER__ is set, so sys.executable becomes ",
            self.program_full_path,
            "."
        ));
        self.trace.set_text("sys.executable", self.program_full_path.as_bstr());
    }
}
