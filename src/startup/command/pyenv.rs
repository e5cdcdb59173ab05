//! How pyenv chooses a version (`libexec/pyenv-version-name`, `pyenv-version-file`, `pyenv-which`, `pyenv-exec`).

use bstr::{BStr, BString, ByteSlice};

use super::pyenv_latest;
use super::shim::{Idle, LARGEST_CHOICE, MOST_VERSIONS, Started, join, on_path, set, upwards, words};
use crate::host::path::{Flavor, module};
use crate::invocation::Invocation;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// How much of a line of a version file is read.
const LONGEST_LINE: usize = 1024;

/// What a shim tells pyenv.
pub(super) struct Pyenv<'p> {
    /// `PYENV_ROOT`.
    pub root: &'p BStr,
    /// The directory in which the shim was started, where it says so.
    pub own: Option<&'p BStr>,
}

/// What `pyenv exec NAME` starts.
pub(super) fn start(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    pyenv: &Pyenv<'_>,
    name: &BStr,
) -> Result<Started, Idle> {
    trace.begin(StepId::PyenvVersion);
    if let Some(dir) = set(invocation, "PYENV_DIR").filter(|dir| !trace.ask.is_dir(dir)) {
        return Err(fails(trace, 1, sentence!("pyenv: cannot change working directory to `", dir, "'")));
    }
    let root = pyenv.root;
    let Choice { versions, origin } = versions(trace, invocation, root);
    trace.begin(StepId::PyenvWhich);
    let mut absent = Vec::new();
    for version in versions.iter().map(|version| version.as_bstr()).chain([b"system".as_bstr()]) {
        if version == "system" {
            if let Some(program) = of_system(trace, invocation, pyenv, name) {
                return Ok(started(root, program));
            }
        } else if let Some(dir) = installed(trace, root, version) {
            let program = sentence!(dir, "/bin/", name);
            if trace.ask.is_executable(program.as_bstr()) {
                trace.say(sentence!("Version ", version, " has ", name, ": ", program, "."));
                return Ok(started(root, program));
            }
            trace.say(sentence!("Version ", version, " has no ", name, "."));
        } else {
            trace.say(sentence!("Version ", version, " is not installed."));
            absent.push(sentence!("pyenv: version `", version, "' is not installed (set by ", origin, ")"));
        }
    }
    let not_found = sentence!("pyenv: ", name, ": command not found");
    // The first message says what is wrong, the last one only what follows.
    let message = absent.first().unwrap_or(&not_found).clone();
    trace.say(sentence!("pyenv ends with status 127: `", message, "`."));
    for printed in absent.into_iter().chain([not_found]) {
        trace.print(printed);
    }
    Err(Idle::Fails { status: 127, message })
}

/// The program of that name on PATH, without the shims.
fn of_system(trace: &mut Trace<'_>, invocation: &Invocation, pyenv: &Pyenv<'_>, name: &BStr) -> Option<BString> {
    let shims = join(pyenv.root, "shims");
    let own = pyenv.own.filter(|own| *own != shims);
    let skipped: Vec<&BStr> = [shims.as_bstr()].into_iter().chain(own).collect();
    on_path(trace, invocation, name, &skipped)
}

fn fails(trace: &mut Trace<'_>, status: u8, message: BString) -> Idle {
    trace.say(sentence!("pyenv ends with status ", status.to_string(), ": `", message, "`."));
    trace.print(message.clone());
    Idle::Fails { status, message }
}

/// The directory of a version of pyenv comes first on PATH; that of the system's Python is there already.
fn started(root: &BStr, program: BString) -> Started {
    let dir = program.rfind_byte(b'/').map(|slash| BString::from(&program[..slash]));
    let path = dir.filter(|_| program.starts_with(root));
    Started { program, path }
}

/// What was chosen.
struct Choice {
    /// The versions in their order; none is `system`.
    versions: Vec<BString>,
    /// Where the choice comes from, in the words of `pyenv version-origin`.
    origin: BString,
}

fn versions(trace: &mut Trace<'_>, invocation: &Invocation, root: &BStr) -> Choice {
    if let Some(value) = set(invocation, "PYENV_VERSION") {
        trace.say(sentence!("PYENV_VERSION is ", value, "."));
        let versions = value.split_str(":").take(MOST_VERSIONS).map(BString::from).collect();
        return Choice { versions, origin: "PYENV_VERSION environment variable".into() };
    }
    let file = version_file(trace, invocation, root);
    let content = trace.ask.read(file.as_bstr(), LARGEST_CHOICE).map(|content| content.to_vec()).unwrap_or_default();
    let first_words = content.lines().filter_map(|line| words(&line[..line.len().min(LONGEST_LINE)]).next());
    let chosen = first_words.filter(|word| !word.starts_with(b"#")).take(MOST_VERSIONS);
    let mut versions = Vec::new();
    for version in chosen.flat_map(|word| word.split_str(":")).filter(|version| !version.is_empty()) {
        if is_safe(trace, root, version.as_bstr()) {
            versions.push(version.into());
        } else {
            trace.print(sentence!("pyenv: invalid version `", version, "' ignored in `", file, "'"));
        }
    }
    trace.say(if versions.is_empty() {
        sentence!(file, " names no version, so the choice is `system`.")
    } else {
        sentence!(file, " names ", bstr::join(", ", &versions), ".")
    });
    Choice { versions, origin: file }
}

/// A version may name a directory deeper below `versions`, such as `3.12.1/envs/project`, and nothing outside of it.
fn is_safe(trace: &Trace<'_>, root: &BStr, version: &BStr) -> bool {
    if version != ".." && !version.contains(&b'/') {
        return true;
    }
    let versions = join(root, "versions/");
    let dir = module::abspath(Flavor::Posix, None, join(versions.as_bstr(), version).as_bstr());
    dir.starts_with(&versions) && trace.ask.is_dir(dir.as_bstr())
}

/// The nearest `.python-version`, from `PYENV_DIR` upwards, then from the working directory upwards, else the file of the
/// global choice.
fn version_file(trace: &Trace<'_>, invocation: &Invocation, root: &BStr) -> BString {
    let cwd = trace.ask.cwd();
    let named = set(invocation, "PYENV_DIR").map(|dir| module::abspath(Flavor::Posix, cwd, dir));
    let starts = [named.as_ref().map(|dir| dir.as_bstr()), cwd];
    let dirs = starts.into_iter().flatten().flat_map(upwards);
    let mut files = dirs.map(|dir| join(dir.as_bstr(), ".python-version"));
    files.find(|file| trace.ask.is_file(file.as_bstr())).unwrap_or_else(|| join(root, "version"))
}

/// The directory of a version: of that name, without `python-` in front, or the newest that begins so.
fn installed(trace: &Trace<'_>, root: &BStr, version: &BStr) -> Option<BString> {
    let versions = join(root, "versions");
    let bare = version.strip_prefix(b"python-").map_or(version, BStr::new);
    for name in [version, bare] {
        // The shell joins texts, and keeps a slash at the end of a version.
        let dir = sentence!(versions, "/", name);
        if trace.ask.is_dir(dir.as_bstr()) {
            return Some(dir);
        }
    }
    let names = trace.ask.list_dir(versions.as_bstr()).ok()?;
    let newest = |prefix: &BStr| pyenv_latest::newest(&names, prefix).map(|name| join(versions.as_bstr(), name));
    newest(version).or_else(|| newest(bare)).filter(|dir| trace.ask.is_dir(dir.as_bstr()))
}
