//! A module `stat` without the functions that `os.path` takes from it. Nothing notices that until the site module asks
//! about a file or a directory that exists.

use super::{messages, reason};
use crate::startup::fatal::Fatal;
use crate::startup::getpath::Input;
use crate::startup::record::{Doubt, ImportFault, ImportProblem};
use crate::startup::site;
use crate::text::sentence;

/// Such a module.
#[derive(Debug)]
pub struct IncompleteStat {
    /// What is wrong with it.
    pub problem: ImportProblem,
    /// Whether the file certainly has no code, so that importing it succeeds.
    pub is_blank: bool,
    /// Whether the error about a missing function has no advice about files of the same name.
    pub is_plain: bool,
}

impl IncompleteStat {
    /// How Python fails where `function` is taken from it.
    pub fn fail(self, input: &Input<'_>, function: &str) -> (ImportProblem, Fatal) {
        let mut problem = self.problem;
        problem.exception = (self.is_blank && self.is_plain).then(|| messages::no_attribute("stat", function));
        let mut messages = site::failure_lines(input);
        messages.extend(problem.exception.clone());
        let fatal = Fatal { reason: reason(&problem), messages, unanswered: false };
        (problem, fatal)
    }

    /// What is left to say where nothing is taken from it: a file in front of the library replaces the module, and code
    /// may still raise an exception.
    pub fn unused(self) -> (Option<ImportProblem>, Option<Doubt>) {
        let Self { mut problem, is_blank, .. } = self;
        let text = sentence!("this file is imported as the module stat of the standard library");
        let doubt = Doubt::Code { file: problem.file.clone(), line: None, text, step: problem.step };
        problem.fault = if is_blank { ImportFault::Replaces } else { ImportFault::MayReplace };
        let is_hiding = problem.entry.is_some();
        (is_hiding.then_some(problem), (!is_blank).then_some(doubt))
    }
}
