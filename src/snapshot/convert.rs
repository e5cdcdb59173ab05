//! Converts between the types of the document and those of the library, field by field.

use std::borrow::Cow;

use bstr::BString;

use super::archive;
use super::document::{
    AccessDocument, ArchiveDocument, CompiledDocument, ErrorName, EvidenceDocument, FileDocument, FileError, FileType,
    FrozenDocument, InterpreterDocument, LookupDocument, Mode, ModulesDocument, OpName, ProblemDocument, ProgramName,
    ResultDocument, ShimName, WantedDocument,
};
use super::text::{Base64, Text};
use crate::host::{self, Access, Answer, FileKind, HostError, Lookup, MemoryHost, Op, ProgramKind};
use crate::interpreter::{
    Compiled, Fact, FrozenModule, Implementation, Interpreter, ModuleTables, Problem, Shim, Vendor, Version, Wanted,
};
use crate::startup;

fn text(text: &BString) -> Text {
    Text(text.clone())
}

fn optional(text: Option<&BString>) -> Option<Text> {
    text.map(|text| Text(text.clone()))
}

/// Null and empty are unknown.
fn known(text: Option<&Text>) -> Option<BString> {
    text.map(|text| text.0.clone()).filter(|text| !text.is_empty())
}

/// The facts about the interpreter.
pub fn interpreter(document: &InterpreterDocument, version: Option<Version>) -> Interpreter {
    let compiled = &document.compiled;
    Interpreter {
        implementation: Implementation::named(&document.implementation),
        version,
        vendor: Vendor::named(&document.vendor),
        compiled: Compiled {
            prefix: known(compiled.prefix.as_ref()),
            exec_prefix: known(compiled.exec_prefix.as_ref()),
            platlibdir: known(compiled.platlibdir.as_ref()),
            pythonpath: compiled.pythonpath.as_ref().map(|path| path.0.clone()),
            vpath: compiled.vpath.as_ref().map(|path| path.0.clone()),
            // An empty value means an ordinary build.
            abi_thread: compiled.abi_thread.as_ref().map(|letter| letter.0.clone()),
            framework: compiled.framework.as_ref().map(|name| name.0.clone()),
            winver: known(compiled.winver.as_ref()),
        },
        library: known(document.library.as_ref()),
        real_executable: known(document.real_executable.as_ref()),
        extension_suffix: known(document.extension_suffix.as_ref()),
        module_tables: document.modules.as_ref().map(|modules| Box::new(tables(modules))),
        evidence: document.evidence.iter().map(evidence).collect(),
    }
}

fn tables(document: &ModulesDocument) -> ModuleTables {
    let texts = |texts: &[Text]| texts.iter().map(|text| text.0.clone()).collect();
    let frozen = |module: &FrozenDocument| FrozenModule {
        name: module.name.0.clone(),
        is_package: module.package,
        is_always_used: module.always_used,
    };
    ModuleTables {
        builtin: texts(&document.builtin),
        frozen: document.frozen.iter().map(frozen).collect(),
        suffixes: document.suffixes.as_deref().map(texts),
    }
}

fn modules_document(tables: &ModuleTables) -> ModulesDocument {
    let texts = |texts: &[BString]| texts.iter().map(text).collect();
    let frozen = |module: &FrozenModule| FrozenDocument {
        name: text(&module.name),
        package: module.is_package,
        always_used: module.is_always_used,
    };
    ModulesDocument {
        builtin: texts(&tables.builtin),
        frozen: tables.frozen.iter().map(frozen).collect(),
        suffixes: tables.suffixes.as_deref().map(texts),
    }
}

