//! VD202, VD205 to VD208 and VD224: where `home` in `pyvenv.cfg` leads.

use bstr::{BStr, BString, ByteSlice};

use super::encoding::CFG_BYTE_ORDER_MARK;
use super::stdlib::{self, STDLIB_MISSING};
use super::support::base;
use super::support::cause::Cause;
use super::support::cfg;
use super::support::undecorated::undecorated;
use super::{home_missing, keys};
use crate::environment::{Cfg, CfgLine, Survey};
use crate::host::path::module;
use crate::host::{FileKind, Platform};
use crate::rules::{Code, Confidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::{Status, StepId};
use crate::text::sentence;

pub(in crate::rules) static HOME_MASKED: Rule = Rule {
    code: Code("VD202"),
    name: "home-masked",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg leads to no standard library, and Python starts only because of its compiled-in prefix.",
    why: "\
The compiled-in prefix is the last place in which Python searches for the standard library. Python starts without a \
warning as long as that installation exists, and fails to start once it is removed. Editors and type checkers that rely \
on home find no standard library.",
    example: "\
$ cat .venv/pyvenv.cfg
home = /opt/python-3.12-removed/bin",
    fix: "Set home to the directory of the interpreter that the environment's symlink leads to.",
    sources: &["python/cpython#127440", "CPython Modules/getpath.py: CALCULATE STDLIB"],
};

pub(in crate::rules) static HOME_GONE: Rule = Rule {
    code: Code("VD205"),
    name: "home-gone",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The directory that home in pyvenv.cfg names does not exist.",
    why: "\
From 3.11 on, Python searches for the standard library from home upwards; if it finds none there or in its compiled-in \
prefix, it fails with No module named 'encodings'. Up to 3.10, a symlinked interpreter never reads home, and only other \
tools are misled. The base was moved or removed, or the environment comes from another machine.",
    example: "\
$ grep home .venv/pyvenv.cfg
home = /opt/python/bin
$ ls /opt/python
ls: cannot access '/opt/python': No such file or directory",
    fix: "Set home to the directory of an existing interpreter of that version, or recreate the environment.",
    sources: &["python/cpython#127440", "python/cpython#125873", "CPython Modules/getpath.py: CALCULATE STDLIB"],
};

pub(in crate::rules) static HOME_IS_FILE: Rule = Rule {
    code: Code("VD206"),
    name: "home-is-file",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg names the interpreter instead of its directory.",
    why: "\
From 3.11 on, the path configuration opens pybuilddir.txt below home. If home is a file, that fails with Not a directory, \
an error that the path configuration does not handle, and Python always fails to start: error evaluating path. Up to \
3.10, it does no harm.",
    example: "home = /usr/bin/python3.12",
    fix: "Set home to the directory that holds the interpreter.",
    sources: &["CPython Modules/getpath.py: CHECK FOR BUILD DIRECTORY", "aspect-build/rules_py#796"],
};

pub(in crate::rules) static HOME_RELATIVE: Rule = Rule {
    code: Code("VD207"),
    name: "home-relative",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg is a relative path, which depends on the directory in which Python is started.",
    why: "\
No reader of the file resolves home against the environment: a relative value is used as it is, relative to the working \
directory. Depending on that directory, the same environment uses one base or another, or fails to start. Tools that \
create relocatable environments write such values.",
    example: "home = ../python/bin",
    fix: "Write the absolute path.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "aspect-build/rules_py#1048"],
};

pub(in crate::rules) static HOME_DECORATED: Rule = Rule {
    code: Code("VD208"),
    name: "home-decorated",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg contains quotes, a comment or a variable, which Python takes literally.",
    why: "\
The format of the file has no quotes, no comments after values, no ~ and no variables: they become part of the path, \
which then does not exist. No error message mentions the quotes. A directory that really has such a name is not reported.",
    example: "home = \"/usr/bin\"  # the system's",
    fix: "Write only the path.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static HOME_BARREN: Rule = Rule {
    code: Code("VD224"),
    name: "home-barren",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "home is the directory of a symlink to the interpreter, without a standard library above it, and Python fails to start.",
    why: "\
The environment was created through a symlink to the executable alone, such as /usr/local/bin/python3. home is then the \
directory of the symlink, and from 3.11 on, Python searches there for the standard library; up to 3.10, it followed the \
symlink first. An ordinary build still starts because of its compiled-in prefix. That of relocatable builds, such as \
those of uv, mise and Bazel, does not exist: a new environment fails with No module named 'encodings'.",
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
    rules: &[&HOME_MASKED, &HOME_GONE, &HOME_IS_FILE, &HOME_RELATIVE, &HOME_DECORATED, &HOME_BARREN],
    judges: &[],
};

/// What follows from a `home` that leads to no standard library, where the compiled-in prefix has none either.
const NO_STDLIB: &str = "Python finds no standard library from there upwards or in its compiled-in prefix, and fails with No module named 'encodings'";

/// How the search for the standard library from this `home` ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    /// It found nothing, nor did the compiled-in prefix help: Python fails to start.
    Failed,
    /// It found nothing, and Python starts because of its compiled-in prefix.
    FellBack,
    /// It found a standard library.
    Succeeded,
    /// Python did not search from it: up to 3.10 with a symlinked interpreter, and always under `PYTHONHOME`.
    Skipped,
    /// Python ended before the search, or for another reason.
    Unknown,
}

