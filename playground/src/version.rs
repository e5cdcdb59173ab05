//! Another minor version of Python in the place of the one that was recorded.

use bstr::ByteSlice;
use serde_json::{Value, json};
use venv_doctor::Version;

/// What releases look up in the standard library while they start, each a part of it. A snapshot that holds some of these
/// says by that, that the others are missing.
const LOOKED_UP: [&str; 14] = [
    "_bootlocale",
    "_collections_abc",
    "_sitebuiltins",
    "_weakrefset",
    "abc",
    "codecs",
    "genericpath",
    "io",
    "linecache",
    "ntpath",
    "posixpath",
    "runpy",
    "stat",
    "sysconfig",
];

/// The snapshot as if another minor version were installed instead: `lib/python3.12` becomes `lib/python3.13`, and so do
/// the program, the library, the zip file and the suffix of extension modules. Its standard library is taken for whole.
pub fn installed(document: &[u8], from: Version, to: Version) -> Vec<u8> {
    if (from.major, from.minor) == (to.major, to.minor) {
        return document.to_vec();
    }
    let dotted = |version: Version| format!("python{}.{}", version.major, version.minor);
    let plain = |version: Version| format!("python{}{}", version.major, version.minor);
    let tagged = |version: Version| format!("cpython-{}{}", version.major, version.minor);
    let renamed =
        [dotted, plain, tagged].iter().fold(document.to_vec(), |text, name| text.replace(name(from), name(to)));
    with_whole_library(&renamed, !to.freezes_site()).unwrap_or(renamed)
}

/// The snapshot without those modules of each standard library that one release looks up and another does not, and where
/// `site` is a file, with a `site.py`.
fn with_whole_library(document: &[u8], has_site: bool) -> Option<Vec<u8>> {
    let mut snapshot: Value = serde_json::from_slice(document).ok()?;
    let files = snapshot.get_mut("files")?.as_array_mut()?;
    let libraries: Vec<String> = files.iter().filter_map(path).filter_map(library).map(str::to_owned).collect();
    files.retain(|file| !path(file).is_some_and(|path| libraries.iter().any(|library| is_looked_up(path, library))));
    for library in libraries.iter().filter(|_| has_site) {
        let site = format!("{library}site.py");
        if !files.iter().any(|file| path(file) == Some(&site)) {
            files.push(json!({"path": site, "type": "file"}));
        }
    }
    serde_json::to_vec(&snapshot).ok()
}

fn path(file: &Value) -> Option<&str> {
    file.get("path")?.as_str()
}

/// The directory of a standard library, with its last separator, by its landmark.
fn library(path: &str) -> Option<&str> {
    path.strip_suffix("os.py").filter(|library| library.ends_with(['/', '\\']))
}

fn is_looked_up(path: &str, library: &str) -> bool {
    let Some(name) = path.strip_prefix(library) else { return false };
    let codec = name.strip_prefix("encodings").and_then(|name| name.strip_prefix(['/', '\\']));
    codec.is_some_and(|codec| !codec.starts_with("__init__."))
        || name.strip_suffix(".py").is_some_and(|module| LOOKED_UP.contains(&module))
}