/// The compiled-in values that are paths or parts of paths, by their keys.
pub fn compiled_paths(compiled: &CompiledDocument) -> [(&'static str, Option<&Text>); 6] {
    [
        ("prefix", compiled.prefix.as_ref()),
        ("exec_prefix", compiled.exec_prefix.as_ref()),
        ("platlibdir", compiled.platlibdir.as_ref()),
        ("pythonpath", compiled.pythonpath.as_ref()),
        ("vpath", compiled.vpath.as_ref()),
        ("abi_thread", compiled.abi_thread.as_ref()),
    ]
}

fn evidence(document: &EvidenceDocument) -> Fact {
    Fact { fact: document.fact.clone().into(), value: document.value.0.clone(), from: document.from.0.clone() }
}

/// The facts as they are written down.
pub fn interpreter_document(
    interpreter: &Interpreter,
    found: Option<&Problem>,
    lookups: &[Lookup],
) -> InterpreterDocument {
    let compiled = &interpreter.compiled;
    InterpreterDocument {
        implementation: interpreter.implementation.name().to_owned(),
        version: interpreter.version.map(|version| version.to_string()),
        vendor: interpreter.vendor.name().to_owned(),
        compiled: CompiledDocument {
            prefix: optional(compiled.prefix.as_ref()),
            exec_prefix: optional(compiled.exec_prefix.as_ref()),
            platlibdir: optional(compiled.platlibdir.as_ref()),
            pythonpath: optional(compiled.pythonpath.as_ref()),
            vpath: optional(compiled.vpath.as_ref()),
            abi_thread: optional(compiled.abi_thread.as_ref()),
            framework: optional(compiled.framework.as_ref()),
            winver: optional(compiled.winver.as_ref()),
        },
        library: optional(interpreter.library.as_ref()),
        real_executable: optional(interpreter.real_executable.as_ref()),
        extension_suffix: optional(interpreter.extension_suffix.as_ref()),
        redirector: None,
        modules: interpreter.module_tables.as_deref().map(modules_document),
        problem: found.and_then(problem_document),
        evidence: interpreter
            .evidence
            .iter()
            .map(|evidence| EvidenceDocument {
                fact: evidence.fact.clone().into_owned(),
                value: text(&evidence.value),
                from: text(&evidence.from),
            })
            .collect(),
        checks: lookups.iter().map(lookup_document).collect(),
    }
}

/// A recorded problem.
pub fn problem(document: &ProblemDocument) -> Problem {
    match document {
        ProblemDocument::NotExecutable => Problem::NotExecutable,
        ProblemDocument::Empty => Problem::Empty,
        ProblemDocument::TextLink { target } => Problem::TextLink { target: target.0.clone() },
        ProblemDocument::Script { interpreter, shim, real, interpreter_exists } => Problem::Script {
            interpreter: interpreter.0.clone(),
            shim: shim.map(|shim| match shim {
                ShimName::Pyenv => Shim::Pyenv,
                ShimName::Asdf => Shim::Asdf,
                ShimName::Mise => Shim::Mise,
                ShimName::DeveloperTools => Shim::DeveloperTools,
            }),
            real: real.as_ref().map(|real| real.0.clone()),
            interpreter_exists: *interpreter_exists,
        },
        ProblemDocument::NotAProgram => Problem::NotAProgram,
        ProblemDocument::Truncated => Problem::Truncated,
        ProblemDocument::WrongArchitecture { built_for } => Problem::WrongArchitecture { built_for: built_for.clone() },
        ProblemDocument::WrongSystem { format } => Problem::WrongSystem { format: format.clone().into() },
        ProblemDocument::MissingLoader { loader } => Problem::MissingLoader { loader: loader.0.clone() },
        ProblemDocument::MissingLibrary { library, searched, is_musl, needed_by } => Problem::MissingLibrary {
            library: library.0.clone(),
            searched: searched.iter().map(|place| place.0.clone()).collect(),
            is_musl: *is_musl,
            needed_by: needed_by.as_ref().map(|by| by.0.clone()),
        },
        ProblemDocument::BadLibrary { library, complaint, wanted } => Problem::BadLibrary {
            library: library.0.clone(),
            complaint: complaint.clone().map(Into::into),
            wanted: wanted.as_ref().map(|it| Wanted { name: it.name.0.clone(), needed_by: it.needed_by.0.clone() }),
        },
        ProblemDocument::BadLoader { loader, flaw, error } => Problem::BadLoader {
            loader: loader.0.clone(),
            flaw: flaw.clone().into(),
            error: error.clone().map(Into::into),
        },
        ProblemDocument::ForbiddenLibrary { library, found, why } => {
            Problem::ForbiddenLibrary { library: library.0.clone(), found: found.0.clone(), why: why.0.clone() }
        }
        ProblemDocument::MissingSymbol { symbol, version, needed_by, is_musl } => Problem::MissingSymbol {
            symbol: symbol.0.clone(),
            version: version.as_ref().map(|version| version.0.clone()),
            needed_by: needed_by.0.clone(),
            is_musl: *is_musl,
        },
        ProblemDocument::OnlyListed { variable } => Problem::OnlyListed { variable: variable.clone().into() },
        ProblemDocument::LoadingUnknown { object, why } => {
            Problem::LoadingUnknown { object: object.0.clone(), why: why.clone().into() }
        }
        ProblemDocument::MissingVersion { library, version, needed_by } => Problem::MissingVersion {
            library: library.0.clone(),
            version: version.0.clone(),
            needed_by: needed_by.0.clone(),
        },
        ProblemDocument::NotPython => Problem::NotPython,
        ProblemDocument::EmbedsPython { library } => Problem::EmbedsPython { library: library.0.clone() },
    }
}

/// A problem of the file itself; the others are found again when the symlinks are followed.
fn problem_document(problem: &Problem) -> Option<ProblemDocument> {
    Some(match problem {
        Problem::Missing
        | Problem::DanglingLink { .. }
        | Problem::LinkLoop
        | Problem::Directory
        | Problem::NotAFile
        | Problem::Unreachable { .. } => return None,
        Problem::NotExecutable => ProblemDocument::NotExecutable,
        Problem::Empty => ProblemDocument::Empty,
        Problem::TextLink { target } => ProblemDocument::TextLink { target: text(target) },
        Problem::Script { interpreter, shim, real, interpreter_exists } => ProblemDocument::Script {
            interpreter: text(interpreter),
            shim: shim.map(|shim| match shim {
                Shim::Pyenv => ShimName::Pyenv,
                Shim::Asdf => ShimName::Asdf,
                Shim::Mise => ShimName::Mise,
                Shim::DeveloperTools => ShimName::DeveloperTools,
            }),
            real: optional(real.as_ref()),
            interpreter_exists: *interpreter_exists,
        },
        Problem::NotAProgram => ProblemDocument::NotAProgram,
        Problem::Truncated => ProblemDocument::Truncated,
        Problem::WrongArchitecture { built_for } => ProblemDocument::WrongArchitecture { built_for: built_for.clone() },
        Problem::WrongSystem { format } => ProblemDocument::WrongSystem { format: format.clone().into_owned() },
        Problem::MissingLoader { loader } => ProblemDocument::MissingLoader { loader: text(loader) },
        Problem::MissingLibrary { library, searched, is_musl, needed_by } => ProblemDocument::MissingLibrary {
            library: text(library),
            searched: searched.iter().map(text).collect(),
            is_musl: *is_musl,
            needed_by: needed_by.as_ref().map(text),
        },
        Problem::BadLibrary { library, complaint, wanted } => ProblemDocument::BadLibrary {
            library: text(library),
            complaint: complaint.clone().map(Cow::into_owned),
            wanted: wanted.as_ref().map(|it| WantedDocument { name: text(&it.name), needed_by: text(&it.needed_by) }),
        },
        Problem::BadLoader { loader, flaw, error } => ProblemDocument::BadLoader {
            loader: text(loader),
            flaw: flaw.clone().into_owned(),
            error: error.clone().map(Cow::into_owned),
        },
        Problem::ForbiddenLibrary { library, found, why } => {
            ProblemDocument::ForbiddenLibrary { library: text(library), found: text(found), why: text(why) }
        }
        Problem::MissingSymbol { symbol, version, needed_by, is_musl } => ProblemDocument::MissingSymbol {
            symbol: text(symbol),
            version: version.as_ref().map(text),
            needed_by: text(needed_by),
            is_musl: *is_musl,
        },
        Problem::OnlyListed { variable } => ProblemDocument::OnlyListed { variable: variable.clone().into_owned() },
        Problem::LoadingUnknown { object, why } => {
            ProblemDocument::LoadingUnknown { object: text(object), why: why.clone().into_owned() }
        }
        Problem::MissingVersion { library, version, needed_by } => ProblemDocument::MissingVersion {
            library: text(library),
            version: text(version),
            needed_by: text(needed_by),
        },
        Problem::NotPython => ProblemDocument::NotPython,
        Problem::EmbedsPython { library } => ProblemDocument::EmbedsPython { library: Text(library.clone()) },
    })
}

const OPS: [(OpName, Op); 8] = [
    (OpName::IsFile, Op::IsFile),
    (OpName::IsDir, Op::IsDir),
    (OpName::IsExecutable, Op::IsExecutable),
    (OpName::Read, Op::Read),
    (OpName::ReadLink, Op::ReadLink),
    (OpName::RealPath, Op::RealPath),
    (OpName::ListDir, Op::ListDir),
    (OpName::Exists, Op::Exists),
];

const ERRORS: [(ErrorName, HostError); 13] = [
    (ErrorName::NotFound, HostError::NotFound),
    (ErrorName::NotADirectory, HostError::NotADirectory),
    (ErrorName::IsADirectory, HostError::IsADirectory),
    (ErrorName::PermissionDenied, HostError::PermissionDenied),
    (ErrorName::SymlinkLoop, HostError::SymlinkLoop),
    (ErrorName::NameTooLong, HostError::NameTooLong),
    (ErrorName::NotALink, HostError::NotALink),
    (ErrorName::InvalidPath, HostError::InvalidPath),
    (ErrorName::TooLarge, HostError::TooLarge { limit: startup::MOST_BYTES }),
    (ErrorName::WouldBlock, HostError::WouldBlock(FileKind::Other)),
    (ErrorName::Truncated, HostError::Truncated),
    (ErrorName::Unanswered, HostError::Unanswered),
    (ErrorName::Io, HostError::Io { code: None }),
];

/// A recorded lookup.
pub fn lookup(document: &LookupDocument) -> Lookup {
    let op = OPS.iter().find(|(name, _)| *name == document.op).map_or(Op::Exists, |(_, op)| *op);
    let answer = match &document.result {
        ResultDocument::Bool(yes) => Answer::Bool(*yes),
        ResultDocument::Read { bytes } => Answer::Bytes(*bytes),
        ResultDocument::Resolved { path } => Answer::Path(path.0.clone()),
        ResultDocument::Listed { names } => Answer::Names(*names),
        ResultDocument::Failed { error } => {
            let known = ERRORS.iter().find(|(name, _)| name == error);
            Answer::Error(known.map_or(HostError::Unanswered, |(_, error)| error.clone()))
        }
    };
    Lookup { op, path: document.path.0.clone(), answer }
}

fn lookup_document(lookup: &Lookup) -> LookupDocument {
    let op = OPS.iter().find(|(_, op)| *op == lookup.op).map_or(OpName::Exists, |(name, _)| *name);
    let result = match &lookup.answer {
        Answer::Bool(yes) => ResultDocument::Bool(*yes),
        Answer::Bytes(bytes) => ResultDocument::Read { bytes: *bytes },
        Answer::Path(path) => ResultDocument::Resolved { path: text(path) },
        Answer::Names(names) => ResultDocument::Listed { names: *names },
        Answer::Error(error) => {
            let known = ERRORS.iter().find(|(_, known)| known.name() == error.name());
            ResultDocument::Failed { error: known.map_or(ErrorName::Unanswered, |(name, _)| *name) }
        }
    };
    LookupDocument { op, path: text(&lookup.path), result }
}

/// The kind of file that `type` names.
pub fn file_kind(kind: FileType) -> FileKind {
    match kind {
        FileType::File => FileKind::File,
        FileType::Symlink => FileKind::Symlink,
        FileType::Directory => FileKind::Directory,
        FileType::Fifo => FileKind::Fifo,
        FileType::Socket => FileKind::Socket,
        FileType::Device => FileKind::Device,
        FileType::Null => FileKind::Null,
        FileType::Other => FileKind::Other,
    }
}

fn file_type(kind: FileKind) -> FileType {
    match kind {
        FileKind::File => FileType::File,
        FileKind::Symlink => FileType::Symlink,
        FileKind::Directory => FileType::Directory,
        FileKind::Fifo => FileType::Fifo,
        FileKind::Socket => FileType::Socket,
        FileKind::Device => FileType::Device,
        FileKind::Null => FileType::Null,
        FileKind::Other => FileType::Other,
    }
}

/// Adds a file to a machine.
pub fn put(host: MemoryHost, file: &FileDocument) -> MemoryHost {
    let path = file.path.as_bstr();
    let mut host = match (file.kind, &file.target) {
        (FileType::Symlink, target) => host.symlink(path, target.as_ref().map_or(&[][..], |target| &target.0)),
        (FileType::Directory, _) if file.closed => host.closed_directory(path),
        (FileType::Directory, _) => host.directory(path),
        (FileType::File, _) => match (&file.text, &file.base64) {
            (Some(text), _) => host.file(path, text.as_bytes()),
            (None, Some(Base64(bytes))) => host.file(path, bytes.as_slice()),
            (None, None) => match &file.archive {
                Some(ArchiveDocument::Members(members)) => host.file(path, archive::make(members)),
                Some(ArchiveDocument::None(_)) => host.file(path, ""),
                None => host.unknown_content(path),
            },
        },
        (kind, _) => host.special(path, file_kind(kind)),
    };
    if file.executable {
        host = host.executable(path);
    }
    if file.hidden {
        host = host.hidden(path);
    }
    if let Some(program) = file.program {
        host = host.program(path, program_kind(program));
    }
    if let Some(AccessDocument { mode: Mode(mode), owner, links }) = file.access {
        host = host.access(path, Access { mode, owner, group: None, links });
    }
    match file.error {
        Some(error) => host.error(path, file_error(error)),
        None => host,
    }
}

fn program_kind(name: ProgramName) -> ProgramKind {
    match name {
        ProgramName::Python => ProgramKind::Python,
        ProgramName::VenvLauncher => ProgramKind::VenvLauncher,
        ProgramName::Script => ProgramKind::Script,
    }
}

fn program_name(kind: ProgramKind) -> ProgramName {
    match kind {
        ProgramKind::Python => ProgramName::Python,
        ProgramKind::VenvLauncher => ProgramName::VenvLauncher,
        ProgramKind::Script => ProgramName::Script,
    }
}

fn file_error(error: FileError) -> HostError {
    match error {
        FileError::PermissionDenied => HostError::PermissionDenied,
        FileError::Io => HostError::Io { code: None },
        FileError::TooLarge => HostError::TooLarge { limit: startup::MOST_BYTES },
    }
}

/// Owner and permissions of a file. The mode of a symlink has no meaning and is not used.
fn access_document(recorded: &host::Recorded) -> Option<AccessDocument> {
    let Access { mode, owner, links, .. } = recorded.access.filter(|_| recorded.kind != FileKind::Symlink)?;
    // The number of a directory's names counts its subdirectories.
    let links = if recorded.kind == FileKind::File { links } else { 1 };
    let ordinary = if recorded.kind == FileKind::Directory || recorded.executable { 0o755 } else { 0o644 };
    ((mode, owner, links) != (ordinary, 0, 1)).then_some(AccessDocument { mode: Mode(mode), owner, links })
}

/// What was found out about a path, as it is written down.
pub fn file_document(path: &BString, recorded: &host::Recorded) -> FileDocument {
    let content = recorded.content.as_ref().map(|content| str::from_utf8(content).map_err(|_| content.clone()));
    let (plain, coded) = match content {
        Some(Ok(plain)) => (Some(plain.to_owned()), None),
        Some(Err(bytes)) => (None, Some(Base64(bytes))),
        None => (None, None),
    };
    FileDocument {
        path: text(path),
        kind: file_type(recorded.kind),
        target: optional(recorded.target.as_ref()),
        text: plain,
        base64: coded,
        archive: None,
        executable: recorded.executable,
        program: recorded.program.map(program_name),
        error: recorded.error.as_ref().map(|error| match error {
            HostError::PermissionDenied => FileError::PermissionDenied,
            HostError::TooLarge { .. } => FileError::TooLarge,
            _ => FileError::Io,
        }),
        hidden: recorded.hidden,
        closed: recorded.closed,
        access: access_document(recorded),
    }
}
