//! The facts about a Python of Windows, from its executable and from the library that this loads.

use bstr::{BStr, BString, ByteSlice};

use super::Program;
use super::imports::Import;
use crate::host::Lookups;
use crate::host::path::{Flavor, module};
use crate::interpreter::image::Image;
use crate::interpreter::portrait::{Portrait, words};
use crate::interpreter::{Implementation, Interpreter, Problem, Version};

/// What `main` of a Python calls, by its release.
const MAINS: [&[u8]; 3] = [b"Py_Main", b"Py_RunMain", b"Py_BytesMain"];
/// The text that becomes `sys.winver` (`PC/python_nt.rc`).
const WINVER: u32 = 1000;
/// `VPATH`: from the directory of a build to the sources.
const VPATH: &str = r"..\..";
/// Processors, as programs number them and as the names of extension modules call them.
const PROCESSORS: [(u16, &str); 3] = [(I386, "win32"), (AMD64, "win_amd64"), (ARM64, "win_arm64")];
const I386: u16 = 0x14c;
const AMD64: u16 = 0x8664;
const ARM64: u16 = 0xaa64;

/// What a program of Windows is, and the problem with it; `typed` is the path by which it is started.
pub fn inspect(lookups: &Lookups<'_>, typed: &BStr, image: &Image<'_>) -> (Option<Problem>, Interpreter) {
    let Some(program) = Program::of(image).filter(|program| !program.is_library) else {
        return (Some(Problem::NotAProgram), Interpreter::unknown());
    };
    let imports = program.imports();
    let python = imports.iter().find_map(|import| Some((import, LibraryName::parse(import.library.as_bstr())?)));
    let typed = module::abspath(Flavor::Windows, lookups.cwd(), typed);
    match python {
        Some((import, _)) if !program.takes(import, &MAINS) => {
            (Some(Problem::EmbedsPython { library: import.library.clone() }), Interpreter::unknown())
        }
        Some((import, name)) => shared(lookups, typed.as_bstr(), &program, import, name),
        None => alone(&imports, typed.as_bstr(), &program),
    }
}

/// The facts about a redirector: its version is that of the Python that has installed it.
pub fn of_redirector(image: &Image<'_>) -> Interpreter {
    let mut portrait = Portrait::new();
    let file = image.path.as_bstr();
    let version = Program::of(image).and_then(|program| described_version(&program));
    portrait.implementation(Implementation::CPython, words("the name pyvenv.cfg in ", file));
    if let Some(version) = version {
        portrait.version(version, words("the version resource of ", file));
    }
    portrait.0
}

/// `python312t_d.dll`, taken apart.
#[derive(Clone, Copy)]
struct LibraryName {
    version: Version,
    is_threaded: bool,
    is_debug: bool,
}

impl LibraryName {
    fn parse(name: &BStr) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let stem = name.strip_suffix(b".dll")?.strip_prefix(b"python")?;
        let (stem, is_debug) = stem.strip_suffix(b"_d").map_or((stem, false), |stem| (stem, true));
        let (digits, is_threaded) = stem.strip_suffix(b"t").map_or((stem, false), |stem| (stem, true));
        let (major, minor) = digits.split_first().filter(|(_, minor)| minor.iter().all(u8::is_ascii_digit))?;
        // `python3.dll` is for extension modules of every minor version.
        let minor = minor.to_str().ok()?.parse().ok()?;
        major.is_ascii_digit().then_some(Self { version: Version::feature(major - b'0', minor), is_threaded, is_debug })
    }
}

