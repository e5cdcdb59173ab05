//! What the project around an environment says about the tool that manages it.
//!
//! A tool that keeps environments in the project leaves no mark in them, but its settings name their directory. Only what
//! such a file says counts: that a project can be built with a tool does not mean that the tool made the environment.

use bstr::{BStr, BString, ByteSlice};

use super::{Creator, Survey, identity, normalize};

/// The largest settings file that is read.
const MOST_SETTINGS: u64 = 1 << 20;
/// So many directories above an environment may hold the settings of Hatch.
const MOST_ABOVE: usize = 5;
/// The length of what Pipenv puts after the name of the project: a part of a hash.
const PIPENV_HASH: usize = 8;

/// The creator of an environment that its project names. `is_virtualenv` says whether virtualenv wrote its `pyvenv.cfg`.
pub(super) fn creator(survey: &Survey<'_>, root: &BStr, is_virtualenv: bool) -> Option<Creator> {
    let project = survey.parent(root);
    if survey.base_name(root) != ".venv" {
        return hatch(survey, root, MOST_ABOVE).then_some(Creator::Hatch);
    }
    if is_pdm(survey, project.as_bstr(), root) {
        return Some(Creator::Pdm);
    }
    // Poetry, Pipenv and Hatch leave the work to virtualenv.
    if !is_virtualenv {
        return None;
    }
    if is_poetry(survey, project.as_bstr()) {
        return Some(Creator::Poetry);
    }
    if survey.is_file(survey.join(&project, "Pipfile").as_bstr()) {
        return Some(Creator::Pipenv);
    }
    hatch(survey, root, 1).then_some(Creator::Hatch)
}

/// Whether PDM uses the environment: it writes down the interpreter that it found or made.
pub(super) fn is_pdm(survey: &Survey<'_>, project: &BStr, root: &BStr) -> bool {
    let marker = survey.join(project, ".pdm-python");
    let Ok(text) = survey.ask.read(marker.as_bstr(), MOST_SETTINGS) else { return false };
    survey.is_below(text.trim().as_bstr(), root)
}

/// Whether Poetry manages the project: its own settings, its section in `pyproject.toml`, its lock file, or the prompt that
/// it gives to the environments of a project unless it is told another.
fn is_poetry(survey: &Survey<'_>, project: &BStr) -> bool {
    let has = |name: &str| survey.is_file(survey.join(project, name).as_bstr());
    if has("poetry.toml") || has("poetry.lock") {
        return true;
    }
    let pyproject = settings(survey, survey.join(project, "pyproject.toml").as_bstr());
    pyproject.is_some_and(|pyproject| {
        at(&pyproject, &["tool", "poetry"]).is_some() || has_prompt_of_poetry(survey, &pyproject)
    })
}

/// Whether the prompt is `PROJECT-pyX.Y`.
fn has_prompt_of_poetry(survey: &Survey<'_>, pyproject: &toml::Table) -> bool {
    let name = at(pyproject, &["project", "name"]).and_then(toml::Value::as_str);
    let (Some(name), Some(prompt)) = (name, identity::prompt(survey)) else { return false };
    let version = prompt.rsplit_once_str("-py").filter(|(project, _)| *project == normalize(name.into()));
    version.is_some_and(|(_, version)| version.starts_with(b"3.") && version[2..].iter().all(u8::is_ascii_digit))
}

impl Survey<'_> {
    /// The normalized name under which the project in a directory is installed, as its `pyproject.toml` says.
    pub fn project_name(&self, dir: &BStr) -> Option<BString> {
        let pyproject = settings(self, self.join(dir, "pyproject.toml").as_bstr())?;
        let keys: [&[&str]; 2] = [&["project", "name"], &["tool", "poetry", "name"]];
        let name = keys.into_iter().find_map(|keys| at(&pyproject, keys)?.as_str())?;
        Some(normalize(name.into()))
    }
}

/// Whether the settings of Hatch in one of so many directories above name this environment, or the directory in which it is.
fn hatch(survey: &Survey<'_>, root: &BStr, most_above: usize) -> bool {
    let mut project = survey.parent(root);
    for _ in 0..most_above {
        if names_by_hatch(survey, project.as_bstr(), root) {
            return true;
        }
        let above = survey.parent(project.as_bstr());
        if above == project {
            return false;
        }
        project = above;
    }
    false
}

/// Whether the settings of Hatch in `project` name the environment by the `path` of one of its own, or the directory that
/// holds it as that of all its environments.
fn names_by_hatch(survey: &Survey<'_>, project: &BStr, root: &BStr) -> bool {
    let files: [(&str, &[&str]); 2] = [("hatch.toml", &[]), ("pyproject.toml", &["tool", "hatch"])];
    files.into_iter().any(|(name, section)| {
        let Some(file) = settings(survey, survey.join(project, name).as_bstr()) else { return false };
        let inner = section.iter().try_fold(&file, |table, key| table.get(*key)?.as_table());
        let Some(hatch) = inner else { return false };
        let is_at = |named: &str, wanted: &BStr| normal(survey, survey.join(project, named).as_bstr()) == wanted;
        let dir = at(hatch, &["dirs", "env", "virtual"]).and_then(toml::Value::as_str);
        let environments = at(hatch, &["envs"]).and_then(toml::Value::as_table);
        let mut paths = environments.into_iter().flat_map(|it| it.values().filter_map(|it| it.get("path")?.as_str()));
        dir.is_some_and(|dir| is_at(dir, survey.parent(root).as_bstr())) || paths.any(|path| is_at(path, root))
    })
}

/// Whether the environment is one of virtualenvwrapper, which puts its hooks next to the programs.
pub(super) fn is_virtualenvwrapper(survey: &Survey<'_>) -> bool {
    let has_hook = |name: &str| survey.is_file(survey.join(survey.bin(), name).as_bstr());
    has_hook("postactivate") && has_hook("predeactivate")
}

/// Whether Pipenv made the environment: it keeps the path of the project in `.project`, and names the environment after the
/// project and a hash of that path.
pub(super) fn is_named_by_pipenv(survey: &Survey<'_>, root: &BStr) -> bool {
    let name = survey.base_name(root);
    let Some((project, hash)) = name.len().checked_sub(PIPENV_HASH).map(|at| name.split_at(at)) else { return false };
    let is_hash = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    project.ends_with(b"-") && hash.iter().all(is_hash) && survey.is_file(survey.join(root, ".project").as_bstr())
}

fn settings(survey: &Survey<'_>, path: &BStr) -> Option<toml::Table> {
    let bytes = survey.ask.read(path, MOST_SETTINGS).ok()?;
    bytes.to_str().ok()?.parse().ok()
}

fn at<'t>(table: &'t toml::Table, keys: &[&str]) -> Option<&'t toml::Value> {
    let (first, rest) = keys.split_first()?;
    let value = table.get(*first)?;
    if rest.is_empty() { Some(value) } else { at(value.as_table()?, rest) }
}

fn normal(survey: &Survey<'_>, path: &BStr) -> BString {
    crate::host::path::module::normpath(survey.flavor(), path)
}
