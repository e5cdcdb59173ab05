//! `find_executable` and `resolvedirof` of `initpath.py`.

use bstr::{BStr, BString, ByteSlice};

use crate::host::path::{Flavor, module as arithmetic};
use crate::invocation::Invocation;
use crate::startup::fatal::Fatal;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// More symlinks than any operating system follows.
const MOST_LINKS: usize = 256;

/// The path by which `PyPy` was started, absolute and lexically normalized; empty where that is not an executable file.
pub fn find(trace: &mut Trace<'_>, invocation: &Invocation) -> BString {
    trace.begin(StepId::Executable);
    let name = invocation.executable.as_bstr();
    let path = if name.contains(&b'/') { name.to_owned() } else { search_path_variable(trace, invocation, name) };
    let path = absolute(invocation.cwd.as_ref(), path.as_bstr());
    let executable = if trace.ask.is_executable(path.as_bstr()) {
        trace.say(sentence!("PyPy was started as ", name, ". The path is made absolute, and normalized as text."));
        path
    } else {
        trace.say(sentence!(path, " is not an executable file, so sys.executable is empty."));
        BString::default()
    };
    trace.set_text("sys.executable", executable.as_bstr());
    executable
}

fn search_path_variable(trace: &mut Trace<'_>, invocation: &Invocation, name: &BStr) -> BString {
    let list = invocation.variable("PATH").filter(|list| !list.is_empty());
    for dir in list.into_iter().flat_map(|list| list.split(|&byte| byte == b':')) {
        let candidate = arithmetic::join(Flavor::Posix, &[dir.as_bstr(), name]);
        if trace.ask.is_executable(candidate.as_bstr()) {
            trace.say(sentence!("The name has no slash; PATH leads to it in ", dir, "."));
            return candidate;
        }
    }
    name.to_owned()
}

/// `rabspath`: a relative path stays as it is where the working directory has been removed.
pub fn absolute(cwd: Option<&BString>, path: &BStr) -> BString {
    if path.first() != Some(&b'/') && cwd.is_none() {
        return path.to_owned();
    }
    arithmetic::abspath(Flavor::Posix, cwd.map(|cwd| cwd.as_bstr()), path)
}

/// The directory that contains `path`. Where the path itself is a symlink, it is followed; the directories above are
/// taken as text.
pub fn resolved_dir(trace: &Trace<'_>, cwd: Option<&BString>, path: &BStr) -> Result<BString, Fatal> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let absolute_path = absolute(cwd, path.as_bstr());
        let dir = absolute(cwd, sentence!(absolute_path, "/..").as_bstr());
        let Ok(target) = trace.ask.read_link(absolute_path.as_bstr()) else { return Ok(dir) };
        path = arithmetic::join(Flavor::Posix, &[dir.as_bstr(), target.as_bstr()]);
    }
    Err(Fatal { reason: sentence!("the symlinks of ", path, " form a loop"), messages: Vec::new(), unanswered: false })
}
