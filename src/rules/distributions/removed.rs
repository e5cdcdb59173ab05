//! Scripts that import a module which no longer exists.

use bstr::{BStr, ByteSlice};

use crate::environment::{Distribution, Script, Survey};
use crate::interpreter::Version;
use crate::rules::prefix::orphaned::SITE_PACKAGES_ORPHANED;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::Behavior;
use crate::text::sentence;

pub(in crate::rules) static REMOVED_MODULE_USED: Rule = Rule {
    code: Code("VD613"),
    name: "removed-module-used",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A script imports a module that was removed from the standard library or from setuptools.",
    why: "\
distutils, imp and others were removed from the standard library in 3.12, the modules of PEP 594 in 3.13. \
Environments of 3.12 and later come without setuptools, and setuptools 82 and later without pkg_resources. Scripts \
that old installers wrote begin with `from pkg_resources import ...`, and fail with ModuleNotFoundError there. Only \
lines that are executed unconditionally count; an import inside try is ignored.",
    example: "\
$ head -2 .venv/bin/legacy
#!/home/ada/.venv/bin/python
__import__('pkg_resources').require('legacy==1.0')",
    fix: "\
Install a newer version of the distribution that installed the script; for pkg_resources, `pip install \
'setuptools<82'`.",
    sources: &["PEP 632", "PEP 594", "python/cpython#95299", "pre-commit/pre-commit#3621"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&REMOVED_MODULE_USED], judges: &[Judge { when: When::Environment(640), find }] };

/// The modules that were removed from the standard library, each with the minor version of 3 that removed it (PEP 632,
/// PEP 594).
const REMOVED: [(&str, u8); 25] = [
    ("distutils", 12),
    ("imp", 12),
    ("asynchat", 12),
    ("asyncore", 12),
    ("smtpd", 12),
    ("aifc", 13),
    ("audioop", 13),
    ("cgi", 13),
    ("cgitb", 13),
    ("chunk", 13),
    ("crypt", 13),
    ("imghdr", 13),
    ("lib2to3", 13),
    ("mailcap", 13),
    ("msilib", 13),
    ("nis", 13),
    ("nntplib", 13),
    ("ossaudiodev", 13),
    ("pipes", 13),
    ("sndhdr", 13),
    ("spwd", 13),
    ("sunau", 13),
    ("telnetlib", 13),
    ("uu", 13),
    ("xdrlib", 13),
];

/// Reads the scripts, if this environment lacks a module that many of them imported.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(sys) = &survey.resolution.sys else { return };
    if !survey.is_environment() || sys.path.is_empty() {
        return;
    }
    let version = survey.version();
    let has_tools = survey.site_dirs().iter().any(|site| has(survey, site.path.as_bstr(), "pkg_resources"));
    if has_tools && !survey.has(Behavior::VenvWithoutSetuptools) {
        return;
    }
    // Only scripts that start a Python are read as Python.
    let scripts = survey.scripts().iter().filter(|script| script.start.is_some());
    findings.extend(scripts.filter_map(|script| judge(survey, script, version)));
}

fn judge(survey: &Survey<'_>, script: &Script, version: Option<Version>) -> Option<Finding> {
    let path = &script.path;
    let mut lines = script.head.lines().enumerate();
    let (line, text, module) = lines.find_map(|(index, text)| Some((index + 1, text, gone(survey, text, version)?)))?;
    let message = sentence!(path, " imports ", module, ", which is not on sys.path");
    let finding = Finding::new(&REMOVED_MODULE_USED, message)
        .evidence(Evidence::line(path.clone(), line, text).marking(module))
        .effect(sentence!("the command fails with ModuleNotFoundError: No module named '", module, "'"))
        .fix(fix(survey, module));
    let is_of_other_minor = || survey.of_other_minors().iter().any(|it| provides(survey, it, module));
    Some(if is_of_other_minor() { finding.follows_from(&SITE_PACKAGES_ORPHANED) } else { finding })
}

/// Whether a distribution installed a module, as its `RECORD` says.
fn provides(survey: &Survey<'_>, distribution: &Distribution, module: &str) -> bool {
    let contents = distribution.contents(survey);
    contents.is_ok_and(|contents| contents.tops.iter().any(|top| top.name == module))
}

/// The module that an unindented line imports, if it is one that was removed and cannot be found.
fn gone<'t>(survey: &Survey<'_>, text: &'t [u8], version: Option<Version>) -> Option<&'t str> {
    let rest = text
        .strip_prefix(b"from ")
        .or_else(|| text.strip_prefix(b"import "))
        .or_else(|| text.strip_prefix(b"__import__('"))?;
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(rest.len());
    let module = rest[..end].to_str().ok()?;
    let removed = REMOVED
        .iter()
        .any(|(name, since)| *name == module && version.is_some_and(|version| version.has_reached(*since)));
    if !removed && module != "pkg_resources" {
        return None;
    }
    let path = &survey.resolution.sys.as_ref()?.path;
    let there = path.iter().any(|entry| has(survey, survey.absolute(entry.value.as_bstr()).as_bstr(), module));
    // setuptools includes its own distutils.
    let with_tools = module == "distutils" && has_distribution(survey, "setuptools");
    (!there && !with_tools).then_some(module)
}

/// Whether a directory of `sys.path` contains a module, or may contain it.
fn has(survey: &Survey<'_>, dir: &BStr, module: &str) -> bool {
    // An archive cannot be listed, and may contain anything.
    survey.has_module(dir, module.into()).unwrap_or_else(|| survey.exists(dir))
}

fn has_distribution(survey: &Survey<'_>, name: &str) -> bool {
    survey.distributions().iter().any(|distribution| distribution.normalized() == name)
}

fn fix(survey: &Survey<'_>, module: &str) -> Fix {
    if !matches!(module, "pkg_resources" | "distutils") {
        return Fix::advice(
            "install a newer version of the distribution that installed the script, made for this Python",
        );
    }
    let wanted = if module == "pkg_resources" { "setuptools<82" } else { "setuptools" };
    Fix::advice("install a setuptools that has it, or a newer version of the distribution that installed the script")
        .command(fixes::install(survey).word(wanted))
}
