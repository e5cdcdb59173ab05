//! From a path to an identification, in the order in which the operating system and the dynamic loader could fail.

use bstr::{BStr, BString, ByteSlice};

use super::case::Case;
use super::cpython::{self, LibraryName, Subject};
use super::elf::{Elf, Libraries, Malformed, Target};
use super::headers::Headers;
use super::image::Image;
use super::linking::{self, Linking};
use super::links::{self, End, name, parent};
use super::loader::{self, Outcome, Program};
use super::loader_variables::LoaderVariables;
use super::needs::{self, Object};
use super::portrait::{Portrait, words};
use super::{
    Identification, Implementation, Interpreter, Problem, Version, emulation, is_python, launcher, macho, musl, other,
    pe, program_loader, script, secure_execution,
};
use crate::host::path::{Flavor, module, names_batch_file};
use crate::host::{Lookups, Platform, ProgramKind};

/// Says what the file at `path` is, without running it.
///
/// `variables` are those that the dynamic loader reads, which can put another library under a Python.
pub fn identify(lookups: &Lookups<'_>, path: &BStr, variables: LoaderVariables<'_>) -> Identification {
    let (hops, end) = links::follow(lookups, path);
    let mut identification = Identification {
        hops,
        file: None,
        program: None,
        problem: None,
        interpreter: Interpreter::unknown(),
        redirector: None,
    };
    match end {
        End::Broken(problem) => identification.problem = Some(problem),
        End::File(file) => {
            let real = lookups.real_path(file.as_bstr()).unwrap_or_else(|_| file.clone());
            if lookups.host().program(real.as_bstr()) == Some(ProgramKind::VenvLauncher) {
                let interpreter = redirector(lookups, real.as_bstr());
                return Identification {
                    file: Some(real),
                    program: Some(ProgramKind::VenvLauncher),
                    interpreter,
                    ..identification
                };
            }
            let case = Case { lookups, typed: path, file: real.as_bstr(), variables };
            let (problem, interpreter) = case.examine();
            identification.program = lookups.host().program(real.as_bstr());
            identification.file = Some(real);
            identification.problem = problem;
            identification.interpreter = interpreter;
        }
    }
    identification
}

/// Says what the file at `path` is if its interpreter, and the problem that it may have, are already known: the symlinks
/// are followed, and the bytes of the file are not read.
///
/// A script is an exception: its bytes say what it starts, whatever the interpreter is said to be.
pub fn recognize(
    lookups: &Lookups<'_>,
    path: &BStr,
    interpreter: &Interpreter,
    problem: Option<&Problem>,
    scripts: &[BString],
    redirector: Option<Version>,
) -> Identification {
    let (hops, end) = links::follow(lookups, path);
    let file = match end {
        End::Broken(problem) => {
            let interpreter = Interpreter::unknown();
            return Identification {
                hops,
                file: None,
                program: None,
                problem: Some(problem),
                interpreter,
                redirector: None,
            };
        }
        End::File(file) => lookups.real_path(file.as_bstr()).unwrap_or(file),
    };
    let program = lookups.host().program(file.as_bstr());
    if program == Some(ProgramKind::VenvLauncher) {
        // Where it starts nothing, or redirectors without end, what was recorded is about such a one.
        let is_redirector = |file: &BString| lookups.host().program(file.as_bstr()) == program;
        let is_own = interpreter.library.is_none() && interpreter.real_executable.as_ref().is_none_or(is_redirector);
        let mut own = if is_own { interpreter.clone() } else { Interpreter::unknown() };
        own.real_executable = None;
        own.implementation = Implementation::CPython;
        own.version = redirector.or(interpreter.version);
        // By this flag, it chooses the name of the program that it starts.
        own.compiled.abi_thread.clone_from(&interpreter.compiled.abi_thread);
        return Identification { hops, file: Some(file), program, problem: None, interpreter: own, redirector: None };
    }
    let mut problem = problem.cloned();
    let is_recorded = matches!(problem, Some(Problem::Script { .. }));
    let is_script = is_batch_file(lookups, file.as_bstr())
        || scripts.contains(&file)
        || program == Some(ProgramKind::Script) && !is_recorded;
    if is_script || program.is_none() && is_launcher(lookups, file.as_bstr()) {
        let case = Case { lookups, typed: path, file: file.as_bstr(), variables: LoaderVariables::default() };
        let problem = Some(case.script());
        return Identification {
            hops,
            file: Some(file),
            program,
            problem,
            interpreter: Interpreter::unknown(),
            redirector: None,
        };
    }
    if problem.is_none() && !lookups.may_execute(file.as_bstr()) {
        problem = Some(Problem::NotExecutable);
    }
    Identification { hops, file: Some(file), program, problem, interpreter: interpreter.clone(), redirector: None }
}

