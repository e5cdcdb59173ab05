//! A machine that exists in memory only: a snapshot, or a situation that a test describes.

#[cfg(test)]
mod tests;
mod tree;

use std::collections::HashMap;
use std::time::SystemTime;

use bstr::{BStr, BString, ByteSlice};

use super::path::Flavor;
use super::{
    Access, Binary, FileKind, Hive, Host, HostError, Machine, Metadata, Platform, Process, ProgramKind, RegistryKey,
};
use tree::{Kind, LastLink, Node, Tree};

/// An imaginary machine.
///
/// Its paths are absolute. The parents of every path that is described are directories; symlinks among them are followed.
/// The last description of a path counts. Nothing else exists.
///
/// ```
/// use venv_doctor::{Host, MemoryHost, Platform};
///
/// let host = MemoryHost::new(Platform::Linux)
///     .executable("/usr/bin/python3.12")
///     .symlink("/w/.venv/bin/python", "/usr/bin/python3.12")
///     .file("/w/.venv/pyvenv.cfg", "home = /usr/bin\n");
/// assert_eq!(host.real_path("/w/.venv/bin/python".into()), Ok("/usr/bin/python3.12".into()));
/// ```
#[derive(Clone, Debug)]
pub struct MemoryHost {
    platform: Platform,
    tree: Tree,
    machine: Option<Machine>,
    variables: HashMap<String, BString>,
    cwd: Option<BString>,
    removed_dir: Option<BString>,
    now: Option<SystemTime>,
    process: Process,
    account_home: Option<BString>,
    current_user: Option<RegistryKey>,
    local_machine: Option<RegistryKey>,
}

/// Adding to the machine.
impl MemoryHost {
    /// A machine with nothing on it, without environment and working directory, run by user 1000.
    pub fn new(platform: Platform) -> Self {
        Self {
            platform,
            tree: Tree::new(Flavor::of(platform)),
            machine: None,
            variables: HashMap::new(),
            cwd: None,
            removed_dir: None,
            now: None,
            process: Process { uid: 1000, euid: 1000, gid: 1000, egid: 1000 },
            account_home: None,
            current_user: None,
            local_machine: None,
        }
    }

    /// A regular file.
    #[must_use]
    pub fn file(self, path: impl AsRef<[u8]>, content: impl Into<Vec<u8>>) -> Self {
        let content = Some(content.into());
        self.put(path, |old| Kind::File { content, executable: is_executable(old) })
    }

    /// A regular file whose content is [`HostError::Unanswered`].
    #[must_use]
    pub fn unknown_content(self, path: impl AsRef<[u8]>) -> Self {
        self.put(path, |old| Kind::File { content: None, executable: is_executable(old) })
    }

    /// A regular file with the execution bits set. Its content is that of [`Self::file`], or unknown if that is not
    /// called.
    #[must_use]
    pub fn executable(self, path: impl AsRef<[u8]>) -> Self {
        self.put(path, |old| {
            let content = if let Kind::File { content, .. } = old { content.clone() } else { None };
            Kind::File { content, executable: true }
        })
    }

    /// A directory. Only an empty one needs to be added.
    #[must_use]
    pub fn directory(self, path: impl AsRef<[u8]>) -> Self {
        self.put(path, |_| Kind::Directory(Vec::new()))
    }

    /// A directory that may not be entered: every lookup below it fails with [`HostError::PermissionDenied`].
    #[must_use]
    pub fn closed_directory(mut self, path: impl AsRef<[u8]>) -> Self {
        self.tree.close(BStr::new(path.as_ref()));
        self
    }

    /// A symlink, which may dangle or lead back to itself.
    #[must_use]
    pub fn symlink(self, path: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        let link = self.tree.link(BStr::new(target.as_ref()));
        self.put(path, |_| link)
    }

    /// A pipe, a socket or a device. Other kinds have methods of their own.
    #[must_use]
    pub fn special(self, path: impl AsRef<[u8]>, kind: FileKind) -> Self {
        self.put(path, |_| Kind::Special(kind))
    }

    /// Answers every question about the content of `path` (reading it, listing it, reading the symlink) with `error`;
    /// not whether it exists, and not what a symlink leads to.
    #[must_use]
    pub fn error(mut self, path: impl AsRef<[u8]>, error: HostError) -> Self {
        if let Some(node) = self.tree.put(BStr::new(path.as_ref()), Clone::clone) {
            node.error = Some(error);
        }
        self
    }

