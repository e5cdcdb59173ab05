//! `getpath.py`, 3.11 on: the script frozen into the binary that computes the path configuration.
//!
//! [`Getpath`] holds the script's globals, and each file below implements one of its sections.

mod build_tree;
mod executable;
mod prefix;
mod registry;
mod search_path;
mod under_pth;
mod venv;

use bstr::{BStr, BString, ByteSlice};

use super::cfg::MAX_FILE;
use super::{Input, PathConfig, RawEntry};
use crate::host::path::{Flavor, getpath as arithmetic};
use crate::host::{HostError, Platform};
use crate::startup::behaviors::Behavior;
use crate::startup::configuration;
use crate::startup::fatal::{self, Fatal};
use crate::startup::settings::Settings;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// The globals of the script. `None` and the empty string are both false there, so both are empty here, except
/// where the difference shows.
struct Getpath<'a, 'h, 't> {
    trace: &'t mut Trace<'h>,
    input: &'t Input<'a>,
    settings: &'t mut Settings,
    library: Option<&'a BStr>,
    /// The script's own copy: a `._pth` file without lines changes this copy and not the configuration.
    use_environment: bool,
    program_name: BString,
    executable: BString,
    executable_dir: BString,
    base_executable: BString,
    real_executable: BString,
    real_executable_dir: BString,
    home: BString,
    home_was_set: bool,
    venv_prefix: Option<BString>,
    /// Whether `home` contains characters that the encoding of the locale does not have.
    home_is_unencodable: bool,
    pth: Option<(BString, Vec<BString>)>,
    build_prefix: Option<BString>,
    prefix: BString,
    exec_prefix: BString,
    base_prefix: BString,
    base_exec_prefix: BString,
    stdlib_dir: BString,
    platstdlib_dir: BString,
    stdlib_zip: BString,
    path: Vec<RawEntry>,
    result: PathConfig,
}

/// Runs the sections of the script in their order.
pub fn compute(trace: &mut Trace<'_>, input: &Input<'_>, settings: &mut Settings) -> Result<PathConfig, Fatal> {
    let library = super::library(input);
    let given = settings.given.clone();
    let mut script = Getpath {
        trace,
        input,
        library,
        use_environment: settings.use_environment,
        program_name: BString::default(),
        executable: given.as_ref().and_then(|given| given.executable.clone()).unwrap_or_default(),
        executable_dir: BString::default(),
        base_executable: given.as_ref().and_then(|given| given.base_executable.clone()).unwrap_or_default(),
        real_executable: BString::default(),
        real_executable_dir: BString::default(),
        home: settings.home.clone().unwrap_or_default(),
        home_was_set: given.is_some(),
        settings,
        venv_prefix: None,
        home_is_unencodable: false,
        pth: None,
        build_prefix: None,
        prefix: BString::default(),
        exec_prefix: BString::default(),
        base_prefix: BString::default(),
        base_exec_prefix: BString::default(),
        stdlib_dir: BString::default(),
        platstdlib_dir: BString::default(),
        stdlib_zip: BString::default(),
        path: Vec::new(),
        result: PathConfig::default(),
    };
    script.find_executable()?;
    script.apply_launcher();
    script.read_pyvenv_cfg()?;
    script.resolve_executable()?;
    if !script.home_was_set {
        script.find_under_pth()?;
        script.detect_build_tree()?;
    }
    script.find_prefix()?;
    script.find_exec_prefix();
    script.apply_venv_prefix();
    script.build_path()?;
    script.warn_of_missing_stdlib()?;
    script.restore_build_prefixes();
    script.apply_under_pth();
    Ok(script.finish())
}

