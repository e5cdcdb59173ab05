//! VD1xx: the file that is started as Python.

mod support;

use super::family::{Family, Topic};
use crate::environment::Survey;
use crate::startup::StepId;

include!(concat!(env!("OUT_DIR"), "/rules/executable.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD1", title: "The file that is started", topics: TOPICS };

/// The step that says what the executable is.
fn step(survey: &Survey<'_>) -> Option<usize> {
    let mut steps = survey.resolution.steps.iter();
    steps.find(|step| step.id == StepId::Identify).map(|step| step.number)
}

#[cfg(test)]
mod tests {
    use std::iter;

    use super::{file, format, loading};
    use crate::interpreter::Problem;

    /// The kind of problem that is declared next. A new kind makes this match fail to compile.
    fn next(problem: &Problem) -> Option<Problem> {
        let path = || "/file".into();
        Some(match problem {
            Problem::Missing => Problem::DanglingLink { link: path(), target: path(), nearest: None },
            Problem::DanglingLink { .. } => Problem::LinkLoop,
            Problem::LinkLoop => Problem::Directory,
            Problem::Directory => Problem::NotAFile,
            Problem::NotAFile => Problem::Unreachable { path: path() },
            Problem::Unreachable { .. } => Problem::NotExecutable,
            Problem::NotExecutable => Problem::Empty,
            Problem::Empty => Problem::TextLink { target: path() },
            Problem::TextLink { .. } => {
                Problem::Script { interpreter: path(), shim: None, real: None, interpreter_exists: true }
            }
            Problem::Script { .. } => Problem::NotAProgram,
            Problem::NotAProgram => Problem::Truncated,
            Problem::Truncated => Problem::WrongArchitecture { built_for: "aarch64".to_owned() },
            Problem::WrongArchitecture { .. } => Problem::WrongSystem { format: "PE".into() },
            Problem::WrongSystem { .. } => Problem::MissingLoader { loader: path() },
            Problem::MissingLoader { .. } => {
                Problem::MissingLibrary { library: path(), searched: Vec::new(), is_musl: false, needed_by: None }
            }
            Problem::MissingLibrary { .. } => Problem::BadLoader { loader: path(), flaw: "".into(), error: None },
            Problem::BadLoader { .. } => Problem::ForbiddenLibrary { library: path(), found: path(), why: path() },
            Problem::ForbiddenLibrary { .. } => {
                Problem::MissingSymbol { symbol: path(), version: None, needed_by: path(), is_musl: false }
            }
            Problem::MissingSymbol { .. } => Problem::OnlyListed { variable: "LD_DEBUG".into() },
            Problem::OnlyListed { .. } => Problem::LoadingUnknown { object: path(), why: "".into() },
            Problem::LoadingUnknown { .. } => Problem::BadLibrary { library: path(), complaint: None, wanted: None },
            Problem::BadLibrary { .. } => {
                Problem::MissingVersion { library: path(), version: "GLIBC_2.38".into(), needed_by: path() }
            }
            Problem::MissingVersion { .. } => Problem::NotPython,
            Problem::NotPython => Problem::EmbedsPython { library: path() },
            Problem::EmbedsPython { .. } => return None,
        })
    }

    #[test]
    fn exactly_one_file_has_a_rule_for_each_problem() {
        let describe = [file::describe, format::describe, loading::describe];
        for problem in iter::successors(Some(Problem::Missing), next) {
            let count = describe.iter().filter(|describe| describe(&problem).is_some()).count();
            assert_eq!(count, 1, "{problem:?}");
        }
    }
}
