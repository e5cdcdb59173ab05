//! `calculate_program`, `calculate_argv0_path` and `calculate_read_pyenv`.

use bstr::{BStr, BString, ByteSlice};

use super::super::cfg;
use super::super::split;
use super::Calculation;
use crate::host::path::legacy as arithmetic;
use crate::sentence;
use crate::startup::fatal::Fatal;
use crate::startup::record::Value;
use crate::startup::rules::Behaviour;
use crate::startup::steps;

/// `nlink` of `resolve_symlinks`.
const MOST_LINKS: usize = 40;

impl Calculation<'_, '_, '_> {
    /// The path by which Python was started, made absolute but not normalised.
    pub(super) fn find_program(&mut self) {
        self.trace.begin(steps::EXECUTABLE);
        let mut name = self.input.invocation.executable.clone();
        if name.is_empty() {
            name = self.input.layout.program_name.into();
        }
        let path = if name.contains(&b'/') { name.clone() } else { self.search_path_variable(name.as_bstr()) };
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

    /// `calculate_which`.
    fn search_path_variable(&mut self, name: &BStr) -> BString {
        let Some(list) = self.input.invocation.variable("PATH") else { return BString::default() };
        for folder in split(list, b':') {
            let candidate = arithmetic::join(folder, name);
            if self.trace.ask.is_executable(candidate.as_bstr()) {
                self.trace.say(sentence!("The bare name was found on PATH, in ", folder, "."));
                return candidate;
            }
        }
        BString::default()
    }

    /// `resolve_symlinks`, then the folder of what was found.
    pub(super) fn resolve_links(&mut self) -> Result<(), Fatal> {
        self.trace.begin(steps::LINKS);
        let mut path = self.program_full_path.clone();
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
            "; the search starts in its folder, ",
            self.argv0_path,
            "."
        ));
        self.trace.set("argv0_path", Value::Text(self.argv0_path.clone()));
        Ok(())
    }

    fn link_loop(&mut self) -> Fatal {
        if !self.has(Behaviour::LinkLimit) {
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
        self.trace.begin(steps::VENV_SEARCH);
        let Some(content) = self.open_cfg()? else {
            self.trace.say("There is none beside or above the resolved executable; an environment with a linked interpreter is only seen by site.");
            return Ok(());
        };
        let home = cfg::find_home_token(&content, cfg::MAX_PATH_POSIX);
        self.result.cfg.content = content;
        self.trace.begin(steps::VENV_HOME);
        let Some((line, home)) = home else {
            self.trace.say("No line reads exactly home = FOLDER (one blank on either side, a line end behind it), so that the search starts at the executable.");
            return Ok(());
        };
        self.result.cfg.home_line = Some(line);
        self.trace.say(sentence!(
            "Line ",
            line.to_string(),
            " says home = ",
            home,
            ": the standard library is searched from there upwards."
        ));
        self.trace.set_text("argv0_path", home.as_bstr());
        self.argv0_path = home;
        Ok(())
    }

    fn open_cfg(&mut self) -> Result<Option<Vec<u8>>, Fatal> {
        let beside = self.argv0_path.clone();
        let above = arithmetic::reduce(beside.as_bstr());
        for folder in [beside, above] {
            let path = arithmetic::join(folder.as_bstr(), b"pyvenv.cfg".as_bstr());
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
