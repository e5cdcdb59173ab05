//! VD202, VD204 to VD208, VD224: where `home` in `pyvenv.cfg` leads.

use bstr::{BStr, BString, ByteSlice};

use super::keys;
use super::support::base;
use super::support::cause::Cause;
use super::support::cfg;
use super::support::undecorated::undecorated;
use crate::environment::{Cfg, CfgLine, Survey};
use crate::host::FileKind;
use crate::host::path::module;
use crate::rules::prefix::encoding::CFG_BYTE_ORDER_MARK;
use crate::rules::prefix::stdlib::STDLIB_MISSING;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::StepId;
use crate::startup::{Resolution, Status};
use crate::text::sentence;

pub(in crate::rules) static HOME_MASKED: Rule = Rule {
    code: Code("VD202"),
    name: "home-masked",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg leads to no standard library, and Python starts only with the prefix that is compiled into it.",
    why: "\
The compiled-in prefix is the last resort of the search for the standard library. Python starts without a word as long \
as that installation is there, and dies when it is removed. Editors and type checkers that trust home find no standard \
library at all.",
    example: "\
$ cat .venv/pyvenv.cfg
home = /opt/python-3.12-that-was/bin",
    fix: "Set home to the directory of the interpreter that the environment is linked to.",
    sources: &["python/cpython#127440", "CPython Modules/getpath.py: CALCULATE STDLIB"],
};

pub(in crate::rules) static HOME_MISSING: Rule = Rule {
    code: Code("VD204"),
    name: "home-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg has no home, so that nothing says where the base is.",
    why: "\
The site module sees an environment all the same. The path configuration of 3.11 to 3.13 sees none and goes by the \
executable; from 3.14 on it sees one without a base. A linked interpreter mostly starts, but sys._base_executable is \
the environment's own python, and environments made from it record this one as their home. A copy of a relocatable \
build dies. Some build systems leave the key out on purpose.",
    example: "\
$ cat .venv/pyvenv.cfg
include-system-site-packages = false",
    fix: "Add home with the directory of the base interpreter.",
    sources: &["python/cpython#135773", "CPython Modules/getpath.py: READ pyvenv.cfg"],
};

pub(in crate::rules) static HOME_GONE: Rule = Rule {
    code: Code("VD205"),
    name: "home-gone",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The directory that home in pyvenv.cfg names does not exist.",
    why: "\
From 3.11 on the standard library is searched from home upwards, and where that and the compiled-in prefix come to \
nothing Python dies with No module named 'encodings'. Up to 3.10 a linked interpreter never reads home, and only other \
tools are misled. The base was moved or removed, or the environment comes from another machine.",
    example: "\
$ grep home .venv/pyvenv.cfg
home = /opt/python/bin
$ ls /opt/python
ls: cannot access '/opt/python': No such file or directory",
    fix: "Set home to the directory of the interpreter that is there, or make the environment anew.",
    sources: &["python/cpython#127440", "python/cpython#125873", "CPython Modules/getpath.py: CALCULATE STDLIB"],
};

pub(in crate::rules) static HOME_IS_FILE: Rule = Rule {
    code: Code("VD206"),
    name: "home-is-file",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg names the interpreter, and should name its directory.",
    why: "\
From 3.11 on the path configuration opens pybuilddir.txt below home. Below a file that fails with Not a directory, an \
error that it does not expect, and Python always dies: error evaluating path. Up to 3.10 it does no harm.",
    example: "home = /usr/bin/python3.12",
    fix: "Set home to the directory that holds the interpreter.",
    sources: &["CPython Modules/getpath.py: CHECK FOR BUILD DIRECTORY", "aspect-build/rules_py#796"],
};

pub(in crate::rules) static HOME_RELATIVE: Rule = Rule {
    code: Code("VD207"),
    name: "home-relative",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg is relative, and counts from wherever Python happens to be started.",
    why: "\
No reader of the file puts home below the environment: a relative value is used as it stands, against the working \
directory. The same environment then takes one base here, another one there, and dies in a third place. Generators of \
environments that can be moved write such values.",
    example: "home = ../python/bin",
    fix: "Write the whole path.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "aspect-build/rules_py#1048"],
};

