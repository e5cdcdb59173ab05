//! Operations as they are carried out: a file that several fixes write to is written once.
//!
//! So every state of a file that anybody can see, after a crash too, is the one before the plan or the one after it.

use bstr::{BString, ByteSlice};

use super::operation::{Operation, What};
use super::paths::is_below;

/// The same operations, with those that write to one file made one, where nothing in between is about that file.
pub(super) fn merged(operations: &[&Operation]) -> Vec<Operation> {
    let mut merged: Vec<Operation> = Vec::with_capacity(operations.len());
    for operation in operations {
        let What::Write { path, content } = &operation.what else {
            merged.push((*operation).clone());
            continue;
        };
        match merged.iter_mut().rev().find(|earlier| is_about(&earlier.what, path)) {
            Some(Operation { what: What::Write { path: same, content: old }, after, .. }) if same == path => {
                old.clone_from(content);
                after.clone_from(&operation.after);
            }
            _ => merged.push((*operation).clone()),
        }
    }
    merged
}

/// Whether an operation may change what is at a path: a program may change anything.
fn is_about(what: &What, path: &BString) -> bool {
    let is_related =
        |other: &BString| is_below(path.as_bstr(), other.as_bstr()) || is_below(other.as_bstr(), path.as_bstr());
    matches!(what, What::Run { .. }) || what.paths().any(is_related)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::state::State;

    fn write(path: &str, content: &str) -> Operation {
        let what = What::Write { path: path.into(), content: content.into() };
        Operation { what, before: State::Missing, after: State::Missing, diff: None }
    }

    fn told(operations: &[Operation]) -> Vec<String> {
        let merged = merged(&operations.iter().collect::<Vec<_>>());
        let one = |operation: Operation| match operation.what {
            What::Write { path, content } => format!("{path}={content}"),
            What::SetMode { path, .. } => format!("{path}:mode"),
            What::Run { .. } => "run".to_owned(),
            other => format!("{other:?}"),
        };
        merged.into_iter().map(one).collect()
    }

    #[test]
    fn a_file_is_written_once() {
        assert_eq!(told(&[write("/a", "1"), write("/b", "2"), write("/a", "3")]), ["/a=3", "/b=2"]);
    }

    #[test]
    fn what_is_done_in_between_stays_in_between() {
        let mode = Operation { what: What::SetMode { path: "/a".into(), mode: 0o600 }, ..write("/a", "") };
        let run = Operation { what: What::Run { argv: Vec::new(), cwd: None, builds: Vec::new() }, ..write("/a", "") };
        assert_eq!(told(&[write("/a", "1"), mode, write("/a", "3")]), ["/a=1", "/a:mode", "/a=3"]);
        assert_eq!(told(&[write("/a", "1"), run, write("/a", "3")]), ["/a=1", "run", "/a=3"]);
    }
}
