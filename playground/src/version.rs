//! Another minor version of Python in the place of the one that was recorded.

use bstr::ByteSlice;
use serde_json::{Value, json};
use venv_doctor::Version;

/// The snapshot as if another minor version were installed instead: `lib/python3.12` becomes `lib/python3.13`, and so do
/// the program, the library, the zip file and the suffix of extension modules.
pub fn installed(document: &[u8], from: Version, to: Version) -> Vec<u8> {
    if (from.major, from.minor) == (to.major, to.minor) {
        return document.to_vec();
    }
    let dotted = |version: Version| format!("python{}.{}", version.major, version.minor);
    let plain = |version: Version| format!("python{}{}", version.major, version.minor);
    let tagged = |version: Version| format!("cpython-{}{}", version.major, version.minor);
    let renamed =
        [dotted, plain, tagged].iter().fold(document.to_vec(), |text, name| text.replace(name(from), name(to)));
    if from.freezes_site() && !to.freezes_site() { with_site(&renamed).unwrap_or(renamed) } else { renamed }
}

/// The snapshot with a `site.py` in each standard library: a version that freezes it looks for none, so that none was
/// recorded.
fn with_site(document: &[u8]) -> Option<Vec<u8>> {
    let mut snapshot: Value = serde_json::from_slice(document).ok()?;
    let files = snapshot.get_mut("files")?.as_array_mut()?;
    let paths: Vec<String> = files.iter().filter_map(|file| Some(file.get("path")?.as_str()?.to_owned())).collect();
    for path in &paths {
        let Some(library) = path.strip_suffix("os.py").filter(|library| library.ends_with(['/', '\\'])) else {
            continue;
        };
        let site = format!("{library}site.py");
        if !paths.contains(&site) {
            files.push(json!({"path": site, "type": "file"}));
        }
    }
    serde_json::to_vec(&snapshot).ok()
}
