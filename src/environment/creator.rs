//! Which tool created an environment: that decides by which command it is recreated.

use bstr::{BStr, BString, ByteSlice};

use super::{Survey, project};
use crate::host::path::module;

/// The tool that created an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Creator {
    /// `python -m venv`.
    Venv,
    /// virtualenv.
    Virtualenv,
    /// `uv venv` or `uv sync`.
    Uv,
    /// `uv tool install`: the name of the tool.
    UvTool(BString),
    /// pipx: the name of the application.
    Pipx(BString),
    /// Poetry.
    Poetry,
    /// PDM.
    Pdm,
    /// Hatch.
    Hatch,
    /// Pipenv.
    Pipenv,
    /// tox.
    Tox,
    /// nox.
    Nox,
    /// pre-commit.
    PreCommit,
    /// pyenv-virtualenv: the name of the environment.
    PyenvVirtualenv(BString),
    /// The environment with the pip that pipx shares between its applications.
    PipxShared,
    /// virtualenvwrapper.
    Virtualenvwrapper,
    /// Rye.
    Rye,
    /// conda or mamba.
    Conda,
    /// pixi, which installs packages of conda.
    Pixi,
    /// There is nothing to tell it by, or it is no environment.
    Unknown,
}

impl Creator {
    /// The name by which people know it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Venv => "venv",
            Self::Virtualenv => "virtualenv",
            Self::Uv => "uv",
            Self::UvTool(_) => "uv tool",
            Self::Pipx(_) | Self::PipxShared => "pipx",
            Self::Poetry => "Poetry",
            Self::Pdm => "PDM",
            Self::Hatch => "Hatch",
            Self::Pipenv => "Pipenv",
            Self::Tox => "tox",
            Self::Nox => "nox",
            Self::PreCommit => "pre-commit",
            Self::PyenvVirtualenv(_) => "pyenv-virtualenv",
            Self::Virtualenvwrapper => "virtualenvwrapper",
            Self::Rye => "Rye",
            Self::Conda => "conda",
            Self::Pixi => "pixi",
            Self::Unknown => "unknown",
        }
    }

    /// Whether packages of conda are in it.
    pub fn is_conda(&self) -> bool {
        matches!(self, Self::Conda | Self::Pixi)
    }

    /// The key of `pyvenv.cfg` whose value is the version of this tool.
    pub(super) fn version_key(&self) -> Option<&'static str> {
        match self {
            Self::Uv | Self::UvTool(_) => Some("uv"),
            Self::Virtualenv => Some("virtualenv"),
            _ => None,
        }
    }
}

/// The creator of the virtual environment in `root`. Files that a tool puts into it come first, then where it is, then the
/// keys of its `pyvenv.cfg`: pipx and Poetry, say, have another tool create the environment.
pub(super) fn of_environment(survey: &Survey<'_>, root: &BStr) -> Creator {
    let holds = |name: &str| survey.exists(survey.join(root, name).as_bstr());
    if holds("uv-receipt.toml") {
        return Creator::UvTool(survey.base_name(root));
    }
    if holds("pipx_metadata.json") {
        return Creator::Pipx(survey.base_name(root));
    }
    // pyenv and many users lead to an environment by a symlink to its directory.
    let real = || survey.ask.read_link(root).and_then(|_| survey.ask.real_path(root)).ok();
    let named = module::normpath(survey.flavor(), root);
    if let Some(creator) = by_place(survey, named.as_bstr()).or_else(|| by_place(survey, real()?.as_bstr())) {
        return creator;
    }
    if holds("rye-venv.json") {
        return Creator::Rye;
    }
    let key = creator_key(survey);
    if key == Some("uv") {
        return Creator::Uv;
    }
    if project::is_named_by_pipenv(survey, named.as_bstr()) {
        return Creator::Pipenv;
    }
    if project::is_virtualenvwrapper(survey) {
        return Creator::Virtualenvwrapper;
    }
    let by_key = if key == Some("virtualenv") { Creator::Virtualenv } else { Creator::Venv };
    project::creator(survey, named.as_bstr(), by_key == Creator::Virtualenv).unwrap_or(by_key)
}

/// Tools that keep their environments in directories of their own.
fn by_place(survey: &Survey<'_>, root: &BStr) -> Option<Creator> {
    let names: Vec<&[u8]> = root.split(|byte| matches!(byte, b'/' | b'\\')).filter(|name| !name.is_empty()).collect();
    let has = |wanted: &[&str]| {
        names
            .windows(wanted.len())
            .any(|window| window.iter().zip(wanted).all(|(name, wanted)| *name == wanted.as_bytes()))
    };
    let name = || survey.base_name(root);
    match names.as_slice() {
        [.., b".tox", _] => Some(Creator::Tox),
        [.., b".nox", _] => Some(Creator::Nox),
        // Below `~/.pyenv`, or wherever PYENV_ROOT says.
        [.., b"versions", _, b"envs", _] => Some(Creator::PyenvVirtualenv(name())),
        [.., b"pipx", b"shared"] => Some(Creator::PipxShared),
        [.., b"pipx", b"venvs", _] => Some(Creator::Pipx(name())),
        [.., b"uv", b"tools", _] => Some(Creator::UvTool(name())),
        [.., b"pdm", b"venvs", _] => Some(Creator::Pdm),
        [.., last] if last.starts_with(b"py_env-") && is_of_pre_commit(survey, root, has(&["pre-commit"])) => {
            Some(Creator::PreCommit)
        }
        _ if has(&["pypoetry", "virtualenvs"]) || has(&["pypoetry", "Cache", "virtualenvs"]) => Some(Creator::Poetry),
        _ if has(&["hatch", "env", "virtual"]) => Some(Creator::Hatch),
        _ => None,
    }
}

/// Outside of its usual directory, pre-commit is known by the file that says how far an installation has come.
fn is_of_pre_commit(survey: &Survey<'_>, root: &BStr, is_in_its_dir: bool) -> bool {
    let state = |name: &str| survey.exists(survey.join(root, name).as_bstr());
    is_in_its_dir || state(".install_state_v2") || state(".install_state_v1")
}

/// The key of `pyvenv.cfg` that shows the creator.
fn creator_key(survey: &Survey<'_>) -> Option<&'static str> {
    ["uv", "virtualenv"].into_iter().find(|creator| survey.cfg_line(creator).is_some())
}
