//! How mise chooses a version (`src/config`, `src/toolset`, `src/shims.rs`).

use bstr::{BStr, BString, ByteSlice};

use super::asdf::of_tool_versions;
use super::mise_files;
use super::shim::{Idle, LARGEST_CHOICE, MOST_VERSIONS, Started, join, micro, on_path, set, words};
use crate::host::path::{Flavor, module};
use crate::invocation::Invocation;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// What the shim `typed` of mise starts.
pub(super) fn start(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    typed: &BStr,
    name: &BStr,
) -> Result<Started, Idle> {
    trace.begin(StepId::MiseVersion);
    let shims = module::dirname(Flavor::Posix, typed);
    let versions = match choose(trace, invocation) {
        Choice::Versions(versions) => versions,
        Choice::None => {
            trace.say("No file names a version of Python.");
            Vec::new()
        }
        Choice::Unreadable => return Err(Idle::Unknown),
    };
    trace.begin(StepId::MiseWhich);
    let data = data_dir(invocation, shims.as_bstr());
    let mut is_complete = true;
    for version in versions.iter().filter(|version| *version != "system") {
        let Some(dir) = installed(trace, data.as_bstr(), version.as_bstr()) else {
            trace.say(sentence!("Version ", version, " is not installed."));
            is_complete = false;
            continue;
        };
        let bin = join(dir.as_bstr(), "bin");
        let program = join(bin.as_bstr(), name);
        if trace.ask.is_executable(program.as_bstr()) {
            trace.say(sentence!("Version ", version, " has ", name, ": ", program, "."));
            return Ok(Started { program, path: Some(bin) });
        }
        trace.say(sentence!("Version ", version, " has no ", name, "."));
    }
    if !is_complete {
        trace.say("Where its settings allow that, mise installs what is missing.");
        return Err(Idle::Unknown);
    }
    if let Some(program) = on_path(trace, invocation, name, &[shims.as_bstr()]) {
        return Ok(Started { program, path: None });
    }
    let message = if is_provided(trace, data.as_bstr(), name) {
        sentence!("No version is set for shim: ", name)
    } else {
        sentence!(name, " is not a valid shim")
    };
    trace.say(sentence!("mise ends with status 1: `", message, "`."));
    trace.print(sentence!("mise ERROR ", message));
    Err(Idle::Fails { status: 1, message })
}

/// Whether some installed version has the program.
fn is_provided(trace: &Trace<'_>, data: &BStr, name: &BStr) -> bool {
    let installs = join(data, "installs/python");
    let versions = trace.ask.list_dir(installs.as_bstr()).map(|versions| versions.to_vec()).unwrap_or_default();
    let bins = versions.iter().map(|version| join(join(installs.as_bstr(), version).as_bstr(), "bin"));
    bins.into_iter().any(|bin| trace.ask.is_executable(join(bin.as_bstr(), name).as_bstr()))
}

/// What the files say.
#[derive(PartialEq)]
enum Choice {
    Versions(Vec<BString>),
    None,
    /// One of them has a form that is not read here.
    Unreadable,
}

fn choose(trace: &mut Trace<'_>, invocation: &Invocation) -> Choice {
    if let Some(value) = set(invocation, "MISE_PYTHON_VERSION") {
        trace.say(sentence!("MISE_PYTHON_VERSION is ", value, "."));
        return Choice::Versions(words(value).take(MOST_VERSIONS).map(BStr::to_owned).collect());
    }
    if let Some(variable) = mise_files::changed_by(invocation) {
        trace.say(sentence!(variable, " changes where mise looks, which is not simulated."));
        return Choice::Unreadable;
    }
    let local = mise_files::local(trace, invocation);
    let global = mise_files::global(trace, invocation);
    for file in &local {
        match read(trace, invocation, file.as_bstr(), [&local, &global[0], &global[1]]) {
            Choice::None => {}
            choice => return told(trace, file, choice),
        }
    }
    for files in &global {
        let chosen = files.iter().map(|file| (file, read(trace, invocation, file.as_bstr(), [&[], &[], &[]])));
        let chosen: Vec<_> = chosen.filter(|(_, choice)| *choice != Choice::None).collect();
        if chosen.windows(2).any(|pair| pair[0].1 != pair[1].1) {
            trace.say("Several of the user's files choose a Python, and which of them counts depends on the release.");
            return Choice::Unreadable;
        }
        if let Some((file, choice)) = chosen.into_iter().next() {
            return told(trace, file, choice);
        }
    }
    Choice::None
}

/// The choice, after a sentence about it.
fn told(trace: &mut Trace<'_>, file: &BString, choice: Choice) -> Choice {
    trace.say(if let Choice::Versions(versions) = &choice {
        sentence!(file, " names ", bstr::join(", ", versions), ".")
    } else {
        sentence!(file, " may choose the Python in a way that is not simulated.")
    });
    choice
}

