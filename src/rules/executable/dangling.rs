//! A link that leads nowhere, where its target tells what happened.

use bstr::{BStr, BString, ByteSlice};

use super::support::own_fixes;
use crate::environment::Survey;
use crate::host::Platform;
use crate::host::path::module;
use crate::interpreter::Problem;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static REFRESH_LEFT_DANGLING: Rule = Rule {
    code: Code("VD120"),
    name: "refresh-left-dangling",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "home in pyvenv.cfg names an interpreter that exists, but the links still lead to one that is gone.",
    why: "\
Whoever runs `python -m venv` again over a broken environment gets a new pyvenv.cfg and the old links: venv does not \
touch a name that is a link already, and does not look whether it leads anywhere. It reports success. With --copies it \
fails, for it opens the missing target.",
    example: "\
$ grep home .venv/pyvenv.cfg
home = /usr/bin
$ readlink .venv/bin/python
/opt/python-3.12.1/bin/python3.12",
    fix: "The commands delete the dangling links before they run venv --upgrade.",
    sources: &["python/cpython#143768", "python/cpython#87679", "CPython Lib/venv/__init__.py: symlink_or_copy"],
};

pub(in crate::rules) static CELLAR_REMOVED: Rule = Rule {
    code: Code("VD121"),
    name: "cellar-removed",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter or its library was in a version directory of Homebrew that is gone.",
    why: "\
Homebrew installs each release into Cellar/FORMULA/VERSION and deletes the old one at an upgrade. The name that lasts \
is opt/FORMULA, a link to the present one; environments that recorded the Cellar break with `brew upgrade` or `brew \
cleanup`. A copied interpreter breaks in the same way by its library: dyld: Library not loaded.",
    example: "\
$ readlink .venv/bin/python
/opt/homebrew/Cellar/python@3.12/3.12.4/bin/python3.12
$ ls /opt/homebrew/Cellar/python@3.12
3.12.6",
    fix: "Link the environment to the interpreter in opt, which outlives upgrades.",
    sources: &["astral-sh/uv#1640", "pypa/hatch#90", "Homebrew/homebrew-core#42627"],
};

pub(in crate::rules) static STORE_COLLECTED: Rule = Rule {
    code: Code("VD122"),
    name: "store-collected",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter was in a path of the Nix store that has been collected.",
    why: "\
What no root refers to is free to go, and an environment is no root: after an update of the profile or flake the \
garbage collection removes the interpreter, and the link dangles.",
    example: "\
$ readlink .venv/bin/python
/nix/store/0c2ag5n7d6xk1n2z4r6m8q0s3v5y7b9d-python3-3.12.4/bin/python3.12",
    fix: "Make the environment anew and register its interpreter as a root; `nix-store --realize` brings the path \
back where a cache still has it.",
    sources: &["NixOS/nixpkgs#171429", "cachix/devenv#336"],
};

pub(in crate::rules) static OTHER_MACHINE: Rule = Rule {
    code: Code("VD123"),
    name: "other-machine",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is linked to a place that exists on another machine only.",
    why: "\
The environment was committed, zipped, mounted into a container or copied from a builder image. Its links name the \
home of a user who has none here, or a directory such as /Users that only another system has.",
    example: "\
$ readlink .venv/bin/python
/Users/ada/.local/share/uv/python/cpython-3.12.10-macos-aarch64-none/bin/python3.12
$ uname
Linux",
    fix: "Link it to an interpreter of this machine, or where it comes from another system, make it anew; keep it out of \
the repository and the build context.",
    sources: &["astral-sh/uv-docker-example#33", "copier-org/copier#2226", "python-poetry/poetry#7873"],
};

pub(in crate::rules) static TOOL_INTERPRETER_REMOVED: Rule = Rule {
    code: Code("VD124"),
    name: "tool-interpreter-removed",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter was one of a version manager or tool cache that has removed it.",
    why: "\
uv, pyenv, mise, asdf and the images of CI services keep each release in a directory of its own. `uv python uninstall`, \
an upgrade, or a new image removes the directory, and environments that were made with it dangle; a cache of environments \
that is keyed by the lock file alone restores them on the wrong image.",
    example: "\
$ readlink .venv/bin/python
/opt/hostedtoolcache/Python/3.12.4/x64/bin/python
$ ls /opt/hostedtoolcache/Python
3.12.7",
    fix: "Link to another patch release of the same feature release, or have the tool install this one again. Key \
caches by the whole version.",
    sources: &["astral-sh/uv#7614", "tox-dev/tox-uv#216", "digitalfabrik/lunes-cms#956"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&REFRESH_LEFT_DANGLING, &CELLAR_REMOVED, &STORE_COLLECTED, &OTHER_MACHINE, &TOOL_INTERPRETER_REMOVED],
    judges: &[],
};

