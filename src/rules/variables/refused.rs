//! Values of variables and `-X` options that Python does not accept.

use bstr::{BStr, ByteSlice};

use super::support::notation::{self, Meaning};
use super::support::settings;
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::RefusedSetting;
use crate::text::sentence;

pub(in crate::rules) static VARIABLE_REFUSED: Rule = Rule {
    code: Code("VD324"),
    name: "variable-refused",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "An environment variable has a value that Python does not accept, and Python fails to start.",
    why: "\
While it starts, Python reads PYTHONHASHSEED, PYTHONUTF8, PYTHONMALLOC, PYTHONTRACEMALLOC, PYTHONIOENCODING and, \
depending on the release, about ten more variables strictly: a value that is not valid is a fatal error, for every Python \
that is started from the same shell. Case and blanks count. PYTHONIOENCODING must name an encoding of text that this \
Python has.",
    example: "\
$ PYTHONIOENCODING='UTF-8 python3' python3.12
Fatal Python error: init_stdio_encoding: failed to get the Python codec name of the stdio encoding
LookupError: unknown encoding: UTF-8 python3",
    fix: "Unset the variable, or give it a valid value, and correct the profile that sets it.",
    sources: &["CPython Python/preconfig.c", "CPython Python/initconfig.c", "AuReMe/metage2metabo#31"],
};

pub(in crate::rules) static OPTION_REFUSED: Rule = Rule {
    code: Code("VD325"),
    name: "option-refused",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A -X option has a value that Python does not accept, and Python fails to start.",
    why: "\
Python ignores -X options that it does not know. Those that it knows it reads strictly: a value that is not valid, or a \
missing one where a value is needed, is a fatal error. A valid option does not save an invalid variable of the same \
meaning, except -X utf8.",
    example: "\
$ python3.12 -X utf8=yes
Fatal Python error: preconfig_init_utf8_mode: invalid -X utf8 option value",
    fix: "Leave the option out, or give it a valid value.",
    sources: &["CPython Python/preconfig.c", "CPython Python/initconfig.c"],
};

pub(in crate::rules) static WARNING_FILTER_IGNORED: Rule = Rule {
    code: Code("VD326"),
    name: "warning-filter-ignored",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "PYTHONWARNINGS contains a filter that Python does not understand; it prints a line at every start.",
    why: "\
Each filter has the form action:message:category:module:line. Python reads the filters before site runs, so a category \
of an installed package cannot be found: site-packages is not on sys.path yet. The line is on standard error, where it \
disturbs programs that read the output of this one.",
    example: "\
$ PYTHONWARNINGS=ignore::urllib3.exceptions.InsecureRequestWarning .venv/bin/python -c pass
Invalid -W option ignored: invalid module name: 'urllib3.exceptions'",
    fix: "Correct or remove the filter; for a category of a package, use warnings.filterwarnings in the program.",
    sources: &["CPython Lib/warnings.py: _setoption", "python/cpython#66733"],
};

pub(in crate::rules) static STARTUP_FILE_MISSING: Rule = Rule {
    code: Code("VD327"),
    name: "startup-file-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "PYTHONSTARTUP names a file that cannot be opened; every interactive session complains.",
    why: "\
Only interactive sessions read the variable. They print Could not open PYTHONSTARTUP and start without the file, so that \
what it would set up is missing. If it is a directory, they print nothing.",
    example: "\
$ PYTHONSTARTUP=/etc/pythonstart python3
Could not open PYTHONSTARTUP
FileNotFoundError: [Errno 2] No such file or directory: '/etc/pythonstart'",
    fix: "Unset PYTHONSTARTUP, or restore the file.",
    sources: &["CPython Modules/main.c: pymain_run_startup", "astral-sh/python-build-standalone#81"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&VARIABLE_REFUSED, &OPTION_REFUSED, &WARNING_FILTER_IGNORED, &STARTUP_FILE_MISSING],
    judges: &[Judge { when: When::Startup(231), find }],
};

/// Judges every value that startup refused.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    findings.extend(survey.resolution.refused.iter().map(|refused| judge(survey, refused)));
}

/// The file that was meant, where the value uses a notation that Python does not interpret; else nothing.
fn startup_file(survey: &Survey<'_>, value: &BStr) -> Fix {
    let is_odd = notation::complaint(survey.flavor(), value).is_some();
    match notation::meaning(survey, value) {
        Meaning::Paths(paths) if is_odd && paths.len() == 1 => {
            settings::export(survey, "PYTHONSTARTUP", paths[0].as_bstr())
        }
        Meaning::Shell(shell) => settings::export_expanded(survey, "PYTHONSTARTUP", shell.as_bstr()),
        _ => fixes::unset(survey, "PYTHONSTARTUP"),
    }
}

fn judge(survey: &Survey<'_>, refused: &RefusedSetting) -> Finding {
    let name = refused.shown_name();
    let value = refused.value.clone().unwrap_or_default();
    let evidence = Evidence::about(name.clone(), value.clone());
    let unset = || fixes::unset(survey, refused.name);
    let finding = if refused.name == "-W" {
        Finding::new(&WARNING_FILTER_IGNORED, sentence!("the filter -W ", value, " does not count: ", refused.problem))
            .effect("Python ignores this filter, and prints a line about it")
            .fix(Fix::advice("correct the filter, or leave it out"))
    } else if refused.name == "PYTHONWARNINGS" {
        Finding::new(&WARNING_FILTER_IGNORED, sentence!("PYTHONWARNINGS contains ", value, ": ", refused.problem))
            .effect("Python ignores this filter, and prints a line about it at every start")
            .fix(unset())
    } else if refused.name == "PYTHONSTARTUP" {
        Finding::new(&STARTUP_FILE_MISSING, sentence!("PYTHONSTARTUP names ", value, ", which ", refused.problem))
            .effect("every interactive session starts without the file, and prints an error unless it is a directory")
            .fix(startup_file(survey, value.as_bstr()))
    } else if refused.is_option {
        let given = if refused.value.is_some() { sentence!("is ", value) } else { "has no value".into() };
        Finding::new(&OPTION_REFUSED, sentence!(name, " ", given, "; Python accepts ", refused.problem, " only"))
            .effect("Python fails to start before it runs any code")
            .fix(Fix::advice(format!("leave {name} out, or give it a valid value")))
    } else if refused.name == "PYTHONIOENCODING" {
        Finding::new(&VARIABLE_REFUSED, sentence!("PYTHONIOENCODING is ", value, "; ", refused.problem))
            .effect(
                "every Python that is started from this shell fails to start; a valid value is utf-8, or utf-8:replace",
            )
            .fix(unset())
    } else {
        Finding::new(&VARIABLE_REFUSED, sentence!(name, " is ", value, "; Python accepts ", refused.problem, " only"))
            .effect("every Python that is started from this shell and reads this variable fails to start")
            .fix(unset())
    };
    finding.evidence(evidence).step(refused.step)
}
