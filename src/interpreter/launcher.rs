//! Launchers of scripts on Windows, read as data: programs that start a Python which they name themselves.
//!
//! pip and distlib put a `#!` line and a zip file behind the program. uv puts a zip file, the path of the Python, its length
//! and four letters there, and in later releases the same into the resources of the program. The program of setuptools
//! finds its script next to itself.

use bstr::{BStr, BString, ByteSlice};

use super::image::Image;
use super::pe::find_resource;
use crate::host::Lookups;
use crate::host::path::{Flavor, module};

/// The end record of a zip file without its comment.
const END_RECORD: usize = 22;
/// The longest comment of a zip file.
const LONGEST_COMMENT: u64 = 0xffff;
/// `MAX_PATH`, beyond which distlib's program does not look for its line.
const LONGEST_LINE: u64 = 260;
/// Longer than any path.
const LONGEST_PATH: u32 = 32 << 10;

/// What a launcher is told to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launcher {
    /// The Python: a path, or a name that is searched on PATH.
    pub python: BString,
    /// The arguments in front of the script.
    pub arguments: Vec<BString>,
    /// The script; none where the launcher stands for the Python itself.
    pub script: Option<BString>,
}

/// Reads the launcher at `path`; none where the file is none.
pub fn read(lookups: &Lookups<'_>, path: &BStr) -> Option<Launcher> {
    let image = Image::open(lookups, path).ok().filter(|image| image.head().starts_with(b"MZ"))?;
    of_image(lookups, path, &image)
}

/// The same for an image that is at hand.
pub(super) fn of_image(lookups: &Lookups<'_>, path: &BStr, image: &Image<'_>) -> Option<Launcher> {
    of_uv(path, image).or_else(|| of_distlib(path, image)).or_else(|| of_setuptools(lookups, path))
}

/// The launcher `py`, which chooses a Python by rules of its own.
pub(super) fn is_py(path: &BStr) -> bool {
    let name = module::basename(Flavor::Windows, path).to_ascii_lowercase();
    matches!(name.as_slice(), b"py.exe" | b"pyw.exe")
}

fn of_uv(path: &BStr, image: &Image<'_>) -> Option<Launcher> {
    let (is_script, python) = uv_trailer(image).or_else(|| {
        let kind = find_resource(image, "UV_TRAMPOLINE_KIND")?;
        let python = find_resource(image, "UV_PYTHON_PATH")?;
        Some((kind.first() == Some(&1), python))
    })?;
    let python = in_dir_of(path, python.as_bstr());
    Some(Launcher { python, arguments: Vec::new(), script: is_script.then(|| path.to_owned()) })
}

/// The path of the Python, its length and four letters, at the end of the file.
fn uv_trailer(image: &Image<'_>) -> Option<(bool, BString)> {
    let end = image.size().checked_sub(8)?;
    let trailer = image.read(end, 8)?;
    let is_script = match &trailer[4..] {
        b"UVSC" | b"UVUV" => true,
        b"UVPY" => false,
        _ => return None,
    };
    let length = u32::from_le_bytes(trailer[..4].try_into().ok()?);
    let length = (length <= LONGEST_PATH).then_some(length)?;
    let python = image.read(end.checked_sub(u64::from(length))?, usize::try_from(length).ok()?)?;
    Some((is_script, BString::from(python.into_owned())))
}

fn of_distlib(path: &BStr, image: &Image<'_>) -> Option<Launcher> {
    let archive = archive_start(image)?;
    // The offsets in the zip file count from the line or from the zip file itself.
    let from = archive.saturating_sub(LONGEST_LINE);
    let after = image.read(archive, usize::try_from(LONGEST_LINE.min(image.size().checked_sub(archive)?)).ok()?)?;
    let before = image.read(from, usize::try_from(archive - from).ok()?)?;
    let line = if after.starts_with(b"#!") { &after[2..] } else { &before[before.rfind(b"#!")? + 2..] };
    let end = line.find_byteset(b"\r\n")?;
    let (python, rest) = split_line(line[..end].trim())?;
    let python = match python.strip_prefix(b"<launcher_dir>\\") {
        Some(rest) => in_dir_of(path, rest.trim_with(|c| c == '"').as_bstr()),
        None => python,
    };
    let arguments = rest.fields_with(|c| c.is_ascii_whitespace()).map(BString::from).collect();
    Some(Launcher { python, arguments, script: Some(path.to_owned()) })
}

