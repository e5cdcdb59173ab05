//! Whether macOS starts a Mach-O file, and which Python it is.

use bstr::{BStr, ByteSlice};

use super::dyld::{Process, dir_of};
use super::link::{self, Linked};
use super::slices::{Choice, choose};
use super::{Kind, Macho, Malformed, developer_tool, names, slices, stub};
use crate::host::path::{Flavor, module};
use crate::interpreter::case::Case;
use crate::interpreter::cpython::{self, LibraryName, Subject};
use crate::interpreter::identify::{Verdict, embeds};
use crate::interpreter::image::Image;
use crate::interpreter::links::name as last_component;
use crate::interpreter::portrait::{Portrait, words};
use crate::interpreter::{Implementation, Interpreter, Problem, other};

/// What the kernel and dyld check, then the facts.
pub(in crate::interpreter) fn inspect(case: &Case<'_, '_>, image: &Image<'_>) -> Verdict {
    match started(case, image) {
        Ok(macho) => examine(case, image, &macho),
        Err(problem) => (Some(problem), Interpreter::unknown()),
    }
}

/// The part of the file that the kernel executes.
fn started(case: &Case<'_, '_>, image: &Image<'_>) -> Result<Macho, Problem> {
    let malformed = |malformed: Malformed| match malformed {
        Malformed::Truncated => Problem::Truncated,
        Malformed::Nonsense => Problem::NotAProgram,
    };
    let found = slices(image).map_err(malformed)?;
    let slice = match choose(case.lookups, &found, case.lookups.host().machine()) {
        Choice::Runs(slice) => slice,
        Choice::Refused => return Err(Problem::WrongArchitecture { built_for: format!("Mach-O {}", names(&found)) }),
        Choice::Unknown(why) => return Err(Problem::LoadingUnknown { object: image.path.clone(), why: why.into() }),
    };
    let macho = Macho::parse(image, slice).map_err(malformed)?;
    if macho.kind == Kind::Program { Ok(macho) } else { Err(Problem::NotAProgram) }
}

fn examine(case: &Case<'_, '_>, image: &Image<'_>, macho: &Macho) -> Verdict {
    let problem = |problem| (Some(problem), Interpreter::unknown());
    if let Some(tool) = developer_tool::examine(case.lookups, case.typed, macho) {
        return problem(tool);
    }
    let process = Process {
        lookups: case.lookups,
        dir: dir_of(case.file),
        architecture: macho.slice.architecture,
        library_path: case.variables.library_path,
    };
    let linked = match link::link(process, macho) {
        Ok(linked) => linked,
        Err(flaw) => return problem(flaw),
    };
    let (found, mut interpreter) = match python_library(&linked) {
        Some(index) => shared(case, image, macho, &linked, index),
        None => case.unshared(image, macho),
    };
    if interpreter.implementation != Implementation::Unknown {
        describe(case, image, macho, &mut interpreter);
    }
    (found, interpreter)
}

/// Which of the program's own libraries holds a Python.
fn python_library(linked: &Linked<'_>) -> Option<usize> {
    let holds = |path: &BStr| library_name(path).is_some() || last_component(path).starts_with(b"libpypy3.");
    let mut needed = linked.of_program.iter();
    let found = needed.find(|(path, index)| holds(path.as_bstr()) || holds(linked.all[*index].image.path.as_bstr()))?;
    Some(found.1)
}

fn library_name(path: &BStr) -> Option<LibraryName<'_>> {
    LibraryName::of_framework(path)
        .or_else(|| LibraryName::parse(last_component(path)).filter(|_| path.ends_with(b".dylib")))
}

/// A program around a library: the stub of a framework, a small `main`, or a program that embeds Python.
fn shared(case: &Case<'_, '_>, image: &Image<'_>, macho: &Macho, linked: &Linked<'_>, index: usize) -> Verdict {
    let library = &linked.all[index];
    let path = library.image.path.as_bstr();
    let mut portrait = Portrait::new();
    portrait.library(path, words("dyld's search for a library that is needed by ", case.file));
    if let Some(real) = stub::target(case.lookups, image, macho, path) {
        if !case.lookups.is_executable(real.as_bstr()) {
            let why = "it is the interpreter that the stub of the framework starts, and it is no executable file";
            let problem = Problem::LoadingUnknown { object: real, why: why.into() };
            return (Some(problem), Interpreter::unknown());
        }
        portrait.note("real_executable", real.clone(), words("the stub ", case.file));
        portrait.0.real_executable = Some(real);
    } else if embeds(image, macho) {
        return (Some(Problem::EmbedsPython { library: path.to_owned() }), Interpreter::unknown());
    }
    let Some(named) = library_name(path) else {
        return (None, other::pypy(case.lookups, &library.image, &library.macho, portrait).0);
    };
    if named.version.major == 2 {
        return (None, other::python_2(case.lookups, &library.image, named, portrait).0);
    }
    if let Some(framework) = framework(path) {
        let from = words("the path of the framework, ", path);
        portrait.compiled("compiled.framework", |compiled| &mut compiled.framework, framework, from);
    }
    let subject =
        Subject { lookups: case.lookups, image: &library.image, headers: &library.macho, library: Some(named) };
    (None, cpython::inspect(subject, portrait).0)
}

/// The name of the framework that a library is in.
fn framework(path: &BStr) -> Option<&BStr> {
    LibraryName::of_framework(path)?;
    Some(last_component(path))
}

/// What the file says beyond the facts about Python, and what the system says about the process.
fn describe(case: &Case<'_, '_>, image: &Image<'_>, macho: &Macho, interpreter: &mut Interpreter) {
    let mut portrait = Portrait(std::mem::replace(interpreter, Interpreter::unknown()));
    let file = image.path.as_bstr();
    portrait.note("architecture", macho.slice.architecture.name(), words("the headers of ", file));
    if let Some((major, minor)) = macho.oldest_system {
        portrait.note("oldest_system", format!("macOS {major}.{minor}"), words("the load commands of ", file));
    }
    if portrait.0.real_executable.is_none() {
        // `_NSGetExecutablePath` gives the path that was executed, with the working directory before a relative one.
        portrait.0.real_executable =
            Some(module::join(Flavor::Posix, &[case.lookups.cwd().unwrap_or_default(), case.typed]));
    }
    *interpreter = portrait.0;
}
