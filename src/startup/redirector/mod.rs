//! The redirector that `venv` installs on Windows as `python.exe` of an environment: `PC/launcher.c` from 3.7.2 to
//! 3.12, `PC/venvlauncher.c` from 3.13 on.
//!
//! It is not a Python. It finds `pyvenv.cfg`, reads `home` from it with its own reader, starts the interpreter of the same
//! name in that directory, and passes its own path in `__PYVENV_LAUNCHER__`.

mod home;

use bstr::{BStr, BString, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::record::{Outcome, Status, Value};
use super::steps::StepId;
use super::trace::Trace;
use crate::host::path::legacy::windows as arithmetic;
use crate::host::path::{Flavor, module};
use crate::host::{FileKind, HostError};
use crate::interpreter::{Interpreter, Version};
use crate::invocation::Invocation;
use crate::text::sentence;

/// An environment that was created from another starts one redirector after the other; more than this are taken for a loop.
pub const MOST_HOPS: usize = 8;

/// `RC_CREATE_PROCESS`.
const NO_PROCESS: u32 = 101;
/// `RC_NO_PYTHON`.
const NO_PYTHON: u32 = 103;
/// `RC_NO_VENV_CFG`.
const NO_CFG: u32 = 106;
/// `RC_BAD_VENV_CFG`.
const BAD_CFG: u32 = 107;
/// `ERROR_INVALID_PARAMETER`, with which the older redirector ends where the value is empty.
const INVALID_PARAMETER: u32 = 87;

const NO_SUCH_FILE: &str = "The system cannot find the file specified.";
const NO_SUCH_NAME: &str = "The filename, directory name, or volume label syntax is incorrect.";
const NO_SUCH_PATH: &str = "The system cannot find the path specified.";

/// What the redirector starts.
pub struct Started {
    /// The interpreter's file, as Windows reports it to the process: absolute and normal, however `home` is written.
    pub file: BString,
    /// How it is called.
    pub invocation: Invocation,
}

/// Both readings of a `pyvenv.cfg`, for the fuzz targets.
#[cfg(feature = "internals")]
pub fn home_of(content: &[u8]) -> [Option<BString>; 2] {
    [home::find(content), home::find_trimmed(content)]
}

/// One redirector starts the next without end.
pub fn endless() -> Outcome {
    Outcome {
        status: Status::FailsToExecute,
        reason: Some(
            "home leads to another redirector, and that one back again: each process starts the next without end"
                .into(),
        ),
        step: None,
    }
}

/// Repeats what the redirector at `typed` does.
///
/// # Errors
/// Where the redirector fails, with what it prints and its exit code.
pub fn run(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    typed: &BStr,
    interpreter: &Interpreter,
) -> Result<Started, Outcome> {
    let version = interpreter.version.unwrap_or(Version::feature(3, 13));
    let own_path = absolute(trace, typed);
    let behaviors = Behaviors::of(version);
    let mut redirector = Redirector { trace, behaviors: &behaviors, own_path };
    let cfg = redirector.find_cfg()?;
    let home = redirector.read_home(&cfg)?;
    let file = redirector.find_python(&home, interpreter)?;
    Ok(redirector.start(invocation, &file))
}

fn absolute(trace: &Trace<'_>, file: &BStr) -> BString {
    module::abspath(Flavor::Windows, trace.ask.cwd(), file)
}

struct Redirector<'t, 'h> {
    trace: &'t mut Trace<'h>,
    behaviors: &'t Behaviors,
    /// `GetModuleFileNameW`.
    own_path: BString,
}

impl Redirector<'_, '_> {
    fn has(&mut self, behavior: Behavior) -> bool {
        self.trace.has(self.behaviors, behavior)
    }

    /// Next to the redirector, then one directory above.
    fn find_cfg(&mut self) -> Result<BString, Outcome> {
        self.trace.begin(StepId::RedirectorCfg);
        self.trace.say(sentence!(self.own_path, " is the redirector of a virtual environment."));
        let next_to = arithmetic::reduce(self.own_path.as_bstr());
        let above = arithmetic::reduce(next_to.as_bstr());
        for dir in [next_to, above] {
            let path = arithmetic::join(dir.as_bstr(), b"pyvenv.cfg".as_bstr());
            if self.trace.ask.exists(path.as_bstr()) {
                self.trace.say(sentence!("It finds ", path, "."));
                return Ok(path);
            }
        }
        let message = if self.has(Behavior::OwnVenvLauncher) {
            sentence!("failed to locate pyvenv.cfg: ", NO_SUCH_FILE)
        } else {
            "No pyvenv.cfg file".into()
        };
        Err(self.fail(NO_CFG, message, "there is no pyvenv.cfg next to it or one directory above"))
    }

    fn read_home(&mut self, cfg: &BString) -> Result<BString, Outcome> {
        self.trace.begin(StepId::RedirectorHome);
        let own_program = self.has(Behavior::OwnVenvLauncher);
        let content = match self.trace.read(cfg.as_bstr()) {
            Ok(content) => content,
            Err(error @ (HostError::TooLarge { .. } | HostError::WouldBlock(_) | HostError::Unanswered)) => {
                return Err(self.unread(cfg, &error));
            }
            Err(error) => return Err(self.cannot_read(cfg, &error, own_program)),
        };
        let home = if own_program { home::find_trimmed(&content) } else { home::find(&content) };
        match home {
            Some(home) if home.is_empty() => Err(self.empty_home(cfg, own_program)),
            Some(home) => {
                self.trace.say(sentence!("The redirector reads home = ", home, "."));
                self.trace.set("home", Value::Text(home.clone()));
                Ok(home)
            }
            None => {
                let start = if own_program { "no home= specified in '" } else { "Cannot find home in '" };
                Err(self.fail(
                    BAD_CFG,
                    sentence!(start, cfg, "'"),
                    sentence!(cfg, " has no home key that the redirector can read"),
                ))
            }
        }
    }

    /// What is not read here may still be read by the redirector, which takes only the beginning.
    fn unread(&mut self, cfg: &BString, error: &HostError) -> Outcome {
        let because = sentence!(cfg, " is not read here: ", error.to_string());
        self.trace.say(sentence!("What the redirector does is not known: ", because, "."));
        Outcome { status: Status::NotSimulated, reason: Some(because), step: None }
    }

    fn cannot_read(&mut self, cfg: &BString, error: &HostError, own_program: bool) -> Outcome {
        let message = if own_program {
            let why = if matches!(error, HostError::PermissionDenied | HostError::IsADirectory) {
                ": Access is denied."
            } else {
                ""
            };
            sentence!("failed to open '", cfg, "'", why)
        } else {
            sentence!("Cannot read '", cfg, "'")
        };
        self.fail(BAD_CFG, message, sentence!(cfg, " cannot be read: ", error.to_string()))
    }

    fn empty_home(&mut self, cfg: &BString, own_program: bool) -> Outcome {
        const WRONG: &str = "The parameter is incorrect.";
        let because = sentence!("home is empty in ", cfg);
        if own_program {
            let message = sentence!("failed to decode home setting in '", cfg, "': ", WRONG);
            return self.fail(BAD_CFG, message, because);
        }
        let message = sentence!("Cannot determine memory for home path: ", WRONG);
        self.fail(INVALID_PARAMETER, message, because)
    }

    /// The interpreter of its own name in `home`.
    fn find_python(&mut self, home: &BString, interpreter: &Interpreter) -> Result<BString, Outcome> {
        self.trace.begin(StepId::RedirectorStart);
        let own_program = self.has(Behavior::OwnVenvLauncher);
        let name = self.python_name(interpreter);
        let file = match (own_program, home.last()) {
            (true, _) => arithmetic::join(home.as_bstr(), name.as_bstr()),
            (false, Some(b'\\')) if self.has(Behavior::RedirectorQuotes) => sentence!(home, name),
            (false, Some(b'\\')) => return Err(self.unterminated(home)),
            (false, _) => sentence!(home, "\\", name),
        };
        if !self.trace.ask.exists(file.as_bstr()) {
            let message = if own_program {
                sentence!("did not find executable at '", file, "': ", self.why_missing(&file))
            } else {
                let quote = if self.has(Behavior::RedirectorQuotes) { "\"" } else { "" };
                sentence!("No Python at '", quote, file, "'")
            };
            return Err(self.fail(
                NO_PYTHON,
                message,
                sentence!("home does not contain an interpreter: there is no ", file),
            ));
        }
        let is_file = self.trace.ask.metadata(file.as_bstr()).is_ok_and(|metadata| metadata.kind == FileKind::File);
        if !is_file {
            let message = sentence!("Unable to create process using '", file, "'");
            return Err(self.fail(NO_PROCESS, message, sentence!(file, " is not a file")));
        }
        Ok(file)
    }

    /// The oldest redirectors end the text of `home` only where they append a separator. Behind any other comes what the
    /// memory holds by chance, which nearly always is too long for the check that follows.
    fn unterminated(&mut self, home: &BString) -> Outcome {
        let because = sentence!(
            "home = ",
            home,
            " ends in a backslash, and the redirector of this release then reads memory that it has not written, in which it usually crashes"
        );
        self.trace.say(sentence!("The redirector fails: ", because, "."));
        Outcome { status: Status::FailsToInitialize, reason: Some(because), step: None }
    }

    /// Each name has a redirector of its own.
    fn python_name(&self, interpreter: &Interpreter) -> BString {
        let window = if self.has_no_console() { "w" } else { "" };
        let debug = if self.own_name().ends_with(b"_d.exe") { "_d" } else { "" };
        let is_threaded = interpreter.compiled.abi_thread.as_ref().is_some_and(|flag| flag == "t");
        let version = if is_threaded { format!("{}t", self.behaviors.version().short()) } else { String::new() };
        format!("python{window}{version}{debug}.exe").into()
    }

    fn own_name(&self) -> BString {
        module::basename(Flavor::Windows, self.own_path.as_bstr()).to_ascii_lowercase().into()
    }

    /// Whether it is `pythonw.exe`.
    fn has_no_console(&self) -> bool {
        self.own_name().starts_with(b"pythonw")
    }

    fn why_missing(&self, file: &BString) -> &'static str {
        let dir = arithmetic::reduce(file.as_bstr());
        if file.iter().any(|&byte| byte < b' ' || b"\"<>|?*".contains(&byte)) {
            return NO_SUCH_NAME;
        }
        if self.trace.ask.is_dir(dir.as_bstr()) { NO_SUCH_FILE } else { NO_SUCH_PATH }
    }

    /// The child process inherits the environment. It keeps the name that was typed only from 3.13 on.
    fn start(mut self, invocation: &Invocation, file: &BString) -> Started {
        self.trace.say(sentence!(
            "It starts ",
            file,
            " with __PYVENV_LAUNCHER__ = ",
            self.own_path,
            ", and waits for it."
        ));
        let mut invocation = invocation.clone();
        invocation.environment.insert("__PYVENV_LAUNCHER__".to_owned(), self.own_path.clone());
        if !self.has(Behavior::OwnVenvLauncher) {
            invocation.executable.clone_from(file);
        }
        let file = absolute(self.trace, file.as_bstr());
        self.trace.set("real_executable", Value::Text(file.clone()));
        Started { file, invocation }
    }

    fn fail(&mut self, code: u32, message: BString, because: impl AsRef<[u8]>) -> Outcome {
        self.trace.say(sentence!("The redirector fails: ", because, "."));
        if self.has_no_console() {
            self.trace.say(sentence!("It has no console and shows a box that says ", message, "."));
        } else {
            self.trace.print(message);
        }
        Outcome {
            status: Status::FailsToExecute,
            reason: Some(sentence!(
                "the redirector of the environment ends with exit code ",
                code.to_string(),
                ": ",
                because
            )),
            step: None,
        }
    }
}
