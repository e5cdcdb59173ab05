//! Who made an environment: that decides by which command it is made anew.

use bstr::{BStr, BString, ByteSlice};

use super::Survey;
use crate::host::path::module;

/// The program that made an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// conda, mamba or pixi.
    Conda,
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
            Self::Pipx(_) => "pipx",
            Self::Poetry => "Poetry",
            Self::Pdm => "PDM",
            Self::Hatch => "Hatch",
            Self::Pipenv => "Pipenv",
            Self::Tox => "tox",
            Self::Nox => "nox",
            Self::PreCommit => "pre-commit",
            Self::PyenvVirtualenv(_) => "pyenv-virtualenv",
            Self::Conda => "conda",
            Self::Unknown => "unknown",
        }
    }
}

/// Marks in the environment's directory come first, then where it stands, then the keys of its `pyvenv.cfg`.
pub(super) fn recognize(survey: &Survey<'_>) -> Creator {
    let root = survey.root();
    let holds = |name: &str| survey.exists(survey.join(root, name).as_bstr());
    let name = survey.base_name(root);
    if !survey.is_environment() {
        return if holds("conda-meta") { Creator::Conda } else { Creator::Unknown };
    }
    if holds("uv-receipt.toml") {
        return Creator::UvTool(name);
    }
    if holds("pipx_metadata.json") {
        return Creator::Pipx(name);
    }
    if let Some(creator) = by_place(survey, root, &name) {
        return creator;
    }
    match maker_key(survey) {
        Some("uv") => Creator::Uv,
        Some("virtualenv") if holds(".project") => Creator::Pipenv,
        Some("virtualenv") => Creator::Virtualenv,
        _ => Creator::Venv,
    }
}

/// Tools that keep their environments in directories of their own.
fn by_place(survey: &Survey<'_>, root: &BStr, name: &BString) -> Option<Creator> {
    let flavor = survey.flavor();
    let names: Vec<&[u8]> = root.split(|byte| matches!(byte, b'/' | b'\\')).collect();
    let has = |wanted: &[&[u8]]| names.windows(wanted.len()).any(|window| window == wanted);
    let parent = module::basename(flavor, module::dirname(flavor, root).as_bstr());
    match parent.as_slice() {
        b".tox" => return Some(Creator::Tox),
        b".nox" => return Some(Creator::Nox),
        _ => {}
    }
    if has(&[b"pypoetry", b"virtualenvs"]) {
        Some(Creator::Poetry)
    } else if has(&[b"hatch", b"env", b"virtual"]) {
        Some(Creator::Hatch)
    } else if has(&[b"pre-commit"]) && name.starts_with(b"py_env-") {
        Some(Creator::PreCommit)
    } else if has(&[b".pyenv", b"versions"]) && has(&[b"envs"]) {
        Some(Creator::PyenvVirtualenv(name.clone()))
    } else {
        let project = module::dirname(flavor, root);
        let marker = survey.join(&project, ".pdm-python");
        survey.exists(marker.as_bstr()).then_some(Creator::Pdm)
    }
}

/// The key that its maker left in `pyvenv.cfg`.
fn maker_key(survey: &Survey<'_>) -> Option<&'static str> {
    ["uv", "virtualenv"].into_iter().find(|maker| survey.cfg_line(maker).is_some())
}
