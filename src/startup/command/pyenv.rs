//! How pyenv chooses a version (`libexec/pyenv-version-name`, `pyenv-version-file`, `pyenv-which`, `pyenv-exec`).

use bstr::{BStr, BString, ByteSlice};

use super::shim::{LARGEST_CHOICE, MOST_VERSIONS, Started, join, on_path, set, upwards, words};
use crate::invocation::Invocation;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// What `pyenv exec NAME` starts.
pub(super) fn start(trace: &mut Trace<'_>, invocation: &Invocation, root: &BStr, name: &BStr) -> Option<Started> {
    trace.begin(StepId::PyenvVersion);
    let versions = versions(trace, invocation, root);
    trace.begin(StepId::PyenvWhich);
    let shims = join(root, "shims");
    for version in versions.iter().map(|version| version.as_bstr()).chain([b"system".as_bstr()]) {
        if version == "system" {
            if let Some(program) = on_path(trace, invocation, name, shims.as_bstr()) {
                return Some(started(root, program));
            }
        } else if let Some(dir) = installed(trace, root, version) {
            let program = join(join(dir.as_bstr(), "bin").as_bstr(), name);
            if trace.ask.is_executable(program.as_bstr()) {
                trace.say(sentence!("Version ", version, " has ", name, ": ", program, "."));
                return Some(started(root, program));
            }
            trace.say(sentence!("Version ", version, " has no ", name, "."));
        } else {
            trace.say(sentence!("Version ", version, " is not installed."));
        }
    }
    trace.say(sentence!("pyenv fails: `pyenv: ", name, ": command not found`."));
    None
}

/// The directory of a version of pyenv comes first on PATH; that of the system's Python is there already.
fn started(root: &BStr, program: BString) -> Started {
    let dir = program.rfind_byte(b'/').map(|slash| BString::from(&program[..slash]));
    let path = dir.filter(|_| program.starts_with(root));
    Started { program, path }
}

/// The chosen versions in their order; none is `system`.
fn versions(trace: &mut Trace<'_>, invocation: &Invocation, root: &BStr) -> Vec<BString> {
    if let Some(value) = set(invocation, "PYENV_VERSION") {
        trace.say(sentence!("PYENV_VERSION is ", value, "."));
        return value.split_str(":").take(MOST_VERSIONS).map(BString::from).collect();
    }
    let file = version_file(trace, invocation, root);
    let content = trace.ask.read(file.as_bstr(), LARGEST_CHOICE).map(|content| content.to_vec()).unwrap_or_default();
    let first_words = content.lines().filter_map(|line| words(line).next());
    let versions: Vec<BString> = first_words
        .filter(|word| !word.starts_with(b"#") && !word.contains(&b'/') && *word != "..")
        .take(MOST_VERSIONS)
        .map(BString::from)
        .collect();
    trace.say(if versions.is_empty() {
        sentence!(file, " names no version, so the choice is `system`.")
    } else {
        sentence!(file, " names ", bstr::join(", ", &versions), ".")
    });
    versions
}

/// The nearest `.python-version`, from `PYENV_DIR` upwards, then from the working directory upwards, else the file of the
/// global choice.
fn version_file(trace: &Trace<'_>, invocation: &Invocation, root: &BStr) -> BString {
    let cwd = trace.ask.cwd();
    let starts = [set(invocation, "PYENV_DIR"), cwd];
    let dirs = starts.into_iter().flatten().flat_map(upwards);
    let mut files = dirs.map(|dir| join(dir.as_bstr(), ".python-version"));
    files.find(|file| trace.ask.is_file(file.as_bstr())).unwrap_or_else(|| join(root, "version"))
}

/// The directory of a version: of that name, without `python-` in front, or the newest that begins so.
fn installed(trace: &Trace<'_>, root: &BStr, version: &BStr) -> Option<BString> {
    let versions = join(root, "versions");
    let bare = version.strip_prefix(b"python-").map_or(version, BStr::new);
    for name in [version, bare] {
        let dir = join(versions.as_bstr(), name);
        if trace.ask.is_dir(dir.as_bstr()) {
            return Some(dir);
        }
    }
    let names = trace.ask.list_dir(versions.as_bstr()).ok()?;
    let matching = names.iter().filter_map(|name| Some((micro(name.as_bstr(), bare)?, name)));
    let (_, newest) = matching.max_by_key(|(numbers, _)| numbers.clone())?;
    Some(join(versions.as_bstr(), newest))
}

/// The numbers of `3.12.4` after the prefix `3.12`; none for what is no release of that prefix.
fn micro(name: &BStr, prefix: &BStr) -> Option<Vec<u32>> {
    let rest = name.strip_prefix(prefix.as_bytes())?.strip_prefix(b".")?;
    rest.split_str(".").map(|number| number.to_str().ok()?.parse().ok()).collect()
}
