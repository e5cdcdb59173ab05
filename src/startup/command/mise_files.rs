//! Which files mise reads, the strongest first (`src/config/mod.rs`: `LOCAL_CONFIG_FILENAMES`, `env_config_patterns`).

use bstr::{BStr, BString, ByteSlice};

use super::shim::{join, set, upwards};
use crate::invocation::Invocation;
use crate::startup::trace::Trace;

/// More environments than anybody names.
const MOST_ENVIRONMENTS: usize = 16;
/// More fragments than anybody keeps.
const MOST_FRAGMENTS: usize = 256;

/// The configuration files in a directory, the strongest first. A name with a `*` is that of a directory of fragments.
const NAMES: [&str; 19] = [
    ".mise.local.toml",
    "mise.local.toml",
    "mise/config.local.toml",
    ".mise/config.local.toml",
    ".config/mise.local.toml",
    ".config/mise/mise.local.toml",
    ".config/mise/config.local.toml",
    ".mise.toml",
    "mise.toml",
    "mise/config.toml",
    "mise/conf.d/*.toml",
    ".mise/config.toml",
    ".mise/conf.d/*.toml",
    ".config/mise.toml",
    ".config/mise/mise.toml",
    ".config/mise/config.toml",
    ".config/mise/conf.d/*.toml",
    ".tool-versions",
    ".python-version",
];

/// The files of an environment of `MISE_ENV` in a directory, the strongest first; `@` stands for its name.
const NAMES_OF_ENVIRONMENT: [&str; 12] = [
    ".mise.@.local.toml",
    ".mise/config.@.local.toml",
    "mise.@.local.toml",
    "mise/config.@.local.toml",
    ".config/mise.@.local.toml",
    ".config/mise/config.@.local.toml",
    ".mise.@.toml",
    ".mise/config.@.toml",
    "mise.@.toml",
    "mise/config.@.toml",
    ".config/mise.@.toml",
    ".config/mise/config.@.toml",
];

/// The variables that change where mise looks in a way that is not simulated.
const CHANGES: [&str; 7] = [
    "MISE_CEILING_PATHS",
    "MISE_DEFAULT_CONFIG_FILENAME",
    "MISE_DEFAULT_TOOL_VERSIONS_FILENAME",
    "MISE_IGNORED_CONFIG_PATHS",
    "MISE_NO_CONFIG",
    "MISE_OVERRIDE_CONFIG_FILENAMES",
    "MISE_OVERRIDE_TOOL_VERSIONS_FILENAMES",
];

/// A variable that is set and makes mise look elsewhere.
pub(super) fn changed_by(invocation: &Invocation) -> Option<&'static str> {
    CHANGES.into_iter().find(|name| set(invocation, name).is_some())
}

/// The files of the working directory and of those above it, the strongest first, whether they exist or not.
pub(super) fn local(trace: &Trace<'_>, invocation: &Invocation) -> Vec<BString> {
    let dirs: Vec<BString> = trace.ask.cwd().map(upwards).unwrap_or_default();
    let environments = environments(invocation);
    let mut files = Vec::new();
    for dir in &dirs {
        for environment in environments.iter().rev() {
            files.extend(NAMES_OF_ENVIRONMENT.iter().map(|name| join(dir.as_bstr(), name.replace('@', environment))));
        }
        for name in NAMES {
            match name.strip_suffix("/*.toml") {
                Some(fragments) => files.extend(in_dir(trace, join(dir.as_bstr(), fragments).as_bstr())),
                None => files.push(join(dir.as_bstr(), name)),
            }
        }
    }
    files
}

/// The files that hold everywhere: those of the user, and those of the machine. Which of the user's is the strongest has
/// changed, and so has that for the machine.
pub(super) fn global(trace: &Trace<'_>, invocation: &Invocation) -> [Vec<BString>; 2] {
    let home = set(invocation, "HOME");
    let of_user = if let Some(file) = set(invocation, "MISE_GLOBAL_CONFIG_FILE") {
        vec![file.to_owned()]
    } else {
        let dir = set(invocation, "MISE_CONFIG_DIR")
            .map(BStr::to_owned)
            .or_else(|| set(invocation, "XDG_CONFIG_HOME").map(|dir| join(dir, "mise")))
            .or_else(|| home.map(|home| join(home, ".config/mise")));
        let files = dir.iter().flat_map(|dir| of_dir(trace, invocation, dir.as_bstr()));
        files.chain(home.map(|home| join(home, ".tool-versions"))).collect()
    };
    let dir = set(invocation, "MISE_SYSTEM_CONFIG_DIR").unwrap_or(b"/etc/mise".as_bstr());
    [of_user, of_dir(trace, invocation, dir)]
}

/// `config.toml` and its relatives in a directory of mise's own.
fn of_dir(trace: &Trace<'_>, invocation: &Invocation, dir: &BStr) -> Vec<BString> {
    let mut files: Vec<BString> = ["config.local.toml", "mise.local.toml"].map(|name| join(dir, name)).into();
    for environment in environments(invocation).iter().rev() {
        let names = ["config.@.local.toml", "mise.@.local.toml", "config.@.toml", "mise.@.toml"];
        files.extend(names.map(|name| join(dir, name.replace('@', environment))));
    }
    files.extend(["config.toml", "mise.toml"].map(|name| join(dir, name)));
    files.extend(in_dir(trace, join(dir, "conf.d").as_bstr()));
    files
}

/// The fragments in a directory, the strongest first.
fn in_dir(trace: &Trace<'_>, dir: &BStr) -> Vec<BString> {
    let Ok(names) = trace.ask.list_dir(dir) else { return Vec::new() };
    let mut names: Vec<&BString> =
        names.iter().filter(|name| name.ends_with(b".toml") && !name.starts_with(b".")).take(MOST_FRAGMENTS).collect();
    names.sort_unstable_by(|one, other| other.cmp(one));
    names.into_iter().map(|name| join(dir, name)).collect()
}

/// The names in `MISE_ENV`, the last of which is the strongest.
fn environments(invocation: &Invocation) -> Vec<String> {
    let names = set(invocation, "MISE_ENV").map(|names| names.to_str_lossy().into_owned()).unwrap_or_default();
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty() && !name.contains('/'));
    names.take(MOST_ENVIRONMENTS).map(str::to_owned).collect()
}