/// A dangling link, and what surrounds it.
struct Dangling<'d, 's> {
    survey: &'d Survey<'s>,
    link: &'d BStr,
    /// The path that does not exist: absolute and normal.
    missing: BString,
    /// The nearest directory above it that does.
    nearest: &'d BStr,
}

/// The directories in which tools keep interpreters, each below a name with its version.
const MANAGERS: [(&str, [&str; 2]); 9] = [
    ("uv", ["uv", "python"]),
    ("pyenv", [".pyenv", "versions"]),
    ("pyenv", ["pyenv", "versions"]),
    ("the tool cache of the CI machine", ["hostedtoolcache", "Python"]),
    ("the tool cache of the CI machine", ["_tool", "Python"]),
    ("mise", ["mise", "installs/python"]),
    ("asdf", [".asdf", "installs/python"]),
    ("Rye", [".rye", "py"]),
    ("Hatch", ["hatch", "pythons"]),
];

/// Directories that only macOS has.
const ONLY_MACOS: [&str; 5] = ["/Users", "/opt/homebrew", "/Library/Frameworks", "/Applications", "/private"];
/// Directories that only machines of services have, which build and test what others commit.
const ONLY_SERVICES: [&str; 4] = ["/workspaces", "/__w", "/__t", "/github"];

/// Says what happened to the target of `link`, where that can be told; else the general rule applies.
pub fn judge(survey: &Survey<'_>, link: &BStr, target: &BStr, nearest: Option<&BString>) -> Option<Finding> {
    let absolute = survey.absolute(link);
    let missing = survey.join(survey.parent(absolute.as_bstr()), target);
    let missing = module::normpath(survey.flavor(), missing.as_bstr());
    let nearest = nearest.map_or(b"/".as_bstr(), |nearest| nearest.as_bstr());
    let case = Dangling { survey, link, missing, nearest };
    case.nix()
        .or_else(|| case.cellar())
        .or_else(|| case.refreshed())
        .or_else(|| case.other_machine())
        .or_else(|| case.tool())
}

impl Dangling<'_, '_> {
    fn finding(&self, rule: &'static Rule, what: impl AsRef<[u8]>) -> Finding {
        Finding::new(rule, sentence!(self.link, " is a link to ", self.missing, what)).fix(self.fix())
    }

    fn fix(&self) -> Fix {
        let target = self.missing.clone();
        own_fixes::fix(self.survey, &Problem::DanglingLink { link: self.link.to_owned(), target, nearest: None })
    }

    /// `/nix/store`, or a store elsewhere: whatever no root holds is collected.
    fn nix(&self) -> Option<Finding> {
        let (above, rest) = self.missing.split_once_str(b"/nix/store/")?;
        let entry = rest.split_str(b"/").next().filter(|entry| !entry.is_empty())?;
        let gone = bstr::concat([above, b"/nix/store/", entry]);
        let is_gone = self.nearest.len() < gone.len();
        is_gone.then(|| self.finding(&STORE_COLLECTED, sentence!(": the store has no ", entry, " any more")))
    }

    /// Homebrew keeps each version in a directory of its own, and cleans up after upgrades.
    fn cellar(&self) -> Option<Finding> {
        let (brew, rest) = self.missing.split_once_str(b"/Cellar/")?;
        let mut names = rest.split_str(b"/");
        let (formula, version) = (names.next()?, names.next()?);
        let keg = bstr::concat([brew, b"/Cellar/", formula, b"/", version]);
        if self.nearest.len() >= keg.len() {
            return None;
        }
        let alias = bstr::concat([brew, b"/opt/", formula]);
        let rest = if self.survey.is_dir(alias.as_bstr()) {
            sentence!(": version ", version, " of ", formula, " is gone, and ", alias, " names the present one")
        } else {
            sentence!(": Homebrew has no version ", version, " of ", formula, " here")
        };
        Some(self.finding(&CELLAR_REMOVED, rest))
    }