impl Search {
    fn of(survey: &Survey<'_>, cause: Option<&Cause>) -> Self {
        let resolution = survey.resolution;
        if cause == Some(&Cause::Home) {
            return Self::Failed;
        }
        if resolution.outcome.status != Status::Starts {
            return Self::Unknown;
        }
        if base::searched_home(survey).is_none() {
            return Self::Skipped;
        }
        if base::step(survey, StepId::PrefixCompiled).is_some() { Self::FellBack } else { Self::Succeeded }
    }

    /// The severity of rules that are warnings by themselves.
    fn severity(self) -> Severity {
        match self {
            Self::Failed => Severity::Error,
            Self::Skipped => Severity::Info,
            Self::FellBack | Self::Succeeded | Self::Unknown => Severity::Warning,
        }
    }

    fn effect(self) -> &'static str {
        match self {
            Self::Failed => NO_STDLIB,
            Self::FellBack => {
                "Python fails to start once that installation is removed, and tools that rely on home find no standard library"
            }
            Self::Succeeded => {
                "Python searches from there upwards, even if the directory does not exist, and finds another installation"
            }
            Self::Skipped => "this startup does not search from home, but editors, type checkers and other tools do",
            Self::Unknown => "programs that read the file are misled",
        }
    }
}

/// Judges `home`. `is_on_purpose` is true where a build system leaves it out, or makes it relative, on purpose.
pub fn find(survey: &Survey<'_>, cfg: &Cfg, cause: Option<&Cause>, is_on_purpose: bool, findings: &mut Vec<Finding>) {
    if cfg.bytes().is_none() {
        return;
    }
    let used = base::searched_home(survey).map(|(home, _)| home);
    let line = match used {
        Some(home) => cfg.all("home").find(|line| line.value == home),
        None => cfg.last("home"),
    };
    let Some(line) = line.filter(|line| !line.value.is_empty()) else {
        if !findings.iter().any(|finding| *finding.rule == CFG_BYTE_ORDER_MARK) {
            findings.extend(home_missing::find(survey, cfg, cause, is_on_purpose));
        }
        return;
    };
    if keys::cut_home(survey, cfg).is_some_and(|(_, cut)| cut.number == line.number) {
        // VD220 reports the line after it, which is the cause.
        return;
    }
    let found = Home { survey, cfg, line, search: Search::of(survey, cause) }.judge(is_on_purpose);
    findings.extend(found.map(|found| found.step(base::searched_home(survey).map(|(_, step)| step))));
}

/// A `home` with its line, and what Python did with it.
struct Home<'s, 'a> {
    survey: &'s Survey<'a>,
    cfg: &'s Cfg,
    line: &'s CfgLine,
    search: Search,
}

impl Home<'_, '_> {
    fn value(&self) -> &BStr {
        self.line.value.as_bstr()
    }

    /// The finding of the most specific rule that applies.
    fn judge(&self, is_on_purpose: bool) -> Option<Finding> {
        let survey = self.survey;
        let kind = survey.metadata(self.value()).map(|metadata| metadata.kind);
        let is_missing = survey.is_missing(self.value());
        if is_missing && let Some(meant) = self.undecorated() {
            return Some(self.decorated(&meant));
        }
        if self.is_of_windows() {
            // VD512 reports the environment, which is as Windows needs it.
            return None;
        }
        if !base::is_rooted(survey, self.value()) {
            return Some(self.relative(is_on_purpose));
        }
        if self.search == Search::Unknown {
            return None;
        }
        match kind {
            Ok(FileKind::Directory) if self.search == Search::Failed => Some(self.without_stdlib()),
            Ok(FileKind::Directory) if self.search == Search::FellBack => {
                (!self.is_own_by_another_name()).then(|| self.masked())
            }
            Ok(FileKind::Directory) => None,
            Ok(_) => Some(self.file()),
            Err(_) if is_missing && self.search == Search::FellBack => Some(self.masked()),
            Err(_) if is_missing => Some(self.gone()),
            Err(_) => None,
        }
    }

