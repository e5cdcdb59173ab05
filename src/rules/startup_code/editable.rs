//! Editable installs whose project no longer exists where it was.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::pth;
use super::support::{files, redirector};
use crate::environment::{Distribution, Ownership, Survey, normalize};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::MissingPath;
use crate::text::{python, sentence};

pub(in crate::rules) static EDITABLE_TARGET_GONE: Rule = Rule {
    code: Code("VD421"),
    name: "editable-target-gone",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A distribution is installed in editable mode from a directory that does not exist.",
    why: "\
An editable install contains no code: a line of a .pth file, or a module with an import hook and a table, says where \
the project is. setuptools, hatchling, pdm-backend, scikit-build-core and meson-python each write one of their own. When the project is moved, renamed or deleted, importing it fails with No module named 'proj', while pip list and \
uv pip list show it with its old location, and pip check and uv pip check find no problem.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/plotlib-1.0.dist-info/direct_url.json
{\"url\": \"file:///home/ada/plotlib\", \"dir_info\": {\"editable\": true}}
$ ls -d /home/ada/plotlib
ls: cannot access '/home/ada/plotlib': No such file or directory",
    fix: "Reinstall the project in editable mode from its new location.",
    sources: &["PEP 610", "PEP 660", "pdm-project/pdm#649", "pypa/setuptools#230"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&EDITABLE_TARGET_GONE], judges: &[Judge { when: When::Environment(400), find }] };

/// The most that is read of the `pyproject.toml` of a project.
const MOST_BYTES: u64 = 1 << 18;

/// A missing path of a `.pth` file that an editable install has written.
pub fn of_line(survey: &Survey<'_>, missing: &MissingPath) -> Option<Finding> {
    let file = missing.file.as_bstr();
    let ownership = survey.owner_of(file);
    let owner = ownership.owner()?;
    let project = project(survey, owner.distribution);
    let name = survey.base_name(file);
    if project.is_none() && !name.starts_with(b"__editable__") && !name.starts_with(b"_editable_impl_") {
        return None;
    }
    let line = files::line_at(survey, file, missing.line);
    Some(
        finding(survey, owner.distribution, missing.path.as_bstr())
            .evidence(files::line_evidence(survey, file, missing.line, python::strip(&line)))
            .all_evidence(project.map(|(_, evidence)| evidence))
            .effect(pth::effect(survey, python::strip(&line))),
    )
}

/// Editable installs that are broken, except those whose `.pth` files are reported already.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let reported = reported(survey);
    for distribution in survey.distributions() {
        if reported.contains(&distribution.directory) {
            continue;
        }
        let project = project(survey, distribution).filter(|(dir, _)| survey.is_missing(dir.as_bstr()));
        let mut redirected = redirector::gone(survey, distribution).into_iter();
        if let Some((dir, evidence)) = project {
            findings.push(
                finding(survey, distribution, dir.as_bstr())
                    .evidence(evidence)
                    .all_evidence(redirected.map(|(evidence, _)| evidence))
                    .effect("nothing in it can be imported, while pip still lists the distribution"),
            );
        } else if let Some((evidence, target)) = redirected.next() {
            findings.push(
                finding(survey, distribution, target.as_bstr())
                    .evidence(evidence)
                    .effect("what was there cannot be imported, while pip still lists the distribution"),
            );
        }
    }
}

/// The metadata directories of the distributions whose `.pth` files name paths that do not exist.
fn reported<'s>(survey: &'s Survey<'_>) -> HashSet<&'s BString> {
    let files: HashSet<&BString> = survey.resolution.missing.iter().map(|missing| &missing.file).collect();
    let owners = files.into_iter().filter_map(|file| match survey.owner_of(file.as_bstr()) {
        Ownership::By(owner) => Some(&owner.distribution.directory),
        _ => None,
    });
    owners.collect()
}

fn finding(survey: &Survey<'_>, distribution: &Distribution, target: &BStr) -> Finding {
    let name = &distribution.name;
    let message = sentence!(name, " is installed in editable mode from ", target, ", which does not exist");
    Finding::new(&EDITABLE_TARGET_GONE, message).fix(fix(survey, name.as_bstr()))
}

/// Reinstalls the project. If it was moved together with its environment, it is found in a directory above that.
fn fix(survey: &Survey<'_>, name: &BStr) -> Fix {
    let Some(dir) = moved_to(survey, name) else {
        return Fix::advice(sentence!("reinstall ", name, " from the new location of its project, with -e DIR"));
    };
    let advice = sentence!("reinstall ", name, " from ", dir, ", whose pyproject.toml has this name");
    Fix::advice(advice).command(fixes::install(survey).word("-e").word(dir))
}

fn moved_to(survey: &Survey<'_>, name: &BStr) -> Option<BString> {
    let mut dir = survey.absolute(survey.root());
    for _ in 0..3 {
        dir = survey.parent(dir.as_bstr());
        let file = survey.join(&dir, "pyproject.toml");
        let content = survey.ask.read(file.as_bstr(), MOST_BYTES).ok();
        if content.is_some_and(|content| names_project(&content, name)) {
            return Some(dir);
        }
    }
    None
}

/// Whether a `pyproject.toml` contains a line `name = "NAME"`.
fn names_project(content: &[u8], name: &BStr) -> bool {
    content.lines().any(|line| {
        let value = line.trim_start().strip_prefix(b"name").map(ByteSlice::trim_start);
        let Some(value) = value.and_then(|rest| rest.strip_prefix(b"=")) else { return false };
        let value = value.trim().trim_with(|c| c == '"' || c == '\'');
        normalize(value.as_bstr()) == normalize(name)
    })
}

/// The project of an editable install, and the line that names it.
fn project(survey: &Survey<'_>, distribution: &Distribution) -> Option<(BString, Evidence)> {
    let direct = distribution.direct_url(survey)?;
    let evidence = Evidence::line(direct.file, 1, files::shortened(direct.line.as_bstr())).marking(&direct.url);
    Some((direct.editable?, evidence))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn projects_are_known_by_their_name() {
        assert!(names_project(b"[project]\nname = \"Plot_Lib\"\n", "plot-lib".into()));
        assert!(!names_project(b"[project]\nnames = 'plot-lib'\n", "plot-lib".into()));
    }

    proptest! {
        #[test]
        fn any_text_may_be_a_project(text in "[\\[\\]\"'=a-z\n ]{0,60}") {
            names_project(text.as_bytes(), "a".into());
        }
    }
}
