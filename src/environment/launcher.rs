//! The programs that installers on Windows make of scripts: an executable with the script's Python behind it.

use bstr::{BStr, ByteSlice};

use super::start::{Form, Start, first_line, is_python};
use super::{Survey, resources};
use crate::host::path::{Flavor, module};

/// How much is read of the end: what stands behind the executable is a few hundred bytes long.
const TAIL: u64 = 16 << 10;
/// With this ends what uv writes behind a script.
const UV_SCRIPT: &[u8] = b"UVSC";
/// Under this name present releases of uv keep the path.
const UV_PATH: &str = "UV_PYTHON_PATH";
/// With this a member of a zip archive begins.
const MEMBER: &[u8] = b"PK\x03\x04";

/// The Python that a launcher starts; none where the program is no launcher.
pub(super) fn read(survey: &Survey<'_>, path: &BStr) -> Option<Start> {
    let file = survey.ask.open(path).ok()?;
    let from = file.size().saturating_sub(TAIL);
    let tail = file.read_at(from, usize::try_from(file.size() - from).ok()?).ok()?;
    let resource = || of_path(&resources::raw(file.as_ref(), UV_PATH)?);
    of_uv(&tail).or_else(resource).or_else(|| of_distlib(&tail))
}

/// `#!PATH`, an end of line, and an archive: as distlib writes it, and so pip.
fn of_distlib(tail: &[u8]) -> Option<Start> {
    let members = tail.find_iter(MEMBER);
    members.take(64).find_map(|member| {
        let before = tail.get(..member)?.strip_suffix(b"\n")?;
        let before = before.strip_suffix(b"\r").unwrap_or(before);
        let line = before.get(before.rfind("#!")?..)?;
        let start = first_line(Flavor::Windows, line)?;
        Some(Start { form: Form::Launcher, line: None, ..start })
    })
}

/// The path, its length and a mark: as uv wrote it at first.
fn of_uv(tail: &[u8]) -> Option<Start> {
    let rest = tail.strip_suffix(UV_SCRIPT)?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    of_path(rest.get(rest.len().checked_sub(length)?..)?)
}

/// The path alone.
fn of_path(path: &[u8]) -> Option<Start> {
    let path = path.as_bstr();
    let name = module::basename(Flavor::Windows, path);
    is_python(name.as_bstr()).then(|| Start {
        form: Form::Launcher,
        program: path.to_owned(),
        line: None,
        text: path.to_owned(),
        span: 0..path.len(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn program(tail: &[u8]) -> Option<String> {
        of_uv(tail).or_else(|| of_distlib(tail)).map(|start| start.program.to_string())
    }

    #[test]
    fn launchers_end_in_what_they_start() {
        let distlib = b"MZ\x90PK\x03\x04..#!junk\x00#!C:\\e\\Scripts\\python.exe\r\nPK\x03\x04__main__.py";
        assert_eq!(program(distlib).as_deref(), Some(r"C:\e\Scripts\python.exe"));
        let quoted = b"MZ#!\"C:\\my dir\\Scripts\\python.exe\"\nPK\x03\x04";
        assert_eq!(program(quoted).as_deref(), Some(r"C:\my dir\Scripts\python.exe"));
        let path: &[u8] = br"C:\e\Scripts\python.exe";
        let length = u32::try_from(path.len()).unwrap().to_le_bytes();
        let uv = [b"MZ..PK\x03\x04..", path, &length, b"UVSC"].concat();
        assert_eq!(program(&uv).as_deref(), Some(r"C:\e\Scripts\python.exe"));
        assert_eq!(program(b"MZ a program of its own"), None);
        assert_eq!(program(b"\xff\xff\xff\xffUVSC"), None);
    }

    proptest! {
        #[test]
        fn any_end_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..80), length in any::<u32>()) {
            let members = [b"#!", bytes.as_slice(), b"\r\nPK\x03\x04"].concat();
            let uv = [bytes.as_slice(), &length.to_le_bytes(), b"UVSC"].concat();
            for tail in [bytes, members, uv] {
                let starts = [of_uv(&tail), of_distlib(&tail)].into_iter().flatten();
                prop_assert!(starts.into_iter().all(|start| start.text.get(start.span).is_some()));
            }
        }
    }
}
