//! Where programs run: this machine, or a root directory entered with `chroot`.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bstr::{BStr, BString, ByteSlice, ByteVec};

use super::program::PROGRAM;

/// The text of the probe.
pub const PROBE: &str = include_str!("probe.py");

/// How long a single start may take; nothing here needs a second.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many programs have been started: several tests of one process run at the same time, each with files of its own.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// A file system in which interpreters and venv-doctor run.
pub struct World {
    root: Option<PathBuf>,
    work: BString,
    dir: PathBuf,
}

/// The working directory of a program.
#[derive(Clone, Debug)]
pub enum Cwd {
    /// A directory that exists.
    At(BString),
    /// A directory that is removed after it was entered.
    Removed(BString),
}

/// A program to be started.
pub struct Start<'a> {
    /// The file, as the kernel is to find it.
    pub file: BString,
    /// `argv[0]`.
    pub arg0: BString,
    /// The other arguments.
    pub args: Vec<BString>,
    /// The whole environment.
    pub env: Vec<(String, BString)>,
    /// The working directory.
    pub cwd: &'a Cwd,
    /// Whether it runs as a user who owns nothing.
    pub unprivileged: bool,
    /// Text for its standard input.
    pub stdin: Option<&'static str>,
    /// Where standard output and error are kept meanwhile (a path outside the root directory).
    pub capture: PathBuf,
}

/// What a program printed, and how it ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// The exit code, or minus the signal; none where it could not be started at all.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

/// Starts a program. Another thread that starts one at this moment may still hold the descriptor with which the file was
/// written, and Linux executes no file that is open for writing.
pub fn spawn(command: &mut Command) -> io::Result<Child> {
    let begun = Instant::now();
    loop {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(1));
            }
            other => return other,
        }
    }
}

/// Removes the directories of test processes that have ended.
///
/// Worlds are kept in a static, which is never dropped. The names of their directories contain the process ID, so that
/// a later process can remove them.
fn remove_leftovers(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix("vd")?.split_once('-'));
        if let Some((id, _)) = process
            && id.parse::<u32>().is_ok()
            && !Path::new("/proc").join(id).exists()
        {
            // Another process may be removing it, too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The user who owns nothing.
const NOBODY: &str = "65534";

impl World {
    /// A world under `root` (none for this machine), with a copy of the program under test in it. Its
    /// directory is kept until the process ends.
    pub fn new(root: Option<PathBuf>) -> io::Result<Self> {
        let base = match &root {
            Some(root) => root.join("tmp"),
            None => std::env::temp_dir().canonicalize()?,
        };
        remove_leftovers(&base);
        let dir = tempfile::Builder::new().prefix(&format!("vd{}-", std::process::id())).tempdir_in(base)?.keep();
        // The unprivileged user must get in.
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755))?;
        let inside = match &root {
            Some(root) => Path::new("/").join(dir.strip_prefix(root).map_err(io::Error::other)?),
            None => dir.clone(),
        };
        fs::copy(PROGRAM, dir.join("venv-doctor"))?;
        fs::write(dir.join("probe.py"), PROBE)?;
        Ok(Self { root, work: BString::from(inside.as_os_str().as_bytes()), dir })
    }

    /// The root directory, if this is one.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The directory for everything that the tests make, as programs in this world see it.
    pub fn work(&self) -> &BStr {
        self.work.as_bstr()
    }

    /// The same from outside.
    pub fn work_outside(&self) -> &Path {
        &self.dir
    }

    /// The file that `path` names in this world, as this process has to name it.
    pub fn outside(&self, path: &BStr) -> PathBuf {
        match &self.root {
            Some(root) => {
                let mut joined = root.as_os_str().as_bytes().to_vec();
                joined.push_str(path);
                PathBuf::from(OsStr::from_bytes(&joined))
            }
            None => PathBuf::from(OsStr::from_bytes(path)),
        }
    }

    /// Runs a program to its end.
    pub fn run(&self, start: &Start<'_>) -> io::Result<Ended> {
        let mut command = self.command(start);
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let file = |kind: &str| start.capture.with_extension(format!("{run}.{kind}"));
        let (out, err) = (file("out"), file("err"));
        command.stdout(File::create(&out)?).stderr(File::create(&err)?);
        command.stdin(match start.stdin {
            None => Stdio::null(),
            Some(text) => {
                let file = file("in");
                fs::write(&file, text)?;
                Stdio::from(File::open(file)?)
            }
        });
        let code = match spawn(&mut command) {
            Ok(mut child) => {
                let begun = Instant::now();
                loop {
                    if let Some(status) = child.try_wait()? {
                        break Some(status.code().unwrap_or_else(|| -status.signal().unwrap_or(0)));
                    }
                    if begun.elapsed() > PATIENCE {
                        child.kill()?;
                        child.wait()?;
                        return Err(io::Error::other("still running after a minute"));
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            Err(_) => None,
        };
        let ended = Ended { code, stdout: fs::read(&out)?, stderr: fs::read(&err)? };
        fs::remove_file(out)?;
        fs::remove_file(err)?;
        Ok(ended)
    }

    fn command(&self, start: &Start<'_>) -> Command {
        let mut command = match (&self.root, start.cwd) {
            (None, Cwd::At(cwd)) if !start.unprivileged => {
                let mut command = Command::new(OsStr::from_bytes(&start.file));
                command.arg0(OsStr::from_bytes(&start.arg0)).current_dir(OsStr::from_bytes(cwd));
                command
            }
            _ => self.through_shell(start),
        };
        command.args(start.args.iter().map(|arg| OsStr::from_bytes(arg)));
        command.env_clear().envs(start.env.iter().map(|(name, value)| (name, OsStr::from_bytes(value))));
        command
    }

    /// Starts the program through a shell, which enters the working directory and keeps `argv[0]`.
    fn through_shell(&self, start: &Start<'_>) -> Command {
        let mut command = match &self.root {
            Some(root) => {
                let mut command = Command::new("/usr/sbin/chroot");
                if start.unprivileged {
                    command.arg(format!("--userspec={NOBODY}:{NOBODY}")).arg("--groups=");
                }
                command.arg(root);
                command
            }
            None if start.unprivileged => {
                let mut command = Command::new("/usr/bin/setpriv");
                command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"]);
                command
            }
            None => Command::new("/usr/bin/env"),
        };
        // Bash adds variables of its own to the environment, none that Python looks at.
        let (cwd, enter) = match start.cwd {
            Cwd::At(cwd) => (cwd, "cd -- \"$0\" || exit 99; "),
            Cwd::Removed(cwd) => (cwd, "/bin/mkdir -p -- \"$0\"; cd -- \"$0\" || exit 99; /bin/rmdir -- \"$0\"; "),
        };
        command.args(["/bin/bash", "-c"]);
        command.arg(format!("{enter}a=$1; f=$2; shift 2; exec -a \"$a\" \"$f\" \"$@\""));
        command.arg(OsStr::from_bytes(cwd));
        command.arg(OsStr::from_bytes(&start.arg0)).arg(OsStr::from_bytes(&start.file));
        command
    }
}
