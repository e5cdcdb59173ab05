//! The broken twins of `fixtures/rules`, moved below a directory with another name.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use bstr::{BString, ByteSlice};
use data_encoding::BASE64;
use serde_json::{Map, Value, json};
use venv_doctor::Fix;
use venv_doctor::internals::host::Platform;
use venv_doctor::internals::snapshot;

/// The name of a directory on Windows, where most of the characters in question cannot be part of a name.
const WINDOWS_NAME: &str = "it\u{2019}s $(x) `n; {a} [b] 'c' @d, %e% & !f #g";

/// A name that means nothing to any shell.
pub const PLAIN: &[u8] = b"plain";

/// What a file is that a fixture tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    File(Vec<u8>),
    Directory,
    Symlink(BString),
}

/// The fixes of one broken twin.
pub struct Broken {
    pub code: String,
    pub platform: Platform,
    pub fixes: Vec<(String, Fix)>,
    /// What is at the paths of the machine.
    pub files: BTreeMap<BString, Entry>,
}

impl Broken {
    /// The interpreters of the machine, and that of the environment, whether it is there or not.
    pub fn interpreters(&self, place: &Path, name: &[u8]) -> Vec<PathBuf> {
        let name = OsStr::from_bytes(name);
        let own = place.join(name).join("app").join(name).join("bin/python");
        let is_python = |path: &&Path| {
            let name = path.file_name().unwrap_or_default().as_bytes();
            name.starts_with(b"python") && path.parent().is_some_and(|dir| dir.ends_with("bin"))
        };
        let paths = self.files.keys().map(|path| Path::new(OsStr::from_bytes(path)));
        let all = paths.filter(is_python).filter(|path| path.starts_with(place)).map(Path::to_owned);
        all.chain([own]).collect()
    }
}

/// The files of all broken twins.
pub fn files() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir).unwrap().map(|rule| rule.unwrap().path().join("fails.json")).collect();
    files.sort();
    files
}

/// Examines a twin whose home, environment and interpreters are below directories of that name in `place`.
pub fn broken(file: &Path, place: &Path, name: &[u8]) -> Broken {
    let environment = [b"/app/", name].concat();
    broken_at(
        file,
        place,
        &Layout { name, environment: &environment, cfg: "", files: Vec::new(), symlinks: Vec::new() },
    )
}

/// Where the environment of a twin is, and what is there besides.
pub struct Layout<'l> {
    /// What the home directory is called.
    pub name: &'l [u8],
    /// The directory of the environment, below that.
    pub environment: &'l [u8],
    /// More lines for its `pyvenv.cfg`.
    pub cfg: &'l str,
    /// Files in it, with their content.
    pub files: Vec<(&'l str, String)>,
    /// Symlinks in it, with their targets.
    pub symlinks: Vec<(&'l str, &'l str)>,
}

impl Layout<'_> {
    /// The directory of the environment.
    pub fn root(&self, place: &Path) -> PathBuf {
        let below = [self.name, self.environment].concat();
        place.join(OsStr::from_bytes(&below))
    }

    fn add(&self, document: &mut Value, place: &Path) {
        if document["platform"] == "windows" {
            return;
        }
        let root = self.root(place);
        // A path that is no text stands under another key, and keeps the content that it has.
        if root.to_str().is_none() {
            return;
        }
        let path = |name: &str| root.join(name).to_str().expect("readable").to_owned();
        let files = document["files"].as_array_mut().unwrap();
        for file in files.iter_mut().filter(|file| file["path"] == path("pyvenv.cfg").as_str()) {
            if let Some(content) = file.get("base64").and_then(Value::as_str) {
                let old = BASE64.decode(content.as_bytes()).unwrap();
                file["base64"] = BASE64.encode(&[&old, self.cfg.as_bytes()].concat()).into();
            }
        }
        let is_new = |files: &Vec<Value>, path: &str| files.iter().all(|file| file["path"] != path);
        for (name, content) in &self.files {
            if is_new(files, &path(name)) {
                files.push(json!({"path": path(name), "type": "file", "text": content}));
            }
        }
        for (name, target) in &self.symlinks {
            files.push(json!({"path": path(name), "type": "symlink", "target": target}));
        }
    }
}