/// A small executable around a library.
fn shared(
    lookups: &Lookups<'_>,
    typed: &BStr,
    program: &Program<'_, '_>,
    import: &Import,
    name: LibraryName,
) -> (Option<Problem>, Interpreter) {
    let mut portrait = Portrait::new();
    portrait.0.real_executable = Some(typed.to_owned());
    let places = places(lookups, typed);
    let candidates = places.iter().map(|dir| module::join(Flavor::Windows, &[dir.as_bstr(), import.library.as_bstr()]));
    let Some(path) = candidates.into_iter().find(|path| lookups.is_file(path.as_bstr())) else {
        let problem = Problem::MissingLibrary {
            library: import.library.clone(),
            searched: places,
            is_musl: false,
            needed_by: None,
        };
        return (Some(problem), Interpreter::unknown());
    };
    portrait.library(path.as_bstr(), words("Windows' search for a library that is needed by ", typed));
    portrait.implementation(Implementation::CPython, words("the library's name, ", path.as_bstr()));
    let library = Image::open(lookups, path.as_bstr()).ok();
    let described = library.as_ref().and_then(Program::of);
    let version =
        described.as_ref().and_then(described_version).filter(|version| is_same_minor(*version, name.version));
    let of_name = "the micro version is unknown; the minor version is from the name of ";
    let from = if version.is_some() { "the version resource of " } else { of_name };
    portrait.version(version.unwrap_or(name.version), words(from, path.as_bstr()));
    let text = described.as_ref().and_then(|library| library.resources()?.text(WINVER));
    let (winver, from) = match text.filter(|text| !text.is_empty()) {
        Some(text) => (Some(text), words("the texts of ", path.as_bstr())),
        None => (usual_winver(program, name), words("the processor and the name of ", path.as_bstr())),
    };
    if let Some(winver) = winver {
        portrait.compiled("compiled.winver", |compiled| &mut compiled.winver, winver, from);
    }
    let flag = if name.is_threaded { "t" } else { "" };
    let from = words("the library's name, ", path.as_bstr());
    portrait.compiled("compiled.abi_thread", |compiled| &mut compiled.abi_thread, flag, from);
    let from = "the project files of PCbuild, with which every Python of Windows is built";
    portrait.compiled("compiled.vpath", |compiled| &mut compiled.vpath, VPATH, from);
    portrait.0.extension_suffix = suffix(program, name);
    (None, portrait.0)
}

/// A program that needs no library of a Python.
fn alone(imports: &[Import], typed: &BStr, program: &Program<'_, '_>) -> (Option<Problem>, Interpreter) {
    let mut portrait = Portrait::new();
    let is_pypy = |import: &&Import| import.library.to_ascii_lowercase().starts_with(b"libpypy3.");
    if let Some(import) = imports.iter().find(is_pypy) {
        portrait.implementation(Implementation::PyPy, words("the library's name, ", import.library.as_bstr()));
        return (None, portrait.0);
    }
    let original = program.resources().and_then(|resources| resources.version_text("OriginalFilename"));
    let version = described_version(program).filter(|_| {
        // pip's launchers have a version too, and are for scripts.
        original.is_some_and(|name| {
            matches!(name.as_str(), "python.exe" | "pythonw.exe" | "python_d.exe" | "pythonw_d.exe")
        })
    });
    let Some(version) = version else { return (Some(Problem::NotPython), Interpreter::unknown()) };
    let from = words("the version resource of ", typed);
    portrait.0.real_executable = Some(typed.to_owned());
    portrait.implementation(Implementation::CPython, from.clone());
    portrait.version(version, from);
    (None, portrait.0)
}

fn is_same_minor(one: Version, other: Version) -> bool {
    (one.major, one.minor) == (other.major, other.minor)
}

/// The version that a program or library says it is.
fn described_version(program: &Program<'_, '_>) -> Option<Version> {
    program.resources()?.version_text("FileVersion")?.parse().ok()
}

/// The suffix of its extension modules.
fn suffix(program: &Program<'_, '_>, name: LibraryName) -> Option<BString> {
    let (_, processor) = PROCESSORS.iter().find(|(machine, _)| *machine == program.machine)?;
    let (debug, thread) = (if name.is_debug { "_d" } else { "" }, if name.is_threaded { "t" } else { "" });
    Some(format!("{debug}.cp{}{thread}-{processor}.pyd", name.version.nodot()).into())
}

/// `sys.winver` as the project files make it, for libraries that do not have it as a text of their own.
fn usual_winver(program: &Program<'_, '_>, name: LibraryName) -> Option<String> {
    let processor = match program.machine {
        AMD64 => "",
        I386 => "-32",
        ARM64 => "-arm64",
        _ => return None,
    };
    Some(format!("{}{}{processor}", name.version.short(), if name.is_threaded { "t" } else { "" }))
}

/// Where Windows looks for a library: next to the program, in its own directories, in the working directory, on PATH.
fn places(lookups: &Lookups<'_>, program: &BStr) -> Vec<BString> {
    let mut places = vec![module::dirname(Flavor::Windows, program)];
    if let Some(system) = lookups.host().variable("SystemRoot").filter(|system| !system.is_empty()) {
        places.push(module::join(Flavor::Windows, &[system.as_bstr(), "System32".into()]));
        places.push(system);
    }
    places.extend(lookups.cwd().map(BStr::to_owned));
    let path = lookups.host().variable("PATH").unwrap_or_default();
    places.extend(path.split_str(";").take(256).filter(|dir| !dir.is_empty()).map(BString::from));
    places
}