/// The facts about a redirector. Python asks nothing about its bytes, so that this is no lookup.
fn redirector(lookups: &Lookups<'_>, file: &BStr) -> Interpreter {
    Image::unlogged(lookups, file).map_or_else(|_| Interpreter::unknown(), |image| pe::of_redirector(&image))
}

/// Whether a file that a snapshot of Windows does not describe is a launcher, and not the interpreter that it describes.
fn is_launcher(lookups: &Lookups<'_>, file: &BStr) -> bool {
    let is_windows = lookups.host().platform() == Platform::Windows;
    let is_named_python = || is_python(module::basename(Flavor::Windows, file).as_bstr());
    is_windows && !is_named_python() && (launcher::is_py(file) || launcher::read(lookups, file).is_some())
}

/// Whether the system runs the file as a batch file.
fn is_batch_file(lookups: &Lookups<'_>, file: &BStr) -> bool {
    lookups.host().platform() == Platform::Windows && names_batch_file(file)
}

pub(super) type Verdict = (Option<Problem>, Interpreter);

impl<'h> Case<'_, 'h> {
    fn examine(&self) -> Verdict {
        if is_batch_file(self.lookups, self.file) {
            return (Some(script::UNKNOWN), Interpreter::unknown());
        }
        let executable = self.lookups.may_execute(self.file);
        let (problem, interpreter) = match Image::open(self.lookups, self.file) {
            Ok(image) if image.size() == 0 => (Some(Problem::Empty), Interpreter::unknown()),
            Ok(image) => self.by_format(&image),
            // A program may be executable but not readable, and a snapshot may contain only its name: then no problem
            // is known.
            Err(_) => (None, Interpreter::unknown()),
        };
        // A damaged content explains more than a missing execution bit, which usually has the same cause.
        let is_damaged = matches!(problem, Some(Problem::TextLink { .. } | Problem::Empty));
        let problem = if executable || is_damaged { problem } else { Some(Problem::NotExecutable) };
        (problem, interpreter)
    }

    /// What a file that is known to be a script starts; unknown if its bytes are unknown.
    fn script(&self) -> Problem {
        match Image::open(self.lookups, self.file) {
            Ok(image) if image.head().starts_with(b"#!") => script::examine(self, image.head()),
            Ok(image) if image.head().starts_with(b"MZ") => self.launcher(&image).unwrap_or(script::UNKNOWN),
            _ => script::UNKNOWN,
        }
    }

    fn by_format(&self, image: &Image<'_>) -> Verdict {
        let problem = match Format::of(image.head()) {
            Format::Elf if self.lookups.host().platform() != Platform::Macos => return self.elf(image),
            Format::Elf => Problem::WrongSystem { format: "ELF".into() },
            Format::MachO if self.lookups.host().platform() == Platform::Macos => return macho::inspect(self, image),
            Format::MachO => Problem::WrongSystem { format: "Mach-O".into() },
            Format::Pe => return self.program_of_windows(image),
            Format::Script => script::examine(self, image.head()),
            Format::Text => match script::text_link(self.lookups, self.file, image) {
                Some(target) => Problem::TextLink { target },
                None => Problem::NotAProgram,
            },
        };
        (Some(problem), Interpreter::unknown())
    }

    /// A program of Windows: there it may be a launcher; elsewhere it does not start, but may still say what it is for.
    fn program_of_windows(&self, image: &Image<'_>) -> Verdict {
        if self.lookups.host().platform() == Platform::Windows {
            let script = self.launcher(image).or_else(|| launcher::is_py(self.file).then_some(script::UNKNOWN));
            return match script {
                Some(script) => (Some(script), Interpreter::unknown()),
                None => pe::inspect(self.lookups, self.typed, image),
            };
        }
        let mut portrait = Portrait::new();
        if let Some(launcher) = launcher::of_image(self.lookups, self.file, image) {
            portrait.note("launcher", launcher.python, words("the end or the resources of ", self.file));
        }
        (Some(Problem::WrongSystem { format: "PE".into() }), portrait.0)
    }

    /// The script that a launcher is.
    fn launcher(&self, image: &Image<'_>) -> Option<Problem> {
        let interpreter = launcher::of_image(self.lookups, self.file, image)?.python;
        let interpreter_exists = !interpreter.contains(&b'\\') || self.lookups.is_file(interpreter.as_bstr());
        Some(Problem::Script { interpreter, shim: None, real: None, interpreter_exists })
    }

    /// What the operating system and the dynamic loader check, then the facts.
    fn elf(&self, image: &Image<'_>) -> Verdict {
        let elf = match Elf::parse(image) {
            Ok(elf) => elf,
            Err(Malformed::Truncated) => return (Some(Problem::Truncated), Interpreter::unknown()),
            Err(Malformed::Nonsense) => return (Some(Problem::NotAProgram), Interpreter::unknown()),
        };
        if !self.runs_here(elf.target) && !emulation::takes(self.lookups, image.head()) {
            let problem = Problem::WrongArchitecture { built_for: elf.target.words() };
            return (Some(problem), Interpreter::unknown());
        }
        if let Some(problem) =
            elf.loader.as_ref().and_then(|loader| program_loader::problem(self.lookups, loader, elf.target))
        {
            return (Some(problem), Interpreter::unknown());
        }
        let libraries = elf.libraries(image);
        match libraries.needed.iter().find(|needed| is_python_library(name(needed.as_bstr()))) {
            Some(needed) if embeds(image, &elf) => {
                (Some(Problem::EmbedsPython { library: needed.clone() }), Interpreter::unknown())
            }
            Some(needed) => {
                let program = self.program(&elf, &libraries);
                self.shared(image, &program, needed.as_bstr())
            }
            None => self.static_build(image, &elf, &libraries),
        }
    }

    /// Whether the operating system runs programs of this kind.
    fn runs_here(&self, target: Target) -> bool {
        const COMPATIBLE: [(u16, u16); 3] = [(62, 3), (183, 40), (21, 20)];
        let Some(machine) = self.lookups.host().machine() else { return true };
        let same = target.machine == machine.elf && (target.is_64 == machine.is_64 || !target.is_64);
        same || COMPATIBLE.contains(&(machine.elf, target.machine))
    }

    /// How the loader searches for what the program needs.
    fn program<'p>(&'p self, elf: &'p Elf, libraries: &'p Libraries) -> Program<'p> {
        let origin = parent(self.file).unwrap_or(b"/".as_bstr());
        let matters = self.variables.are_set() || secure_execution::names_tokens(libraries);
        let is_secure = matters && secure_execution::reason(self.lookups, self.file).is_some();
        Program { elf, libraries, origin, library_path: self.variables.library_path, is_secure, asked_by: None }
    }

    /// What the loader does, from one object to the next.
    fn link(&self, image: &Image<'_>, program: &Program<'_>) -> linking::Verdict {
        let Program { elf, origin, is_secure, .. } = *program;
        if program.is_musl() {
            let (lookups, variables) = (self.lookups, self.variables);
            return musl::Linking { lookups, program, image, variables }.run();
        }
        Linking { lookups: self.lookups, image, elf, origin, variables: self.variables, is_secure }.run()
    }

    /// The problem of a program that does not start as usual.
    fn unusual(&self, image: &Image<'_>, program: &Program<'_>) -> Option<Problem> {
        self.complaint(program, self.link(image, program))
    }

    /// The problem with which the loader ends.
    fn complaint(&self, program: &Program<'_>, verdict: linking::Verdict) -> Option<Problem> {
        match verdict {
            linking::Verdict::Runs(_) => None,
            linking::Verdict::Fails(problem) => Some(secure_execution::explain(self, program, problem)),
            linking::Verdict::Unknown(object, why) => Some(Problem::LoadingUnknown { object, why: why.into() }),
        }
    }

    /// What the loader takes as the library of Python, or the problem with it.
    fn python_library(
        &self,
        image: &Image<'_>,
        program: &Program<'_>,
        needed: &BStr,
    ) -> Result<Image<'h>, Option<Problem>> {
        let is_judged = needs::is_judged(program);
        if program.is_musl() || is_judged && self.variables.are_unusual() {
            return match self.link(image, program) {
                linking::Verdict::Runs(names) => {
                    let (_, path) = names.into_iter().find(|(name, _)| name == needed).ok_or(None)?;
                    let opened = Image::open(self.lookups, path.as_bstr());
                    opened.map_err(|_| Some(Problem::BadLibrary { library: path, complaint: None, wanted: None }))
                }
                verdict => Err(self.complaint(program, verdict)),
            };
        }
        let problem = match loader::find(self.lookups, program, needed) {
            Outcome::Found(library) => return Ok(library),
            Outcome::Unseen => return Err(None),
            Outcome::Missing { searched } => {
                Problem::MissingLibrary { library: needed.to_owned(), searched, is_musl: false, needed_by: None }
            }
            Outcome::Unusable { path, complaint } => {
                Problem::BadLibrary { library: path, complaint: Some(complaint.into()), wanted: None }
            }
        };
        // Another library may be missed before it.
        let linked = if is_judged { self.unusual(image, program) } else { None };
        Err(Some(linked.unwrap_or_else(|| secure_execution::explain(self, program, problem))))
    }

    /// A small executable around a shared library.
    fn shared(&self, image: &Image<'_>, program: &Program<'_>, needed: &BStr) -> Verdict {
        let library = match self.python_library(image, program, needed) {
            Ok(library) => library,
            Err(problem) => return (problem, Interpreter::unknown()),
        };
        let path = library.path.clone();
        let Ok(library_elf) = Elf::parse(&library) else {
            return (
                Some(Problem::BadLibrary { library: path, complaint: None, wanted: None }),
                Interpreter::unknown(),
            );
        };
        let libraries = library_elf.libraries(&library);
        let real = self.lookups.real_path(path.as_bstr()).unwrap_or_else(|_| path.clone());
        let origin = parent(real.as_bstr()).unwrap_or(b"/".as_bstr());
        let of_library =
            Program { elf: &library_elf, libraries: &libraries, origin, asked_by: Some(program), ..*program };
        let objects = [Object { image, program }, Object { image: &library, program: &of_library }];
        let is_plain = || {
            library_elf.not_a_library.is_none()
                && needs::are_met(self.lookups, program, &objects, Some(&library))
                && has_main(&objects)
        };
        if needs::is_judged(program)
            && !is_plain()
            && let Some(problem) = self.unusual(image, program)
        {
            return (Some(problem), Interpreter::unknown());
        }
        let mut portrait = Portrait::new();
        portrait
            .library(path.as_bstr(), words("the dynamic loader's search for a library that is needed by ", self.file));
        let library_name = name(path.as_bstr());
        let portrait = match LibraryName::parse(library_name) {
            Some(parsed) if parsed.version.major == 2 => other::python_2(self.lookups, &library, parsed, portrait),
            Some(parsed) => {
                let subject =
                    Subject { lookups: self.lookups, image: &library, headers: &library_elf, library: Some(parsed) };
                cpython::inspect(subject, portrait)
            }
            None => other::pypy(self.lookups, &library, &library_elf, portrait),
        };
        (None, portrait.0)
    }

    /// A program that brings its Python along, where the loader finds what it needs.
    fn static_build(&self, image: &Image<'_>, elf: &Elf, libraries: &Libraries) -> Verdict {
        let (problem, interpreter) = self.unshared(image, elf);
        if problem.is_some() {
            return (problem, interpreter);
        }
        let program = self.program(elf, libraries);
        let is_plain = || {
            let objects = [Object { image, program: &program }];
            !self.variables.are_unusual() && needs::are_met(self.lookups, &program, &objects, None)
        };
        let is_followed = program.is_musl() || needs::is_judged(&program) && !is_plain();
        if is_followed && let Some(problem) = self.unusual(image, &program) {
            return (Some(problem), Interpreter::unknown());
        }
        (None, interpreter)
    }

    /// A program without a shared library, if it is a Python at all.
    pub(super) fn unshared(&self, image: &Image<'_>, headers: &dyn Headers) -> Verdict {
        if let Some(problem) = script::binary_shim(self) {
            return (Some(problem), Interpreter::unknown());
        }
        if let Some(portrait) = other::graalpy(self.lookups, self.file) {
            return (None, portrait.0);
        }
        if let Some(portrait) = other::micropython(self.file, image) {
            return (None, portrait.0);
        }
        if other::is_python_2(image, headers) {
            let name = LibraryName { version: Version::feature(2, 7), flags: b"".as_bstr() };
            return (None, other::python_2(self.lookups, image, name, Portrait::new()).0);
        }
        let subject = Subject { lookups: self.lookups, image, headers, library: None };
        let interpreter = cpython::inspect(subject, Portrait::new()).0;
        let problem = (interpreter.implementation == Implementation::Unknown).then_some(Problem::NotPython);
        (problem, interpreter)
    }
}

