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
            self.trace.say("The name was found nowhere on PATH, so that sys.executable is empty.");
        } else {
            self.program_full_path = arithmetic::absolute(self.cwd(), path.as_bstr());
            self.trace.say(sentence!(
                "Started as ",
                name,
                "; the path is made absolute, and nothing else is done to it."
            ));
        }
        self.trace.set_text("sys.executable", self.program_full_path.as_bstr());
    }

    /// `config_init_program_name`: macOS lets variables replace the name, of which the stub of a framework makes use.
    fn program_name(&mut self) -> BString {
        let typed = self.input.invocation.executable.clone();
        if let Some((variable, value)) = self.launcher() {
            self.trace.say(sentence!(variable, " takes the place of the name ", typed, "."));
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
            self.trace.say(sentence!("The search starts at the library of the framework, ", library, "."));
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
                self.trace.say(sentence!("The bare name was found on PATH, in ", dir, "."));
                return candidate;
            }
        }
        BString::default()
    }

    /// `resolve_symlinks`, then the directory of what was found.
    pub(super) fn resolve_links(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::Links);
        let mut path = self.search_start();
        let mut links = 0;
        while let Ok(target) = self.trace.ask.read_link(path.as_bstr()) {
            path = if target.first() == Some(&b'/') {
                target
            } else {
                arithmetic::join(arithmetic::reduce(path.as_bstr()).as_bstr(), target.as_bstr())
            };
            links += 1;
            if links >= MOST_LINKS {
                return Err(self.link_loop());
            }
        }
        self.argv0_path = arithmetic::reduce(path.as_bstr());
        self.trace.say(sentence!(
            "The file itself is ",
            path,
            if links == 0 { " (no link)" } else { " (links followed)" },
            "; the search starts in its directory, ",
            self.argv0_path,
            "."
        ));
        self.trace.set("argv0_path", Value::Text(self.argv0_path.clone()));
        Ok(())
    }

    fn link_loop(&mut self) -> Fatal {
        if !self.has(Behavior::LinkLimit) {
            return Fatal {
                reason: "the links of the executable lead in a circle, which this version follows for ever".into(),
                messages: Vec::new(),
                unanswered: false,
            };
        }
        Fatal {
            reason: "the links of the executable lead in a circle".into(),
            messages: vec!["Fatal Python error: resolve_symlinks: maximum number of symbolic links reached".into()],
            unanswered: false,
        }
    }

    /// `calculate_open_pyenv` and `calculate_read_pyenv`.
    pub(super) fn read_pyvenv_cfg(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::VenvSearch);
        let Some(content) = self.open_cfg()? else {
            self.trace.say("There is none beside or above the resolved executable; an environment with a linked interpreter is only seen by site.");
            return Ok(());
        };
        if let Some(home) = self.result.cfg.read_home_token(self.trace, content, cfg::MAX_PATH_POSIX) {
            self.home_is_unencodable = locale::is_unencodable(self.trace.charset, &home);
            self.argv0_path = home;
        }
        Ok(())
    }

    fn open_cfg(&mut self) -> Result<Option<Vec<u8>>, Fatal> {
        let beside = self.argv0_path.clone();
        let above = arithmetic::reduce(beside.as_bstr());
        for dir in [beside, above] {
            let path = arithmetic::join(dir.as_bstr(), b"pyvenv.cfg".as_bstr());
            let content = self.open(path.as_bstr())?;
            self.result.cfg.tried(path.as_bstr(), content.is_some());
            if content.is_some() {
                self.trace.say(sentence!("Found ", path, "."));
                self.result.cfg.path = Some(path);
                return Ok(content);
            }
        }
        Ok(None)
    }
}