pub(in crate::rules) static HOME_DECORATED: Rule = Rule {
    code: Code("VD208"),
    name: "home-decorated",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg has quotes, a comment or a variable in it, which Python takes literally.",
    why: "\
The format of the file has no quotes, no comments behind values, no ~ and no variables: all of it becomes part of the \
path, which then does not exist. No message ever mentions the quotes. A directory that really has such a name is left alone.",
    example: "home = \"/usr/bin\"  # the system's",
    fix: "Write the path and nothing else.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static HOME_BARREN: Rule = Rule {
    code: Code("VD224"),
    name: "home-barren",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "home is the directory of a link to the interpreter, with no standard library above it, and Python dies.",
    why: "\
The environment was made through a link to the executable alone, such as /usr/local/bin/python3. home is then the directory \
of the link, and from 3.11 on the standard library is searched there; up to 3.10 the link was followed first. An \
ordinary build is saved by its compiled-in prefix. Builds that can be put anywhere, such as those of uv, mise and Bazel, \
have none that exists: a new environment dies with No module named 'encodings'.",
    example: "\
$ ln -s /opt/python/bin/python3.12 /usr/local/bin/python3.12
$ python3.12 -m venv .venv
$ .venv/bin/python
Could not find platform independent libraries <prefix>
ModuleNotFoundError: No module named 'encodings'",
    fix: "Set home to the directory of the interpreter itself.",
    sources: &["astral-sh/python-build-standalone#380", "python/cpython#115237", "pypa/virtualenv#3157"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&HOME_MASKED, &HOME_MISSING, &HOME_GONE, &HOME_IS_FILE, &HOME_RELATIVE, &HOME_DECORATED, &HOME_BARREN],
    judges: &[],
};

/// The rule of the step in which nothing was found, and the compiled-in prefix counts.
const FALLBACK: StepId = StepId::PrefixCompiled;
/// What follows from a home that leads to no standard library.
const DEADLY: &str = "nothing is found from there upwards, nor below the prefix that is compiled in: Python dies with No module named 'encodings'";

/// What becomes of a start with this `home`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Python dies of it.
    Dies,
    /// The search from it came to nothing, and the compiled-in prefix saved Python.
    Masked,
    /// The search from it found something.
    Leads,
    /// The path configuration did not take it: up to 3.10 that of a linked interpreter, always under `PYTHONHOME`.
    Unread,
    /// Python did not get so far.
    Unknown,
}

impl Fate {
    fn of(survey: &Survey<'_>, cause: Option<&Cause>) -> Self {
        let resolution = survey.resolution;
        if cause == Some(&Cause::Home) {
            return Self::Dies;
        }
        if resolution.outcome.status != Status::Starts {
            return Self::Unknown;
        }
        if base::searched_home(survey).is_none() {
            return Self::Unread;
        }
        if fell_back(resolution) { Self::Masked } else { Self::Leads }
    }

    /// How bad it is where the rule says a warning.
    fn severity(self) -> Severity {
        match self {
            Self::Dies => Severity::Error,
            Self::Unread => Severity::Info,
            Self::Masked | Self::Leads | Self::Unknown => Severity::Warning,
        }
    }
}

fn fell_back(resolution: &Resolution) -> bool {
    resolution.steps.iter().any(|step| step.id == FALLBACK)
}

/// Judges `home`. `is_made_so` is true where a build system leaves it out, or writes it relative, on purpose; `lines`
/// is what was found out about single lines.
pub fn find(
    survey: &Survey<'_>,
    cfg: &Cfg,
    cause: Option<&Cause>,
    is_made_so: bool,
    lines: &[Finding],
    findings: &mut Vec<Finding>,
) {
    if cfg.bytes().is_none() {
        return;
    }
    let fate = Fate::of(survey, cause);
    let used = base::searched_home(survey).map(|(home, _)| home);
    let line = match used {
        Some(home) => cfg.all("home").find(|line| line.value == home),
        None => cfg.last("home"),
    };
    let Some(line) = line.filter(|line| !line.value.is_empty()) else {
        if !findings.iter().any(|finding| *finding.rule == CFG_BYTE_ORDER_MARK) {
            findings.extend(missing(survey, cfg, cause, is_made_so, lines));
        }
        return;
    };
    if keys::cut_home(survey, cfg).is_some_and(|(_, cut)| cut.number == line.number) {
        // The line behind it says more.
        return;
    }
    let found = Home { survey, cfg, line, fate }.judge(is_made_so);
    findings.extend(found.map(|found| found.step(base::searched_home(survey).map(|(_, step)| step))));
}

