//! VD209 and VD216 to VD220: lines of `pyvenv.cfg` that do not have the effect that they seem to have.

use bstr::{BString, ByteSlice};

use super::orphaned;
use super::support::base;
use super::support::cfg;
use crate::environment::{Cfg, CfgLine, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Part, Rule, Severity, Substitution, Topic, fixes};
use crate::startup::{Status, StepId};
use crate::text::{python, sentence};

pub(in crate::rules) static KEY_TWICE: Rule = Rule {
    code: Code("VD209"),
    name: "key-twice",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A key occurs more than once in pyvenv.cfg, with different values.",
    why: "\
The path configuration uses the first home. The site module and most other programs read on and use the last one. Which \
base an environment has therefore depends on the program that reads the file. Scripts that append lines cause this.",
    example: "\
home = /opt/python-3.11/bin
include-system-site-packages = false
home = /opt/python-3.12/bin",
    fix: "Keep only one of the lines.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static CFG_VERSION_STALE: Rule = Rule {
    code: Code("VD216"),
    name: "cfg-version-stale",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The version in pyvenv.cfg is not the version of the interpreter.",
    why: "\
Python does not read this key. The creator writes it, and it stays the same when the base is upgraded, as Linux \
distributions do. Editors show it; pre-commit compares it with the interpreter's version and recreates the environment.",
    example: "\
$ grep version .venv/pyvenv.cfg
version = 3.12.1
$ .venv/bin/python --version
Python 3.12.9",
    fix: "Set it to the version of the interpreter, or leave it as it is.",
    sources: &["pre-commit/pre-commit#2409", "CPython Lib/venv/__init__.py: create_configuration"],
};

pub(in crate::rules) static SYSTEM_SITE_MISSING: Rule = Rule {
    code: Code("VD217"),
    name: "system-site-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg has no include-system-site-packages key, which counts as true.",
    why: "\
The default is the opposite of what venv writes: without the key, the packages of the base and of the user site \
directory are visible, and an import may find them instead of the packages that were meant to be installed. Every \
creator writes the key; files written by hand may lack it.",
    example: "\
$ cat .venv/pyvenv.cfg
home = /usr/bin",
    fix: "Add include-system-site-packages = false, or true if the packages of the base are wanted.",
    sources: &["CPython Lib/site.py: venv", "conda/conda#7173"],
};

pub(in crate::rules) static SYSTEM_SITE_ODD: Rule = Rule {
    code: Code("VD218"),
    name: "system-site-odd",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "include-system-site-packages is neither true nor false, so it counts as false.",
    why: "\
Python compares the value with the word true, ignoring case. 1, yes, on and true followed by a comment all count as \
false, without a warning. Other programs that read the file may treat them differently.",
    example: "include-system-site-packages = yes",
    fix: "Write true or false.",
    sources: &["CPython Lib/site.py: venv"],
};

pub(in crate::rules) static KEY_MISSPELLED: Rule = Rule {
    code: Code("VD219"),
    name: "key-misspelled",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "A key of pyvenv.cfg is probably a misspelling of a key that Python reads.",
    why: "\
Python ignores unknown keys. If home is misspelled, the environment has no base; if include-system-site-packages is \
misspelled, it sees the packages of the base, because a missing key counts as true.",
    example: "\
home = /usr/bin
include-system-packages = false",
    fix: "Correct the key: home or include-system-site-packages.",
    sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.py: READ pyvenv.cfg"],
};