    /// Gives `path` macOS's `UF_HIDDEN` flag or Windows' hidden attribute.
    #[must_use]
    pub fn hidden(mut self, path: impl AsRef<[u8]>) -> Self {
        if let Some(node) = self.tree.put(BStr::new(path.as_ref()), Clone::clone) {
            node.hidden = true;
        }
        self
    }

    /// Sets the owner and permissions of `path`. They do not change the answers to lookups: [`Self::error`] and
    /// [`Self::closed_directory`] do.
    #[must_use]
    pub fn access(mut self, path: impl AsRef<[u8]>, access: Access) -> Self {
        if let Some(node) = self.tree.put(BStr::new(path.as_ref()), Clone::clone) {
            node.access = Some(access);
        }
        self
    }

    /// Says when the content of `path` was last changed.
    #[must_use]
    pub fn modified(mut self, path: impl AsRef<[u8]>, time: SystemTime) -> Self {
        if let Some(node) = self.tree.put(BStr::new(path.as_ref()), Clone::clone) {
            node.modified = Some(time);
        }
        self
    }

    /// Puts the directory `path` and everything below it on a file system of its own.
    #[must_use]
    pub fn file_system(mut self, path: impl AsRef<[u8]>) -> Self {
        self.tree.mount(BStr::new(path.as_ref()));
        self
    }

    /// Says what kind of program the file is.
    #[must_use]
    pub fn program(mut self, path: impl AsRef<[u8]>, kind: ProgramKind) -> Self {
        if let Some(node) = self.tree.put(BStr::new(path.as_ref()), Clone::clone) {
            node.program = Some(kind);
        }
        self
    }

    /// Sets the `PythonPath` key of a registry hive.
    #[must_use]
    pub fn registry(mut self, hive: Hive, key: RegistryKey) -> Self {
        match hive {
            Hive::CurrentUser => self.current_user = Some(key),
            Hive::LocalMachine => self.local_machine = Some(key),
        }
        self
    }

    /// Sets an environment variable; names compare without case on Windows.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.variables.insert(self.variable_key(name), value.as_ref().into());
        self
    }

    /// Sets the working directory, which need not exist.
    #[must_use]
    pub fn cwd(mut self, path: impl AsRef<[u8]>) -> Self {
        self.cwd = Some(path.as_ref().into());
        self
    }

    /// The path that the working directory had before it was removed.
    #[must_use]
    pub fn removed_dir(mut self, path: impl AsRef<[u8]>) -> Self {
        self.removed_dir = Some(path.as_ref().into());
        self
    }

    /// Sets the present time. Without one, nothing has an age.
    #[must_use]
    pub fn now(mut self, time: SystemTime) -> Self {
        self.now = Some(time);
        self
    }

    /// Sets user and group.
    #[must_use]
    pub fn process(mut self, process: Process) -> Self {
        self.process = process;
        self
    }

    /// Sets the home directory in the account database.
    #[must_use]
    pub fn account_home(mut self, path: impl AsRef<[u8]>) -> Self {
        self.account_home = Some(path.as_ref().into());
        self
    }

    /// Sets the processor.
    #[must_use]
    pub fn machine(mut self, machine: Machine) -> Self {
        self.machine = Some(machine);
        self
    }

    fn put(mut self, path: impl AsRef<[u8]>, change: impl FnOnce(&Kind) -> Kind) -> Self {
        self.tree.put(BStr::new(path.as_ref()), change);
        self
    }

    fn variable_key(&self, name: &str) -> String {
        if self.platform == Platform::Windows { name.to_uppercase() } else { name.to_owned() }
    }
}

fn is_executable(kind: &Kind) -> bool {
    matches!(kind, Kind::File { executable: true, .. })
}

/// The content of a file, as far as it is known and may be had.
fn content(node: &Node) -> Result<&[u8], HostError> {
    if let Some(error) = &node.error {
        return Err(error.clone());
    }
    match &node.kind {
        Kind::File { content, .. } => content.as_deref().ok_or(HostError::Unanswered),
        Kind::Special(FileKind::Null) => Ok(b""),
        Kind::Special(kind) => Err(HostError::WouldBlock(*kind)),
        Kind::Directory(_) | Kind::Symlink { .. } => Err(HostError::IsADirectory),
    }
}

