//! How asdf chooses a version (`lib/utils.bash`: `find_versions`, `with_shim_executable`).

use bstr::{BStr, BString, ByteSlice};

use super::shim::{Idle, LARGEST_CHOICE, MOST_VERSIONS, Started, join, on_path, set, upwards, words};
use crate::host::path::{Flavor, module};
use crate::invocation::Invocation;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// What `asdf exec PROGRAM` starts for the shim `typed`, whose text names the versions that have the program.
pub(super) fn start(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    typed: &BStr,
    program: &BStr,
    listed: &[BString],
) -> Result<Started, Idle> {
    trace.begin(StepId::AsdfVersion);
    let shims = module::dirname(Flavor::Posix, typed);
    let Some(data) = data_dir(invocation, shims.as_bstr()) else { return Err(Idle::Unknown) };
    let versions = versions(trace, invocation);
    trace.begin(StepId::AsdfWhich);
    for version in &versions {
        if version == "system" {
            if let Some(program) = on_path(trace, invocation, program, &[join(data.as_bstr(), "shims").as_bstr()]) {
                return Ok(Started { program, path: None });
            }
            continue;
        }
        let dir = if let Some(path) = version.strip_prefix(b"path:") {
            at_home(invocation, path.as_bstr())
        } else {
            if !listed.contains(version) {
                trace.say(sentence!("The shim does not list version ", version, "."));
                continue;
            }
            let name = version.replace(":", "-");
            join(join(data.as_bstr(), "installs/python").as_bstr(), name)
        };
        let bin = join(dir.as_bstr(), "bin");
        let path = join(bin.as_bstr(), program);
        if trace.ask.is_executable(path.as_bstr()) {
            trace.say(sentence!("Version ", version, " has ", program, ": ", path, "."));
            return Ok(Started { program: path, path: Some(bin) });
        }
        trace.say(sentence!("Version ", version, " has no ", program, "."));
    }
    let start = if versions.is_empty() { "No version is set" } else { "No preset version installed" };
    let message = sentence!(start, " for command ", program);
    trace.say(sentence!("asdf ends with status 126: `", message, "`."));
    trace.print(message.clone());
    Err(Idle::Fails { status: 126, message })
}

/// A path that begins with `~/` is one at home.
fn at_home(invocation: &Invocation, path: &BStr) -> BString {
    match (path.strip_prefix(b"~/"), set(invocation, "HOME")) {
        (Some(rest), Some(home)) => join(home, rest),
        _ => path.to_owned(),
    }
}

/// `ASDF_DATA_DIR`, else `.asdf` at home; where neither is known, the directory above the shims.
fn data_dir(invocation: &Invocation, shims: &BStr) -> Option<BString> {
    let at_home = || set(invocation, "HOME").map(|home| join(home, ".asdf"));
    let above = || Some(module::dirname(Flavor::Posix, shims)).filter(|dir| !dir.is_empty());
    set(invocation, "ASDF_DATA_DIR").map(BStr::to_owned).or_else(at_home).or_else(above)
}

/// The chosen versions in their order.
fn versions(trace: &mut Trace<'_>, invocation: &Invocation) -> Vec<BString> {
    if let Some(value) = set(invocation, "ASDF_PYTHON_VERSION") {
        trace.say(sentence!("ASDF_PYTHON_VERSION is ", value, "."));
        return words(value).take(MOST_VERSIONS).map(BStr::to_owned).collect();
    }
    let file_name = set(invocation, "ASDF_TOOL_VERSIONS_FILENAME")
        .or_else(|| set(invocation, "ASDF_DEFAULT_TOOL_VERSIONS_FILENAME"))
        .unwrap_or(b".tool-versions".as_bstr())
        .to_owned();
    let reads_legacy = reads_legacy_files(trace, invocation);
    let home = set(invocation, "HOME").map(BStr::to_owned);
    let dirs: Vec<BString> = trace.ask.cwd().map(upwards).unwrap_or_default();
    for dir in dirs.iter().chain(&home) {
        let file = join(dir.as_bstr(), &file_name);
        if let Some(versions) = of_tool_versions(trace, file.as_bstr()) {
            trace.say(sentence!(file, " names ", bstr::join(", ", &versions), "."));
            return versions;
        }
        let legacy = join(dir.as_bstr(), ".python-version");
        if reads_legacy && let Ok(content) = trace.ask.read(legacy.as_bstr(), LARGEST_CHOICE) {
            let versions: Vec<BString> =
                content.lines().flat_map(words).take(MOST_VERSIONS).map(BStr::to_owned).collect();
            if !versions.is_empty() {
                trace.say(sentence!(legacy, " names ", bstr::join(", ", &versions), "."));
                return versions;
            }
        }
    }
    trace.say("No file names a version of Python.");
    Vec::new()
}

/// The versions after `python` in a `.tool-versions`.
pub(super) fn of_tool_versions(trace: &Trace<'_>, file: &BStr) -> Option<Vec<BString>> {
    let content = trace.ask.read(file, LARGEST_CHOICE).ok()?;
    content.lines().find_map(|line| {
        let line = line.split_str("#").next().unwrap_or_default();
        let mut words = words(line);
        (words.next()? == "python").then(|| words.take(MOST_VERSIONS).map(BStr::to_owned).collect())
    })
}

/// `legacy_version_file = yes` in `.asdfrc`.
fn reads_legacy_files(trace: &Trace<'_>, invocation: &Invocation) -> bool {
    let at_home = || set(invocation, "HOME").map(|home| join(home, ".asdfrc"));
    let Some(file) = set(invocation, "ASDF_CONFIG_FILE").map(BStr::to_owned).or_else(at_home) else { return false };
    let Ok(content) = trace.ask.read(file.as_bstr(), LARGEST_CHOICE) else { return false };
    content.lines().any(|line| {
        let (key, value) = line.split_once_str("=").unwrap_or_default();
        key.trim() == b"legacy_version_file" && value.trim() == b"yes"
    })
}
