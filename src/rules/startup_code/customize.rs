//! The modules `sitecustomize` and `usercustomize`.

use bstr::{BStr, BString, ByteSlice};

use super::support::{by_owner, failing, files};
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::{self, Failure};
use crate::text::sentence;

pub(in crate::rules) static CUSTOMIZE_FAILS: Rule = Rule {
    code: Code("VD418"),
    name: "customize-fails",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "sitecustomize or usercustomize fails when Python imports it.",
    why: "\
The site module imports both if it finds them. Python reports an exception in one line at every start, and the module \
has no effect; nothing catches SystemExit, and Python fails to start. A file with a NUL byte, or that is not in its \
declared encoding, certainly fails; an unindented import of a module that is not on sys.path only probably fails, \
because code before it may add the module.",
    example: "\
$ .venv/bin/python -c pass
Error in sitecustomize; set PYTHONVERBOSE for traceback:
ModuleNotFoundError: No module named 'corp_tracing'",
    fix: "Correct the module, install what it imports, or rename it so that Python ignores it.",
    sources: &["CPython Lib/site.py: execsitecustomize", "Homebrew/homebrew-core#133488"],
};

pub(in crate::rules) static SITECUSTOMIZE_SHADOWED: Rule = Rule {
    code: Code("VD419"),
    name: "sitecustomize-shadowed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "sys.path has more than one sitecustomize, and only the first one runs.",
    why: "\
sitecustomize is a module like any other: Python imports the first one on sys.path and never searches for others. \
Debian and Homebrew ship one in the directory of the standard library, which precedes site-packages, so the \
environment's own never runs there, although it does with a Python from elsewhere. One on PYTHONPATH hides all others.",
    example: "$ ls /usr/lib/python3.13/sitecustomize.py .venv/lib/python3.13/site-packages/sitecustomize.py",
    fix: "Run the hidden code from an import line of a .pth file or, since 3.15, from a .start file.",
    sources: &["CPython Lib/site.py: execsitecustomize", "Homebrew/homebrew-core#80567", "pypa/virtualenv#1703"],
};

pub(in crate::rules) static USERCUSTOMIZE_ACTIVE: Rule = Rule {
    code: Code("VD420"),
    name: "usercustomize-active",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The user has a usercustomize module, which runs at every start of this Python.",
    why: "\
If the user's site-packages is on sys.path (in base installations, in conda environments, and in environments that see \
system packages), Python imports usercustomize after sitecustomize. It affects only this user, which causes errors \
that nobody else can reproduce. People use it on purpose, and so does malicious software that has to run often.",
    example: "$ ls ~/.local/lib/python3.12/site-packages/usercustomize.py",
    fix: "Nothing is wrong if the module is wanted; PYTHONNOUSERSITE=1 or -s disables it.",
    sources: &["CPython Lib/site.py: execusercustomize", "MITRE ATT&CK T1546.018"],
};

/// The rules of this file. The judge of [`super::failures`] finds modules that end the process.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&CUSTOMIZE_FAILS, &SITECUSTOMIZE_SHADOWED, &USERCUSTOMIZE_ACTIVE],
    judges: &[
        Judge { when: When::Startup(440), find: startup },
        Judge { when: When::Environment(430), find: environment },
    ],
};

/// The most lines of a module that are read.
const MOST_LINES: usize = 2000;

/// Judges the modules by what startup has read.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(site) = &survey.resolution.site else { return };
    let customize = &site.customize;
    for (name, file) in [("sitecustomize", &customize.sitecustomize), ("usercustomize", &customize.usercustomize)] {
        let Some(file) = file.as_ref().filter(|file| file.ends_with(b".py")) else { continue };
        // What fails at startup is judged with all that fails.
        if survey.resolution.failures.iter().any(|failure| failure.file == *file) {
            continue;
        }
        let step = files::step_of(survey, file.as_bstr());
        findings.extend(not_python(survey, name, file.as_bstr()).map(|finding| finding.step(step)));
    }
    if let Some(winner) = &customize.sitecustomize {
        shadowed(survey, winner.as_bstr(), true, findings);
    }
    if let Some(file) = &customize.usercustomize {
        let is_own = site.user_site.as_ref().is_some_and(|dir| survey.is_below(file.as_bstr(), dir.as_bstr()));
        let (message, effect) = if is_own {
            (
                sentence!(file, " runs at every start of Python by this user"),
                "its effects apply to this user and to nobody else",
            )
        } else {
            (
                sentence!(file, " runs at every start, because the user's site-packages is enabled"),
                "it runs for users whose site-packages is enabled, and not for others",
            )
        };
        let advice = "nothing is wrong if the module is wanted; PYTHONNOUSERSITE=1 or -s disables it";
        findings.push(
            Finding::new(&USERCUSTOMIZE_ACTIVE, message)
                .evidence(Evidence::about(file.clone(), "the first usercustomize on sys.path"))
                .effect(effect)
                .fix(Fix::advice(advice))
                .step(files::step_of(survey, file.as_bstr())),
        );
    }
}

