//! `calculate_program`, `calculate_argv0_path` and `calculate_read_pyenv`.

use bstr::{BStr, BString, ByteSlice};

use super::super::cfg;
use super::super::split;
use super::Calculation;
use crate::host::Platform;
use crate::host::path::legacy as arithmetic;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::locale;
use crate::startup::record::Value;
use crate::startup::settings;
use crate::startup::steps::StepId;
use crate::text::sentence;

/// `nlink` of `resolve_symlinks`.
const MOST_LINKS: usize = 40;

impl Calculation<'_, '_, '_> {
    /// The path by which Python was started, made absolute but not normalized.
    pub(super) fn find_program(&mut self) {
        self.trace.begin(StepId::Executable);
        let name = self.program_name();
        let path = if name.contains(&b'/') {
            name.clone()
        } else {
            self.real_executable().unwrap_or_else(|| self.search_path_variable(name.as_bstr()))
        };
        if path.is_empty() {
            self.trace.say("No directory of PATH contains that name, so sys.executable is empty.");
        } else {
            self.program_full_path = arithmetic::absolute(self.cwd(), path.as_bstr());
            self.trace.say(sentence!(
                "Python was started as ",
                name,
                ". The path is made absolute and not changed otherwise."
            ));
        }
        self.trace.set_text("sys.executable", self.program_full_path.as_bstr());
    }

    /// `config_init_program_name`: on macOS, variables can replace the name. The stub of a framework uses one of them.
    fn program_name(&mut self) -> BString {
        let typed = self.input.invocation.executable.clone();
        if let Some((variable, value)) = self.launcher() {
            self.trace.say(sentence!(variable, " replaces the name ", typed, "."));
            return value;
        }
        if typed.is_empty() { self.input.layout.program_name.into() } else { typed }
    }

    fn launcher(&self) -> Option<(&'static str, BString)> {
        let invocation = self.input.invocation;
        if invocation.platform != Platform::Macos {
            return None;
        }
        let value = |name| settings::set_variable(invocation, name).map(ToOwned::to_owned);
        if self.settings.has_executable_variable(invocation) {
            return Some(("PYTHONEXECUTABLE", value("PYTHONEXECUTABLE")?));
        }
        let is_framework = self.input.interpreter.compiled.framework.as_ref().is_some_and(|name| !name.is_empty());
        is_framework.then(|| Some(("__PYVENV_LAUNCHER__", value("__PYVENV_LAUNCHER__")?))).flatten()
    }

    /// `calculate_program_macos`: what the system says about the process, where that is absolute.
    fn real_executable(&self) -> Option<BString> {
        let real = self.input.interpreter.real_executable.clone()?;
        (self.input.invocation.platform == Platform::Macos && real.first() == Some(&b'/')).then_some(real)
    }

    /// `calculate_argv0_path_framework`: a framework is searched from its library, unless that is not installed yet.
    fn search_start(&mut self) -> BString {
        let program = self.program_full_path.clone();
        let Some(library) = super::super::library(self.input) else { return program };
        let dir = arithmetic::reduce(library);
        let stdlib = arithmetic::join(dir.as_bstr(), self.input.layout.stdlib.as_bstr());
        if self.is_stdlib(stdlib.as_bstr()) {
            self.trace.say(sentence!(
                "The search for the standard library starts at the library of the framework, ",
                library,
                "."
            ));
            library.to_owned()
        } else {
            program
        }
    }

    /// `calculate_which`.
    fn search_path_variable(&mut self, name: &BStr) -> BString {
        let Some(list) = self.input.invocation.variable("PATH") else { return BString::default() };
        for dir in split(list, b':') {
            let candidate = arithmetic::join(dir, name);
            if self.trace.ask.is_executable(candidate.as_bstr()) {
                self.trace.say(sentence!("The name has no slash; PATH leads to it in ", dir, "."));
                return candidate;
            }
        }
        BString::default()
    }

    /// `resolve_symlinks`, then the directory of the file that it finds.
    pub(super) fn resolve_links(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::Links);
        let mut path = self.search_start();
        let mut symlinks = 0;
        while let Ok(target) = self.trace.ask.read_link(path.as_bstr()) {
            path = if target.first() == Some(&b'/') {
                target
            } else {
                arithmetic::join(arithmetic::reduce(path.as_bstr()).as_bstr(), target.as_bstr())
            };
            symlinks += 1;
            if symlinks >= MOST_LINKS {
                return Err(self.link_loop());
            }
        }
        self.argv0_path = arithmetic::reduce(path.as_bstr());
        self.trace.say(sentence!(
            "The file that runs is ",
            path,
            if symlinks == 0 { " (not a symlink)" } else { " (symlinks followed)" },
            ". The search for the standard library starts in its directory, ",
            self.argv0_path,
            "."
        ));
        self.trace.set("argv0_path", Value::Text(self.argv0_path.clone()));
        Ok(())
    }

    fn link_loop(&mut self) -> Fatal {
        if !self.has(Behavior::LinkLimit) {
            return Fatal {
                reason: "the symlinks of the executable form a loop, which this version follows forever".into(),
                messages: Vec::new(),
                unanswered: false,
            };
        }
        Fatal {
            reason: "the symlinks of the executable form a loop".into(),
            messages: vec!["Fatal Python error: resolve_symlinks: maximum number of symbolic links reached".into()],
            unanswered: false,
        }
    }

    /// `calculate_open_pyenv` and `calculate_read_pyenv`.
    pub(super) fn read_pyvenv_cfg(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::VenvSearch);
        let Some(content) = self.open_cfg()? else {
            self.trace.say("There is no pyvenv.cfg next to the resolved executable or one directory above. If the interpreter is a symlink, only the site module sees the environment.");
            return Ok(());
        };
        if let Some(home) = self.result.cfg.read_home_token(self.trace, content, cfg::MAX_PATH_POSIX) {
            self.home_is_unencodable = locale::is_unencodable(self.trace.charset, &home);
            self.argv0_path = home;
        }
        Ok(())
    }

    fn open_cfg(&mut self) -> Result<Option<Vec<u8>>, Fatal> {
        let next_to = self.argv0_path.clone();
        let above = arithmetic::reduce(next_to.as_bstr());
        for dir in [next_to, above] {
            let path = arithmetic::join(dir.as_bstr(), b"pyvenv.cfg".as_bstr());
            let content = self.open(path.as_bstr())?;
            self.result.cfg.tried(path.as_bstr(), content.is_some());
            if content.is_some() {
                self.trace.say(sentence!("The path configuration reads ", path, "."));
                self.result.cfg.path = Some(path);
                return Ok(content);
            }
        }
        Ok(None)
    }
}
