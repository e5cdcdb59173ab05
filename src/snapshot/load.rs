//! Turns a document into a machine in memory, an invocation, and the facts about the interpreter.

use std::collections::{BTreeMap, HashMap};

use bstr::{BString, ByteSlice};

use super::Snapshot;
use super::convert;
use super::document::{Document, FileDocument, FileType, LaunchDocument, LaunchKind, PlatformName, ScopeName};
use super::error::SnapshotError;
use super::map::{Object, UniqueMap};
use super::parse::{self, Stage};
use super::text::Text;
use crate::environment::Depth;
use crate::host::path::{Flavor, module};
use crate::host::{FileKind, Hive, Host, HostError, MemoryHost, Platform, Process, RegistryKey};
use crate::interpreter::{Interpreter, Version};
use crate::invocation::{CHECKED_VARIABLES, CONSULTED_VARIABLES, Flags, Invocation, Launch, SHIM_VARIABLES};
use crate::startup::{Options, Recorded};

/// More files than any startup looks up.
const MOST_FILES: usize = 100_000;
/// `PATH_MAX` of Linux, and the longest path of Windows.
const LONGEST_PATH: usize = 4096;
const LONGEST_WINDOWS_PATH: usize = 32_767;
/// `MAX_ARG_STRLEN` of Linux: no process can be started with a longer variable or argument.
const LONGEST_STRING: usize = 128 << 10;
/// How many bytes the parents of all files may have in total, each spelled out in full.
const MOST_ROOM: usize = 256 << 20;

/// Reads a snapshot.
///
/// # Errors
/// Where the bytes are not a snapshot, with the position.
pub fn load(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let (Object(document), text) = parse::parse::<Object<Document>>(bytes)?;
    let loader = Loader { document: &document, text, platform: platform(document.platform) };
    let environment = loader.environment()?;
    let process = &document.process;
    let invocation = Invocation {
        executable: loader.executable()?,
        platform: loader.platform,
        cwd: loader.cwd()?,
        flags: flags(&document),
        options: document.options.iter().map(|option| option.0.clone()).collect(),
        switches: document.switches.iter().map(|switch| switch.0.clone()).collect(),
        launch: loader.launch(&document.launch)?,
        environment: consulted(&environment),
        process: Process { uid: process.uid, euid: process.euid, gid: process.gid, egid: process.egid },
        locale_encoding: Some(process.locale_encoding.clone().unwrap_or_else(|| "utf-8".to_owned())),
    };
    let interpreter = loader.interpreter()?;
    let recorded = Recorded {
        problem: document.interpreter.problem.as_ref().map(convert::problem),
        lookups: document.interpreter.checks.iter().map(convert::lookup).collect(),
        scripts: Vec::new(),
        redirector: loader.version("redirector", document.interpreter.redirector.as_ref())?,
    };
    Ok(Snapshot {
        host: loader.host(&environment, &invocation)?,
        invocation,
        options: Options { interpreter: Some(interpreter), recorded, ..Options::default() },
        notes: document.notes.iter().map(|note| note.0.clone()).collect(),
        imports: document.imports.iter().map(|name| name.0.clone()).collect(),
        is_recorded: !document.interpreter.evidence.is_empty(),
        has_installed: document.installed || document.interpreter.evidence.is_empty(),
        depth: match document.scope {
            None => Depth::Startup,
            Some(ScopeName::Check) => Depth::Environment,
            Some(ScopeName::Files) => Depth::Files,
        },
    })
}

/// The platform of that name.
fn platform(name: PlatformName) -> Platform {
    match name {
        PlatformName::Linux => Platform::Linux,
        PlatformName::Macos => Platform::Macos,
        PlatformName::Windows => Platform::Windows,
    }
}

fn flags(document: &Document) -> Flags {
    let flags = document.flags;
    Flags {
        isolated: flags.isolated,
        ignore_environment: flags.ignore_environment,
        no_user_site: flags.no_user_site,
        no_site: flags.no_site,
        safe_path: flags.safe_path,
    }
}