pub(in crate::rules) static LINE_WITHOUT_EQUALS: Rule = Rule {
    code: Code("VD220"),
    name: "line-without-equals",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of pyvenv.cfg has no equals sign, so it is ignored.",
    why: "\
Every reader takes the file line by line, and the format cannot escape a line break. If the name of a directory contains \
one, home is cut off at the line break, and the rest of the path is read as another line, perhaps even as another key.",
    example: "\
home = /srv/build
42/bin
include-system-site-packages = false",
    fix: "Rename the directory and recreate the environment, or remove the line.",
    sources: &["CPython Lib/site.py: venv", "CPython Lib/venv/__init__.py: create_configuration"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[
        &KEY_TWICE,
        &CFG_VERSION_STALE,
        &SYSTEM_SITE_MISSING,
        &SYSTEM_SITE_ODD,
        &KEY_MISSPELLED,
        &LINE_WITHOUT_EQUALS,
    ],
    judges: &[],
};

const HOME: &str = "home";
const SYSTEM: &str = "include-system-site-packages";
/// How similar a misspelled key has to be to the intended key, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.8;
/// At most this many lines are shown as evidence.
const MOST_EVIDENCE: usize = 8;

/// Judges the lines of a file that is text. `is_complete` is false where keys are missing on purpose.
pub fn find(survey: &Survey<'_>, cfg: &Cfg, is_complete: bool, findings: &mut Vec<Finding>) {
    if !cfg.is_text() {
        return;
    }
    repeated(survey, cfg, findings);
    let misspelled: Vec<_> = [HOME, SYSTEM].into_iter().filter_map(|key| misspelled(survey, cfg, key)).collect();
    if cfg.last(SYSTEM).is_none()
        && !misspelled.iter().any(|(key, _)| *key == SYSTEM)
        && !is_hidden_by_mark(cfg, SYSTEM)
    {
        findings.extend(is_complete.then(|| system_site_missing(survey, cfg)));
    }
    findings.extend(misspelled.into_iter().map(|(_, finding)| finding));
    findings.extend(cfg.last(SYSTEM).and_then(|line| system_site_odd(survey, cfg, line)));
    findings.extend(without_equals(survey, cfg));
    findings.extend(version_stale(survey, cfg));
}

/// Whether a byte-order mark hides this key, which VD210 reports.
fn is_hidden_by_mark(cfg: &Cfg, key: &str) -> bool {
    let first = cfg.lines.first().and_then(|line| line.key.as_ref());
    cfg.has_mark()
        && first.is_some_and(|first| python::lower(&first[python::BYTE_ORDER_MARK.len().min(first.len())..]) == key)
}

fn repeated(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    for key in [HOME, SYSTEM] {
        let lines: Vec<&CfgLine> = cfg.all(key).collect();
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { continue };
        if lines.iter().all(|line| is_same(key, line, first)) {
            continue;
        }
        let (kept, effect) = if key == HOME { home_kept(survey, first, last) } else { (*last, SYSTEM_TWICE.into()) };
        let others: Vec<usize> =
            lines.iter().filter(|line| line.number != kept.number).map(|line| line.number).collect();
        let advice = sentence!("keep only the line ", key, " = ", kept.value, " in ", cfg.path);
        let fix = cfg::delete(survey, cfg, &others, advice);
        // The last line is the one that the site module uses, so that its behavior does not change.
        let fix = if kept.number == last.number && !fix.commands.is_empty() { fix.safe() } else { fix };
        let message =
            sentence!(cfg.path, " sets ", key, " more than once: first to ", first.value, ", last to ", last.value);
        findings.push(
            Finding::new(&KEY_TWICE, message)
                .all_evidence(lines.iter().take(MOST_EVIDENCE).map(|line| cfg::value_evidence(cfg, line)))
                .effect(effect)
                .fix(fix)
                .step(base::step(survey, StepId::VenvHome)),
        );
    }
}

const SYSTEM_TWICE: &str = "the site module uses the last value; other programs may use the first";

/// The line to keep, and what follows from having both. The first `home` is the one from which Python searches for its
/// standard library, so it is kept unless only the last leads to one.
fn home_kept<'l>(survey: &Survey<'_>, first: &'l CfgLine, last: &'l CfgLine) -> (&'l CfgLine, BString) {
    let leads = |line: &CfgLine| base::landmark_above(survey, line.value.as_bstr()).is_some();
    let kept = if leads(first) || !leads(last) { first } else { last };
    let effect = sentence!(
        "the path configuration uses the first value, ",
        first.value,
        "; the site module and most other programs use the last, ",
        last.value
    );
    (kept, effect)
}

fn is_same(key: &str, one: &CfgLine, other: &CfgLine) -> bool {
    one.value == other.value || key == SYSTEM && python::lower(&one.value) == python::lower(&other.value)
}

/// A misspelled `home`.
pub fn misspelled_home(survey: &Survey<'_>, cfg: &Cfg) -> Option<Finding> {
    misspelled(survey, cfg, HOME).map(|(_, finding)| finding)
}