    /// Whether it is a path of Windows, in an environment that was made there.
    fn is_of_windows(&self) -> bool {
        let has_drive =
            matches!(self.value().as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
        let survey = self.survey;
        let is_foreign = has_drive && survey.platform() != Platform::Windows;
        is_foreign && survey.is_file(survey.join(survey.root(), "Scripts/python.exe").as_bstr())
    }

    fn finding(&self, rule: &'static Rule, message: BString) -> Finding {
        Finding::new(rule, message).evidence(cfg::value_evidence(self.cfg, self.line)).severity(self.search.severity())
    }

    /// Sets `home` to another directory, or recreates the environment where none is known.
    fn set(&self, candidate: Option<BString>) -> Fix {
        match candidate.or_else(|| base::home_for(self.survey, self.cfg)) {
            Some(home) => cfg::set(self.survey, self.cfg, self.line, home.as_bstr()),
            None => fixes::recreate(self.survey),
        }
    }

    /// The candidate, if a standard library is above it.
    fn leading(&self, candidate: BString) -> Option<BString> {
        base::landmark_above(self.survey, candidate.as_bstr()).map(|_| candidate)
    }

    /// The value without quotes, comment and variables, if it has any.
    fn undecorated(&self) -> Option<BString> {
        let value = self.value();
        let bare = undecorated(value, |name| self.survey.resolution.invocation.variable(name).map(ToOwned::to_owned));
        (bare != value).then_some(bare)
    }

    fn decorated(&self, meant: &BString) -> Finding {
        let message = sentence!(
            "home in ",
            self.cfg.path,
            " names no directory, because Python takes it literally: ",
            self.value()
        );
        let fix = self.set(self.leading(meant.clone()));
        self.finding(&HOME_DECORATED, message)
            .effect(sentence!(
                "the format has no quotes, comments, ~ or variables, so they are part of the value; ",
                self.search.effect()
            ))
            .fix(fix)
    }

    fn relative(&self, is_on_purpose: bool) -> Finding {
        let survey = self.survey;
        let message = sentence!("home in ", self.cfg.path, " is a relative path: ", self.value());
        let below = |dir: &BStr| module::normpath(survey.flavor(), survey.join(dir, self.value()).as_bstr());
        let candidates = [survey.absolute(b"".as_bstr()), survey.root().to_owned(), survey.parent(survey.root())];
        let found = candidates.iter().find_map(|dir| self.leading(below(dir.as_bstr())));
        let effect = match self.search {
            Search::Failed => sentence!("it is relative to the working directory, not to the environment; ", NO_STDLIB),
            Search::Skipped => self.search.effect().into(),
            _ => "it is relative to the working directory, not to the environment: started elsewhere, Python may use another base or fail to start".into(),
        };
        let severity =
            if is_on_purpose && self.search != Search::Failed { Severity::Info } else { self.search.severity() };
        self.finding(&HOME_RELATIVE, message).severity(severity).effect(effect).fix(self.set(found))
    }

    fn file(&self) -> Finding {
        let survey = self.survey;
        let message =
            sentence!("home in ", self.cfg.path, " names a file instead of the directory of that file: ", self.value());
        let effect = match self.search {
            Search::Failed => {
                "from 3.11 on, Python looks for pybuilddir.txt below it and fails with the error Not a directory"
            }
            _ => self.search.effect(),
        };
        let fix = self.set(self.leading(survey.parent(self.value())));
        self.finding(&HOME_IS_FILE, message).effect(effect).fix(fix)
    }

    fn gone(&self) -> Finding {
        let message = sentence!("home in ", self.cfg.path, " is ", self.value(), ", which does not exist");
        self.finding(&HOME_GONE, message).effect(self.search.effect()).fix(self.set(None))
    }

    /// The directory exists, but Python finds no standard library from it.
    fn without_stdlib(&self) -> Finding {
        let message =
            sentence!("home in ", self.cfg.path, " is ", self.value(), ", which has no standard library above it");
        let Some(home) = base::home_for(self.survey, self.cfg) else {
            let finding = self.finding(&STDLIB_MISSING, message).effect(NO_STDLIB);
            return finding.fix(stdlib::restore(self.survey));
        };
        let message = sentence!(message, "; the standard library of the interpreter is above ", home);
        self.finding(&HOME_BARREN, message).effect(NO_STDLIB).fix(self.set(Some(home)))
    }

    /// Whether this is the `bin` directory of the installation in use under another name, such as `/bin` for `/usr/bin`.
    fn is_own_by_another_name(&self) -> bool {
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
            "; Python starts only because its compiled-in prefix, ",
            prefix,
            ", has one"
        );
        self.finding(&HOME_MASKED, message).effect(self.search.effect()).fix(self.set(None))
    }
}