/// There is no `home`, or an empty one.
fn missing(
    survey: &Survey<'_>,
    cfg: &Cfg,
    cause: Option<&Cause>,
    is_made_so: bool,
    lines: &[Finding],
) -> Option<Finding> {
    let dies = matches!(cause, Some(Cause::Home | Cause::Stdlib));
    let misspelled = lines.iter().find(|finding| keys::is_about_home(finding));
    if misspelled.is_some() && !dies || !cfg.is_text() || survey.resolution.outcome.status == Status::FailsToExecute {
        return None;
    }
    let is_modern = survey.version().is_some_and(|version| version.minor >= 11);
    let is_linked = !survey.resolution.identification.hops.is_empty();
    let severity = match () {
        () if dies => Severity::Error,
        () if is_made_so || !is_modern && is_linked => Severity::Info,
        () => Severity::Warning,
    };
    let effect = if dies {
        DEADLY
    } else if is_modern {
        "Python searches from the executable, or from the end of its links; sys._base_executable is the environment's own python, so that environments made from this one take it for their base"
    } else {
        "up to 3.10 a linked interpreter finds its standard library all the same; editors and other tools that want home do not"
    };
    let empty = cfg.last("home");
    let fix = match (misspelled.and_then(|finding| finding.fix.clone()), base::home_for(survey, cfg), empty) {
        (Some(fix), ..) => fix,
        (None, Some(home), Some(line)) => cfg::set(survey, cfg, line, home.as_bstr()),
        (None, Some(home), None) => cfg::append(survey, cfg, "home", home.as_bstr()),
        (None, None, _) => fixes::recreate(survey),
    };
    let evidence = match empty {
        Some(line) => Evidence::line(cfg.path.clone(), line.number, line.text.clone()),
        None => Evidence::about(cfg.path.clone(), "no line with the key home"),
    };
    let says = if empty.is_some() { " has an empty home" } else { " has no home" };
    let message = sentence!(cfg.path, says, ", so that nothing in it says where the base is");
    Some(
        Finding::new(&HOME_MISSING, message)
            .severity(severity)
            .evidence(evidence)
            .effect(effect)
            .fix(fix)
            .step(base::step(survey, StepId::VenvHome)),
    )
}

/// A `home` with the line that says so.
struct Home<'s, 'a> {
    survey: &'s Survey<'a>,
    cfg: &'s Cfg,
    line: &'s CfgLine,
    fate: Fate,
}

impl Home<'_, '_> {
    fn value(&self) -> &BStr {
        self.line.value.as_bstr()
    }

    /// The most specific thing that can be said.
    fn judge(&self, is_made_so: bool) -> Option<Finding> {
        let survey = self.survey;
        let kind = survey.metadata(self.value()).map(|metadata| metadata.kind);
        let is_missing = survey.is_missing(self.value());
        if is_missing && let Some(meant) = self.undecorated() {
            return Some(self.decorated(&meant));
        }
        if !base::is_rooted(survey, self.value()) {
            return Some(self.relative(is_made_so));
        }
        if self.fate == Fate::Unknown {
            return None;
        }
        match kind {
            Ok(FileKind::Directory) if self.fate == Fate::Dies => Some(self.barren()),
            Ok(FileKind::Directory) if self.fate == Fate::Masked => (!self.is_own_by_link()).then(|| self.masked()),
            Ok(FileKind::Directory) => None,
            Ok(_) => Some(self.file()),
            Err(_) if is_missing && self.fate == Fate::Masked => Some(self.masked()),
            Err(_) if is_missing => Some(self.gone()),
            Err(_) => None,
        }
    }

    fn finding(&self, rule: &'static Rule, message: BString) -> Finding {
        Finding::new(rule, message).evidence(cfg::value_evidence(self.cfg, self.line)).severity(self.fate.severity())
    }

    /// Another directory in the place of this one, or the environment made anew where none is known.
    fn set(&self, candidate: Option<BString>) -> Fix {
        match candidate.or_else(|| base::home_for(self.survey, self.cfg)) {
            Some(home) => cfg::set(self.survey, self.cfg, self.line, home.as_bstr()),
            None => fixes::recreate(self.survey),
        }
    }

    /// The candidate, where a standard library lies above it.
    fn leading(&self, candidate: BString) -> Option<BString> {
        base::landmark_above(self.survey, candidate.as_bstr()).map(|_| candidate)
    }

