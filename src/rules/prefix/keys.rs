//! VD209 and VD216 to VD220: keys that do not say what they seem to say.

use bstr::{BString, ByteSlice};

use super::support::base;
use super::support::cfg;
use crate::environment::{Cfg, CfgLine, Survey};
use crate::rules::{Code, Confidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::Status;
use crate::startup::StepId;
use crate::text::python;
use crate::text::sentence;

pub(in crate::rules) static KEY_TWICE: Rule = Rule {
    code: Code("VD209"),
    name: "key-twice",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A key stands in pyvenv.cfg more than once, with different values.",
    why: "\
The path configuration stops at the first home. The site module goes on, and so do most other programs: for them the \
last one counts. Which base an environment has then depends on who is asked. It comes from scripts that append lines.",
    example: "\
home = /opt/python-3.11/bin
include-system-site-packages = false
home = /opt/python-3.12/bin",
    fix: "Keep one of the lines.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static CFG_VERSION_STALE: Rule = Rule {
    code: Code("VD216"),
    name: "cfg-version-stale",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The version in pyvenv.cfg is not that of the interpreter.",
    why: "\
No Python reads the key. It is what the creator found, and stays when the base is upgraded below the environment, which \
is usual for distributions of Linux. Editors show it; pre-commit compares it, and makes the environment anew.",
    example: "\
$ grep version .venv/pyvenv.cfg
version = 3.12.1
$ .venv/bin/python --version
Python 3.12.9",
    fix: "Write the version that runs, or leave it.",
    sources: &["pre-commit/pre-commit#2409", "CPython Lib/venv/__init__.py: create_configuration"],
};

pub(in crate::rules) static SYSTEM_SITE_MISSING: Rule = Rule {
    code: Code("VD217"),
    name: "system-site-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg does not say include-system-site-packages, which counts as true.",
    why: "\
The key has the default that nobody expects: where it is missing, the packages of the base and of the user are visible, \
and an import may find them instead of what was meant to be installed. Every creator writes the key; files written by \
hand leave it out.",
    example: "\
$ cat .venv/pyvenv.cfg
home = /usr/bin",
    fix: "Write include-system-site-packages = false, or true where that is wanted.",
    sources: &["CPython Lib/site.py: venv", "conda/conda#7173"],
};

pub(in crate::rules) static SYSTEM_SITE_ODD: Rule = Rule {
    code: Code("VD218"),
    name: "system-site-odd",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "include-system-site-packages is neither true nor false, and counts as false.",
    why: "\
The value is compared to the word true, in whatever case. 1, yes, on and a true with a comment behind it are all false, \
without a word. Other programs that read the file may think otherwise.",
    example: "include-system-site-packages = yes",
    fix: "Write true or false.",
    sources: &["CPython Lib/site.py: venv"],
};

pub(in crate::rules) static KEY_MISSPELLED: Rule = Rule {
    code: Code("VD219"),
    name: "key-misspelled",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "A key of pyvenv.cfg looks like a misspelled one that Python would read.",
    why: "\
Unknown keys are passed over. A slip in home leaves the environment without a base; one in \
include-system-site-packages makes it see the packages of the base, since a missing key counts as true.",
    example: "\
home = /usr/bin
include-system-packages = false",
    fix: "Write the key as Python wants it: home, include-system-site-packages.",
    sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.py: READ pyvenv.cfg"],
};

pub(in crate::rules) static LINE_WITHOUT_EQUALS: Rule = Rule {
    code: Code("VD220"),
    name: "line-without-equals",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of pyvenv.cfg has no equals sign, so that nobody reads it.",
    why: "\
Every reader takes the file line by line, and there is no way to escape a line break. Where the name of a directory holds \
one, home loses its end, and the rest stands on a line of its own, where it may even look like another key.",
    example: "\
home = /srv/build
42/bin
include-system-site-packages = false",
    fix: "Rename the directory and make the environment anew, or remove the line.",
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
/// The share of letters that a misspelled key has in common with what was meant.
const ALIKE: f64 = 0.8;
/// More lines are not shown.
const MOST_EVIDENCE: usize = 8;

/// Judges the lines of a file that is text. `is_relied_on` is false where somebody leaves keys out on purpose.
pub fn find(survey: &Survey<'_>, cfg: &Cfg, is_relied_on: bool, findings: &mut Vec<Finding>) {
    if !cfg.is_text() {
        return;
    }
    repeated(survey, cfg, findings);
    let misspelled: Vec<_> = [HOME, SYSTEM].into_iter().filter_map(|key| misspelled(survey, cfg, key)).collect();
    if cfg.last(SYSTEM).is_none() && !misspelled.iter().any(|(key, _)| *key == SYSTEM) && !marked(cfg, SYSTEM) {
        findings.extend(is_relied_on.then(|| system_site_missing(survey, cfg)));
    }
    findings.extend(misspelled.into_iter().map(|(_, finding)| finding));
    findings.extend(cfg.last(SYSTEM).and_then(|line| system_site_odd(survey, cfg, line)));
    findings.extend(without_equals(survey, cfg));
    findings.extend(version_stale(survey, cfg));
}

/// Whether a byte-order mark hides this key, which is a finding of its own.
fn marked(cfg: &Cfg, key: &str) -> bool {
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
        let advice = sentence!("keep ", key, " = ", kept.value, " alone in ", cfg.path);
        let fix = cfg::delete(survey, cfg, &others, advice);
        // What the site module sees stays as it is, so that nothing is lost but the contradiction.
        let fix = if kept.number == last.number && !fix.commands.is_empty() { fix.safe() } else { fix };
        let message =
            sentence!(cfg.path, " says ", key, " more than once: ", first.value, ", and at last ", last.value);
        findings.push(
            Finding::new(&KEY_TWICE, message)
                .all_evidence(lines.iter().take(MOST_EVIDENCE).map(|line| cfg::value_evidence(cfg, line)))
                .effect(effect)
                .fix(fix)
                .step(base::step(survey, StepId::VenvHome)),
        );
    }
}

const SYSTEM_TWICE: &str = "the site module takes the last one; other programs may take the first";

/// The first `home` that leads to a standard library, or else the first that exists, for that is the one that counts.
fn home_kept<'l>(survey: &Survey<'_>, first: &'l CfgLine, last: &'l CfgLine) -> (&'l CfgLine, BString) {
    let leads = |line: &CfgLine| base::landmark_above(survey, line.value.as_bstr()).is_some();
    let kept = if leads(first) || !leads(last) { first } else { last };
    let effect = sentence!(
        "the path configuration takes the first, ",
        first.value,
        "; the site module and most other readers take the last, ",
        last.value
    );
    (kept, effect)
}