/// Whether the library of Python, the second of the objects, defines what `main` of the first calls.
fn has_main(objects: &[Object<'_, '_>; 2]) -> bool {
    let [program, library] = objects;
    let elf = library.program.elf;
    let defines = |name: &&[u8]| elf.symbol(library.image, name).is_some();
    !elf.has_symbols()
        || MAINS.iter().any(|name| defines(name) && program.program.elf.imports(program.image, &[name]))
        || !program.program.elf.imports(program.image, &MAINS)
}

/// What `main` of a Python calls, by its release.
const MAINS: [&[u8]; 4] = [b"Py_BytesMain", b"Py_Main", b"_Py_UnixMain", b"Py_RunMain"];

/// Whether a program that needs the library of a Python is not `python`, but starts the interpreter inside itself, with a
/// configuration of its own.
pub(super) fn embeds(image: &Image<'_>, headers: &dyn Headers) -> bool {
    const STARTS: [&[u8]; 4] =
        [b"Py_Initialize", b"Py_InitializeEx", b"Py_InitializeFromConfig", b"Py_InitializeFromInitConfig"];
    headers.imports(image, &STARTS) && !headers.imports(image, &MAINS)
}

/// Whether a library of this name holds a Python.
fn is_python_library(name: &BStr) -> bool {
    LibraryName::parse(name).is_some() || name.starts_with(b"libpypy3.")
}

/// The format that the first bytes of a file indicate.
enum Format {
    Elf,
    MachO,
    Pe,
    Script,
    Text,
}

impl Format {
    fn of(head: &[u8]) -> Self {
        match head {
            [0x7f, b'E', b'L', b'F', ..] => Self::Elf,
            // Thin files of both word sizes and byte orders, and universal ones. Class files of Java share the last
            // magic; what follows there is a version, here a small number of slices.
            [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..]
            | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..]
            | [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0..=0x20, ..] => Self::MachO,
            [b'M', b'Z', ..] => Self::Pe,
            [b'#', b'!', ..] => Self::Script,
            _ => Self::Text,
        }
    }
}