    fn effect(&self) -> &'static str {
        match self.fate {
            Fate::Dies => DEADLY,
            Fate::Masked => {
                "nothing is found from there upwards; only the prefix that is compiled into the interpreter saves it"
            }
            Fate::Leads => {
                "the search goes upwards from there, whether or not the directory exists, and found another installation"
            }
            Fate::Unread => "this start does not search from home; editors, type checkers and other tools do",
            Fate::Unknown => "whoever reads the file is led astray",
        }
    }

    /// What the value would be without quotes, comment and variables, where it has any.
    fn undecorated(&self) -> Option<BString> {
        let value = self.value();
        let bare = undecorated(value, |name| self.survey.resolution.invocation.variable(name).map(ToOwned::to_owned));
        (bare != value).then_some(bare)
    }

    fn decorated(&self, meant: &BString) -> Finding {
        let message = sentence!("home in ", self.cfg.path, " names no directory as it is written: ", self.value());
        let fix = self.set(self.leading(meant.clone()));
        self.finding(&HOME_DECORATED, message)
            .effect(sentence!(
                "quotes, comments, ~ and variables are part of the value, for the format knows none of them; ",
                self.effect()
            ))
            .fix(fix)
    }

    fn relative(&self, is_made_so: bool) -> Finding {
        let survey = self.survey;
        let message = sentence!("home in ", self.cfg.path, " is relative: ", self.value());
        let below = |dir: &BStr| module::normpath(survey.flavor(), survey.join(dir, self.value()).as_bstr());
        let candidates = [survey.absolute(b"".as_bstr()), survey.root().to_owned(), survey.parent(survey.root())];
        let found = candidates.iter().find_map(|dir| self.leading(below(dir.as_bstr())));
        let effect = match self.fate {
            Fate::Dies => sentence!("it counts from the working directory, not from the environment; here ", DEADLY),
            Fate::Unread => self.effect().into(),
            _ => "it counts from the working directory, not from the environment: started elsewhere, Python takes another base or dies".into(),
        };
        let severity = if is_made_so && self.fate != Fate::Dies { Severity::Info } else { self.fate.severity() };
        self.finding(&HOME_RELATIVE, message).severity(severity).effect(effect).fix(self.set(found))
    }

    fn file(&self) -> Finding {
        let survey = self.survey;
        let message =
            sentence!("home in ", self.cfg.path, " is a file, and should be the directory it is in: ", self.value());
        let effect = match self.fate {
            Fate::Dies => {
                "from 3.11 on Python looks for pybuilddir.txt below it and dies over the error: Not a directory"
            }
            _ => self.effect(),
        };
        let fix = self.set(self.leading(survey.parent(self.value())));
        self.finding(&HOME_IS_FILE, message).effect(effect).fix(fix)
    }

    fn gone(&self) -> Finding {
        let message = sentence!("home in ", self.cfg.path, " is ", self.value(), ", which does not exist");
        self.finding(&HOME_GONE, message).effect(self.effect()).fix(self.set(None))
    }

    /// The directory is there, but no standard library.
    fn barren(&self) -> Finding {
        let message =
            sentence!("home in ", self.cfg.path, " is ", self.value(), ", above which there is no standard library");
        let Some(home) = base::home_for(self.survey, self.cfg) else {
            let finding = self.finding(&STDLIB_MISSING, message).effect(DEADLY);
            return finding.fix(super::stdlib::restore(self.survey));
        };
        let message = sentence!(message, "; the interpreter that it is linked to has one above ", home);
        self.finding(&HOME_BARREN, message).effect(DEADLY).fix(self.set(Some(home)))
    }

    /// Whether this is the directory of programs of the installation in use by another name, such as `/bin` for `/usr/bin`,
    /// where nothing above it is searched.
    fn is_own_by_link(&self) -> bool {
        let prefix = self.survey.resolution.sys.as_ref().map(|sys| self.survey.join(&sys.base_prefix, "bin"));
        prefix.is_some_and(|own| self.survey.same_file(own.as_bstr(), self.value()))
    }

    fn masked(&self) -> Finding {
        let resolution = self.survey.resolution;
        let prefix = resolution.sys.as_ref().map(|sys| sys.base_prefix.clone()).unwrap_or_default();
        let message = sentence!(
            "home in ",
            self.cfg.path,
            " leads to no standard library: ",
            self.value(),
            "; Python starts only because ",
            prefix,
            ", which is compiled into it, still has one"
        );
        self.finding(&HOME_MASKED, message).effect(self.effect()).fix(self.set(None))
    }
}