/// The finding that the file lacks a key and has a similar one, with the intended key.
fn misspelled(survey: &Survey<'_>, cfg: &Cfg, meant: &'static str) -> Option<(&'static str, Finding)> {
    if cfg.last(meant).is_some() {
        return None;
    }
    let line = cfg.lines.iter().find(|line| line.key.as_ref().is_some_and(|key| is_like(key, meant)))?;
    let key = line.key.as_ref()?;
    let effect = if meant == SYSTEM {
        "Python treats include-system-site-packages as missing, which means true: the packages of the base are visible"
    } else {
        "Python treats home as missing, and searches for the standard library from the executable, or from the end of its symlinks"
    };
    let mut fix = Fix::advice(sentence!("rename the key ", key, " to ", meant, " in ", cfg.path));
    let renamed = Substitution::everywhere(Part::Key(key.to_owned()), sentence!(meant, " ="));
    if let Some(line) = fixes::substitute(survey, [renamed], [&cfg.path]) {
        fix = fix.command(line);
    }
    let message = sentence!(
        cfg.path,
        " has the key ",
        key,
        ", which Python does not read; it is probably a misspelling of ",
        meant
    );
    let finding = Finding::new(&KEY_MISSPELLED, message)
        .evidence(cfg::evidence(cfg, line, key))
        .effect(effect)
        .fix(fix)
        .step(base::step(survey, StepId::SiteVenvCfg));
    Some((meant, finding))
}

/// Whether a key is similar to the intended key. A comment is not, nor is a key after a byte-order mark.
fn is_like(key: &[u8], meant: &str) -> bool {
    let Ok(key) = std::str::from_utf8(key) else { return false };
    let key = key.to_lowercase().replace(['_', ' '], "-");
    if key.len() > 2 * meant.len() || key.starts_with(['#', ';', '\u{feff}']) || key == meant && meant == HOME {
        return false;
    }
    if meant == HOME {
        return strsim::damerau_levenshtein(&key, meant) == 1;
    }
    strsim::normalized_damerau_levenshtein(&key, meant) >= MIN_SIMILARITY
}

fn system_site_missing(survey: &Survey<'_>, cfg: &Cfg) -> Finding {
    let message = sentence!(cfg.path, " has no ", SYSTEM, " key, so the environment sees the packages of its base");
    let fix = cfg::append(survey, cfg, SYSTEM, b"true".as_bstr());
    let advice = sentence!(
        "add ",
        SYSTEM,
        " to ",
        cfg.path,
        ": true keeps the current behavior, false hides the packages of the base (the usual choice)"
    );
    Finding::new(&SYSTEM_SITE_MISSING, message)
        .evidence(Evidence::about(cfg.path.clone(), sentence!("no line with the key ", SYSTEM)))
        .effect("a missing key counts as true, so the environment is not isolated from its base")
        .fix(Fix { advice, ..fix })
        .step(base::step(survey, StepId::SiteVenvSystem))
}

fn system_site_odd(survey: &Survey<'_>, cfg: &Cfg, line: &CfgLine) -> Option<Finding> {
    let value = python::lower(&line.value);
    if value == "true" || value == "false" {
        return None;
    }
    let message =
        sentence!(SYSTEM, " in ", cfg.path, " is neither true nor false, so it counts as false: ", line.value);
    Some(
        Finding::new(&SYSTEM_SITE_ODD, message)
            .evidence(cfg::value_evidence(cfg, line))
            .effect("only the word true, in any case, makes the packages of the base visible; other programs may treat this value differently")
            .fix(cfg::set(survey, cfg, line, b"false".as_bstr()))
            .step(base::step(survey, StepId::SiteVenvSystem)),
    )
}

/// Lines that are ignored. One after `home` may be the rest of its value.
fn without_equals(survey: &Survey<'_>, cfg: &Cfg) -> Option<Finding> {
    let ignored: Vec<&CfgLine> = cfg.lines.iter().filter(|line| is_ignored(line)).collect();
    let first = ignored.first()?;
    let numbers: Vec<usize> = ignored.iter().map(|line| line.number).collect();
    let start = sentence!("line ", first.number.to_string(), " of ", cfg.path, " has no equals sign, so it is ignored");
    let rename = "rename the directory whose name contains a line break, and recreate the environment";
    let (message, fix, level) = if let Some((dir, _)) = cut_home(survey, cfg) {
        let message =
            sentence!(start, ": it is the rest of home, which names a directory with a line break in its name, ", dir);
        let fails = survey.resolution.outcome.status == Status::FailsToInitialize;
        (message, Fix::advice(rename), if fails { Severity::Error } else { Severity::Warning })
    } else {
        (
            start,
            cfg::delete(survey, cfg, &numbers, sentence!("remove the lines without an equals sign from ", cfg.path)),
            Severity::Info,
        )
    };
    Some(
        Finding::new(&LINE_WITHOUT_EQUALS, message)
            .severity(level)
            .all_evidence(
                ignored.iter().take(MOST_EVIDENCE).map(|line| cfg::evidence(cfg, line, python::strip(&line.text))),
            )
            .effect("the format has neither escapes nor continuation lines: each line is read on its own")
            .fix(fix)
            .step(base::step(survey, StepId::SiteVenvCfg)),
    )
}