impl Getpath<'_, '_, '_> {
    fn os(&self) -> Platform {
        self.input.invocation.platform
    }

    fn is_windows(&self) -> bool {
        self.os() == Platform::Windows
    }

    fn has(&mut self, behavior: Behavior) -> bool {
        self.trace.has(self.input.behaviors, behavior)
    }

    fn join(&self, left: &BStr, right: &BStr) -> BString {
        let joined = arithmetic::join(self.input.layout.flavor, &[left, right]);
        let vanishes = joined == "." && self.input.behaviors.has(Behavior::LoneDotDropped);
        if vanishes { BString::default() } else { joined }
    }

    fn dirname(&self, path: &BStr) -> BString {
        arithmetic::dirname(self.input.layout.flavor, path)
    }

    fn basename(&self, path: &BStr) -> BString {
        arithmetic::basename(self.input.layout.flavor, path)
    }

    /// `abspath`; without a working directory a relative path is an error.
    fn abspath(&self, path: &BStr) -> Result<BString, Fatal> {
        let flavor = self.input.layout.flavor;
        let cwd = self.input.invocation.cwd.as_ref().map(|cwd| cwd.as_bstr());
        if cwd.is_none() && !arithmetic::is_absolute(flavor, path) {
            return Err(self.fatal("OSError: failed to make path absolute", "the working directory has been removed"));
        }
        Ok(arithmetic::abspath(flavor, cwd, path))
    }

    /// `search_up`: the nearest of `from` and its parents for which `test` holds.
    fn search_up(&mut self, from: &BStr, mut test: impl FnMut(&mut Self, &BStr) -> bool) -> Option<BString> {
        let mut dir = from.to_owned();
        while !dir.is_empty() {
            if test(self, dir.as_bstr()) {
                return Some(dir);
            }
            dir = self.dirname(dir.as_bstr());
        }
        None
    }

    /// `isxfile`: Windows has no execution bits, and goes by the name.
    fn is_executable(&self, path: &BStr) -> bool {
        let is_named_so = !self.is_windows() || arithmetic::has_suffix(Flavor::Windows, path, ".exe");
        self.trace.ask.is_executable(path) && is_named_so
    }

    fn is_file_in(&mut self, dir: &BStr, name: &BStr) -> bool {
        let path = self.join(dir, name);
        self.trace.ask.is_file(path.as_bstr())
    }

    fn has_stdlib_landmark(&mut self, dir: &BStr) -> bool {
        let layout = self.input.layout;
        layout.stdlib_landmarks.iter().any(|landmark| self.is_file_in(dir, landmark.as_bstr()))
    }

    /// `readlines`: a directory reads as an empty file, as on Linux, and a file of 32 KiB or more is an error.
    fn read_lines(&mut self, path: &BStr) -> Result<Vec<u8>, HostError> {
        let content = self.trace.read(path);
        if self.is_windows() && is_no_name_of_windows(path) {
            return Err(HostError::Io { code: Some(EINVAL) });
        }
        match content {
            Ok(content) if content.len() >= MAX_FILE => Err(HostError::TooLarge { limit: MAX_FILE as u64 - 1 }),
            Ok(content) => Ok(content.to_vec()),
            Err(error) if self.is_windows() => Err(windows_error(error)),
            Err(HostError::IsADirectory) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The script fails with an exception that it does not catch.
    fn fatal(&self, exception: &str, because: impl AsRef<[u8]>) -> Fatal {
        let behaviors = self.input.behaviors;
        let notice = if behaviors.has(Behavior::IgnoredWhileRunningGetpath) {
            "Exception ignored while running getpath:"
        } else if behaviors.has(Behavior::IgnoredInRunningGetpath) {
            "Exception ignored in running getpath:"
        } else {
            "Exception ignored error evaluating path:"
        };
        Fatal {
            reason: sentence!("the path configuration fails (", exception, "): ", because),
            messages: [
                notice,
                exception,
                "Fatal Python error: error evaluating path",
                "Python runtime state: core initialized",
            ]
            .map(BString::from)
            .to_vec(),
            unanswered: false,
        }
    }

    /// The script fails because it cannot read `path`.
    fn fatal_read(&self, path: &BStr, error: &HostError) -> Fatal {
        match error {
            HostError::WouldBlock(_) | HostError::Unanswered => Fatal::unread(path, error),
            HostError::TooLarge { .. } => {
                let exception = "MemoryError: cannot read file larger than 32KB during initialization";
                self.fatal(exception, sentence!(path, " is larger than 32767 bytes"))
            }
            _ => self.fatal(&fatal::os_error(error), sentence!(path, ": ", error.to_string())),
        }
    }

    /// Whether the script continues after it could not open a file: `except (FileNotFoundError, PermissionError)`.
    fn is_tolerated(&mut self, error: &HostError) -> bool {
        match error {
            HostError::NotFound => true,
            HostError::PermissionDenied => self.has(Behavior::LandmarkPermission),
            _ => false,
        }
    }

    fn warn(&mut self, message: impl Into<BString>) {
        if configuration::has_path_warnings(self.input.invocation, self.input.behaviors) {
            self.trace.print(message);
        }
    }

    /// A warning that contains a path. `getpath_warn` prints the result of `PyUnicode_AsUTF8` without a test, and that is
    /// a null pointer for a path that is not UTF-8.
    fn warn_of_path(&mut self, message: BString) -> Result<(), Fatal> {
        if std::str::from_utf8(&message).is_ok() {
            self.trace.print(message);
            return Ok(());
        }
        let reason =
            "Python crashes (segmentation fault) when it prints a warning that contains a path that is not UTF-8";
        Err(Fatal { reason: reason.into(), messages: Vec::new(), unanswered: false })
    }
}

/// What the C library of Windows makes of `ERROR_INVALID_NAME`, which it does not translate.
const EINVAL: i32 = 22;

/// Whether a path contains a character that no name on Windows has. Such a file cannot be opened: it is not missing.
fn is_no_name_of_windows(path: &BStr) -> bool {
    let path = path.strip_prefix(br"\\?\").unwrap_or(path);
    path.iter().any(|&byte| byte < b' ' || b"\"<>|?*".contains(&byte))
}

/// The error as the C library of Windows reports it: a directory may not be opened, and a path that leads through a
/// file is not found.
fn windows_error(error: HostError) -> HostError {
    match error {
        HostError::IsADirectory => HostError::PermissionDenied,
        HostError::NotADirectory => HostError::NotFound,
        error => error,
    }
}
