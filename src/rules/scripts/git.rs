//! Environments that are tracked in a git repository.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Ground, Survey};
use crate::host::FileKind;
use crate::host::path::{Flavor, module};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static ENVIRONMENT_IN_GIT: Rule = Rule {
    code: Code("VD518"),
    name: "environment-in-git",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The environment is tracked in a git repository.",
    why: "\
Symlinks, pyvenv.cfg and the first lines of scripts contain absolute paths of the machine on which the environment \
was created, and its binaries run only on that kind of machine. Where the repository is checked out elsewhere, Python \
does not start, and the paths often contain somebody else's user name; and every installation changes thousands of \
tracked files. venv writes a .gitignore that excludes the environment since 3.13, as virtualenv and uv do; older \
versions write none.",
    example: "\
$ git ls-files | head -2
.venv/bin/activate
.venv/pyvenv.cfg",
    fix: "Remove the directory from the repository, have git ignore it, and track a list of requirements instead.",
    sources: &["python/cpython#83417", "YYuX-1145/Bert-VITS2-Integration-package#62"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&ENVIRONMENT_IN_GIT], judges: &[Judge { when: When::Environment(590), find }] };

/// The largest index that is read: that of a repository with a hundred thousand files is about as large.
const MOST_INDEX: u64 = 16 << 20;
/// The largest `.git` file that is read: one line that names a repository elsewhere.
const MOST_POINTER: u64 = 4 << 10;
/// How many parent directories are searched for a repository.
const MOST_DIRS: usize = 32;

/// Checks whether the index of the repository around the environment lists its `pyvenv.cfg`.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    // venv since 3.13, virtualenv and uv write one that excludes everything, so nothing is added by mistake.
    if survey.exists(survey.join(survey.root(), ".gitignore").as_bstr()) {
        return;
    }
    let Some((top, git)) = repository(survey) else { return };
    let Some(relative) = below(survey, top.as_bstr()) else { return };
    let wanted = sentence!(relative, "/pyvenv.cfg");
    let index = survey.join(&git, "index");
    if !lists(survey, index.as_bstr(), wanted.as_bstr()) {
        return;
    }
    let message = sentence!(survey.root(), " is tracked in the git repository in ", top);
    findings.push(
        Finding::new(&ENVIRONMENT_IN_GIT, message)
            .evidence(Evidence::about(index, sentence!("lists ", wanted)))
            .effect("its paths and binaries work on the machine that created it, but on no other that checks it out")
            .fix(fix(survey, &top, &relative)),
    );
}

/// The commands remove the whole directory from the index, so they are given only if it contains nothing but the
/// environment.
fn fix(survey: &Survey<'_>, top: &BString, relative: &BString) -> Fix {
    let root = survey.root();
    let fix = Fix::advice("remove the environment from the repository, but not from the disk, and have git ignore it");
    if survey.flavor() == Flavor::Windows || survey.ground() != Ground::Own {
        return fix;
    }
    let untrack = fixes::line(survey, "git").word("-C").word(top).words(["rm", "-r", "-q", "--cached", "--"]);
    let ignore = fixes::write(survey, survey.join(root, ".gitignore").as_bstr(), ["*"]);
    fix.command(untrack.word(relative)).command(ignore)
}

/// The nearest directory above with a git repository, and the directory of the repository's data.
fn repository(survey: &Survey<'_>) -> Option<(BString, BString)> {
    let mut dir = survey.parent(survey.root());
    for _ in 0..MOST_DIRS {
        let git = survey.join(&dir, ".git");
        match survey.metadata(git.as_bstr()).map(|metadata| metadata.kind) {
            Ok(FileKind::Directory) => return Some((dir, git)),
            Ok(FileKind::File) => {
                let pointer = survey.ask.read(git.as_bstr(), MOST_POINTER).ok()?;
                let target = pointer.strip_prefix(b"gitdir: ")?.trim();
                let git = survey.join(&dir, target);
                return Some((dir, git));
            }
            _ => {}
        }
        let above = survey.parent(dir.as_bstr());
        if above == dir {
            return None;
        }
        dir = above;
    }
    None
}

/// The environment's directory relative to the repository's, as git writes it.
fn below(survey: &Survey<'_>, top: &BStr) -> Option<BString> {
    let root = module::normpath(survey.flavor(), survey.root());
    let top = module::normpath(survey.flavor(), top);
    let rest = root.strip_prefix(top.as_slice())?;
    let relative = rest.strip_prefix(b"/").or_else(|| rest.strip_prefix(b"\\")).unwrap_or(rest);
    Some(BString::from(relative).replace("\\", "/").into()).filter(|it: &BString| !it.is_empty())
}

/// Whether an index lists a path: the path follows its length, and a zero byte follows the path. Version 4 of the
/// index, which omits the prefix that a path shares with the one before it, is not read and lists nothing here.
fn lists(survey: &Survey<'_>, index: &BStr, path: &BStr) -> bool {
    let Ok(file) = survey.ask.open(index) else { return false };
    if file.size() > MOST_INDEX {
        return false;
    }
    let size = usize::try_from(file.size()).unwrap_or_default();
    let Ok(content) = file.read_at(0, size) else { return false };
    names(&content, path)
}

/// Whether the content of an index lists a path.
fn names(content: &[u8], path: &BStr) -> bool {
    let length = u16::try_from(path.len().min(0xfff)).unwrap_or_default();
    content.starts_with(b"DIRC")
        && memchr::memmem::find_iter(content, path.as_bytes()).any(|at| {
            let ends = content.get(at + path.len()) == Some(&0);
            // The flags precede the path, directly or with two more bytes in between.
            let has_flags = |from: usize| {
                let bytes = at.checked_sub(from).and_then(|start| content.get(start..start + 2));
                bytes.is_some_and(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]) & 0xfff == length)
            };
            ends && (has_flags(2) || has_flags(4))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_index_can_be_read(before in prop::collection::vec(any::<u8>(), 0..40), path in "[a-z/]{1,20}", cut in 0_usize..80) {
            let length = u16::try_from(path.len()).unwrap().to_be_bytes();
            let index = [b"DIRC", before.as_slice(), &length, path.as_bytes(), b"\0"].concat();
            prop_assert!(names(&index, path.as_str().into()));
            names(index.get(..cut).unwrap_or_default(), path.as_str().into());
            names(&before, before.as_bstr());
        }
    }
}
