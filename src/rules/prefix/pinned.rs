//! VD221 and VD228: `home` names a directory that an update, or the removal of another environment, removes.

use bstr::{BStr, BString, ByteSlice};

use super::support::alias;
use super::support::base;
use super::support::cfg;
use crate::environment::{Cfg, CfgLine, Survey};
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Finding, Fix, Line, Rule, Severity, Topic, fixes};
use crate::startup::StepId;
use crate::text::sentence;

pub(in crate::rules) static HOME_PINNED: Rule = Rule {
    code: Code("VD221"),
    name: "home-pinned",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "home names the directory of one release, which the next update removes, although a stable path leads to the same installation.",
    why: "\
Homebrew's Cellar, the Nix store and uv's interpreters have a directory for each release, and in addition a stable path \
that follows updates. An environment that was created through the former breaks with the next brew upgrade or garbage \
collection; one created through the latter does not. The release may be pinned on purpose.",
    example: "\
home = /opt/homebrew/Cellar/python@3.12/3.12.4/bin
$ ls -d /opt/homebrew/opt/python@3.12/bin",
    fix: "Use the stable path in home and in the symlink to the interpreter.",
    sources: &["astral-sh/uv#1640", "NixOS/nixpkgs#171429", "pypa/virtualenv#3166"],
};

pub(in crate::rules) static HOME_IN_ENVIRONMENT: Rule = Rule {
    code: Code("VD228"),
    name: "home-in-environment",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "home names a directory of an environment instead of an installation.",
    why: "\
Up to 3.10, an environment that was created by the python of another environment records that one as its home and \
symlinks to it. Later versions do so only if the other environment has no home itself. It works until the other \
environment is removed or recreated; then this one has lost its base.",
    example: "\
$ outer/bin/python3.10 -m venv inner
$ grep home inner/pyvenv.cfg
home = /home/ada/outer/bin",
    fix: "Change the symlink to the base installation of the other environment, and set home to its directory.",
    sources: &["python/cpython#74994", "pypa/virtualenv#1421", "astral-sh/uv#249"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&HOME_PINNED, &HOME_IN_ENVIRONMENT], judges: &[] };

/// Judges the directory that `home` names, if startup shows that the base is elsewhere.
pub fn startup(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    if let Some(line) = home_line(survey, cfg).filter(|line| is_elsewhere(survey, line)) {
        findings.extend(nested(survey, cfg, line));
    }
}

/// Judges the directory that `home` names, if it exists.
pub fn find(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    let Some(line) = home_line(survey, cfg).filter(|line| survey.is_dir(line.value.as_bstr())) else { return };
    let home = line.value.as_bstr();
    if outer_environment(survey, cfg, home).is_some() {
        findings.extend(nested(survey, cfg, line).filter(|_| !is_elsewhere(survey, line)));
    } else if let Some(alias) = alias::lasting(survey, home) {
        findings.push(pinned(survey, cfg, line, &alias));
    }
}

fn home_line<'c>(survey: &Survey<'_>, cfg: &'c Cfg) -> Option<&'c CfgLine> {
    cfg.last("home").filter(|line| base::is_rooted(survey, line.value.as_bstr()))
}

/// Whether the interpreter is not in `home`, or no standard library is above that. Nothing has to be asked for this.
fn is_elsewhere(survey: &Survey<'_>, line: &CfgLine) -> bool {
    let file = survey.resolution.identification.file.as_ref();
    file.is_some_and(|file| survey.parent(file.as_bstr()) != line.value) || finds_no_stdlib(survey)
}

/// That `home` is in an environment.
fn nested(survey: &Survey<'_>, cfg: &Cfg, line: &CfgLine) -> Option<Finding> {
    let home = line.value.as_bstr();
    let outer = Some(home).filter(|home| survey.is_dir(home)).and_then(|home| outer_environment(survey, cfg, home))?;
    // The rules about `home` report that it leads to no standard library.
    let is_reported = outer == survey.root() && finds_no_stdlib(survey);
    (!is_reported).then(|| in_environment(survey, cfg, line, &outer))
}

/// Whether the search from `home` found no standard library.
fn finds_no_stdlib(survey: &Survey<'_>) -> bool {
    base::searched_home(survey).is_some() && base::step(survey, StepId::PrefixCompiled).is_some()
}