fn is_same(key: &str, one: &CfgLine, other: &CfgLine) -> bool {
    one.value == other.value || key == SYSTEM && python::lower(&one.value) == python::lower(&other.value)
}

/// A key that is not there, while another one looks like it.
fn misspelled(survey: &Survey<'_>, cfg: &Cfg, meant: &'static str) -> Option<(&'static str, Finding)> {
    if cfg.last(meant).is_some() {
        return None;
    }
    let line = cfg.lines.iter().find(|line| line.key.as_ref().is_some_and(|key| is_like(key, meant)))?;
    let key = line.key.as_ref()?;
    let effect = if meant == SYSTEM {
        "it counts as missing, which means true: the packages of the base are visible"
    } else {
        "it counts as missing: the standard library is searched from the executable, or from the end of its links"
    };
    let mut fix = Fix::advice(sentence!("write ", meant, " in the place of ", key));
    if let Some(sed) = fixes::sed(survey) {
        let script = sentence!("s|^[[:space:]]*", fixes::pattern(key), "[[:space:]]*=|", meant, " =|");
        fix = fix.command(sed.word(script).word(&cfg.path));
    }
    let message = sentence!(cfg.path, " has the key ", key, ", which nobody reads; it looks like a misspelled ", meant);
    let finding = Finding::new(&KEY_MISSPELLED, message)
        .evidence(cfg::evidence(cfg, line, key))
        .effect(effect)
        .fix(fix)
        .step(base::step(survey, StepId::SiteVenvCfg));
    Some((meant, finding))
}

/// Whether a finding says that `home` is misspelled.
pub fn is_about_home(finding: &Finding) -> bool {
    *finding.rule == KEY_MISSPELLED && finding.message.ends_with(b" home")
}

/// Whether a key is nearly the one that is meant: a comment is not, nor is a key that only begins behind a mark.
fn is_like(key: &[u8], meant: &str) -> bool {
    let Ok(key) = std::str::from_utf8(key) else { return false };
    let key = key.to_lowercase().replace(['_', ' '], "-");
    if key.len() > 2 * meant.len() || key.starts_with(['#', ';', '\u{feff}']) || key == meant && meant == HOME {
        return false;
    }
    if meant == HOME {
        return strsim::damerau_levenshtein(&key, meant) == 1;
    }
    strsim::normalized_damerau_levenshtein(&key, meant) >= ALIKE
}

