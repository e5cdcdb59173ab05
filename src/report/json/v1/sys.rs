//! What the modules `sys` and `site` hold once Python has started, `sys.path` entry by entry.

use schemars::JsonSchema;
use serde::Serialize;

use super::each;
use super::string::{Text, optional, texts};
use crate::startup::{PathEntry, SiteValues, SysValues, Unset};

/// What `sys` would show; null where this version has no such attribute.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Sys")]
pub(super) struct SysReport<'a> {
    executable: Text<'a>,
    _base_executable: Option<Text<'a>>,
    prefix: Text<'a>,
    exec_prefix: Text<'a>,
    base_prefix: Text<'a>,
    base_exec_prefix: Text<'a>,
    /// Absent where the run has no such attribute, as under `-S`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::option_option, reason = "JSON tells an absent key from null, and so must this")]
    _home: Option<Option<Text<'a>>>,
    platlibdir: Option<Text<'a>>,
    _stdlib_dir: Option<Text<'a>>,
    path: Vec<PathEntryReport<'a>>,
}

impl<'a> From<&'a SysValues> for SysReport<'a> {
    fn from(sys: &'a SysValues) -> Self {
        Self {
            executable: (&sys.executable).into(),
            _base_executable: optional(sys.base_executable.as_ref()),
            prefix: (&sys.prefix).into(),
            exec_prefix: (&sys.exec_prefix).into(),
            base_prefix: (&sys.base_prefix).into(),
            base_exec_prefix: (&sys.base_exec_prefix).into(),
            _home: match &sys.home {
                Unset::Absent => None,
                Unset::Set(home) => Some(optional(home.as_ref())),
            },
            platlibdir: optional(sys.platlibdir.as_ref()),
            _stdlib_dir: optional(sys.stdlib_dir.as_ref()),
            path: each(&sys.path),
        }
    }
}

/// An entry of `sys.path`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PathEntry")]
pub(in crate::report) struct PathEntryReport<'a> {
    /// Exactly what Python would hold.
    value: Text<'a>,
    #[schemars(extend("enum" = [
        "launch", "PYTHONPATH", "zip", "stdlib", "platstdlib", "compiled-pythonpath", "registry", "executable-dir",
        "_pth-file", "site-packages", "user-site", "pth-file"
    ]))]
    origin: &'static str,
    exists: bool,
    /// The step that put it there.
    step: usize,
    /// The `.pth` or `._pth` file that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Text<'a>>,
    /// The line in that file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

impl<'a> From<&'a PathEntry> for PathEntryReport<'a> {
    fn from(entry: &'a PathEntry) -> Self {
        Self {
            value: (&entry.value).into(),
            origin: entry.origin.name(),
            exists: entry.exists,
            step: entry.step,
            file: entry.file.as_ref().map(|from| (&from.file).into()),
            line: entry.file.as_ref().map(|from| from.line),
        }
    }
}

/// What the `site` module would hold.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Site")]
#[allow(non_snake_case, reason = "the names are those of the site module")]
pub(super) struct SiteReport<'a> {
    enabled: bool,
    ENABLE_USER_SITE: Option<bool>,
    USER_BASE: Option<Text<'a>>,
    USER_SITE: Option<Text<'a>>,
    PREFIXES: Vec<Text<'a>>,
    /// The file that would be imported.
    sitecustomize: Option<Text<'a>>,
    /// The file that would be imported.
    usercustomize: Option<Text<'a>>,
}

impl<'a> From<&'a SiteValues> for SiteReport<'a> {
    fn from(site: &'a SiteValues) -> Self {
        Self {
            enabled: site.enabled,
            ENABLE_USER_SITE: site.enable_user_site,
            USER_BASE: optional(site.user_base.as_ref()),
            USER_SITE: optional(site.user_site.as_ref()),
            PREFIXES: texts(&site.prefixes),
            sitecustomize: optional(site.customize.sitecustomize.as_ref()),
            usercustomize: optional(site.customize.usercustomize.as_ref()),
        }
    }
}
