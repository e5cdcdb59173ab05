//! What an interpreter belongs to: a virtual environment, an environment of conda, or an installation. It is found out
//! once for each survey, and every report of the environment shows this.

use bstr::{BStr, BString, ByteSlice};

use super::{Creator, Survey, creator};
use crate::host::path::{Flavor, module};
use crate::interpreter::{Implementation, conda_version};
use crate::text::python;

/// The parts of a version that count here: `3.12.1` of `3.12.1.final.0`.
const VERSION_PARTS: usize = 3;

/// The kind of thing that an interpreter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EnvironmentKind {
    /// `pyvenv.cfg` makes it one, or virtualenv before 20 did without that file, or it has activate scripts and has lost it.
    VirtualEnvironment,
    /// An environment of conda, the base one included.
    Conda,
    /// An interpreter with its standard library.
    Installation,
}

impl EnvironmentKind {
    /// The stable name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VirtualEnvironment => "virtual-environment",
            Self::Conda => "conda",
            Self::Installation => "installation",
        }
    }
}

/// The directory of the base interpreter, as `pyvenv.cfg` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Home {
    /// The value of the key.
    pub path: BString,
    /// Its line in `pyvenv.cfg`, from 1.
    pub line: usize,
    /// Whether it is a directory.
    pub exists: bool,
}

/// What an interpreter belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Identity {
    /// What it is.
    pub kind: EnvironmentKind,
    /// Its directory, absolute and normalized.
    pub root: BString,
    /// The tool that created it.
    pub creator: Creator,
    /// The version of that tool, where it left it in `pyvenv.cfg`.
    pub creator_version: Option<BString>,
    /// The version of Python that it was made for, also where its interpreter is gone.
    pub python_version: Option<String>,
    /// What an activated shell shows for it, as `pyvenv.cfg` says.
    pub prompt: Option<BString>,
    /// `home` of `pyvenv.cfg`. It is looked for only where startup has computed no prefix: else that says more.
    pub home: Option<Home>,
}

impl Identity {
    /// The name of its creator; none where nothing tells.
    pub fn creator_name(&self) -> Option<&'static str> {
        (self.creator != Creator::Unknown).then(|| self.creator.name())
    }

    pub(super) fn find(survey: &Survey<'_>) -> Option<Self> {
        if survey.is_environment() {
            return Some(virtual_environment(survey));
        }
        if survey.resolution.is_old_virtualenv() {
            let root = survey.root();
            return Some(Self::new(survey, EnvironmentKind::VirtualEnvironment, root, Creator::Virtualenv));
        }
        let prefix = survey.resolution.sys.as_ref().map(|sys| sys.prefix.as_bstr());
        let has = |root: &BStr, name: &str| survey.exists(survey.join(root, name).as_bstr());
        let mut roots = Some(survey.root()).into_iter().chain(prefix.filter(|prefix| *prefix != survey.root()));
        if let Some(root) = roots.find(|root| has(root, "conda-meta")) {
            return Some(conda(survey, root));
        }
        let activate = if survey.flavor() == Flavor::Windows { "activate.bat" } else { "activate" };
        if has(survey.bin(), activate) {
            // Which tool wrote the scripts is not known.
            return Some(Self::new(survey, EnvironmentKind::VirtualEnvironment, survey.root(), Creator::Unknown));
        }
        let identification = &survey.resolution.identification;
        let is_python = identification.problem.is_none()
            && identification.file.is_some()
            && identification.interpreter.implementation != Implementation::Unknown;
        let root = prefix.unwrap_or(survey.root());
        is_python.then(|| Self::new(survey, EnvironmentKind::Installation, root, Creator::Unknown))
    }

    /// One of which only the interpreter tells the version.
    fn new(survey: &Survey<'_>, kind: EnvironmentKind, root: &BStr, creator: Creator) -> Self {
        Self {
            kind,
            root: module::normpath(survey.flavor(), root),
            creator,
            creator_version: None,
            python_version: survey.version().map(|version| version.to_string()),
            prompt: None,
            home: None,
        }
    }
}

