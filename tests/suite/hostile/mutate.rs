//! A recorded machine changed at random: the contents, types and names of its files.

use bstr::ByteSlice;
use data_encoding::BASE64;
use serde_json::{Map, Value, json};

use crate::hostile::bytes;
use crate::support::rng::Rng;

/// Damages a machine in one of many ways, and says in which.
pub fn damage(rng: &mut Rng, document: &mut Value) -> String {
    match rng.below(20) {
        0..=9 => content(rng, document),
        10 | 11 => kind(rng, document),
        12 => rename(rng, document),
        13 | 14 => add(rng, document),
        15 => copies(rng, document),
        16 => remove(rng, document),
        17 => variable(rng, document),
        18 => facts(rng, document),
        _ => interpreter(rng, document),
    }
}

fn files(document: &mut Value) -> &mut Vec<Value> {
    document["files"].as_array_mut().unwrap()
}

/// On any platform.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that slices want")]
fn is_separator(byte: &u8) -> bool {
    matches!(byte, b'/' | b'\\')
}

fn last_separator(path: &[u8]) -> Option<usize> {
    path.iter().rposition(is_separator)
}

/// Bytes as a document writes them.
fn text(bytes: &[u8]) -> Value {
    bytes.to_str().map_or_else(|_| json!({"base64": BASE64.encode(bytes), "display": ""}), |text| json!(text))
}

/// The bytes of a text in a document.
fn bytes_of(text: &Value) -> Vec<u8> {
    match text.as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => {
            text["base64"].as_str().map_or_else(Vec::new, |text| BASE64.decode(text.as_bytes()).unwrap_or_default())
        }
    }
}

fn content_of(file: &Map<String, Value>) -> Option<Vec<u8>> {
    match (file.get("text"), file.get("base64")) {
        (Some(text), _) => Some(text.as_str()?.as_bytes().to_vec()),
        (_, Some(base64)) => BASE64.decode(base64.as_str()?.as_bytes()).ok(),
        _ => None,
    }
}

fn set_content(file: &mut Map<String, Value>, content: &[u8]) {
    file.retain(|key, _| !matches!(key.as_str(), "text" | "base64" | "archive"));
    match content.to_str() {
        Ok(text) => file.insert("text".to_owned(), json!(text)),
        Err(_) => file.insert("base64".to_owned(), json!(BASE64.encode(content))),
    };
}

/// A file whose content is recorded.
fn told(rng: &mut Rng, document: &Value) -> Option<usize> {
    let files = document["files"].as_array()?.iter().enumerate();
    let told: Vec<usize> =
        files.filter(|(_, file)| file.as_object().and_then(content_of).is_some()).map(|(index, _)| index).collect();
    told.get(rng.below(told.len())).copied()
}

fn content(rng: &mut Rng, document: &mut Value) -> String {
    let Some(index) = told(rng, document) else { return "nothing".to_owned() };
    let other = told(rng, document).and_then(|other| content_of(document["files"][other].as_object()?));
    let file = files(document)[index].as_object_mut().unwrap();
    let mut content = content_of(file).unwrap();
    let mut done = Vec::new();
    for _ in 0..=rng.below(3) {
        if rng.below(30) == 0 {
            content.clone_from(other.as_ref().unwrap());
            done.push("another's content");
        } else {
            done.push(bytes::damage(rng, &mut content));
        }
    }
    content.truncate(1 << 20);
    set_content(file, &content);
    format!("{}: {}", file["path"], done.join(" and "))
}

/// Changes the type of a file.
fn kind(rng: &mut Rng, document: &mut Value) -> String {
    let files = files(document);
    let targets: Vec<Value> = files.iter().map(|file| file["path"].clone()).collect();
    let index = rng.below(files.len());
    let Some(file) = files.get_mut(index).and_then(Value::as_object_mut) else { return "nothing".to_owned() };
    let path = file["path"].clone();
    let link = |target: Value| json!({"path": path, "type": "symlink", "target": target});
    let base = bytes_of(&path).rsplit(is_separator).next().unwrap_or_default().to_vec();
    let error = ["permission-denied", "io", "too-large"][rng.below(3)];
    let new = match rng.below(14) {
        0 => json!({"path": path, "type": "directory"}),
        1 => json!({"path": path, "type": "directory", "closed": true}),
        2 => json!({"path": path, "type": "fifo"}),
        3 => json!({"path": path, "type": "socket"}),
        4 => json!({"path": path, "type": "device"}),
        5 => json!({"path": path, "type": "null"}),
        6 => link(text(&base)),
        7 => link(json!("..")),
        8 => link(json!("/")),
        9 => link(targets[rng.below(targets.len())].clone()),
        10 => link(text(&bytes::name(rng))),
        11 => json!({"path": path, "type": "file", "error": error}),
        12 => json!({"path": path, "type": "file"}),
        _ => json!({"path": path, "type": "file", "executable": true, "text": "#!/bin/sh\n"}),
    };
    let done = format!("{path}: {}", new["type"]);
    files[index] = new;
    done
}