    /// `pyvenv.cfg` names an interpreter that exists, and the link was left as it was.
    fn refreshed(&self) -> Option<Finding> {
        let survey = self.survey;
        let (home, cfg) = (survey.cfg_line("home")?, survey.cfg()?);
        let wanted = survey.wanted()?;
        let there = survey.join(&home.value, wanted.name());
        let elsewhere = survey.parent(self.missing.as_bstr()) != home.value.trim_end_with(|c| c == '/').as_bstr();
        if !elsewhere || !survey.is_absolute(home.value.as_bstr()) || !survey.is_file(there.as_bstr()) {
            return None;
        }
        let rest = sentence!(", which does not exist, while home in ", cfg, " leads to ", there, ", which does");
        let evidence = Evidence::line(cfg, home.number, home.text.clone()).marking(&home.value);
        let effect = "venv takes a link for present even where it leads nowhere: neither venv nor venv --upgrade \
                      replaces it, and both report success";
        Some(self.finding(&REFRESH_LEFT_DANGLING, rest).evidence(evidence).effect(effect))
    }

    /// The home of somebody who has none here, or a directory that such machines do not have.
    fn other_machine(&self) -> Option<Finding> {
        let is_gone = |dir: &[u8]| {
            let rest = self.missing.strip_prefix(dir);
            rest.is_some_and(|rest| rest.starts_with(b"/")) && self.nearest.len() < dir.len()
        };
        let foreign: &[&str] = if self.survey.platform() == Platform::Macos { &[] } else { &ONLY_MACOS };
        let dir = foreign.iter().chain(&ONLY_SERVICES).map(|dir| dir.as_bytes().to_vec()).find(|it| is_gone(it));
        let home = || {
            let mut names = self.missing.split_str(b"/").skip(1);
            let (above, user) = (names.next()?, names.next()?);
            let home = bstr::concat([b"/", above, b"/", user]);
            (matches!(above, b"home" | b"Users") && is_gone(&home)).then_some(home)
        };
        let dir = home().or(dir)?;
        let rest = sentence!(": this machine has no ", dir, ", and the environment was made on one that has");
        let finding = self.finding(&OTHER_MACHINE, rest);
        // What is installed was built for the other system as well.
        let is_other_system = match self.survey.platform() {
            Platform::Macos => dir.starts_with(b"/home/"),
            _ => ONLY_MACOS.iter().any(|it| self.survey.is_below(dir.as_bstr(), it.as_bytes().as_bstr())),
        };
        Some(if is_other_system { finding.fix(fixes::recreate(self.survey)) } else { finding })
    }

    /// A tool for several versions of Python has removed this one.
    fn tool(&self) -> Option<Finding> {
        let (tool, version, gone) = MANAGERS.into_iter().find_map(|(tool, [one, other])| {
            let mark = format!("/{one}/{other}/");
            let at = self.missing.find(&mark)? + mark.len();
            let version = self.missing[at..].split_str(b"/").next().filter(|version| !version.is_empty())?;
            Some((tool, version.as_bstr(), self.missing[..at + version.len()].as_bstr()))
        })?;
        if self.nearest.len() >= gone.len() {
            return None;
        }
        let rest = sentence!(": ", tool, " has no ", version, " any more");
        let finding = self.finding(&TOOL_INTERPRETER_REMOVED, rest);
        let Some(command) = self.install(tool, version) else { return Some(finding) };
        let is_found = finding.fix.as_ref().is_some_and(|fix| fix.safe);
        if is_found {
            return Some(finding);
        }
        let advice =
            sentence!("have ", tool, " install ", version, " again: the links then lead somewhere as they are");
        Some(finding.fix(Fix::advice(advice).command(command)))
    }

    /// The command by which the tool brings the same directory back.
    fn install(&self, tool: &str, version: &BStr) -> Option<crate::rules::Line> {
        let line = |words: &[&str]| fixes::line(self.survey, tool).words(words);
        let is_version = version.first().is_some_and(u8::is_ascii_digit);
        match tool {
            "uv" if version.starts_with(b"cpython-") || version.starts_with(b"pypy-") => {
                Some(line(&["python", "install"]).word(version))
            }
            "pyenv" if is_version => Some(line(&["install"]).word(version)),
            "mise" if is_version => Some(line(&["install"]).word(sentence!("python@", version))),
            "asdf" if is_version => Some(line(&["install", "python"]).word(version)),
            _ => None,
        }
    }
}