impl MemoryHost {
    fn describe(&self, node: &Node) -> Metadata {
        let (executable, len) = match &node.kind {
            Kind::Directory(_) => (true, 0),
            Kind::File { content, executable } => (*executable, content.as_ref().map_or(0, Vec::len)),
            // The mode of a symlink is 0777, its size that of its target.
            Kind::Symlink { target, .. } => (true, target.len()),
            Kind::Special(_) => (false, 0),
        };
        Metadata {
            kind: node.file_kind(),
            executable,
            len: len as u64,
            hidden: node.hidden,
            identity: Some((0, node.number)),
            device: Some(self.tree.device(node)),
            access: node.access,
            modified: node.modified,
            accessed: None,
            allocated: None,
        }
    }
}

impl Host for MemoryHost {
    fn platform(&self) -> Platform {
        self.platform
    }

    fn machine(&self) -> Option<Machine> {
        self.machine
    }

    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        let mut metadata = self.describe(self.tree.find(path, LastLink::Followed)?);
        // Windows has no execution bits and goes by the name.
        if self.platform == Platform::Windows && metadata.kind == FileKind::File {
            metadata.executable |= path.to_ascii_lowercase().ends_with(b".exe");
        }
        Ok(metadata)
    }

    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.tree.find(path, LastLink::Kept).map(|node| self.describe(node))
    }

    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        let node = self.tree.find(path, LastLink::Kept)?;
        match (&node.kind, &node.error) {
            (Kind::Symlink { .. }, Some(error)) => Err(error.clone()),
            (Kind::Symlink { target, .. }, None) => Ok(target.clone()),
            _ => Err(HostError::NotALink),
        }
    }

    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        let content = content(self.tree.find(path, LastLink::Followed)?)?;
        if content.len() as u64 > limit { Err(HostError::TooLarge { limit }) } else { Ok(content.to_vec()) }
    }

    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        let node = self.tree.find(path, LastLink::Followed)?;
        match (&node.kind, &node.error) {
            (_, Some(error)) => Err(error.clone()),
            (Kind::Directory(names), None) => Ok(names.clone()),
            _ => Err(HostError::NotADirectory),
        }
    }

    fn visit_dir(&self, path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> Result<(), HostError> {
        let node = self.tree.find(path, LastLink::Followed)?;
        match (&node.kind, &node.error) {
            (_, Some(error)) => return Err(error.clone()),
            (Kind::Directory(names), None) => {
                for name in names {
                    visit(name.as_bstr(), self.tree.entry(node, name).map_or(FileKind::Other, Node::file_kind));
                }
            }
            _ => return Err(HostError::NotADirectory),
        }
        Ok(())
    }

    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        Ok(self.tree.locate(path, LastLink::Followed)?.path.clone())
    }

    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        let node = self.tree.find(path, LastLink::Followed)?;
        let content = content(node)?;
        // Nothing can be read from the null device at any offset.
        if let Kind::Special(_) = node.kind { Err(HostError::Truncated) } else { Ok(Box::new(Content(content))) }
    }

    fn may_execute(&self, path: &BStr) -> bool {
        self.metadata(path).is_ok_and(|metadata| metadata.executable)
    }

    fn variable(&self, name: &str) -> Option<BString> {
        self.variables.get(&self.variable_key(name)).cloned()
    }

    fn current_dir(&self) -> Result<BString, HostError> {
        self.cwd.clone().ok_or(HostError::NotFound)
    }

    fn removed_dir(&self) -> Option<BString> {
        self.removed_dir.clone()
    }

    fn registry(&self, hive: Hive, _winver: &BStr) -> Option<RegistryKey> {
        match hive {
            Hive::CurrentUser => self.current_user.clone(),
            Hive::LocalMachine => self.local_machine.clone(),
        }
    }

    fn program(&self, path: &BStr) -> Option<ProgramKind> {
        self.tree.find(path, LastLink::Followed).ok()?.program
    }

    fn is_partial(&self) -> bool {
        true
    }

    fn now(&self) -> Option<SystemTime> {
        self.now
    }

    fn process(&self) -> Process {
        self.process
    }

    fn account_home(&self) -> Option<BString> {
        self.account_home.clone()
    }
}

/// A file in memory, opened.
pub(crate) struct Content<'c>(pub(crate) &'c [u8]);

impl Binary for Content<'_> {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, HostError> {
        let start = usize::try_from(offset).map_err(|_| HostError::Truncated)?;
        let end = start.checked_add(len).ok_or(HostError::Truncated)?;
        self.0.get(start..end).map(<[u8]>::to_vec).ok_or(HostError::Truncated)
    }
}
