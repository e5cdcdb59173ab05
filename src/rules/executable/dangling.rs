//! Dangling symlinks whose target tells what happened to the interpreter.

use bstr::{BStr, BString, ByteSlice};

use super::support::problem_fix;
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
    summary: "home in pyvenv.cfg names an interpreter that exists, but the symlinks still lead to one that is gone.",
    why: "\
Running `python -m venv` over a broken environment writes a new pyvenv.cfg and keeps the old symlinks: venv does not \
replace a name that is already a symlink, and does not check where it leads. It reports success. With --copies it \
fails, because it opens the missing target.",
    example: "\
$ grep home .venv/pyvenv.cfg
home = /usr/bin
$ readlink .venv/bin/python
/opt/python-3.12.1/bin/python3.12",
    fix: "The commands replace the dangling symlinks one by one.",
    sources: &["python/cpython#143768", "python/cpython#87679", "CPython Lib/venv/__init__.py: symlink_or_copy"],
};

pub(in crate::rules) static CELLAR_REMOVED: Rule = Rule {
    code: Code("VD121"),
    name: "cellar-removed",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter or its library was in a version directory of Homebrew that no longer exists.",
    why: "\
Homebrew installs each release into Cellar/FORMULA/VERSION and deletes the old one on upgrade. The stable name is \
opt/FORMULA, a symlink to the current one; environments that recorded the Cellar break on `brew upgrade` or `brew \
cleanup`. A copied interpreter breaks in the same way because of its library: `dyld: Library not loaded`.",
    example: "\
$ readlink .venv/bin/python
/opt/homebrew/Cellar/python@3.12/3.12.4/bin/python3.12
$ ls /opt/homebrew/Cellar/python@3.12
3.12.6",
    fix: "Point the environment's symlinks to the interpreter in opt, which upgrades keep.",
    sources: &["astral-sh/uv#1640", "pypa/hatch#90", "Homebrew/homebrew-core#42627"],
};

pub(in crate::rules) static STORE_COLLECTED: Rule = Rule {
    code: Code("VD122"),
    name: "store-collected",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter was in a path of the Nix store that has been garbage-collected.",
    why: "\
Nix may remove every store path that no garbage-collector root refers to, and an environment is not a root: after an \
update of the profile or flake, garbage collection removes the interpreter, and the symlink dangles.",
    example: "\
$ readlink .venv/bin/python
/nix/store/0c2ag5n7d6xk1n2z4r6m8q0s3v5y7b9d-python3-3.12.4/bin/python3.12",
    fix: "\
Recreate the environment and register its interpreter as a root; `nix-store --realize` brings the path back while a \
cache still has it.",
    sources: &["NixOS/nixpkgs#171429", "cachix/devenv#336"],
};

pub(in crate::rules) static OTHER_MACHINE: Rule = Rule {
    code: Code("VD123"),
    name: "other-machine",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a symlink to a path that exists on another machine only.",
    why: "\
The environment was committed, zipped, mounted into a container or copied from a builder image. Its symlinks name \
the home directory of a user who has none on this machine, or a directory such as /Users that only another system \
has.",
    example: "\
$ readlink .venv/bin/python
/Users/ada/.local/share/uv/python/cpython-3.12.10-macos-aarch64-none/bin/python3.12
$ uname
Linux",
    fix: "\
Point the symlinks to an interpreter of this machine; if the environment comes from another system, recreate it. \
Keep environments out of the repository and the build context.",
    sources: &["astral-sh/uv-docker-example#33", "copier-org/copier#2226", "python-poetry/poetry#7873"],
};

pub(in crate::rules) static TOOL_INTERPRETER_REMOVED: Rule = Rule {
    code: Code("VD124"),
    name: "tool-interpreter-removed",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter came from a version manager or tool cache that has removed it.",
    why: "\
uv, pyenv, mise, asdf and the images of CI services keep each release in a directory of its own. `uv python \
uninstall`, an upgrade or a new image removes the directory, and the symlinks of environments created with it \
dangle. A cache of environments whose key is the lock file alone restores them on the wrong image.",
    example: "\
$ readlink .venv/bin/python
/opt/hostedtoolcache/Python/3.12.4/x64/bin/python
$ ls /opt/hostedtoolcache/Python
3.12.7",
    fix: "\
Point the symlinks to another micro version of the same minor version, or let the tool reinstall this one. Use the \
full version in the keys of caches.",
    sources: &["astral-sh/uv#7614", "tox-dev/tox-uv#216", "digitalfabrik/lunes-cms#956"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&REFRESH_LEFT_DANGLING, &CELLAR_REMOVED, &STORE_COLLECTED, &OTHER_MACHINE, &TOOL_INTERPRETER_REMOVED],
    judges: &[],
};

/// A dangling symlink.
struct Dangling<'d, 's> {
    survey: &'d Survey<'s>,
    symlink: &'d BStr,
    /// Its target, which does not exist: absolute and normalized.
    missing: BString,
    /// The nearest directory above the target that exists.
    nearest: &'d BStr,
}

