//! Whether shadows are what they are said to be: winners are removed from the disk, and a new process is asked.

use std::fs;
use std::io;

use bstr::{BString, ByteSlice};

use super::layout::Layout;
use super::observed::{self, Answer, Observed};

/// Takes every winner away that can be, asks again, and compares with the shadows. How many were taken away, and one
/// line for each surprise.
pub fn surprises(l: &Layout<'_>, before: &Observed, label: &str) -> io::Result<(usize, Vec<String>)> {
    let mut taken = Vec::new();
    for (asked, answer) in l.names.iter().zip(&before.answers) {
        if !asked.name.contains('.') && !answer.loaded && is_file(&answer.kind) && take(l, answer)? {
            taken.push(asked.name.as_str());
        }
    }
    if taken.is_empty() {
        return Ok((0, Vec::new()));
    }
    let Some(after) = observed::read(&l.start_real(&format!("{label}-taken"))?) else { return Ok((0, Vec::new())) };
    let pairs = l.names.iter().zip(before.answers.iter().zip(&after.answers));
    let surprises = pairs
        .filter(|(asked, _)| taken.contains(&asked.name.as_str()))
        .filter_map(|(asked, (old, new))| {
            let why = surprise(old, new)?;
            Some(format!("{}: {why}; shadows were {:?}, now it is {new:?}", asked.name, old.shadows))
        })
        .collect();
    Ok((taken.len(), surprises))
}

fn is_file(kind: &str) -> bool {
    !kind.starts_with("zip-") && ["source", "bytecode", "extension"].iter().any(|form| kind.ends_with(form))
        || kind.starts_with("package")
}

/// Removes the file, and with the last `__init__` of a package the whole package.
fn take(l: &Layout<'_>, answer: &Answer) -> io::Result<bool> {
    let by_path = answer.found_by.as_ref().is_some_and(|by| by.0 == "path");
    let Some(file) = answer.origin.as_ref().filter(|_| by_path).and_then(|origin| l.own(origin)) else {
        return Ok(false);
    };
    // Nothing may be removed through a symlink that leads out of the layout, and the same file by way of a symlink is
    // gone with it.
    let real = file.parent().and_then(|dir| dir.canonicalize().ok()).map(|dir| dir.join(file.file_name().unwrap()));
    let own = l.draft.outside(&l.draft.work).canonicalize()?;
    if !real.as_ref().is_some_and(|real| real.starts_with(&own)) {
        return Ok(false);
    }
    let real = file.canonicalize().ok();
    let other_ways = answer.shadows.iter().filter_map(|(_, path)| l.own(path.as_ref()?)?.canonicalize().ok());
    if other_ways.into_iter().any(|other| Some(other) == real) || fs::remove_file(&file).is_err() {
        return Ok(false);
    }
    let Some(dir) = file.parent().filter(|_| answer.locations.is_some()) else { return Ok(true) };
    let has_init = fs::read_dir(dir)?.flatten().any(|entry| {
        let name = entry.file_name();
        name.as_encoded_bytes().starts_with(b"__init__.") && entry.path().is_file()
    });
    if !has_init && !dir.is_symlink() {
        fs::remove_dir_all(dir)?;
    }
    Ok(true)
}

/// Why the new winner is not what the shadows say.
fn surprise(old: &Answer, new: &Answer) -> Option<&'static str> {
    let files: Vec<&(String, Option<BString>)> = old.shadows.iter().filter(|(kind, _)| kind != "namespace").collect();
    let portions: Vec<&BString> =
        old.shadows.iter().filter(|(kind, _)| kind == "namespace").filter_map(|(_, path)| path.as_ref()).collect();
    match new.kind.as_str() {
        // Taking one name away can change another: a directory that was in a package, a link to what was removed.
        "raises" | "no-spec" => None,
        "missing" if old.shadows.is_empty() => None,
        "missing" => Some("nothing is left"),
        "namespace" => {
            let mut locations: Vec<&BString> = new.locations.iter().flatten().collect();
            let mut seen = Vec::new();
            locations.retain(|location| {
                let is_new = !seen.contains(location);
                seen.push(location);
                // The directory of the package that was taken away, where it is a symlink.
                let is_own = old.locations.iter().flatten().any(|own| own == *location);
                is_new && !is_own && !location.contains_str("__path_hook__")
            });
            (locations != portions).then_some("other portions are left")
        }
        _ => {
            let next = files.first().map(|(kind, path)| (kind, path));
            (next != Some((&new.kind, &new.origin))).then_some("another file is next")
        }
    }
}