/// The same for any layout.
pub fn broken_at(file: &Path, place: &Path, layout: &Layout<'_>) -> Broken {
    let mut document: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let bytes = place.as_os_str().as_encoded_bytes();
    let environment = layout.environment.to_vec();
    moved(&mut document, &Move { place: bytes, name: layout.name.to_vec(), environment });
    layout.add(&mut document, place);
    let text = serde_json::to_vec(&document).unwrap();
    let snapshot = snapshot::load(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let explanation = venv_doctor::examine(&snapshot.host, &snapshot.invocation, &snapshot.options, snapshot.depth);
    let fixes = explanation.findings.into_iter().filter_map(|it| Some((it.code().text().to_owned(), it.fix?)));
    Broken {
        code: file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned(),
        platform: snapshot.invocation.platform,
        fixes: fixes.collect(),
        files: document["files"].as_array().unwrap().iter().filter_map(entry).collect(),
    }
}

struct Move<'m> {
    place: &'m [u8],
    name: Vec<u8>,
    environment: Vec<u8>,
}

impl Move<'_> {
    fn applied(&self, text: &str) -> Vec<u8> {
        let ends =
            |rest: &[u8]| !rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"._-:".contains(byte));
        let home = [self.place, b"/", &self.name].concat();
        let bases = [&home, b"/opt/python-3".as_slice()].concat();
        let text = replaced(text.as_bytes(), b"/home/u", &home, ends);
        let text = replaced(&text, b"/Users/u", &home, ends);
        let text = replaced(&text, b"/opt/python-3", &bases, |_| true);
        let text = replaced(&text, br"C:\Users\u", [br"C:\Users\", WINDOWS_NAME.as_bytes()].concat().as_slice(), ends);
        let text = replaced(&text, b"/app/env", &self.environment, ends);
        // Of a name that is ordinary, the values are not.
        if self.name == PLAIN { replaced(&text, b"/app/gone/bin", b"/app/g\xffne/b\xffn", |_| true) } else { text }
    }

    /// For the content of a JSON file, where the name is between quotes.
    fn in_json(&self) -> Self {
        let quoted = |name: &Vec<u8>| match str::from_utf8(name) {
            Ok(text) => {
                let text = serde_json::to_string(text).unwrap();
                text.as_bytes()[1..text.len() - 1].to_vec()
            }
            Err(_) => name.clone(),
        };
        Self { place: self.place, name: quoted(&self.name), environment: quoted(&self.environment) }
    }
}

fn replaced(text: &[u8], old: &[u8], new: &[u8], ends: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let after = &rest[at + old.len()..];
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(if ends(after) { new } else { old });
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

fn moved(value: &mut Value, by: &Move<'_>) {
    match value {
        Value::String(text) => *value = text_or_bytes(by.applied(text)),
        Value::Array(values) => values.iter_mut().for_each(|value| moved(value, by)),
        // Bytes that are no text name nothing that moves.
        Value::Object(map) if map.contains_key("display") => {}
        Value::Object(map) => {
            content_moved(map, by);
            map.iter_mut().filter(|(key, _)| *key != "base64").for_each(|(_, value)| moved(value, by));
        }
        _ => {}
    }
}

/// The content of a file is text, or bytes under another key.
fn content_moved(map: &mut Map<String, Value>, by: &Move<'_>) {
    let is_json = map
        .get("path")
        .and_then(Value::as_str)
        .is_some_and(|path| Path::new(path).extension().is_some_and(|it| it == "json"));
    if !map.contains_key("path") {
        return;
    }
    let Some(Value::String(text)) = map.remove("text") else { return };
    let content = if is_json { by.in_json().applied(&text) } else { by.applied(&text) };
    map.insert("base64".to_owned(), BASE64.encode(&content).into());
}

fn text_or_bytes(bytes: Vec<u8>) -> Value {
    String::from_utf8(bytes).map_or_else(|error| json!({"base64": BASE64.encode(error.as_bytes())}), Value::String)
}

fn entry(file: &Value) -> Option<(BString, Entry)> {
    let bytes = |value: &Value| -> Option<BString> {
        let plain = value.as_str().map(BString::from);
        plain.or_else(|| Some(BASE64.decode(value["base64"].as_str()?.as_bytes()).ok()?.into()))
    };
    let what = match file["type"].as_str()? {
        "file" => {
            let content =
                file.get("base64").and_then(Value::as_str).map(|text| BASE64.decode(text.as_bytes()).unwrap());
            let text = file.get("text").and_then(Value::as_str).unwrap_or_default();
            Entry::File(content.unwrap_or_else(|| text.as_bytes().to_vec()))
        }
        "directory" => Entry::Directory,
        "symlink" => Entry::Symlink(bytes(&file["target"])?),
        // Only its name matters.
        _ => Entry::File(Vec::new()),
    };
    Some((bytes(&file["path"])?, what))
}
