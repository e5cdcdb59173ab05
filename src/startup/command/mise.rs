//! How mise chooses a version (`src/config`, `src/shims.rs`).

use bstr::{BStr, BString, ByteSlice};

use super::asdf::of_tool_versions;
use super::shim::{LARGEST_CHOICE, MOST_VERSIONS, Started, join, on_path, set, upwards};
use crate::host::path::{Flavor, module};
use crate::invocation::Invocation;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// The configuration files in a directory, the strongest first.
const FILES: [&str; 10] = [
    "mise.local.toml",
    ".mise.local.toml",
    "mise.toml",
    ".mise.toml",
    "mise/config.toml",
    ".mise/config.toml",
    ".config/mise.toml",
    ".config/mise/config.toml",
    ".tool-versions",
    ".python-version",
];

/// What the shim `typed` of mise starts.
pub(super) fn start(trace: &mut Trace<'_>, invocation: &Invocation, typed: &BStr, name: &BStr) -> Option<Started> {
    trace.begin(StepId::MiseVersion);
    let shims = module::dirname(Flavor::Posix, typed);
    let versions = match versions(trace, invocation) {
        Choice::Versions(versions) => versions,
        Choice::None => {
            trace.say("No file names a version of Python.");
            Vec::new()
        }
        Choice::Unreadable => return None,
    };
    trace.begin(StepId::MiseWhich);
    let data = data_dir(invocation, shims.as_bstr());
    for version in versions.iter().filter(|version| *version != "system") {
        let Some(dir) = installed(trace, data.as_bstr(), version.as_bstr()) else {
            trace.say(sentence!("Version ", version, " is not installed."));
            continue;
        };
        let bin = join(dir.as_bstr(), "bin");
        let program = join(bin.as_bstr(), name);
        if trace.ask.is_executable(program.as_bstr()) {
            trace.say(sentence!("Version ", version, " has ", name, ": ", program, "."));
            return Some(Started { program, path: Some(bin) });
        }
        trace.say(sentence!("Version ", version, " has no ", name, "."));
    }
    let program = on_path(trace, invocation, name, shims.as_bstr())?;
    Some(Started { program, path: None })
}

/// What the files say.
enum Choice {
    Versions(Vec<BString>),
    None,
    /// One of them has a form that is not read here.
    Unreadable,
}

fn versions(trace: &mut Trace<'_>, invocation: &Invocation) -> Choice {
    if let Some(value) = set(invocation, "MISE_PYTHON_VERSION") {
        trace.say(sentence!("MISE_PYTHON_VERSION is ", value, "."));
        return Choice::Versions(value.split_str(" ").take(MOST_VERSIONS).map(BString::from).collect());
    }
    let dirs: Vec<BString> = trace.ask.cwd().map(upwards).unwrap_or_default();
    let local = dirs.iter().flat_map(|dir| FILES.map(|file| join(dir.as_bstr(), file)));
    for file in local.chain(global(invocation)) {
        let read = if file.ends_with(b".toml") {
            of_toml(trace, file.as_bstr())
        } else if file.ends_with(b".python-version") {
            of_python_version(trace, file.as_bstr())
        } else {
            of_tool_versions(trace, file.as_bstr()).map_or(Choice::None, Choice::Versions)
        };
        match &read {
            Choice::None => {}
            Choice::Versions(versions) => {
                trace.say(sentence!(file, " names ", bstr::join(", ", versions), "."));
                return read;
            }
            Choice::Unreadable => {
                trace.say(sentence!(file, " may choose the Python in a way that is not simulated."));
                return read;
            }
        }
    }
    Choice::None
}

/// The files that hold everywhere.
fn global(invocation: &Invocation) -> Vec<BString> {
    let home = set(invocation, "HOME");
    let named = set(invocation, "MISE_GLOBAL_CONFIG_FILE").map(BStr::to_owned);
    let dir = set(invocation, "MISE_CONFIG_DIR")
        .map(BStr::to_owned)
        .or_else(|| set(invocation, "XDG_CONFIG_HOME").map(|dir| join(dir, "mise")))
        .or_else(|| home.map(|home| join(home, ".config/mise")));
    let of_user = named.or_else(|| dir.map(|dir| join(dir.as_bstr(), "config.toml")));
    of_user.into_iter().chain([BString::from("/etc/mise/config.toml")]).collect()
}

/// Since 2025.10 this file counts only where a setting says so, so that whether it decides is not known.
fn of_python_version(trace: &Trace<'_>, file: &BStr) -> Choice {
    if trace.ask.is_file(file) { Choice::Unreadable } else { Choice::None }
}

/// `python = "3.12"`, `python = ["3.12", "3.11"]` or `python = { version = "3.12" }` in `[tools]`.
fn of_toml(trace: &Trace<'_>, file: &BStr) -> Choice {
    let Ok(content) = trace.ask.read(file, LARGEST_CHOICE) else { return Choice::None };
    let Some(settings) = content.to_str().ok().and_then(|text| text.parse::<toml::Table>().ok()) else {
        return Choice::Unreadable;
    };
    let tool = |name: &str| settings.get("tools")?.get(name);
    match (tool("python"), tool("core:python")) {
        (None, None) => Choice::None,
        (Some(value), None) | (None, Some(value)) => strings(value).map_or(Choice::Unreadable, Choice::Versions),
        (Some(_), Some(_)) => Choice::Unreadable,
    }
}

/// The versions that a value names; none where it has another form, or template syntax in it.
fn strings(value: &toml::Value) -> Option<Vec<BString>> {
    let one = |value: &toml::Value| value.as_str().filter(|text| !text.contains('{')).map(BString::from);
    match value {
        toml::Value::Array(list) => list.iter().map(one).collect(),
        toml::Value::Table(table) if table.len() == 1 => Some(vec![one(table.get("version")?)?]),
        _ => Some(vec![one(value)?]),
    }
}

/// `MISE_DATA_DIR`, else the directory above the shims.
fn data_dir(invocation: &Invocation, shims: &BStr) -> BString {
    let above = || module::dirname(Flavor::Posix, shims);
    set(invocation, "MISE_DATA_DIR").map_or_else(above, BStr::to_owned)
}

/// The directory of a version. mise keeps symlinks such as `3.12` to the newest that it has installed.
fn installed(trace: &Trace<'_>, data: &BStr, version: &BStr) -> Option<BString> {
    if let Some(path) = version.strip_prefix(b"path:") {
        return Some(path.into());
    }
    let name = version.strip_prefix(b"prefix:").unwrap_or(version).replace(":", "-");
    let installs = join(data, "installs/python");
    let dir = join(installs.as_bstr(), name);
    if !trace.ask.is_dir(dir.as_bstr()) {
        return None;
    }
    let target = trace.ask.read_link(dir.as_bstr()).unwrap_or_default();
    // Other symlinks are the user's own, and are not followed.
    let newest = target.strip_prefix(b"./").filter(|newest| !newest.is_empty() && !newest.contains(&b'/'));
    Some(newest.map_or(dir, |newest| join(installs.as_bstr(), newest)))
}
