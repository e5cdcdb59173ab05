//! Whether a `site.py` is the one that is simulated. Up to 3.10, it is the file that decides, and distributions change it.

use bstr::{BStr, ByteSlice};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::interpreter::Vendor;

/// The most that is read of a `site.py`, in bytes; it has about 20 KiB.
pub(super) const LARGEST: u64 = 256 << 10;
/// The beginnings of the digests of upstream's code, for 3.6 to 3.10: comments, blank lines, the docstring of the module
/// and the functions in [`BESIDE`] are left out, so that they hold for the releases of one minor version.
const UPSTREAM: [&str; 5] =
    ["4ee16ac2ca94d26c", "ca28ae477031b610", "cbf4975d6270a091", "38ded6342d8b438d", "875f5edffd868266"];
/// Functions that change nothing of `sys.path`.
const BESIDE: [&[u8]; 5] = [b"setquit", b"setcopyright", b"sethelper", b"enablerlcompleter", b"_script"];
/// What Debian's `site.py` names, and upstream's does not.
const OF_DEBIAN: &str = "dist-packages";

/// Whether the text is upstream's or Debian's.
pub(super) fn is_simulated(text: &[u8], vendor: &Vendor) -> bool {
    let is_debian = *vendor == Vendor::Debian && text.contains_str(OF_DEBIAN) && !text.contains_str("real_prefix");
    is_debian || UPSTREAM.contains(&digest(text).as_str())
}

/// The beginning of the digest of the code that matters.
fn digest(text: &[u8]) -> String {
    let mut hash = Sha256::new();
    let mut quotes = 0;
    let mut is_beside = false;
    for line in text.split(|&byte| byte == b'\n') {
        let line = line.trim_ascii_end();
        if quotes < 2 {
            quotes += line.find_iter(b"\"\"\"").count();
            continue;
        }
        let code = line.trim_ascii_start();
        if code.is_empty() || code.starts_with(b"#") {
            continue;
        }
        if !matches!(line[0], b' ' | b'\t' | b')') {
            is_beside = function(line.as_bstr()).is_some_and(|name| BESIDE.contains(&name.as_bytes()));
        }
        if !is_beside {
            hash.update(line);
            hash.update(b"\n");
        }
    }
    HEXLOWER.encode(&hash.finalize()[..8])
}

/// The name of the function that a line begins to define.
fn function(line: &BStr) -> Option<&BStr> {
    let rest = line.strip_prefix(b"def ")?;
    Some(rest[..rest.find_byte(b'(')?].trim().as_bstr())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "\"\"\"About.\n\nMore.\n\"\"\"\nimport os\n\ndef setquit():\n    pass\n\ndef main():\n    pass\n";

    #[test]
    fn comments_line_ends_and_functions_beside_the_path_do_not_count() {
        let other = TEXT.replace("About", "Of").replace("    pass\n\ndef main", "    # x\n    quit\ndef main");
        assert_eq!(digest(TEXT.as_bytes()), digest(other.replace('\n', "\r\n").as_bytes()));
    }

    #[test]
    fn every_other_statement_counts() {
        let at_the_top = TEXT.replace("import os", "import os\nPREFIXES = []");
        let inside = TEXT.replace("main():\n    pass", "main():\n    return");
        assert_ne!(digest(TEXT.as_bytes()), digest(at_the_top.as_bytes()));
        assert_ne!(digest(TEXT.as_bytes()), digest(inside.as_bytes()));
    }
}
