//! Another minor version of Python in the place of the one that was recorded.

use bstr::ByteSlice;
use venv_doctor::Version;

/// The snapshot with the names of another minor version: `lib/python3.12` becomes `lib/python3.13`, and so do the
/// program, the library, the zip file and the suffix of extension modules.
pub fn renamed(document: &[u8], from: Version, to: Version) -> Vec<u8> {
    if (from.major, from.minor) == (to.major, to.minor) {
        return document.to_vec();
    }
    let dotted = |version: Version| format!("python{}.{}", version.major, version.minor);
    let plain = |version: Version| format!("python{}{}", version.major, version.minor);
    let tagged = |version: Version| format!("cpython-{}{}", version.major, version.minor);
    [dotted, plain, tagged].iter().fold(document.to_vec(), |text, name| text.replace(name(from), name(to)))
}