/// Judges the modules by what else is in the environment.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(site) = &survey.resolution.site else { return };
    let customize = &site.customize;
    for (name, file) in [("sitecustomize", &customize.sitecustomize), ("usercustomize", &customize.usercustomize)] {
        let Some(file) = file.as_ref().filter(|file| file.ends_with(b".py")) else { continue };
        let is_known = survey.resolution.failures.iter().any(|failure| failure.file == *file);
        if !is_known && not_python(survey, name, file.as_bstr()).is_none() {
            findings.extend(missing_import(survey, name, file.as_bstr()));
        }
    }
    if let Some(winner) = &customize.sitecustomize {
        shadowed(survey, winner.as_bstr(), false, findings);
    }
}

/// What Python prints when the module fails.
fn effect(name: &str) -> BString {
    sentence!("Python prints at every start: Error in ", name, "; set PYTHONVERBOSE for traceback")
}

/// A file that cannot be compiled: it contains a NUL byte, or it is not UTF-8 and declares no encoding.
fn not_python(survey: &Survey<'_>, name: &str, file: &BStr) -> Option<Finding> {
    let content = files::content(survey, file).ok()?;
    let (at, what) = match memchr::memchr(0, &content) {
        Some(at) => (at, "contains a NUL byte"),
        None => (content.to_str().err()?.valid_up_to(), "is not UTF-8 and declares no encoding"),
    };
    if content.get(at) != Some(&0) && declares_encoding(&content) {
        return None;
    }
    let (number, line, column) = line_of(&content, at)?;
    let ownership = survey.owner_of(file);
    Some(
        Finding::new(
            &CUSTOMIZE_FAILS,
            sentence!(file, by_owner::origin(&ownership), " ", what, ", so it is not valid Python"),
        )
        .evidence(Evidence::line(file, number, files::shortened(line)).span(column..column + 1))
        .effect(effect(name))
        .fix(by_owner::disable(survey, file, &ownership)),
    )
}

/// Whether a comment in the first two lines declares an encoding (PEP 263).
fn declares_encoding(content: &[u8]) -> bool {
    content.lines().take(2).any(|line| line.trim_start().starts_with(b"#") && line.contains_str("coding"))
}

/// The line that contains a byte: its number from 1, its text, and the position of the byte in it.
fn line_of(content: &[u8], at: usize) -> Option<(usize, &BStr, usize)> {
    let before = content.get(..at)?;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = content.get(start..)?.split(|byte| *byte == b'\n').next()?;
    Some((memchr::memchr_iter(b'\n', before).count() + 1, line.as_bstr(), at - start))
}

/// A module that this release does not compile.
pub fn invalid(survey: &Survey<'_>, failure: &Failure, number: usize) -> Finding {
    let file = failure.file.as_bstr();
    let name = if survey.base_name(file).starts_with(b"user") { "usercustomize" } else { "sitecustomize" };
    if let Some(finding) = not_python(survey, name, file) {
        return finding;
    }
    let content = files::content(survey, file).unwrap_or_default();
    let line = content.lines().nth(number.saturating_sub(1)).unwrap_or_default();
    Finding::new(&CUSTOMIZE_FAILS, sentence!(failing::place(survey, failure), " is not valid Python"))
        .evidence(Evidence::line(file, number, files::shortened(line.as_bstr())).marking(line.trim()))
        .effect(sentence!(effect(name), ", and nothing of the module runs"))
        .fix(by_owner::disable(survey, file, &survey.owner_of(file)))
}

/// A module that certainly raises an exception, which Python prints.
pub fn fails(survey: &Survey<'_>, failure: &Failure, what: impl AsRef<[u8]>) -> Finding {
    let file = failure.file.as_bstr();
    let name = if survey.base_name(file).starts_with(b"user") { "usercustomize" } else { "sitecustomize" };
    Finding::new(&CUSTOMIZE_FAILS, sentence!(failing::place(survey, failure), " ", what))
        .evidence(first_statement(survey, file, "fails"))
        .effect(effect(name))
        .fix(by_owner::disable(survey, file, &survey.owner_of(file)))
}

/// A module that ends the process.
pub fn exits(survey: &Survey<'_>, failure: &Failure, exception: &str) -> Finding {
    let file = failure.file.as_bstr();
    Finding::new(&CUSTOMIZE_FAILS, sentence!(failing::place(survey, failure), " ends the process: ", exception))
        .severity(Severity::Error)
        .evidence(first_statement(survey, file, exception))
        .effect("Python fails to start: it exits while it imports site, before it runs anything else")
        .fix(by_owner::disable(survey, file, &survey.owner_of(file)))
}

/// The first statement of a module, which ends the process.
fn first_statement(survey: &Survey<'_>, file: &BStr, exception: &str) -> Evidence {
    let content = files::content(survey, file).unwrap_or_default();
    let is_code = |line: &[u8]| !line.trim().is_empty() && !line.starts_with(b"#");
    match content.lines().enumerate().find(|(_, line)| is_code(line)) {
        Some((index, line)) => Evidence::line(file, index + 1, files::shortened(line.as_bstr())).marking(line.trim()),
        None => Evidence::about(file, exception),
    }
}

