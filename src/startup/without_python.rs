//! Environments of conda for other programs than Python: that no Python is in them is as it should be.

use bstr::{BStr, BString, ByteSlice};

use super::record::{Outcome, Status};
use super::trace::Trace;
use crate::host::path::{Flavor, module};
use crate::interpreter::{Identification, Problem, conda_version};
use crate::invocation::Invocation;
use crate::text::sentence;

/// The packages of conda that bring an interpreter.
const PYTHONS: [&str; 2] = ["python", "pypy"];

/// The outcome where nothing is at `file`, and conda has recorded no Python in the environment that it would be in. Nobody
/// asks this where anything is there.
pub fn judge(
    trace: &Trace<'_>,
    invocation: &Invocation,
    identification: &Identification,
    file: Option<&BString>,
) -> Option<Outcome> {
    let file = file.filter(|_| identification.problem == Some(Problem::Missing))?;
    let flavor = Flavor::of(invocation.platform);
    let cwd = invocation.cwd.as_ref().map(|cwd| cwd.as_bstr()).unwrap_or_default();
    let dir = module::dirname(flavor, module::join(flavor, &[cwd, file.as_bstr()]).as_bstr());
    // On Windows, the interpreter is in the directory of the environment itself.
    let root = if flavor == Flavor::Posix { module::dirname(flavor, dir.as_bstr()) } else { dir };
    is_without_python(trace, flavor, root.as_bstr()).then(|| {
        let reason = sentence!(root, " is an environment of conda in which no Python is installed");
        Outcome { status: Status::NotSimulated, reason: Some(reason), step: None }
    })
}

fn is_without_python(trace: &Trace<'_>, flavor: Flavor, root: &BStr) -> bool {
    let records = module::join(flavor, &[root, "conda-meta".into()]);
    let is_python = |name: &BString| PYTHONS.iter().any(|package| conda_version(name.as_bstr(), package).is_some());
    trace.ask.list_dir(records.as_bstr()).is_ok_and(|names| !names.iter().any(is_python))
}