/// Tools, and the directories in which they keep interpreters, each in a directory named after its version.
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

/// Directories that exist on macOS only.
const ONLY_MACOS: [&str; 5] = ["/Users", "/opt/homebrew", "/Library/Frameworks", "/Applications", "/private"];
/// Directories that exist only on the machines of CI services and development containers.
const ONLY_SERVICES: [&str; 4] = ["/workspaces", "/__w", "/__t", "/github"];

/// Says what happened to the target of `symlink`; none where its path does not tell, and the general rule applies.
pub fn judge(survey: &Survey<'_>, symlink: &BStr, target: &BStr, nearest: Option<&BString>) -> Option<Finding> {
    let absolute = survey.absolute(symlink);
    let missing = survey.join(survey.parent(absolute.as_bstr()), target);
    let missing = module::normpath(survey.flavor(), missing.as_bstr());
    let nearest = nearest.map_or(b"/".as_bstr(), |nearest| nearest.as_bstr());
    let case = Dangling { survey, symlink, missing, nearest };
    case.nix()
        .or_else(|| case.cellar())
        .or_else(|| case.refreshed())
        .or_else(|| case.other_machine())
        .or_else(|| case.tool())
}

impl Dangling<'_, '_> {
    fn finding(&self, rule: &'static Rule, what: impl AsRef<[u8]>) -> Finding {
        Finding::new(rule, sentence!(self.symlink, " is a symlink to ", self.missing, what)).fix(self.fix())
    }

    fn fix(&self) -> Fix {
        let target = self.missing.clone();
        problem_fix::fix(self.survey, &Problem::DanglingLink { link: self.symlink.to_owned(), target, nearest: None })
    }

    /// `/nix/store`, or a store elsewhere.
    fn nix(&self) -> Option<Finding> {
        let (above, rest) = self.missing.split_once_str(b"/nix/store/")?;
        let entry = rest.split_str(b"/").next().filter(|entry| !entry.is_empty())?;
        let gone = bstr::concat([above, b"/nix/store/", entry]);
        let is_gone = self.nearest.len() < gone.len();
        is_gone.then(|| self.finding(&STORE_COLLECTED, sentence!(", but the Nix store no longer contains ", entry)))
    }

    /// Homebrew keeps each version in a directory of its own, and removes old ones after upgrades.
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
            sentence!(", but version ", version, " of ", formula, " was removed; ", alias, " is the current one")
        } else {
            sentence!(", but Homebrew has no version ", version, " of ", formula, " on this machine")
        };
        Some(self.finding(&CELLAR_REMOVED, rest))
    }

    /// `pyvenv.cfg` names an interpreter that exists, but the symlink was not updated.
    fn refreshed(&self) -> Option<Finding> {
        let survey = self.survey;
        let (home, cfg) = (survey.cfg_line("home")?, survey.cfg()?);
        let wanted = survey.wanted()?;
        let there = survey.join(&home.value, wanted.name());
        let elsewhere = survey.parent(self.missing.as_bstr()) != home.value.trim_end_with(|c| c == '/').as_bstr();
        if !elsewhere || !survey.is_absolute(home.value.as_bstr()) || !survey.is_file(there.as_bstr()) {
            return None;
        }
        let rest = sentence!(", which does not exist, but home in ", cfg, " leads to ", there, ", which exists");
        let evidence = Evidence::line(cfg, home.number, home.text.clone()).marking(&home.value);
        let effect = "venv keeps every symlink that exists, even one that dangles: neither venv nor venv --upgrade \
                      replaces it, and both report success";
        Some(self.finding(&REFRESH_LEFT_DANGLING, rest).evidence(evidence).effect(effect))
    }

    /// The home directory of a user who has none on this machine, or a directory of another system.
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
        let rest = sentence!(", but this machine has no ", dir, "; the environment was created on another machine");
        let finding = self.finding(&OTHER_MACHINE, rest);
        // Installed packages were built for the other system, too.
        let is_other_system = match self.survey.platform() {
            Platform::Macos => dir.starts_with(b"/home/"),
            _ => ONLY_MACOS.iter().any(|it| self.survey.is_below(dir.as_bstr(), it.as_bytes().as_bstr())),
        };
        Some(if is_other_system { finding.fix(fixes::recreate(self.survey)) } else { finding })
    }

    /// A version manager or tool cache has removed this version.
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
        let rest = sentence!(", but ", tool, " no longer has ", version);
        let finding = self.finding(&TOOL_INTERPRETER_REMOVED, rest);
        let Some(command) = self.reinstall(tool, version) else { return Some(finding) };
        let is_found = finding.fix.as_ref().is_some_and(|fix| fix.safe);
        if is_found {
            return Some(finding);
        }
        let advice = sentence!("let ", tool, " reinstall ", version, "; the existing symlinks then work unchanged");
        Some(finding.fix(Fix::advice(advice).command(command)))
    }

    /// The command with which the tool recreates the same directory.
    fn reinstall(&self, tool: &str, version: &BStr) -> Option<crate::rules::Line> {
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
