use super::*;
use crate::host::{Lookups, MemoryHost, Platform};
use crate::interpreter::{Implementation, Interpreter, Problem};

/// Where the only section begins, in memory and in the file.
const ADDRESS: u32 = 0x1000;
const OFFSET: usize = 0x200;
const EXE: &str = r"C:\Py\python.exe";
const DLL: &str = r"C:\Py\python312.dll";

/// A program that is written piece by piece.
struct Built {
    section: Vec<u8>,
    tables: [u32; 3],
    is_library: bool,
}

impl Built {
    fn new(is_library: bool) -> Self {
        // The first bytes are those of the tables, which are filled in later.
        Self { section: vec![0; 0x400], tables: [0; 3], is_library }
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.section[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn add(&mut self, bytes: &[u8]) -> u32 {
        self.section.resize(self.section.len().next_multiple_of(4), 0);
        let at = self.section.len();
        self.section.extend_from_slice(bytes);
        u32::try_from(at).unwrap()
    }

    /// Takes functions from a library.
    fn import(mut self, library: &str, functions: &[&str]) -> Self {
        let mut list = Vec::new();
        for function in functions {
            let name = self.add(&[&[0, 0], function.as_bytes(), &[0]].concat());
            list.extend(u64::from(ADDRESS + name).to_le_bytes());
        }
        list.extend([0; 8]);
        let list = self.add(&list);
        let name = self.add(&[library.as_bytes(), &[0]].concat());
        for (at, value) in [(0, ADDRESS + list), (12, ADDRESS + name), (16, ADDRESS + list)] {
            self.put(0x100 + at, &value.to_le_bytes());
        }
        self.tables[1] = ADDRESS + 0x100;
        self
    }

    /// Resources of one kind and number each.
    fn resources(mut self, resources: &[(u32, u32, &[u8])]) -> Self {
        const HIGH: u32 = 1 << 31;
        let count = u16::try_from(resources.len()).unwrap();
        self.put(0x200 + 14, &count.to_le_bytes());
        for (index, (kind, number, content)) in resources.iter().enumerate() {
            let data = self.add(content);
            let place = u32::try_from(0x40 + index * 0x60).unwrap();
            let entries = [(place, *number, HIGH + place + 0x20), (place + 0x20, 1033, place + 0x40)];
            let at = 0x200 + 16 + index * 8;
            self.put(at, &[kind.to_le_bytes(), (HIGH + place).to_le_bytes()].concat());
            for (directory, name, leads_to) in entries {
                let at = 0x200 + directory as usize;
                self.put(at + 14, &1_u16.to_le_bytes());
                self.put(at + 16, &[name.to_le_bytes(), leads_to.to_le_bytes()].concat());
            }
            let size = u32::try_from(content.len()).unwrap();
            self.put(0x200 + place as usize + 0x40, &[(ADDRESS + data).to_le_bytes(), size.to_le_bytes()].concat());
        }
        self.tables[2] = ADDRESS + 0x200;
        self
    }

    fn file(self) -> Vec<u8> {
        let mut file = vec![0; OFFSET];
        file[..2].copy_from_slice(b"MZ");
        file[0x3c] = 0x40;
        file[0x40..0x44].copy_from_slice(b"PE\0\0");
        file[0x44..0x48].copy_from_slice(&[0x64, 0x86, 1, 0]);
        file[0x54] = 0xf0;
        file[0x57] = if self.is_library { 0x20 } else { 0 };
        file[0x58..0x5a].copy_from_slice(&PLUS.to_le_bytes());
        for (number, table) in self.tables.iter().enumerate() {
            let at = 0x58 + 112 + number * 8;
            file[at..at + 4].copy_from_slice(&table.to_le_bytes());
        }
        let size = u32::try_from(self.section.len()).unwrap();
        for (at, number) in [(12, ADDRESS), (16, size), (20, u32::try_from(OFFSET).unwrap())] {
            file[0x148 + at..0x148 + at + 4].copy_from_slice(&number.to_le_bytes());
        }
        [file, self.section].concat()
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A description of a version, as far as it is looked at: pairs of names and values.
fn version(texts: &[(&str, &str)]) -> Vec<u8> {
    let mut description = vec![0; 40];
    for (name, value) in texts {
        description.resize(description.len().next_multiple_of(4) + 6, 0);
        description.extend(wide(&format!("{name}\0")));
        description.resize(description.len().next_multiple_of(4), 0);
        description.extend(wide(&format!("{value}\0")));
    }
    description
}

/// Sixteen texts, of which the ninth is the one of the number 1000.
fn texts(winver: &str) -> Vec<u8> {
    let length = u16::try_from(winver.len()).unwrap().to_le_bytes();
    [vec![0; 16], length.to_vec(), wide(winver), vec![0; 14]].concat()
}

fn executable(functions: &[&str]) -> Vec<u8> {
    Built::new(false).import("python312.dll", functions).file()
}

fn library(file_version: &str) -> Vec<u8> {
    let description = version(&[("FileVersion", file_version), ("OriginalFilename", "python312.dll")]);
    Built::new(true).resources(&[(6, 63, &texts("3.12")), (16, 1, &description)]).file()
}

fn inspected(exe: &[u8], dll: Option<&[u8]>) -> (Option<Problem>, Interpreter) {
    let mut host = MemoryHost::new(Platform::Windows).file(EXE, exe);
    if let Some(dll) = dll {
        host = host.file(DLL, dll);
    }
    let lookups = Lookups::new(&host, Some(r"C:\w".into()));
    let image = Image::open(&lookups, EXE.into()).unwrap();
    inspect(&lookups, EXE.into(), &image)
}

#[test]
fn a_python_is_what_its_library_says() {
    let (problem, python) = inspected(&executable(&["Py_Main"]), Some(&library("3.12.9")));
    assert_eq!((problem, python.implementation), (None, Implementation::CPython));
    assert_eq!(python.version.map(|version| version.to_string()).as_deref(), Some("3.12.9"));
    assert_eq!((python.library, python.real_executable), (Some(DLL.into()), Some(EXE.into())));
    assert_eq!(python.compiled.winver, Some("3.12".into()));
    assert_eq!(python.extension_suffix, Some(".cp312-win_amd64.pyd".into()));
}

#[test]
fn a_description_of_another_minor_version_is_not_believed() {
    let (_, python) = inspected(&executable(&["Py_Main"]), Some(&library("3.11.2")));
    assert_eq!(python.version.map(|version| version.to_string()).as_deref(), Some("3.12"));
}

#[test]
fn what_is_no_python_is_none() {
    let missing = inspected(&executable(&["Py_Main"]), None).0;
    assert!(matches!(missing, Some(Problem::MissingLibrary { library, .. }) if library == "python312.dll"));
    let embeds = inspected(&executable(&["Py_Initialize"]), Some(&library("3.12.9"))).0;
    assert_eq!(embeds, Some(Problem::EmbedsPython { library: "python312.dll".into() }));
    let other = Built::new(false).import("kernel32.dll", &["ExitProcess"]);
    assert_eq!(inspected(&other.file(), None).0, Some(Problem::NotPython));
    assert_eq!(inspected(&library("3.12.9"), None).0, Some(Problem::NotAProgram));
    // pip's launcher is described, too.
    let described = version(&[("FileVersion", "1.1.0.14"), ("OriginalFilename", "t64.exe")]);
    assert_eq!(
        inspected(&Built::new(false).resources(&[(16, 1, &described)]).file(), None).0,
        Some(Problem::NotPython)
    );
}

#[test]
fn damaged_programs_are_read_to_their_end() {
    let (exe, dll) = (executable(&["Py_Main"]), library("3.12.9"));
    for cut in (0..exe.len()).step_by(3) {
        let _ = inspected(&exe[..cut], Some(&dll));
    }
    for cut in (0..dll.len()).step_by(3) {
        let _ = inspected(&exe, Some(&dll[..cut]));
    }
}
