//! Whether the files that a distribution installed still exist.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Contents, Distribution, Place, Survey, Top};
use crate::rules::record_evidence::record_line;
use crate::rules::{Code, Confidence, Evidence, Finding, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static FILES_MISSING: Rule = Rule {
    code: Code("VD605"),
    name: "files-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Files that a distribution installed no longer exist.",
    why: "\
Tools trust the metadata, imports need the files. After somebody deleted the package's directory, or a cache was \
partly restored, `import six` fails with No module named 'six', while `pip check` reports nothing and `pip install \
six` says Requirement already satisfied. Without --files only the names directly in the site directory, and the \
__init__.py of the packages in it, are compared with RECORD; directories of tests and documentation do not count, nor do files that a package of the operating system \
leaves out: there the list of its package manager counts.",
    example: "\
$ grep -m1 requests/ .venv/lib/python3.12/site-packages/requests-2.31.0.dist-info/RECORD
requests/__init__.py,sha256=...,5057
$ ls .venv/lib/python3.12/site-packages/requests
ls: cannot access '.venv/lib/python3.12/site-packages/requests': No such file or directory",
    fix: "Reinstall the distribution with --force-reinstall.",
    sources: &["pypa/pip#3869", "python-poetry/poetry#2756"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&FILES_MISSING], judges: &[] };

/// Directories that slim images omit, and that no program imports.
const SPARE: [&[u8]; 9] =
    [b"test", b"tests", b"testing", b"doc", b"docs", b"example", b"examples", b"benchmark", b"benchmarks"];
/// How many names are shown as evidence.
const MOST_EVIDENCE: usize = 5;

/// Compares the names that `RECORD` lists directly in the site directory with those that exist.
pub fn find(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    if distribution.normalized() == "pip" {
        return None;
    }
    let contents = distribution.contents(survey).ok()?;
    let site = distribution.site.as_bstr();
    let wanted = || contents.tops.iter().filter(|top| counts(top));
    let mut gone: Vec<&Top> = wanted().filter(|top| survey.holds(site, top.name.as_bstr()) == Some(false)).collect();
    let all = wanted().count() == gone.len();
    if !gone.is_empty() {
        leave_out_unshipped(survey, distribution, &mut gone, all);
    }
    let Some(first) = gone.first() else { return hollow(survey, distribution, contents) };
    let names = bstr::join(", ", gone.iter().map(|top| &top.name));
    let message = if all {
        sentence!(distribution.title(), " is listed as installed, but all of it is missing from ", site, ": ", names)
    } else {
        sentence!("part of ", distribution.title(), " is missing from ", site, ": ", names)
    };
    let is_import = gone.iter().any(|top| !top.name.ends_with(b".pth"));
    let evidence = |top: &&Top| -> Evidence { record_line(survey, distribution, top.line, &top.name) };
    let effect = match importable(first) {
        Some(module) => sentence!(
            "import ",
            module,
            " fails with ModuleNotFoundError, while pip reports Requirement already satisfied"
        ),
        None => "startup does not process it any more".into(),
    };
    let finding = Finding::new(&FILES_MISSING, message)
        .severity(if is_import { Severity::Error } else { Severity::Warning })
        .all_evidence(gone.iter().take(MOST_EVIDENCE).map(evidence))
        .effect(effect)
        .fix(fixes::reinstall(survey, distribution));
    Some(finding)
}

/// A package whose directory is there, but not the `__init__.py` that makes it more than a namespace.
fn hollow(survey: &Survey<'_>, distribution: &Distribution, contents: &Contents) -> Option<Finding> {
    // A thorough check names every file that is missing.
    if survey.is_thorough() {
        return None;
    }
    let is_gone = |init: &Place| {
        let file = survey.join(&distribution.site, &init.path);
        survey.is_missing(file.as_bstr()) && is_hollow(survey, survey.parent(file.as_bstr()).as_bstr())
    };
    let counts = |init: &&Place| is_identifier(package(init).as_bstr()) && !SPARE.contains(&package(init));
    let init = contents.inits.iter().filter(counts).find(|init| is_gone(init))?;
    if distribution.system_package(survey).is_some() || distribution.is_managed(survey) {
        return None;
    }
    let site = distribution.site.as_bstr();
    let message = sentence!("part of ", distribution.title(), " is missing from ", site, ": ", init.path);
    let effect = sentence!(
        "import ",
        package(init),
        " gives an empty namespace package, whose names are all missing, while pip reports Requirement already satisfied"
    );
    let finding = Finding::new(&FILES_MISSING, message).severity(Severity::Error).evidence(record_line(
        survey,
        distribution,
        init.line,
        &init.path,
    ));
    Some(finding.effect(effect).fix(fixes::reinstall(survey, distribution)))
}

/// Whether a directory holds something, but no other file that makes it a package; a dangling symlink is none.
fn is_hollow(survey: &Survey<'_>, dir: &BStr) -> bool {
    let names = survey.list(dir);
    let is_init = |name: &BString| name.starts_with(b"__init__.") && name != "__init__.py";
    !names.is_empty() && !names.iter().any(is_init)
}

/// The name of the package that an `__init__.py` belongs to.
fn package(init: &Place) -> &[u8] {
    init.path.split(|&byte| byte == b'/').next().unwrap_or_default()
}

/// Package managers of operating systems leave out files that `RECORD` lists. Where the manager's own list can be read, it
/// decides; where it cannot, only a distribution counts of which nothing is left.
fn leave_out_unshipped(survey: &Survey<'_>, distribution: &Distribution, gone: &mut Vec<&Top>, all: bool) {
    if let Some(package) = distribution.system_package(survey) {
        gone.retain(|top| package.names(survey, survey.join(&distribution.site, &top.name).as_bstr()));
    } else if !all && distribution.is_managed(survey) {
        gone.clear();
    }
}

/// Whether the name is that of a package, a module or a `.pth` file, and not of data.
fn counts(top: &Top) -> bool {
    let name = top.name.as_slice();
    if top.is_dir {
        let is_metadata = name.ends_with(b".dist-info") || name.ends_with(b".egg-info") || name.ends_with(b".data");
        return !is_metadata && name != b"__pycache__" && !SPARE.contains(&name) && is_identifier(name.as_bstr());
    }
    [&b".py"[..], b".so", b".pyd", b".pth"].iter().any(|suffix| name.ends_with(suffix))
}

fn is_identifier(name: &BStr) -> bool {
    name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii())
}

/// The name of a module or package, as it is imported.
fn importable(top: &Top) -> Option<&[u8]> {
    if top.is_dir {
        return Some(&top.name);
    }
    let (stem, suffix) = top.name.split_once_str(".")?;
    (!suffix.ends_with(b"pth")).then_some(stem)
}