/// An import at the beginning of the module whose failure nothing catches.
fn missing_import(survey: &Survey<'_>, name: &str, file: &BStr) -> Option<Finding> {
    let content = files::content(survey, file).ok()?;
    let (number, line, module) = imports(&content).find(|(_, _, module)| !survey.may_import(module))?;
    let ownership = survey.owner_of(file);
    let place = sentence!(file, by_owner::origin(&ownership));
    Some(
        Finding::new(
            &CUSTOMIZE_FAILS,
            sentence!(place, " probably fails: it imports ", module, ", which is not found on sys.path"),
        )
        .severity(Severity::Warning)
        .evidence(Evidence::line(file, number, files::shortened(line)).marking(module))
        .effect(effect(name))
        .fix(Fix::advice(sentence!("install ", module, ", or remove the import from ", file)))
        .step(files::step_of(survey, file)),
    )
}

/// The imports at the beginning of a module: nothing before them can end the module or change `sys.path`.
fn imports(content: &[u8]) -> impl Iterator<Item = (usize, &BStr, &str)> {
    let is_import = |line: &[u8]| line.starts_with(b"import ") || line.starts_with(b"from ");
    let is_nothing = |line: &[u8]| line.trim().is_empty() || line.starts_with(b"#");
    let lines = (1..).zip(content.lines()).take(MOST_LINES);
    let first = lines.take_while(move |(_, line)| is_nothing(line) || is_import(line) && !line.contains(&b';'));
    first.filter_map(move |(number, line)| {
        let text = line.to_str().ok().filter(|line| is_import(line.as_bytes()))?;
        let name = text.split_once(' ')?.1.trim_start().split([' ', ',', '#', '.']).next()?;
        let is_name = !name.is_empty() && name.chars().all(|c| c == '_' || c.is_alphanumeric());
        is_name.then_some((number, line.as_bstr(), name))
    })
}

/// Whether the first module may run the next one, as those of PDM, ddtrace, New Relic and `PyCharm` do.
fn may_hand_over(survey: &Survey<'_>, winner: &BStr) -> bool {
    match (files::content(survey, winner), survey.version()) {
        (Ok(content), Some(version)) if winner.ends_with(b".py") => {
            startup::may_import(&content, "sitecustomize", version)
        }
        _ => true,
    }
}

/// Other modules `sitecustomize`, which come later on `sys.path` and therefore do not run: those in directories that
/// startup has listed, or those in all others.
fn shadowed(survey: &Survey<'_>, winner: &BStr, is_listed: bool, findings: &mut Vec<Finding>) {
    let Some(sys) = &survey.resolution.sys else { return };
    if may_hand_over(survey, winner) {
        return;
    }
    let dir = survey.parent(winner);
    let later = sys.path.iter().skip_while(|entry| survey.absolute(entry.value.as_bstr()) != dir).skip(1);
    for entry in later.filter(|entry| entry.exists && !entry.value.is_empty()) {
        let place = survey.absolute(entry.value.as_bstr());
        let loser = survey.join(&place, "sitecustomize.py");
        let is_there = match survey.ask.known_listing(place.as_bstr()) {
            Some(names) if is_listed => names.iter().any(|name| *name == "sitecustomize.py"),
            None if !is_listed => survey.is_file(loser.as_bstr()),
            _ => false,
        };
        if !is_there || survey.same_file(loser.as_bstr(), winner) {
            continue;
        }
        let is_own = survey.own_site_dirs().any(|site| site.path == place);
        let origin = by_owner::origin(&survey.owner_of(loser.as_bstr()));
        let message = sentence!(loser, origin, " never runs, because ", winner, " comes first on sys.path");
        findings.push(
            Finding::new(&SITECUSTOMIZE_SHADOWED, message)
                .severity(if is_own { Severity::Warning } else { Severity::Info })
                .evidence(Evidence::about(loser.clone(), "a second sitecustomize on sys.path"))
                .evidence(Evidence::about(winner, "the first, which is imported"))
                .effect("Python imports only the first sitecustomize on sys.path")
                .fix(Fix::advice(sentence!(
                    "run the code of ",
                    loser,
                    " from an import line of a .pth file or, since 3.15, from a .start file, or move it into ",
                    winner
                )))
                .step(files::step_of(survey, winner)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_imports_at_the_beginning_count() {
        let module = b"# why\n\nimport os.path\nfrom corp.tracing import start\ntry:\n    import c\nimport d\n";
        let found: Vec<_> = imports(module).map(|(number, _, name)| (number, name)).collect();
        assert_eq!(found, [(3, "os"), (4, "corp")]);
        assert_eq!(imports(b"import site; site.addsitedir('/a')\nimport b\n").count(), 0);
        assert_eq!(imports(b"from . import a\n").count(), 0);
    }
}