/// Where the zip file at the end begins, by its end record.
fn archive_start(image: &Image<'_>) -> Option<u64> {
    let record = END_RECORD as u64;
    let from = image.size().saturating_sub(record + LONGEST_COMMENT);
    let tail = image.size().checked_sub(record).and_then(|last| image.read(last, END_RECORD).map(|tail| (last, tail)));
    let (offset, record) = match tail {
        Some((last, tail)) if tail.starts_with(b"PK\x05\x06") => (last, tail.into_owned()),
        _ => {
            let tail = image.read(from, usize::try_from(image.size() - from).ok()?)?;
            let at = tail.rfind(b"PK\x05\x06")?;
            (from + at as u64, tail.get(at..at + END_RECORD)?.to_vec())
        }
    };
    let number = |at: usize| record.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
    offset.checked_sub(u64::from(number(12)?))?.checked_sub(u64::from(number(16)?))
}

/// The Python of a line, which ends in `.exe`, and its arguments; or the name after `/usr/bin/env`.
fn split_line(line: &[u8]) -> Option<(BString, &[u8])> {
    if let Some(rest) = line.strip_prefix(b"/usr/bin/env") {
        let rest = rest.trim_start();
        let end = rest.find_byteset(b" \t").unwrap_or(rest.len());
        let name = &rest[..end];
        let suffix: &[u8] = if name.contains(&b'.') { b"" } else { b".exe" };
        return (!name.is_empty()).then(|| ([name, suffix].concat().into(), &rest[end..]));
    }
    let (line, is_quoted) = line.strip_prefix(b"\"").map_or((line, false), |line| (line, true));
    let lower = line.to_ascii_lowercase();
    let is_end = |at: &usize| matches!(lower.get(at + 4), None | Some(b'"' | b' ' | b'\t'));
    let end = lower.find_iter(b".exe").find(is_end)? + 4;
    let rest = if is_quoted { line[end..].strip_prefix(b"\"")? } else { &line[end..] };
    Some((line[..end].into(), rest))
}

/// `tool.exe` of setuptools starts `tool-script.py` next to it with the Python of its first line.
fn of_setuptools(lookups: &Lookups<'_>, path: &BStr) -> Option<Launcher> {
    let stem = path.strip_suffix(b".exe")?;
    let (script, content) = ["-script.py", "-script.pyw"].into_iter().find_map(|suffix| {
        let script = BString::from([stem, suffix.as_bytes()].concat());
        let image = Image::open(lookups, script.as_bstr()).ok()?;
        Some((script, image.head().to_vec()))
    })?;
    let line = content.lines().next()?.strip_prefix(b"#!")?;
    let (python, rest) = split_line(line.trim())?;
    let arguments = rest.fields_with(|c| c.is_ascii_whitespace()).map(BString::from).collect();
    Some(Launcher { python: in_dir_of(path, python.as_bstr()), arguments, script: Some(script) })
}

