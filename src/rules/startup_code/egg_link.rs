//! `.egg-link` files, which `setup.py develop` writes instead of installing a distribution.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::support::{by_owner, files};
use crate::environment::Survey;
use crate::host::path::module;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::MissingPath;
use crate::text::sentence;

pub(in crate::rules) static EGG_LINK_STALE: Rule = Rule {
    code: Code("VD416"),
    name: "egg-link-stale",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "An .egg-link file, left by an install in development mode, names a directory that does not exist.",
    why: "\
setup.py develop, and pip before it used PEP 660, write an .egg-link file in addition to a line in easy-install.pth. \
Python reads only the line, installers read only the .egg-link file. When the project is moved or removed, Python \
cannot import it, and pip and uv do not list it, so they cannot uninstall it either.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/proj.egg-link
/home/ada/proj
.
$ ls -d /home/ada/proj
ls: cannot access '/home/ada/proj': No such file or directory",
    fix: "Reinstall the project from its new location, or remove the .egg-link file and the line of easy-install.pth.",
    sources: &["pypa/setuptools#230", "JoelBender/bacpypes#279"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&EGG_LINK_STALE], judges: &[Judge { when: When::Environment(410), find }] };

/// A missing path of a `.pth` file that an `.egg-link` file names, too.
pub fn of_line(survey: &Survey<'_>, missing: &MissingPath) -> Option<Finding> {
    let dir = survey.parent(missing.file.as_bstr());
    let egg_links = egg_links(survey, dir.as_bstr());
    let (link, line, _) = egg_links.into_iter().find(|(_, _, target)| *target == missing.path)?;
    let (file, number) = (missing.file.as_bstr(), missing.line);
    let removal = by_owner::delete_line(survey, file, number);
    let fix = reinstall_or_remove(survey, link.as_bstr(), missing.path.as_bstr());
    let fix = fix.followed_by(removal);
    Some(
        finding(link.as_bstr(), line.as_bstr(), missing.path.as_bstr())
            .evidence(files::line_evidence(survey, file, number, missing.path.as_bstr()))
            .fix(fix),
    )
}

/// `.egg-link` files whose directory is missing, but not named by a `.pth` file.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let reported: HashSet<&BString> = survey.resolution.missing.iter().map(|missing| &missing.path).collect();
    for site in survey.own_site_dirs() {
        for (link, line, target) in egg_links(survey, site.path.as_bstr()) {
            if reported.contains(&target) || !survey.is_missing(target.as_bstr()) {
                continue;
            }
            let fix = reinstall_or_remove(survey, link.as_bstr(), target.as_bstr());
            findings.push(finding(link.as_bstr(), line.as_bstr(), target.as_bstr()).fix(fix));
        }
    }
}

fn finding(link: &BStr, line: &BStr, target: &BStr) -> Finding {
    Finding::new(&EGG_LINK_STALE, sentence!(link, " names ", target, ", which does not exist"))
        .evidence(Evidence::line(link, 1, line).marking(line.trim()))
        .effect("the project that was installed from there cannot be imported, and pip does not list it")
}

/// The `.egg-link` files of a directory that startup has listed: file, first line, and the directory that it names.
fn egg_links(survey: &Survey<'_>, dir: &BStr) -> Vec<(BString, BString, BString)> {
    let Some(names) = survey.ask.known_listing(dir) else { return Vec::new() };
    let names = names.iter().filter(|name| name.ends_with(b".egg-link"));
    let egg_links = names.filter_map(|name| {
        let file = survey.join(dir, name);
        let content = files::content(survey, file.as_bstr()).ok()?;
        let line = content.lines().next()?.as_bstr().to_owned();
        let target = module::normpath(survey.flavor(), survey.join(dir, line.trim()).as_bstr());
        (!line.trim().is_empty()).then_some((file, line, target))
    });
    egg_links.collect()
}

fn reinstall_or_remove(survey: &Survey<'_>, link: &BStr, target: &BStr) -> Fix {
    let advice = sentence!("reinstall the project from its new location, or remove what still refers to ", target);
    Fix::advice(advice).command(fixes::remove_file(survey, link))
}
