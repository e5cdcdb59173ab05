//! The real interpreter, run once with the probe.
#![allow(clippy::disallowed_methods, reason = "verify runs the interpreter, as its help says")]

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::host::os;
use crate::invocation::{Flags, Invocation, Launch};
use crate::report::comparison::{self, Observation, Observed, PROBE_MARK, START_MARK};
use crate::startup::Status;
use bstr::ByteSlice;
use data_encoding::HEXLOWER;

use super::VerifyError;
use crate::cli::args;

const PROBE: &str = include_str!("probe.py");
/// Output beyond this is read and dropped, so that the interpreter does not wait.
const MOST_OUTPUT: u64 = 1 << 20;
/// How often to look whether the interpreter has ended.
const PATIENCE: Duration = Duration::from_millis(2);
/// How long to wait for output once the interpreter has ended: a grandchild may keep the pipe open forever.
const STRAGGLERS: Duration = Duration::from_secs(1);
/// What the dynamic loader lists first where it is told to list libraries instead of running the program.
const LISTED: &str = "linux-vdso.so.1 (0x";
/// What a shell or the dynamic loader returns for a program that it cannot start.
#[cfg(unix)]
const CANNOT_EXECUTE: [i32; 2] = [126, 127];
/// What the redirector of an environment returns where it starts no Python, and Windows where it does not find a library, or one
/// of another processor (`STATUS_DLL_NOT_FOUND`, `STATUS_INVALID_IMAGE_FORMAT`).
#[cfg(windows)]
const CANNOT_EXECUTE: [i32; 9] =
    [87, 101, 102, 103, 105, 106, 107, 0xC000_0135_u32.cast_signed(), 0xC000_007B_u32.cast_signed()];

/// Runs the interpreter as `invocation` says, with the probe instead of what it would run.
/// `None`: it took too long and was killed.
pub fn observe(
    invocation: &Invocation,
    typed: &args::Subject,
    timeout: Duration,
) -> Result<Option<Observation>, VerifyError> {
    let mut command = command(invocation, typed);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            let (status, values) = (Status::FailsToExecute, Observed::default());
            return Ok(Some(Observation { status, values, printed: error.to_string().into() }));
        }
    };
    feed(&mut child, &invocation.launch)?;
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let Some(status) = wait(&mut child, timeout)? else { return Ok(None) };
    let stdout = stdout.recv_timeout(STRAGGLERS).unwrap_or_default();
    let stderr = stderr.recv_timeout(STRAGGLERS).unwrap_or_default();
    Ok(Some(judge(status, &stdout, &stderr)?))
}

fn command(invocation: &Invocation, typed: &args::Subject) -> Command {
    let mut command = Command::new(os::text(&invocation.executable));
    command.args(flags(invocation.flags));
    for option in &invocation.options {
        command.arg("-X").arg(os::text(option));
    }
    command.args(invocation.switches.iter().map(|switch| os::text(switch)));
    match &invocation.launch {
        // The script itself is not run; the comparison leaves out what it would decide.
        Launch::Command | Launch::Script(_) => command.args(["-c", PROBE]),
        // Without -q, both print a banner.
        Launch::Module(_) => command.args(["-m", "code", "-q"]),
        // A pipe is no terminal: only -i makes a session of it, which runs the file of PYTHONSTARTUP.
        Launch::Interactive => command.args(["-i", "-q"]),
    };
    if let Some(cwd) = &invocation.cwd {
        command.current_dir(os::text(cwd));
    }
    // Set as a whole, so that a bare name is looked up on the PATH that the interpreter will see.
    command.env_clear().envs(environment(typed));
    command.stdin(if stdin(&invocation.launch).is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn flags(flags: Flags) -> impl Iterator<Item = &'static str> {
    let given = [
        (flags.isolated, "-I"),
        (flags.ignore_environment, "-E"),
        (flags.no_user_site, "-s"),
        (flags.no_site, "-S"),
        (flags.safe_path, "-P"),
    ];
    given.into_iter().filter_map(|(given, flag)| given.then_some(flag))
}

/// The environment of this process with `--clean-env`, `--unset` and `--env` applied, in this order.
fn environment(typed: &args::Subject) -> Vec<(OsString, OsString)> {
    let is_unset = |name: &OsString| typed.call.unset.iter().any(|unset| is_same_variable(unset, name));
    let inherited = env::vars_os().filter(|(name, _)| !typed.call.clean_env && !is_unset(name));
    let set = typed.call.env.iter().map(|it| (it.name.clone(), it.value.clone()));
    inherited.chain(set).collect()
}

fn is_same_variable(one: &OsStr, other: &OsStr) -> bool {
    if cfg!(windows) { one.eq_ignore_ascii_case(other) } else { one == other }
}

/// What is sent to the standard input of the interpreter.
fn stdin(launch: &Launch) -> Option<String> {
    match launch {
        Launch::Command | Launch::Script(_) => None,
        // A session takes a line at a time.
        Launch::Interactive | Launch::Module(_) => {
            Some(format!("exec(bytes.fromhex('{}').decode())\n", HEXLOWER.encode(PROBE.as_bytes())))
        }
    }
}

fn feed(child: &mut Child, launch: &Launch) -> io::Result<()> {
    let (Some(text), Some(mut pipe)) = (stdin(launch), child.stdin.take()) else { return Ok(()) };
    // The probe fits into the pipe, so that this does not wait. An interpreter that has ended does not read it.
    match pipe.write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Reads a pipe to its end in the background.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is kept: it may hold the probe's line.
            drop(pipe.by_ref().take(MOST_OUTPUT).read_to_end(&mut output));
            drop(io::copy(&mut pipe, &mut io::sink()));
        }
        // Nobody may be waiting any more.
        drop(sender.send(output));
    });
    receiver
}

/// Waits for the end; kills the interpreter after the timeout.
fn wait(child: &mut Child, timeout: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(PATIENCE);
    }
}

fn judge(status: ExitStatus, stdout: &[u8], stderr: &[u8]) -> Result<Observation, VerifyError> {
    let start = stderr.find(START_MARK);
    let printed = stderr[..start.unwrap_or(stderr.len())].into();
    if stdout.contains_str(PROBE_MARK) || start.is_some() {
        return Ok(Observation { status: Status::Starts, values: Observed::from_output(stdout)?, printed });
    }
    // It ended before it ran the probe, whatever its exit status is.
    let is_refused = status.code().is_some_and(|code| CANNOT_EXECUTE.contains(&code));
    let is_listed = status.success() && stdout.contains_str(LISTED);
    let status = if is_refused || is_listed || comparison::is_of_loader(&printed) {
        Status::FailsToExecute
    } else {
        Status::FailsToInitialize
    };
    Ok(Observation { status, values: Observed::default(), printed })
}