/// What one file says; `files` are all those that may have settings.
fn read(trace: &Trace<'_>, invocation: &Invocation, file: &BStr, files: [&[BString]; 3]) -> Choice {
    if file.ends_with(b".toml") {
        of_toml(trace, file)
    } else if file.ends_with(b".python-version") {
        if trace.ask.is_file(file) { of_python_version(trace, invocation, file, files) } else { Choice::None }
    } else {
        of_tool_versions(trace, file).map_or(Choice::None, Choice::Versions)
    }
}

/// `.python-version` counts only where a variable or a setting says so. Before 2025.10 it counted where none did.
fn of_python_version(trace: &Trace<'_>, invocation: &Invocation, file: &BStr, files: [&[BString]; 3]) -> Choice {
    if is_false(set(invocation, "MISE_IDIOMATIC_VERSION_FILE")) || is_disabled(invocation) {
        return Choice::None;
    }
    let enabled = match set(invocation, "MISE_IDIOMATIC_VERSION_FILE_ENABLE_TOOLS") {
        Some(tools) => Some(has_python(tools)),
        None => files.into_iter().flatten().find_map(|file| setting(trace, file.as_bstr())),
    };
    match enabled {
        Some(false) => Choice::None,
        None => Choice::Unreadable,
        Some(true) => {
            let Ok(content) = trace.ask.read(file, LARGEST_CHOICE) else { return Choice::Unreadable };
            let lines = content.lines().map(|line| line.split_str("#").next().unwrap_or_default());
            let versions = lines.flat_map(words).map(|word| word.strip_prefix(b"python-").unwrap_or(word).into());
            let versions: Vec<BString> = versions.take(MOST_VERSIONS).collect();
            if versions.is_empty() { Choice::None } else { Choice::Versions(versions) }
        }
    }
}

fn is_false(value: Option<&BStr>) -> bool {
    value.is_some_and(|value| matches!(value.as_bytes(), b"0" | b"false" | b"no" | b"off" | b"n"))
}

fn is_disabled(invocation: &Invocation) -> bool {
    set(invocation, "MISE_IDIOMATIC_VERSION_FILE_DISABLE_TOOLS").is_some_and(has_python)
}

fn has_python(tools: &BStr) -> bool {
    tools.split_str(",").any(|tool| tool.trim() == b"python")
}

/// Whether the settings in this file let `.python-version` count; none where they do not say.
fn setting(trace: &Trace<'_>, file: &BStr) -> Option<bool> {
    let content = trace.ask.read(file, LARGEST_CHOICE).ok().filter(|_| file.ends_with(b".toml"))?;
    let table = content.to_str().ok()?.parse::<toml::Table>().ok()?;
    let settings = table.get("settings")?;
    if settings.get("idiomatic_version_file").and_then(toml::Value::as_bool) == Some(false) {
        return Some(false);
    }
    let names =
        |key: &str| settings.get(key)?.as_array().map(|names| names.iter().any(|name| name.as_str() == Some("python")));
    if names("idiomatic_version_file_disable_tools") == Some(true) {
        return Some(false);
    }
    names("idiomatic_version_file_enable_tools")
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
    let one = |value: &toml::Value| match value {
        toml::Value::Table(table) if table.len() == 1 => version(table.get("version")?),
        value => version(value),
    };
    match value {
        toml::Value::Array(list) => list.iter().take(MOST_VERSIONS).map(one).collect(),
        value => Some(vec![one(value)?]),
    }
}

fn version(value: &toml::Value) -> Option<BString> {
    value.as_str().filter(|text| !text.contains('{')).map(BString::from)
}

/// `MISE_DATA_DIR`, else the directory above the shims.
fn data_dir(invocation: &Invocation, shims: &BStr) -> BString {
    let above = || module::dirname(Flavor::Posix, shims);
    set(invocation, "MISE_DATA_DIR").map_or_else(above, BStr::to_owned)
}

/// The directory of a version: of that name, or the newest that begins so. mise keeps symlinks such as `3.12` to the
/// newest that it has installed.
fn installed(trace: &Trace<'_>, data: &BStr, version: &BStr) -> Option<BString> {
    if let Some(path) = version.strip_prefix(b"path:") {
        return Some(path.into());
    }
    let name = version.strip_prefix(b"prefix:").unwrap_or(version).replace(":", "-");
    let installs = join(data, "installs/python");
    let dir = join(installs.as_bstr(), &name);
    if !trace.ask.is_dir(dir.as_bstr()) {
        let names = trace.ask.list_dir(installs.as_bstr()).ok()?;
        let matching = names.iter().filter_map(|found| Some((micro(found.as_bstr(), name.as_bstr())?, found)));
        let (_, newest) = matching.max_by_key(|(numbers, _)| numbers.clone())?;
        return Some(join(installs.as_bstr(), newest));
    }
    let target = trace.ask.read_link(dir.as_bstr()).unwrap_or_default();
    // Other symlinks are the user's own, and are not followed.
    let newest = target.strip_prefix(b"./").filter(|newest| !newest.is_empty() && !newest.contains(&b'/'));
    Some(newest.map_or(dir, |newest| join(installs.as_bstr(), newest)))
}
