//! What the targets begin with: the files that are recorded in `fixtures`.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde_json::Value;

/// Enough of one kind.
const MOST: usize = 24;

/// Every recorded machine: its file.
fn snapshots() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let (mut found, mut left) = (Vec::new(), vec![dir]);
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                left.push(path);
            } else if ["snapshot.json", "fails.json", "passes.json"].contains(&name) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text of recorded machines, of which some file's path contains one of the words.
pub fn machines(words: &[&str], most: usize) -> Vec<Vec<u8>> {
    let texts = snapshots().into_iter().map(|path| fs::read(path).unwrap());
    let has = |text: &Vec<u8>| words.iter().any(|word| bstr::ByteSlice::contains_str(text.as_slice(), word));
    texts.filter(has).take(most).collect()
}

/// The files of a recorded machine of which the content is known: path and content.
pub fn files(machine: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let document: Value = serde_json::from_slice(machine).unwrap();
    let files = document["files"].as_array().unwrap();
    let content = |file: &Value| match (&file["text"], &file["base64"]) {
        (Value::String(text), _) => Some(text.clone().into_bytes()),
        (_, Value::String(text)) => BASE64.decode(text.as_bytes()).ok(),
        _ => None,
    };
    files.iter().filter_map(|file| Some((file["path"].as_str()?.as_bytes().to_vec(), content(file)?))).collect()
}

/// Different contents of files whose paths end with one of the words, and a few more.
pub fn contents(words: &[&str], more: &[&[u8]]) -> Vec<Vec<u8>> {
    let is_meant = |path: &[u8]| words.iter().any(|word| path.ends_with(word.as_bytes()));
    let mut found: Vec<Vec<u8>> = more.iter().map(|content| content.to_vec()).collect();
    for machine in machines(words, 60) {
        found.extend(files(&machine).into_iter().filter(|(path, _)| is_meant(path)).map(|(_, content)| content));
        found.sort();
        found.dedup();
        if found.len() >= MOST {
            break;
        }
    }
    found
}

/// Small programs and caches of this machine, the beginning of each, and a few contents of one's own.
pub fn of_this_machine(paths: &[&str], more: &[&[u8]]) -> Vec<Vec<u8>> {
    let start = |path: &&str| fs::read(path).ok().map(|content| content[..content.len().min(super::LARGEST)].to_vec());
    paths.iter().filter_map(start).chain(more.iter().map(|content| content.to_vec())).collect()
}