fn consulted(environment: &BTreeMap<String, BString>) -> BTreeMap<String, BString> {
    // What only `check` reads is in the document if `check` was recorded.
    let known = CONSULTED_VARIABLES.iter().chain(CHECKED_VARIABLES).chain(SHIM_VARIABLES);
    let is_consulted = |name: &String| known.clone().any(|known| known == name);
    environment
        .iter()
        .filter(|(name, _)| is_consulted(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

struct Loader<'d> {
    document: &'d Document,
    text: &'d str,
    platform: Platform,
}

impl Loader<'_> {
    fn flavor(&self) -> Flavor {
        Flavor::of(self.platform)
    }

    fn refuse(&self, stages: &[Stage<'_>], message: impl Into<String>) -> SnapshotError {
        parse::refuse_field(self.text, stages, message)
    }

    fn executable(&self) -> Result<BString, SnapshotError> {
        let executable = &self.document.executable.0;
        if executable.is_empty() {
            return Err(self.refuse(&[Stage::Key("executable")], "the name of the interpreter is empty"));
        }
        if executable.contains(&0) || executable.len() > LONGEST_WINDOWS_PATH {
            return Err(self.refuse(
                &[Stage::Key("executable")],
                "no process can have such a name: it contains a NUL or is too long",
            ));
        }
        Ok(executable.clone())
    }

    fn cwd(&self) -> Result<Option<BString>, SnapshotError> {
        let Some(cwd) = &self.document.cwd else { return Ok(None) };
        self.check_path(cwd, &[Stage::Key("cwd")])?;
        Ok(Some(cwd.0.clone()))
    }

    fn launch(&self, launch: &LaunchDocument) -> Result<Launch, SnapshotError> {
        let stages = [Stage::Key("launch"), Stage::Key("target")];
        let target = launch.target.as_ref().map(|target| target.0.clone());
        match (launch.kind, target) {
            (_, Some(target)) if target.len() > LONGEST_STRING || target.contains(&0) => {
                Err(self.refuse(&stages, "no process can have such an argument: it contains a NUL or is too long"))
            }
            (LaunchKind::Command, None) => Ok(Launch::Command),
            (LaunchKind::Interactive, None) => Ok(Launch::Interactive),
            (LaunchKind::Module, Some(name)) if !name.is_empty() => Ok(Launch::Module(name)),
            (LaunchKind::Script, Some(path)) if !path.is_empty() => Ok(Launch::Script(path)),
            (LaunchKind::Command | LaunchKind::Interactive, Some(_)) => {
                Err(self.refuse(&stages, "only a module or a script has a target"))
            }
            (LaunchKind::Module, _) => Err(self.refuse(&stages, "a module needs a target: its name")),
            (LaunchKind::Script, _) => Err(self.refuse(&stages, "a script needs a target: its path")),
        }
    }

    /// All variables, named as startup names them: on Windows case does not count.
    fn environment(&self) -> Result<BTreeMap<String, BString>, SnapshotError> {
        let mut environment = BTreeMap::new();
        for (name, value) in &self.document.environment.0 {
            let stages = [Stage::Key("environment"), Stage::Key(name)];
            let own = if self.platform == Platform::Windows { name.to_uppercase() } else { name.clone() };
            // Windows keeps the directory of each drive under names such as `=C:`.
            let has_equals = name.chars().skip(1).any(|c| c == '=');
            let is_possible = !name.is_empty() && !name.contains('\0') && !has_equals && !value.0.contains(&0);
            if !is_possible || name.len() + value.0.len() > LONGEST_STRING {
                return Err(self.refuse(&stages, "no process can have such a variable"));
            }
            if environment.insert(own, value.0.clone()).is_some() {
                return Err(self.refuse(&stages, "the variable is set twice: on Windows, case does not count"));
            }
        }
        Ok(environment)
    }

    /// The version under a key of the interpreter.
    fn version(&self, key: &'static str, text: Option<&String>) -> Result<Option<Version>, SnapshotError> {
        let refuse = |error: &dyn std::fmt::Display| {
            self.refuse(&[Stage::Key("interpreter"), Stage::Key(key)], error.to_string())
        };
        text.map(|text| text.parse::<Version>().map_err(|error| refuse(&error))).transpose()
    }

    fn interpreter(&self) -> Result<Interpreter, SnapshotError> {
        let document = &self.document.interpreter;
        let version = self.version("version", document.version.as_ref())?;
        for (key, path) in [("library", &document.library), ("real_executable", &document.real_executable)] {
            if path.as_ref().is_some_and(|path| path.0.len() > LONGEST_WINDOWS_PATH) {
                return Err(self.refuse(&[Stage::Key("interpreter"), Stage::Key(key)], "the path is too long"));
            }
        }
        for (key, path) in convert::compiled_paths(&document.compiled) {
            if path.is_some_and(|path| path.0.len() > LONGEST_WINDOWS_PATH) {
                let stages = [Stage::Key("interpreter"), Stage::Key("compiled"), Stage::Key(key)];
                return Err(self.refuse(&stages, "the path is too long"));
            }
        }
        Ok(convert::interpreter(document, version))
    }

    /// Checks that `path` is valid on this platform.
    fn check_path(&self, path: &Text, stages: &[Stage<'_>]) -> Result<(), SnapshotError> {
        let path = path.as_bstr();
        let windows = self.platform == Platform::Windows;
        let longest = if windows { LONGEST_WINDOWS_PATH } else { LONGEST_PATH };
        if path.is_empty() {
            return Err(self.refuse(stages, "the path is empty"));
        }
        if path.contains(&0) {
            return Err(self.refuse(stages, "the path contains a NUL"));
        }
        if path.len() > longest {
            return Err(self.refuse(stages, format!("the path is longer than {longest} bytes")));
        }
        if windows && module::is_absolute(Flavor::Posix, path) {
            return Err(self.refuse(stages, "the path is not absolute: it has no drive"));
        }
        if !module::is_absolute(self.flavor(), path) {
            return Err(self.refuse(stages, "the path is not absolute"));
        }
        Ok(())
    }

    fn host(
        &self,
        environment: &BTreeMap<String, BString>,
        invocation: &Invocation,
    ) -> Result<MemoryHost, SnapshotError> {
        self.check_files()?;
        let mut host = MemoryHost::new(self.platform).process(invocation.process);
        for (name, value) in environment {
            host = host.variable(name, value);
        }
        if let Some(cwd) = &invocation.cwd {
            host = host.cwd(cwd);
        }
        if let Some(removed) = &self.document.removed_cwd {
            self.check_path(removed, &[Stage::Key("removed_cwd")])?;
            host = host.removed_dir(&removed.0);
        }
        if let Some(home) = &self.document.process.home {
            host = host.account_home(&home.0);
        }
        let hives = &self.document.registry;
        for (hive, key) in [(Hive::CurrentUser, &hives.current_user), (Hive::LocalMachine, &hives.local_machine)] {
            if let Some(key) = key {
                host = host.registry(hive, registry_key(key));
            }
        }
        // Symlinks first, so that files below one go where it leads.
        let is_link = |file: &&FileDocument| file.kind == FileType::Symlink;
        for file in
            self.document.files.iter().filter(is_link).chain(self.document.files.iter().filter(|file| !is_link(file)))
        {
            host = convert::put(host, file);
        }
        if let Some(cwd) = invocation.cwd.as_ref().filter(|cwd| host.metadata(cwd.as_bstr()).is_err()) {
            // The working directory exists; if it was removed, the document says null.
            host = host.directory(cwd);
        }
        self.check_places(&host)?;
        Ok(host)
    }

    /// Checks each file by itself, and that no path occurs twice.
    fn check_files(&self) -> Result<(), SnapshotError> {
        let files = &self.document.files;
        if files.len() > MOST_FILES {
            return Err(self.refuse(&[Stage::Key("files")], format!("more than {MOST_FILES} files")));
        }
        let mut known: HashMap<BString, usize> = HashMap::with_capacity(files.len());
        let mut room = 0;
        for (index, file) in files.iter().enumerate() {
            let stages = [Stage::Key("files"), Stage::Index(index), Stage::Key("path")];
            self.check_path(&file.path, &stages)?;
            room += file.path.0.len() * file.path.0.iter().filter(|byte| matches!(byte, b'/' | b'\\')).count();
            if room > MOST_ROOM {
                return Err(self.refuse(&stages, "the files have too many parent directories"));
            }
            let (key, message) = inconsistency(file).unwrap_or_default();
            if !message.is_empty() {
                return Err(self.refuse(&[Stage::Key("files"), Stage::Index(index), Stage::Key(key)], message));
            }
            let flavor = self.flavor();
            let case = module::normcase(flavor, module::normpath(flavor, file.path.as_bstr()).as_bstr());
            if let Some(first) = known.insert(case, index) {
                return Err(self.refuse(&stages, format!("the same path as files[{first}]")));
            }
        }
        Ok(())
    }

    /// Checks that every file is at its path: nothing is below a file or below symlinks in a loop.
    fn check_places(&self, host: &MemoryHost) -> Result<(), SnapshotError> {
        for (index, file) in self.document.files.iter().enumerate() {
            let found = host.link_metadata(file.path.as_bstr()).map(|metadata| metadata.kind);
            let stages = [Stage::Key("files"), Stage::Index(index)];
            match found {
                Ok(kind) if kind == convert::file_kind(file.kind) => {}
                // Another path below it turned it into a directory.
                Ok(FileKind::Directory) => {
                    return Err(self.refuse(
                        &[stages[0], stages[1], Stage::Key("type")],
                        "not a directory, but another path is below it",
                    ));
                }
                Ok(_) => {
                    return Err(self.refuse(
                        &[stages[0], stages[1], Stage::Key("path")],
                        "another path leads to the same file, which is of another kind",
                    ));
                }
                // A closed directory hides what is in it.
                Err(HostError::PermissionDenied) => {}
                Err(error) => {
                    return Err(self.refuse(
                        &[stages[0], stages[1], Stage::Key("path")],
                        format!("the symlinks above it cannot be followed: {error}"),
                    ));
                }
            }
        }
        Ok(())
    }
}

/// A key that conflicts with the others, and why.
fn inconsistency(file: &FileDocument) -> Option<(&'static str, &'static str)> {
    let is_file = file.kind == FileType::File;
    let is_link = file.kind == FileType::Symlink;
    match file {
        _ if is_link && file.target.is_none() => Some(("type", "a symlink needs a target")),
        _ if !is_link && file.target.is_some() => Some(("target", "only a symlink has a target")),
        _ if file.target.as_ref().is_some_and(|target| target.0.is_empty() || target.0.contains(&0)) => {
            Some(("target", "a symlink cannot have such a target"))
        }
        _ if file.target.as_ref().is_some_and(|target| target.0.len() > LONGEST_WINDOWS_PATH) => {
            Some(("target", "the target of the symlink is too long"))
        }
        _ if !is_file && file.text.is_some() => Some(("text", "only a file has content")),
        _ if !is_file && file.base64.is_some() => Some(("base64", "only a file has content")),
        _ if file.text.is_some() && file.base64.is_some() => Some(("base64", "the content is already given by text")),
        _ if !is_file && file.archive.is_some() => Some(("archive", "only a file is an archive")),
        _ if file.archive.is_some() && (file.text.is_some() || file.base64.is_some()) => {
            Some(("archive", "the content is already given"))
        }
        _ if !is_file && file.executable => Some(("executable", "only a file is executable")),
        _ if !is_file && file.program.is_some() => Some(("program", "only a file is a program")),
        _ if file.kind != FileType::Directory && file.closed => Some(("closed", "only a directory is closed")),
        _ => None,
    }
}

/// Its own value under the empty name, the subkeys in the order in which Windows enumerates them.
fn registry_key(key: &UniqueMap<Text>) -> RegistryKey {
    let mut subkeys: Vec<(String, BString)> = key
        .0
        .iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.to_uppercase(), value.0.clone()))
        .collect();
    subkeys.sort();
    RegistryKey {
        value: key.0.get("").map(|value| value.0.clone()),
        subkeys: subkeys.into_iter().map(|(_, value)| value).collect(),
    }
}