fn system_site_missing(survey: &Survey<'_>, cfg: &Cfg) -> Finding {
    let message = sentence!(cfg.path, " has no ", SYSTEM, ", so that the environment sees the packages of its base");
    let fix = cfg::append(survey, cfg, SYSTEM, b"true".as_bstr());
    let advice = sentence!(
        "say what is meant: true keeps what is in effect now, false keeps the base's packages out (as is usual); add the line to ",
        cfg.path
    );
    Finding::new(&SYSTEM_SITE_MISSING, message)
        .evidence(crate::rules::Evidence::about(cfg.path.clone(), sentence!("no line with the key ", SYSTEM)))
        .effect("a missing key counts as true: the isolation that the environment was made for is lost")
        .fix(Fix { advice, ..fix })
        .step(base::step(survey, StepId::SiteVenvSystem))
}

fn system_site_odd(survey: &Survey<'_>, cfg: &Cfg, line: &CfgLine) -> Option<Finding> {
    let value = python::lower(&line.value);
    if value == "true" || value == "false" {
        return None;
    }
    let message = sentence!(SYSTEM, " in ", cfg.path, " is neither true nor false, and counts as false: ", line.value);
    Some(
        Finding::new(&SYSTEM_SITE_ODD, message)
            .evidence(cfg::value_evidence(cfg, line))
            .effect("only the word true, in whatever case, lets the packages of the base in; other programs may read this differently")
            .fix(cfg::set(survey, cfg, line, b"false".as_bstr()))
            .step(base::step(survey, StepId::SiteVenvSystem)),
    )
}

/// Lines that nobody reads. One behind `home` may be the rest of it.
fn without_equals(survey: &Survey<'_>, cfg: &Cfg) -> Option<Finding> {
    let lost: Vec<&CfgLine> = cfg.lines.iter().filter(|line| is_lost(line)).collect();
    let first = lost.first()?;
    let numbers: Vec<usize> = lost.iter().map(|line| line.number).collect();
    let start =
        sentence!("line ", first.number.to_string(), " of ", cfg.path, " has no equals sign, so that nobody reads it");
    let rename = "rename the directory that has a line break in its name, and make the environment anew";
    let (message, fix, level) = if let Some((dir, _)) = cut_home(survey, cfg) {
        let message = sentence!(start, ": it is the rest of home, whose directory has a line break in its name, ", dir);
        let dies = survey.resolution.outcome.status == Status::FailsToInitialize;
        (message, Fix::advice(rename), if dies { Severity::Error } else { Severity::Warning })
    } else {
        (
            start,
            cfg::delete(survey, cfg, &numbers, sentence!("remove what nobody reads from ", cfg.path)),
            Severity::Info,
        )
    };
    Some(
        Finding::new(&LINE_WITHOUT_EQUALS, message)
            .severity(level)
            .all_evidence(
                lost.iter().take(MOST_EVIDENCE).map(|line| cfg::evidence(cfg, line, python::strip(&line.text))),
            )
            .effect("the format knows neither escapes nor continued lines: each line stands for itself")
            .fix(fix)
            .step(base::step(survey, StepId::SiteVenvCfg)),
    )
}

/// Whether a line says something that nobody reads.
fn is_lost(line: &CfgLine) -> bool {
    let bare = python::strip(&line.text);
    let bare = bare.strip_prefix(python::BYTE_ORDER_MARK).unwrap_or(bare);
    line.key.is_none() && !bare.is_empty() && !bare.starts_with(b"#")
}

/// The directory that `home` would name if the line behind it belonged to it, where there is such a directory; and the line.
pub fn cut_home<'c>(survey: &Survey<'_>, cfg: &'c Cfg) -> Option<(BString, &'c CfgLine)> {
    let home = cfg.all(HOME).next()?;
    let rest = cfg.lines.iter().find(|line| line.number == home.number + 1).filter(|line| is_lost(line))?;
    let dir = sentence!(home.value, "\n", rest.text);
    survey.is_dir(dir.as_bstr()).then_some((dir, home))
}

/// The version that the file names, where it is not that of the interpreter.
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
        " says that the environment is one of Python ",
        line.value,
        ", and its interpreter is ",
        version.to_string()
    );
    Some(
        Finding::new(&CFG_VERSION_STALE, message)
            .evidence(cfg::value_evidence(cfg, line))
            .effect("Python does not read this key; editors, pre-commit and others do, and show or compare the wrong version")
            .fix(cfg::set(survey, cfg, line, version.to_string().as_bytes().as_bstr()))
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
    fn likeness_is_meant_for_slips() {
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
    fn versions_as_creators_write_them() {
        for value in ["3.12.1", "3.12.1.final.0", "3.12.1+", "3.12.1rc1"] {
            assert_eq!(numbers(value.as_bytes()), Some((3, 12, 1)), "{value}");
        }
        for value in ["3.12", "", "x.y.z", "3.12.999"] {
            assert_eq!(numbers(value.as_bytes()), None, "{value}");
        }
    }
}
