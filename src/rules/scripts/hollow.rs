//! VD524: a `.venv` in the working directory that is a directory and no environment.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static PROJECT_ENVIRONMENT_HOLLOW: Rule = Rule {
    code: Code("VD524"),
    name: "project-environment-hollow",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "The project's .venv is a directory that has neither a pyvenv.cfg nor an interpreter.",
    why: "\
Tools look for an environment in .venv, and so does who starts python in the directory of a project. If the environment was \
removed except for some files, or a volume hides it, another Python is used without a word: uv refuses such a directory, \
editors and this program pass over it. If the directory is empty, tools create the environment in it, and the severity is \
info. A directory with environments below it is not reported. Only a Python that was named without a path is judged.",
    example: "\
$ ls -A .venv
.lock  bin
$ ls .venv/bin
activate",
    fix: "Create the environment in that directory.",
    sources: &["astral-sh/uv#20433"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&PROJECT_ENVIRONMENT_HOLLOW], judges: &[Judge { when: When::Startup(227), find }] };

/// What an environment has: one of these is enough, even if it is broken.
const PARTS: [&str; 6] =
    ["pyvenv.cfg", "conda-meta", "bin/python", "bin/python3", "Scripts/python.exe", "local/bin/python3"];
/// How many names in the directory are looked at.
const MOST_NAMES: usize = 64;

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let invocation = &survey.resolution.invocation;
    let (Some(cwd), Flavor::Posix) = (&invocation.cwd, survey.flavor()) else { return };
    let dir = survey.join(cwd, ".venv");
    let uses_it = survey.is_below(survey.root(), dir.as_bstr());
    if invocation.executable.contains(&b'/') || uses_it || !survey.is_dir(dir.as_bstr()) {
        return;
    }
    let has_part = |dir: &BStr| PARTS.iter().any(|part| !survey.is_missing(survey.join(dir, part).as_bstr()));
    if has_part(dir.as_bstr()) {
        return;
    }
    let Some(names) = survey.names(dir.as_bstr()) else { return };
    if names.iter().take(MOST_NAMES).any(|name| has_part(survey.join(&dir, name).as_bstr())) {
        return;
    }
    // Some tools keep nothing but these in an empty directory.
    let is_empty = names.iter().all(|name| matches!(name.as_slice(), b".gitignore" | b".lock" | b"CACHEDIR.TAG"));
    findings.push(finding(survey, &dir, is_empty));
}

fn finding(survey: &Survey<'_>, dir: &BString, is_empty: bool) -> Finding {
    let shown = if is_empty { "is empty" } else { "has neither pyvenv.cfg nor an interpreter" };
    Finding::new(&PROJECT_ENVIRONMENT_HOLLOW, sentence!(dir, " is a directory and no environment"))
        .severity(if is_empty { Severity::Info } else { Severity::Warning })
        .evidence(Evidence::about(dir.clone(), shown))
        .effect(sentence!("tools that look for the project's environment find none, and use ", survey.executable()))
        .fix(fix(survey, dir))
}

fn fix(survey: &Survey<'_>, dir: &BString) -> Fix {
    let command = fixes::line(survey, fixes::python(survey)).words(["-m", "venv"]).word(dir);
    Fix::advice("create the environment there").command(command)
}
