//! A change in an overlay, compared with the change on the disk: the same lookups have the same answers.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bstr::{BStr, BString};
use proptest::prelude::*;
use venv_doctor::internals::host::{Host, LiveHost, OverlayHost};

use super::{Answers, Walked, answers, below, entry, entry_path, fill, loose_path, tree, walks};

#[derive(Clone, Debug)]
enum Change {
    Add(String, Vec<u8>),
    Remove(String),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (entry_path(), prop::collection::vec(any::<u8>(), 0..9)).prop_map(|(path, text)| Change::Add(path, text)),
        2 => entry_path().prop_map(Change::Remove),
    ]
}

/// Makes the change on disk; an error where a parent is a file or leads to one, or nowhere.
fn make(top: &Path, change: &Change) -> io::Result<()> {
    match change {
        Change::Add(path, content) => {
            let path = top.join(path);
            fs::create_dir_all(path.parent().unwrap())?;
            // The replaced file may be a symlink that is part of the path.
            let path = path.parent().unwrap().canonicalize()?.join(path.file_name().unwrap());
            match fs::symlink_metadata(&path) {
                Ok(old) if old.is_dir() => fs::remove_dir_all(&path)?,
                Ok(old) if old.is_symlink() => fs::remove_file(&path)?,
                Ok(_) | Err(_) => {}
            }
            fs::write(&path, content)
        }
        Change::Remove(path) => {
            let path = top.join(path);
            if fs::symlink_metadata(&path)?.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
        }
    }
}

fn imagine(overlay: &mut OverlayHost<'_>, top: &Path, change: &Change) {
    match change {
        Change::Add(path, content) => overlay.add_file(below(top, path).as_ref(), content.clone()).unwrap(),
        Change::Remove(path) => assert_eq!(overlay.remove(below(top, path).as_ref()), Ok(true)),
    }
}

fn all_answers(host: &dyn Host, top: &Path, lookups: &[&String]) -> Vec<(Answers, [Walked; 2])> {
    let both = |path: &BString| (answers(host, path.as_ref()), walks(host, path.as_ref()));
    lookups.iter().map(|path| both(&below(top, path))).collect()
}

fn outermost(top: &Path) -> PathBuf {
    top.ancestors().nth(super::DEPTH - 1).unwrap().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_overlay_answers_as_the_changed_machine_does(
        entries in prop::collection::vec((entry_path(), entry()), 1..16),
        changes in prop::collection::vec(change(), 1..6),
        lookups in prop::collection::vec(loose_path(), 1..24),
    ) {
        let (_dir, top, memory) = tree(&entries);
        let mut over_memory = OverlayHost::new(&memory);
        let mut made = Vec::new();
        for change in &changes {
            if make(&top, change).is_ok() {
                imagine(&mut over_memory, &top, change);
                made.push(change);
            }
        }
        let changed = changes.iter().map(|(Change::Add(path, _) | Change::Remove(path))| path);
        let asked: Vec<&String> =
            lookups.iter().chain(entries.iter().map(|(path, _)| path)).chain(changed).collect();
        let real = all_answers(&LiveHost, &top, &asked);
        for ((path, real), imagined) in asked.iter().zip(&real).zip(all_answers(&over_memory, &top, &asked)) {
            prop_assert_eq!(&imagined, real, "over memory: {}, after {:?}", path, made);
        }

        fs::remove_dir_all(outermost(&top)).unwrap();
        fill(&top, &entries);
        let mut over_disk = OverlayHost::new(&LiveHost);
        for change in made {
            imagine(&mut over_disk, &top, change);
        }
        for ((path, real), imagined) in asked.iter().zip(&real).zip(all_answers(&over_disk, &top, &asked)) {
            prop_assert_eq!(&imagined, real, "over the disk: {}, after {:?}", path, changes);
        }
    }
}

#[test]
fn an_overlay_without_changes_is_its_base() {
    let overlay = OverlayHost::new(&LiveHost);
    for path in ["/", "/proc/self/exe", "/proc/self/fd/0", "/dev/null", "/gone/x", "/usr/bin/env", "/etc/passwd/x", "x"]
    {
        let path = BStr::new(path);
        assert_eq!(answers(&overlay, path), answers(&LiveHost, path), "{path}");
    }
}
