//! Environments that are kept in a repository of git.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::FileKind;
use crate::host::path::{Flavor, module};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static ENVIRONMENT_IN_GIT: Rule = Rule {
    code: Code("VD518"),
    name: "environment-in-git",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The environment is kept in a repository of git.",
    why: "\
Links, pyvenv.cfg and the first lines of scripts hold absolute paths of the machine that made the environment, and its \
binaries run on that kind of machine only. Whoever checks it out finds a Python that does not start, often with \
somebody else's name in the path; and every installation is thousands of changed files. venv leaves a .gitignore that \
keeps git away from 3.13 on, as virtualenv and uv do; older releases leave none.",
    example: "\
$ git ls-files | head -2
.venv/bin/activate
.venv/pyvenv.cfg",
    fix: "Take the directory out of the repository, have git ignore it, and keep a list of requirements instead.",
    sources: &["python/cpython#83417", "YYuX-1145/Bert-VITS2-Integration-package#62"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&ENVIRONMENT_IN_GIT], judges: &[Judge { when: When::Environment(590), find }] };

/// The index of a repository with a hundred thousand files has as many bytes.
const MOST_INDEX: u64 = 16 << 20;
/// A pointer to a repository elsewhere is one line.
const MOST_POINTER: u64 = 4 << 10;
/// What is in the directory of an environment, and nothing that anybody has written.
const USUAL: [&[u8]; 12] = [
    b"bin",
    b"Scripts",
    b"lib",
    b"lib64",
    b"include",
    b"share",
    b"etc",
    b"man",
    b"pyvenv.cfg",
    b".gitignore",
    b".lock",
    b"CACHEDIR.TAG",
];
/// So far up a repository is looked for.
const MOST_DIRS: usize = 32;

/// Judges whether the index of the repository around the environment lists its `pyvenv.cfg`.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    // venv of 3.13, virtualenv and uv leave one that excludes everything: then nobody adds the rest by mistake.
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
    let message = sentence!(survey.root(), " is kept in the repository of git in ", top);
    findings.push(
        Finding::new(&ENVIRONMENT_IN_GIT, message)
            .evidence(Evidence::about(index, sentence!("lists ", wanted)))
            .effect("its paths and binaries are right on the machine that made it, and on no other that checks it out")
            .fix(fix(survey, &top, &relative)),
    );
}

/// The commands take out the directory, and so are given only where nothing but the environment is in it.
fn fix(survey: &Survey<'_>, top: &BString, relative: &BString) -> Fix {
    let root = survey.root();
    let fix = Fix::advice("take the environment out of the repository, and have git ignore it");
    let is_usual = |name: &BString| USUAL.iter().any(|usual| usual.eq_ignore_ascii_case(name));
    if survey.flavor() == Flavor::Windows || !survey.list(root).iter().all(is_usual) {
        return fix;
    }
    let untrack = fixes::line(survey, "git").word("-C").word(top).words(["rm", "-r", "-q", "--cached", "--"]);
    let ignore = fixes::line(survey, "echo").word("*").raw(">").word(survey.join(root, ".gitignore"));
    fix.command(untrack.word(relative)).command(ignore)
}

/// The nearest directory above that git keeps, and where it keeps it.
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

/// Whether an index lists a path: it stands behind its length, and before a zero byte. Newer forms of the index that
/// leave out what a path shares with the one before it are not understood, and list nothing here.
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
            // The flags stand right before the path, or in front of two bytes more.
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