/// Gives a file or a directory another name, also in the paths below it.
fn rename(rng: &mut Rng, document: &mut Value) -> String {
    let files = files(document);
    let Some(file) = files.get(rng.below(files.len())) else { return "nothing".to_owned() };
    let path = bytes_of(&file["path"]);
    let slashes: Vec<usize> =
        path.iter().enumerate().filter(|(_, byte)| is_separator(byte)).map(|(at, _)| at).collect();
    if slashes.is_empty() {
        return "nothing".to_owned();
    }
    let slash = slashes[slashes.len() - 1 - rng.below(3).min(slashes.len() - 1)];
    let end = path[slash + 1..].iter().position(is_separator).map_or(path.len(), |end| slash + 1 + end);
    let old = path[..end].to_vec();
    let ending = old.iter().rposition(|byte| *byte == b'.').filter(|_| rng.below(3) > 0).unwrap_or(old.len());
    let new = [&old[..=slash], &bytes::name(rng), old.get(ending..).unwrap_or_default()].concat();
    for file in files.iter_mut() {
        for key in ["path", "target"] {
            let spelled = file.get(key).map(bytes_of).unwrap_or_default();
            let rest = spelled.strip_prefix(old.as_slice()).filter(|rest| rest.is_empty() || is_separator(&rest[0]));
            if let Some(rest) = rest {
                file[key] = text(&[&new, rest].concat());
            }
        }
    }
    format!("{} to {}", old.as_bstr(), new.as_bstr().to_string().escape_debug())
}

/// Adds a file next to another.
fn add(rng: &mut Rng, document: &mut Value) -> String {
    const ENDINGS: [&str; 22] = [
        "",
        ".pth",
        ".start",
        ".so",
        ".cpython-312-x86_64-linux-gnu.so",
        ".abi3.so",
        ".pyd",
        ".py",
        ".pyc",
        ".egg-link",
        ".egg",
        "-1.0.dist-info",
        "-1.0.dist-info/METADATA",
        "-1.0.dist-info/RECORD",
        "-1.0.dist-info/WHEEL",
        "-1.0.dist-info/direct_url.json",
        "-1.0.dist-info/INSTALLER",
        "-1.0-py3.12.egg-info/PKG-INFO",
        ".egg-info",
        "/__init__.py",
        "/RECORD",
        "/pyvenv.cfg",
    ];
    let files = files(document);
    let Some(file) = files.get(rng.below(files.len())) else { return "nothing".to_owned() };
    let path = bytes_of(&file["path"]);
    let dir = &path[..=last_separator(&path).unwrap_or(0)];
    let mut name = if rng.below(2) == 0 { bytes::name(rng) } else { b"new".to_vec() };
    if rng.below(8) == 0 {
        name.insert(0, b'~');
    }
    let new = [dir, &name, ENDINGS[rng.below(ENDINGS.len())].as_bytes()].concat();
    let mut content =
        told(rng, document).and_then(|other| content_of(document["files"][other].as_object()?)).unwrap_or_default();
    if rng.below(2) == 0 {
        bytes::damage(rng, &mut content);
    }
    content.truncate(1 << 20);
    let mut added = json!({"path": text(&new), "type": "file", "executable": rng.below(2) == 0});
    set_content(added.as_object_mut().unwrap(), &content);
    self::files(document).push(added);
    format!("added {}", new.as_bstr().to_string().escape_debug())
}