/// A relative path is one in the directory of the launcher.
fn in_dir_of(path: &BStr, python: &BStr) -> BString {
    if path.starts_with(b"/") && !module::is_absolute(Flavor::Windows, python) {
        // On the disk of another system, it is named as that names it.
        let dir = module::dirname(Flavor::Posix, path);
        return module::join(Flavor::Posix, &[dir.as_bstr(), python.replace("\\", "/").as_bstr()]);
    }
    let dir = module::dirname(Flavor::Windows, path);
    module::normpath(Flavor::Windows, module::join(Flavor::Windows, &[dir.as_bstr(), python]).as_bstr())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryHost;
    use crate::host::Platform;

    const PATH: &str = "C:\\env\\Scripts\\tool.exe";
    const PYTHON: &str = "C:\\env\\Scripts\\python.exe";

    /// A zip file without members: its end record alone.
    fn archive() -> Vec<u8> {
        [&b"PK\x05\x06"[..], &[0; 18]].concat()
    }

    /// A program with three resources, as uv writes them.
    fn with_resources(kind: u8, python: &str) -> Vec<u8> {
        const HIGH: u32 = 1 << 31;
        let mut section: Vec<u8> = Vec::new();
        let directory = |section: &mut Vec<u8>, named: u16, entries: &[(u32, u32)]| {
            section.extend([0; 12]);
            section.extend(named.to_le_bytes());
            section.extend((u16::try_from(entries.len()).unwrap() - named).to_le_bytes());
            for (name, place) in entries {
                section.extend(name.to_le_bytes());
                section.extend(place.to_le_bytes());
            }
        };
        directory(&mut section, 0, &[(10, HIGH + 24)]);
        directory(&mut section, 2, &[(HIGH + 200, HIGH + 56), (HIGH + 240, HIGH + 80)]);
        directory(&mut section, 0, &[(0, 104)]);
        directory(&mut section, 0, &[(0, 120)]);
        for (address, size) in [(0x1000 + 300, 1), (0x1000 + 301, u32::try_from(python.len()).unwrap())] {
            section.extend([address, size, 0, 0].iter().flat_map(|number: &u32| number.to_le_bytes()));
        }
        for (place, name) in [(200, "UV_PYTHON_PATH"), (240, "UV_TRAMPOLINE_KIND")] {
            section.resize(place, 0);
            section.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            section.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        }
        // The first entry of the names is the path, and the second is the kind.
        section[104..112].copy_from_slice(&[0x2d, 0x11, 0, 0, u8::try_from(python.len()).unwrap(), 0, 0, 0]);
        section[120..128].copy_from_slice(&[0x2c, 0x11, 0, 0, 1, 0, 0, 0]);
        section.resize(300, 0);
        section.push(kind);
        section.extend(python.as_bytes());
        let mut program = vec![0; 0x200];
        program[..2].copy_from_slice(b"MZ");
        program[0x3c] = 0x40;
        program[0x40..0x44].copy_from_slice(b"PE\0\0");
        program[0x46] = 1;
        program[0x54] = 0xf0;
        program[0x58..0x5a].copy_from_slice(&[0x0b, 2]);
        program[0x58 + 112 + 16..0x58 + 112 + 20].copy_from_slice(&0x1000_u32.to_le_bytes());
        let table = 0x58 + 0xf0;
        for (at, number) in [(12, 0x1000_u32), (16, 0x1000), (20, 0x200)] {
            program[table + at..table + at + 4].copy_from_slice(&number.to_le_bytes());
        }
        program.extend(section);
        program
    }

    fn told(content: &[u8]) -> Option<Launcher> {
        let host = MemoryHost::new(Platform::Windows).file(PATH, content);
        read(&Lookups::new(&host, None), PATH.into())
    }

    fn python(content: &[u8]) -> Option<String> {
        told(content).map(|launcher| launcher.python.to_string())
    }

    #[test]
    fn lines_in_front_of_a_zip_file() {
        let with = |line: &str| [b"MZ program", line.as_bytes(), &archive()].concat();
        let found = |line: &str| python(&with(line));
        for line in [format!("#!{PYTHON}\n"), format!("#! {PYTHON} -E\r\n"), format!("#!\"{PYTHON}\" -E\n")] {
            assert_eq!(found(&line).as_deref(), Some(PYTHON), "{line}");
        }
        assert_eq!(found("#!<launcher_dir>\\python.exe\n").as_deref(), Some(PYTHON));
        assert_eq!(found("#!/usr/bin/env python\n").as_deref(), Some("python.exe"));
        assert_eq!(found("#!C:\\a.exe.d\\python.exe -s\n").as_deref(), Some("C:\\a.exe.d\\python.exe"));
        for line in ["", "#!python\n", "#!C:\\python.exe", "C:\\python.exe\n"] {
            assert_eq!(found(line), None, "{line}");
        }
        let launcher = told(&with(&format!("#!{PYTHON} -E -s\n"))).unwrap();
        assert_eq!(launcher.arguments, ["-E", "-s"]);
        assert_eq!(launcher.script, Some(PATH.into()));
    }

    #[test]
    fn paths_behind_and_in_the_program() {
        let trailer = |path: &str, mark: &[u8]| {
            let length = u32::try_from(path.len()).unwrap().to_le_bytes();
            [b"MZ program", path.as_bytes(), &length, mark].concat()
        };
        for mark in [b"UVSC", b"UVPY", b"UVUV"] {
            assert_eq!(python(&trailer(PYTHON, mark)).as_deref(), Some(PYTHON));
        }
        assert_eq!(python(&trailer("..\\Scripts\\python.exe", b"UVSC")).as_deref(), Some(PYTHON));
        assert_eq!(told(&trailer(PYTHON, b"UVPY")).unwrap().script, None);
        assert_eq!(python(b"MZ\xff\xff\xff\xffUVSC"), None);
        let script = told(&with_resources(1, PYTHON)).unwrap();
        assert_eq!((script.python, script.script), (PYTHON.into(), Some(PATH.into())));
        assert_eq!(told(&with_resources(2, "python.exe")).unwrap().script, None);
        for cut in 0..with_resources(1, PYTHON).len() {
            let _ = told(&with_resources(1, PYTHON)[..cut]);
        }
    }
}