/// The environment that `home` is the `bin` directory of.
fn outer_environment(survey: &Survey<'_>, cfg: &Cfg, home: &BStr) -> Option<BString> {
    if cfg.last("extends-environment").is_some() {
        return None;
    }
    let outer = survey.parent(home);
    let marker = survey.join(&outer, "pyvenv.cfg");
    let is_environment = survey.is_file(marker.as_bstr()) && base::landmark(survey, outer.as_bstr()).is_none();
    is_environment.then_some(outer)
}

fn in_environment(survey: &Survey<'_>, cfg: &Cfg, line: &CfgLine, outer: &BString) -> Finding {
    let is_own = outer == survey.root();
    let message = if is_own {
        sentence!("home in ", cfg.path, " is the environment's own directory, ", line.value)
    } else {
        sentence!("home in ", cfg.path, " is in another environment, ", outer)
    };
    let effect = if is_own {
        "the file does not say where the base is: tools that rely on home find no standard library"
    } else {
        "this environment breaks when the other one breaks, is removed or is recreated"
    };
    let real = final_home(survey, outer);
    let fix = match real {
        Some(home) => {
            let set = cfg::set(survey, cfg, line, home.as_bstr());
            let advice = sentence!(
                "change the symlink of the environment to the interpreter in ",
                home,
                ", and set home to that directory"
            );
            Fix { advice, ..set }.commands(relink(survey, outer))
        }
        None => fixes::recreate(survey),
    };
    Finding::new(&HOME_IN_ENVIRONMENT, message)
        .evidence(cfg::value_evidence(cfg, line))
        .effect(effect)
        .fix(fix)
        .step(base::step(survey, StepId::SiteVenvCfg))
}

/// The directory of the interpreter at the end of the symlinks, if a standard library is above it.
fn final_home(survey: &Survey<'_>, outer: &BString) -> Option<BString> {
    let file = survey.resolution.identification.file.as_ref()?;
    let dir = survey.parent(file.as_bstr());
    let is_outside = !survey.is_below(dir.as_bstr(), outer.as_bstr());
    (is_outside && base::landmark_above(survey, dir.as_bstr()).is_some()).then_some(dir)
}

/// Changes the symlink of this environment that leads into the other one to the interpreter itself.
fn relink(survey: &Survey<'_>, outer: &BString) -> Option<Line> {
    let identification = &survey.resolution.identification;
    let file = identification.file.as_ref().filter(|_| survey.flavor() == Flavor::Posix)?;
    let hop = identification.hops.iter().find(|hop| {
        let target = base::hop_target(survey, hop.path.as_bstr(), hop.target.as_bstr());
        survey.is_below(survey.absolute(hop.path.as_bstr()).as_bstr(), survey.root())
            && survey.is_below(target.as_bstr(), outer.as_bstr())
            && !survey.is_below(target.as_bstr(), survey.root())
    })?;
    Some(fixes::symlink(survey, file, hop.path.as_bstr()))
}

fn pinned(survey: &Survey<'_>, cfg: &Cfg, line: &CfgLine, alias: &BString) -> Finding {
    let message = sentence!(
        "home in ",
        cfg.path,
        " names the directory of one release, ",
        line.value,
        ", although ",
        alias,
        " leads to the same installation"
    );
    let identification = &survey.resolution.identification;
    let name = fixes::python(survey);
    let hop = identification.hops.iter().find(|hop| {
        let target = base::hop_target(survey, hop.path.as_bstr(), hop.target.as_bstr());
        // A package manager's own symlinks, outside of the environment, are not to be changed.
        let is_own = survey.is_below(survey.absolute(hop.path.as_bstr()).as_bstr(), survey.root());
        is_own && survey.parent(target.as_bstr()) == line.value
    });
    let symlink = hop.map(|hop| fixes::symlink(survey, survey.join(alias, &name), hop.path.as_bstr()));
    Finding::new(&HOME_PINNED, message)
        .evidence(cfg::value_evidence(cfg, line))
        .effect("the next update removes the directory of this release, which breaks the environment")
        .fix(cfg::set(survey, cfg, line, alias.as_bstr()).commands(symlink))
        .step(base::step(survey, StepId::SiteVenvCfg))
}