/// The same file or directory under many names.
fn copies(rng: &mut Rng, document: &mut Value) -> String {
    let files = files(document);
    let Some(file) = files.get(rng.below(files.len())) else { return "nothing".to_owned() };
    let path = bytes_of(&file["path"]);
    let parent = last_separator(&path).unwrap_or(0);
    // A file, or the directory that holds it and everything in that.
    let end = if rng.below(2) == 0 || parent == 0 { path.len() } else { parent };
    let start = last_separator(&path[..end]).map_or(0, |slash| slash + 1);
    let old = path[..end].to_vec();
    let below: Vec<Value> = files
        .iter()
        .filter(|file| {
            let spelled = bytes_of(&file["path"]);
            spelled.strip_prefix(old.as_slice()).is_some_and(|rest| rest.is_empty() || is_separator(&rest[0]))
        })
        .cloned()
        .collect();
    let many = [1, 5, 60][rng.below(3)].min(600 / below.len().max(1));
    for number in 0..many {
        for file in &below {
            let mut copy = file.clone();
            let rest = bytes_of(&file["path"])[end..].to_vec();
            let name = format!("c{number}");
            copy["path"] = text(&[&old[..start], name.as_bytes(), &old[start..], &rest].concat());
            files.push(copy);
        }
    }
    format!("{many} copies of {}", old.as_bstr())
}

fn remove(rng: &mut Rng, document: &mut Value) -> String {
    let files = files(document);
    if files.is_empty() {
        return "nothing".to_owned();
    }
    let removed = files.remove(rng.below(files.len()));
    format!("without {}", removed["path"])
}

fn variable(rng: &mut Rng, document: &mut Value) -> String {
    const NAMES: [&str; 14] = [
        "HOME",
        "PATH",
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "PYTHONSTARTUP",
        "PIP_CONFIG_FILE",
        "PIP_TARGET",
        "PYTHONUSERBASE",
        "PYTHONPYCACHEPREFIX",
        "PYTHONDONTWRITEBYTECODE",
    ];
    let name = NAMES[rng.below(NAMES.len())];
    let root = document["executable"].as_str().unwrap_or_default().to_owned();
    let mut value = match rng.below(4) {
        0 => document["environment"][name].as_str().unwrap_or_default().as_bytes().to_vec(),
        1 => root.into_bytes(),
        2 => [b"/".to_vec(), bytes::name(rng)].concat(),
        _ => b"/a:/b::/c:.:/a".repeat([1, 3, 500][rng.below(3)]),
    };
    if rng.below(2) == 0 {
        bytes::damage(rng, &mut value);
    }
    value.retain(|byte| *byte != 0);
    value.truncate(100 << 10);
    document["environment"][name] = text(&value);
    format!("{name} set")
}

/// Changes modes, owners, hard links or the process.
fn facts(rng: &mut Rng, document: &mut Value) -> String {
    if rng.below(4) == 0 {
        let names = ["uid", "euid", "gid", "egid"];
        document["process"][names[rng.below(4)]] = json!([0, 1000, u32::MAX][rng.below(3)]);
        return "another user".to_owned();
    }
    let files = files(document);
    let index = rng.below(files.len());
    let Some(file) = files.get_mut(index).and_then(Value::as_object_mut) else { return "nothing".to_owned() };
    match rng.below(3) {
        0 if file["type"] == "file" => {
            let was = file.get("executable").and_then(Value::as_bool).unwrap_or(false);
            file.insert("executable".to_owned(), json!(!was));
        }
        1 => drop(file.insert("hidden".to_owned(), json!(true))),
        _ => {
            let mode = ["0000", "7777", "0644", "4755", "1777", "0666"][rng.below(6)];
            let links = [0, 1, 2, u64::MAX][rng.below(4)];
            let owner = [0, 1000, u32::MAX][rng.below(3)];
            file.insert("access".to_owned(), json!({"mode": mode, "owner": owner, "links": links}));
        }
    }
    format!("{}: facts", file["path"])
}

fn interpreter(rng: &mut Rng, document: &mut Value) -> String {
    const VERSIONS: [&str; 10] =
        ["3.6.15", "3.8.20", "3.10.14", "3.11.0", "3.12.1", "3.13.0b1", "3.14.0", "3.15.0a1", "3.255.255", "2.7.18"];
    match rng.below(5) {
        0 => {
            let mut suffix = document["interpreter"]["extension_suffix"].as_str().unwrap_or_default().to_owned();
            suffix.insert_str(0, [".cpython-", "\n", "", ".so"][rng.below(4)]);
            document["interpreter"]["extension_suffix"] = json!(suffix);
        }
        1 => document["cwd"] = Value::Null,
        2 => document["executable"] = text(&[b"/tmp/".to_vec(), bytes::name(rng), b"/bin/python".to_vec()].concat()),
        _ => document["interpreter"]["version"] = json!(VERSIONS[rng.below(VERSIONS.len())]),
    }
    "another interpreter".to_owned()
}
