//! VD202, VD204 to VD208, VD224: where `home` in `pyvenv.cfg` leads.

use bstr::{BStr, BString, ByteSlice};

use super::base;
use super::cause::Cause;
use super::cfg;
use super::keys;
use super::undecorated::undecorated;
use crate::environment::{Cfg, CfgLine, Survey};
use crate::host::FileKind;
use crate::host::path::module;
use crate::rules::{Code, Evidence, Finding, Fix, Severity, fixes};
use crate::startup::StepId;
use crate::startup::{Resolution, Status};
use crate::text::sentence;

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
        if !findings.iter().any(|finding| finding.code == Code::CfgByteOrderMark) {
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
        Finding::new(Code::HomeKeyMissing, message)
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

    fn finding(&self, code: Code, message: BString) -> Finding {
        Finding::new(code, message).evidence(cfg::value_evidence(self.cfg, self.line)).severity(self.fate.severity())
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
        self.finding(Code::HomeDecorated, message)
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
        self.finding(Code::HomeRelative, message).severity(severity).effect(effect).fix(self.set(found))
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
        self.finding(Code::HomeIsFile, message).effect(effect).fix(fix)
    }

    fn gone(&self) -> Finding {
        let message = sentence!("home in ", self.cfg.path, " is ", self.value(), ", which does not exist");
        self.finding(Code::HomeGone, message).effect(self.effect()).fix(self.set(None))
    }

    /// The directory is there, but no standard library.
    fn barren(&self) -> Finding {
        let message =
            sentence!("home in ", self.cfg.path, " is ", self.value(), ", above which there is no standard library");
        let Some(home) = base::home_for(self.survey, self.cfg) else {
            let finding = self.finding(Code::StdlibMissing, message).effect(DEADLY);
            return finding.fix(super::stdlib::restore(self.survey));
        };
        let message = sentence!(message, "; the interpreter that it is linked to has one above ", home);
        self.finding(Code::HomeBarren, message).effect(DEADLY).fix(self.set(Some(home)))
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
        self.finding(Code::HomeMasked, message).effect(self.effect()).fix(self.set(None))
    }
}