fn virtual_environment(survey: &Survey<'_>) -> Identity {
    let root = root_of_cfg(survey);
    let creator = creator::of_environment(survey, root.as_bstr());
    let key = creator.version_key();
    let line = key.and_then(|key| survey.cfg_line(key)).filter(|line| !line.value.is_empty());
    let creator_version = line.map(|line| line.value.clone());
    let identity = Identity::new(survey, EnvironmentKind::VirtualEnvironment, root.as_bstr(), creator);
    // Where nothing is written down, its directories tell more than an interpreter that may be another by now.
    let guessed = || {
        let running = survey.version();
        let wanted = survey.wanted().filter(|wanted| running.is_none_or(|running| running.minor != wanted.minor));
        wanted.map(|wanted| wanted.short())
    };
    Identity {
        creator_version,
        python_version: recorded_version(survey).or_else(guessed).or(identity.python_version),
        prompt: prompt(survey),
        home: if survey.resolution.sys.is_none() { home(survey) } else { None },
        ..identity
    }
}

/// The directory that holds `pyvenv.cfg`; where that is the one of the programs, the directory above.
fn root_of_cfg(survey: &Survey<'_>) -> BString {
    let dir = survey.cfg().map(|cfg| survey.parent(cfg));
    // What was typed may contain `./`, which Python removes in some of its paths.
    let normal = |dir: &BStr| module::normpath(survey.flavor(), dir);
    match dir {
        Some(dir) if normal(dir.as_bstr()) != normal(survey.bin()) && !dir.is_empty() => dir,
        _ => survey.root().to_owned(),
    }
}

/// venv, virtualenv and uv write `version` or `version_info`, always the version of the language, also for PyPy.
fn recorded_version(survey: &Survey<'_>) -> Option<String> {
    ["version", "version_info"].into_iter().find_map(|key| version(survey.cfg_line(key)?.value.as_bstr()))
}

/// `3.12.1` of `3.12.1`, `3.12.1.final.0` and `3.12.1rc1`; none where it is no version.
fn version(text: &BStr) -> Option<String> {
    let parts = text.trim_ascii().splitn_str(VERSION_PARTS + 1, ".").take(VERSION_PARTS);
    let mut numbers: Vec<&str> = Vec::new();
    for part in parts {
        let digits = part.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = part.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok())?;
        if number.is_empty() {
            break;
        }
        numbers.push(number);
    }
    (numbers.len() > 1).then(|| numbers.join("."))
}

/// venv writes it as Python shows a string, newer releases of virtualenv between quotes; others write it as it is.
pub(super) fn prompt(survey: &Survey<'_>) -> Option<BString> {
    let value = &survey.cfg_line("prompt")?.value;
    Some(python::unquoted(value))
}

/// The first `home`, which is the one that the path configuration takes.
fn home(survey: &Survey<'_>) -> Option<Home> {
    let line = survey.cfg_line("home")?;
    let exists = survey.is_dir(survey.absolute(line.value.as_bstr()).as_bstr());
    Some(Home { path: line.value.clone(), line: line.number, exists })
}

/// The interpreter of conda is itself one of its packages, and its record tells the version where it is gone.
fn conda(survey: &Survey<'_>, root: &BStr) -> Identity {
    let by_pixi = survey.exists(survey.join(root, "conda-meta/pixi").as_bstr());
    let creator = if by_pixi { Creator::Pixi } else { Creator::Conda };
    let mut identity = Identity::new(survey, EnvironmentKind::Conda, root, creator);
    if identity.python_version.is_none() {
        let records = survey.list(survey.join(root, "conda-meta").as_bstr());
        let mut versions = records.iter().filter_map(|name| conda_version(name.as_bstr(), "python"));
        identity.python_version = versions.find_map(version);
    }
    identity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_taken_from_what_creators_write() {
        let version = |text: &str| version(BStr::new(text));
        assert_eq!(version("3.12.1").as_deref(), Some("3.12.1"));
        assert_eq!(version("3.12.1.final.0").as_deref(), Some("3.12.1"));
        assert_eq!(version(" 3.13 ").as_deref(), Some("3.13"));
        assert_eq!(version("3.15.0rc2").as_deref(), Some("3.15.0"));
        assert_eq!(version("2.7.18.final.0").as_deref(), Some("2.7.18"));
        for text in ["", "3", "three", "3.", ".3", "3.x", "\x1b[31m3.12"] {
            assert_eq!(version(text), None, "{text:?}");
        }
    }
}