/// Whether a line is neither a setting nor blank nor a comment.
fn is_ignored(line: &CfgLine) -> bool {
    let bare = python::strip(&line.text);
    let bare = bare.strip_prefix(python::BYTE_ORDER_MARK).unwrap_or(bare);
    line.key.is_none() && !bare.is_empty() && !bare.starts_with(b"#")
}

/// The directory that `home` names together with the line after it, if such a directory exists; and the line of `home`.
pub fn cut_home<'c>(survey: &Survey<'_>, cfg: &'c Cfg) -> Option<(BString, &'c CfgLine)> {
    let home = cfg.all(HOME).next()?;
    let rest = cfg.lines.iter().find(|line| line.number == home.number + 1).filter(|line| is_ignored(line))?;
    let dir = sentence!(home.value, "\n", rest.text);
    survey.is_dir(dir.as_bstr()).then_some((dir, home))
}

/// A version in the file that is not the version of the interpreter.
fn version_stale(survey: &Survey<'_>, cfg: &Cfg) -> Option<Finding> {
    let version = survey.version()?;
    let line = cfg.lines.iter().find(|line| line.is("version_info") || line.is("version"))?;
    let named = numbers(&line.value)?;
    let real = (version.major, version.minor, version.micro?);
    if named == real {
        return None;
    }
    let message = sentence!(
        cfg.path,
        " records Python ",
        line.value,
        " for the environment, but its interpreter is Python ",
        version.to_string()
    );
    Some(
        Finding::new(&CFG_VERSION_STALE, message)
            .evidence(cfg::value_evidence(cfg, line))
            .effect("Python does not read this key; editors, pre-commit and other tools do, and show or compare the wrong version")
            .fix(cfg::set(survey, cfg, line, version.to_string().as_bytes().as_bstr()))
            // The version that the packages are for must not be forgotten before they are used again.
            .follows_from_what_happened_to(&survey.root().to_owned(), &[&orphaned::SITE_PACKAGES_ORPHANED])
            .step(base::step(survey, StepId::SiteVenvCfg)),
    )
}

/// The three numbers with which `3.12.1`, `3.12.1.final.0` and `3.13.0rc2` begin.
fn numbers(value: &[u8]) -> Option<(u8, u8, u8)> {
    let mut parts = value.splitn(3, |&byte| byte == b'.').map(|part| {
        let digits = part.iter().take_while(|byte| byte.is_ascii_digit()).count();
        part.get(..digits)?.to_str().ok()?.parse().ok()
    });
    Some((parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_misspelled_keys_are_similar() {
        for (key, meant) in [
            ("include-system-packages", SYSTEM),
            ("include_system_site_packages", SYSTEM),
            ("Include-System-Site-Package", SYSTEM),
            ("hom", HOME),
            ("homes", HOME),
            ("hoem", HOME),
        ] {
            assert!(is_like(key.as_bytes(), meant), "{key}");
        }
        for (key, meant) in [("# home", HOME), ("#home", HOME), ("name", HOME), ("prompt", SYSTEM), ("version", HOME)] {
            assert!(!is_like(key.as_bytes(), meant), "{key}");
        }
    }

    #[test]
    fn versions_are_read_as_creators_write_them() {
        for value in ["3.12.1", "3.12.1.final.0", "3.12.1+", "3.12.1rc1"] {
            assert_eq!(numbers(value.as_bytes()), Some((3, 12, 1)), "{value}");
        }
        for value in ["3.12", "", "x.y.z", "3.12.999"] {
            assert_eq!(numbers(value.as_bytes()), None, "{value}");
        }
    }
}
