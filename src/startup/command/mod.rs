//! From a command to the interpreter that it starts: scripts by their first line, as the kernel follows it, `env`, the
//! shell scripts and launchers that installers write, and the shims of version managers.
//!
//! Nothing else is followed. Another program, or a shell script with a text of its own, may start any Python, and is not
//! simulated.

mod arguments;
mod asdf;
mod env;
mod mise;
mod mise_files;
mod pyenv;
mod pyenv_latest;
#[cfg(feature = "internals")]
pub mod readers;
mod record;
mod shebang;
mod shim;
mod trampoline;

use bstr::{BStr, BString, ByteSlice};

use super::record::{Outcome, Status};
use super::resolve::{Options, identify};
use super::steps::StepId;
use super::target;
use super::trace::Trace;
use crate::host::Platform;
use crate::host::path::{Flavor, module};
use crate::interpreter::{Identification, Problem, Shim as ShimKind, is_python, read_launcher};
use crate::invocation::{CONSULTED_VARIABLES, Invocation, Launch, SHIM_VARIABLES};
use crate::text::sentence;
use arguments::Prints;
pub use record::{Command, CommandHop, CommandKind};
use shim::{Idle, Shim};
use trampoline::Python;

/// How much of a file is read: more than the kernel and the texts of installers and version managers need.
const HEAD: u64 = 8 << 10;
/// A script may name a script, and so on: after this many, the kernel fails with `ELOOP`.
const MOST_SCRIPTS: usize = 5;
/// More programs than any command starts one after the other; there is a loop.
const MOST_HOPS: usize = 24;

/// What a command leads to.
pub struct Followed {
    /// How the interpreter is called.
    pub invocation: Invocation,
    /// Its file; none where the name leads to none.
    pub file: Option<BString>,
    /// What that is.
    pub identification: Identification,
    /// How it was found; none where the command is the interpreter itself.
    pub command: Option<Command>,
    /// Why the interpreter is not reached, or runs nothing.
    pub end: Option<Outcome>,
}

/// Follows the command until something is reached that is no script.
pub fn follow(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    options: &Options,
    file: Option<BString>,
    identification: Identification,
) -> Followed {
    // What was recorded about a script was recorded because it leads to no Python.
    let is_known = matches!(options.recorded.problem, Some(Problem::Script { .. }));
    let Some(typed) = file.clone().filter(|_| !is_known && is_followed(&identification)) else {
        return Followed { invocation: invocation.clone(), file, identification, command: None, end: None };
    };
    let mut walk = Walk {
        trace,
        options,
        invocation: invocation.clone(),
        call: Call { file: typed.clone(), arguments: Vec::new() },
        identification,
        scripts: 0,
        asked: false,
        hops: Vec::new(),
    };
    let end = walk.run();
    walk.finish(invocation, end)
}

/// Whether the file is a script, a shim or a launcher. The programs of macOS are not followed: a record does not hold them.
fn is_followed(identification: &Identification) -> bool {
    let of_system = Some(ShimKind::DeveloperTools);
    matches!(&identification.problem, Some(Problem::Script { shim, .. }) if *shim != of_system)
}

/// A program that is started, with its arguments after `argv[0]`; the invocation holds that.
#[derive(Clone)]
struct Call {
    file: BString,
    arguments: Vec<BString>,
}

/// What becomes of a script.
enum Next {
    /// This is started.
    Call {
        kind: CommandKind,
        /// `argv[0]`, for which PATH is searched where it is a bare name.
        name: BString,
        arguments: Vec<BString>,
    },
    /// What it starts is not known.
    Unknown(Option<BString>),
    /// It fails.
    Fails(BString),
}

struct Walk<'t, 'h, 'o> {
    trace: &'t mut Trace<'h>,
    options: &'o Options,
    invocation: Invocation,
    call: Call,
    identification: Identification,
    /// How many scripts the kernel has replaced since a program was started.
    scripts: usize,
    /// Whether a version manager was asked.
    asked: bool,
    hops: Vec<CommandHop>,
}

impl Walk<'_, '_, '_> {
    /// Goes on until an interpreter is reached, or it is clear why none is.
    fn run(&mut self) -> Option<Outcome> {
        while is_followed(&self.identification) {
            let next = self.next();
            let (kind, name, arguments) = match next {
                Next::Call { kind, name, arguments } => (kind, name, arguments),
                Next::Unknown(reason) => return Some(self.not_simulated(reason)),
                Next::Fails(reason) => return Some(fails(reason)),
            };
            if self.hops.len() == MOST_HOPS {
                return Some(fails(sentence!(self.call.file, " starts itself again, over other programs")));
            }
            self.advance(kind, &name, arguments)?;
        }
        self.arguments()
    }

    /// Takes the next program for the present one; none where that is no Python, and the script stays what is explained.
    fn advance(&mut self, kind: CommandKind, name: &BString, arguments: Vec<BString>) -> Option<()> {
        let before = std::mem::replace(&mut self.invocation.executable, name.clone());
        // The kernel does not search PATH: a bare name in a first line is a file in the working directory.
        let is_bare = kind == CommandKind::Script && !name.contains(&b'/');
        let found = if is_bare { Some(sentence!("./", name)) } else { target::find(self.trace, &self.invocation) };
        let identification = identify(self.trace, &self.invocation, self.options, found.as_ref());
        let base_name = module::basename(Flavor::of(self.invocation.platform), name.as_bstr());
        if is_another_program(&identification, base_name.as_bstr()) {
            self.invocation.executable = before;
            self.trace.say("It is not a Python, so what the script does is not simulated.");
            return None;
        }
        let path = std::mem::take(&mut self.call.file);
        self.hops.push(CommandHop { kind, path, starts: found.clone().unwrap_or_else(|| name.clone()) });
        self.call = Call { file: found.unwrap_or_default(), arguments };
        self.identification = identification;
        Some(())
    }

    /// What the present file starts.
    fn next(&mut self) -> Next {
        let file = self.call.file.clone();
        if self.invocation.platform == Platform::Windows {
            return self.start_launcher(&file);
        }
        let Some(head) = self.head(&file) else { return Next::Unknown(None) };
        if let Some(shim) = self.shim(&head) {
            return self.start_shim(&shim, &file);
        }
        self.trace.begin(StepId::CommandScript);
        let Some(line) = shebang::parse(&head) else {
            self.trace.say(sentence!("The kernel does not accept the first line of ", file, "."));
            return Next::Fails(sentence!(
                "the kernel does not accept the first line of ",
                file,
                ": `Exec format error`"
            ));
        };
        self.scripts += 1;
        if self.scripts > MOST_SCRIPTS {
            return Next::Fails(sentence!(
                "more than five scripts name each other in their first lines, and the kernel stops at ",
                file,
                ": `Too many levels of symbolic links`"
            ));
        }
        self.explain_line(&file, &line);
        let rest = self.call.arguments.drain(..);
        let arguments: Vec<BString> = line.argument.clone().into_iter().chain([file.clone()]).chain(rest).collect();
        let name = module::basename(Flavor::Posix, line.program.as_bstr());
        if name == "env" && self.trace.ask.is_executable(line.program.as_bstr()) {
            self.scripts = 0;
            return self.run_env(&arguments);
        }
        if line.program == "/bin/sh" && self.trace.ask.is_executable(line.program.as_bstr()) {
            self.scripts = 0;
            return self.run_shell(&head, &file, arguments);
        }
        Next::Call { kind: CommandKind::Script, name: line.program, arguments }
    }

    /// What a launcher starts. That of uv which stands for a Python passes its own path on, as the redirector does.
    fn start_launcher(&mut self, file: &BString) -> Next {
        let Some(launcher) = read_launcher(&self.trace.ask, file.as_bstr()) else { return Next::Unknown(None) };
        self.trace.begin(StepId::CommandLauncher);
        self.trace.say(sentence!(file, " is a launcher. It starts ", launcher.python, "."));
        if launcher.script.is_none() {
            let root = module::dirname(Flavor::Windows, module::dirname(Flavor::Windows, file.as_bstr()).as_bstr());
            let cfg = module::join(Flavor::Windows, &[root.as_bstr(), b"pyvenv.cfg".as_bstr()]);
            if self.trace.ask.is_file(cfg.as_bstr()) {
                self.invocation.environment.insert("__PYVENV_LAUNCHER__".to_owned(), file.clone());
            }
        }
        let rest = self.call.arguments.drain(..);
        let arguments = launcher.arguments.into_iter().chain(launcher.script).chain(rest).collect();
        Next::Call { kind: CommandKind::Launcher, name: launcher.python, arguments }
    }

    fn explain_line(&mut self, file: &BString, line: &shebang::Shebang) {
        let argument = match &line.argument {
            Some(argument) => sentence!(" with the argument `", argument, "`"),
            None => BString::default(),
        };
        self.trace.say(sentence!(
            file,
            " is a script. Its first line has the kernel start ",
            line.program,
            argument,
            "."
        ));
        if line.program.ends_with(b"\r") {
            self.trace.say("The carriage return at the end of the line is part of the path.");
        }
        if line.program.starts_with(b"/") && !self.trace.ask.exists(line.program.as_bstr()) {
            self.trace.say(sentence!(
                line.program,
                " does not exist: starting the script fails with `No such file or directory`, although the script \
                 itself exists."
            ));
        }
    }

    /// The beginning of the file.
    fn head(&self, file: &BString) -> Option<Vec<u8>> {
        let opened = self.trace.ask.open(file.as_bstr()).ok()?;
        opened.read_at(0, usize::try_from(opened.size().min(HEAD)).ok()?).ok()
    }

    /// The shim that the present file is. One of mise is a symlink to mise, which lies elsewhere.
    fn shim(&self, head: &[u8]) -> Option<Shim> {
        if head.starts_with(b"#!") {
            return Shim::parse(head);
        }
        let is_mise = matches!(self.identification.problem, Some(Problem::Script { shim: Some(ShimKind::Mise), .. }));
        let dir = module::dirname(Flavor::Posix, self.call.file.as_bstr());
        (is_mise && module::basename(Flavor::Posix, dir.as_bstr()) == "shims").then_some(Shim::Mise)
    }

    /// Whether the shim stands for the interpreter of an environment. The Python that it starts does not see the packages
    /// there.
    fn is_interpreter_of_environment(&self, file: &BString) -> bool {
        let dir = module::dirname(Flavor::Posix, file.as_bstr());
        let root = module::dirname(Flavor::Posix, dir.as_bstr());
        is_python(module::basename(Flavor::Posix, file.as_bstr()).as_bstr())
            && module::basename(Flavor::Posix, dir.as_bstr()) == "bin"
            && self.trace.ask.is_file(module::join(Flavor::Posix, &[root.as_bstr(), b"pyvenv.cfg".as_bstr()]).as_bstr())
    }

    fn start_shim(&mut self, shim: &Shim, file: &BString) -> Next {
        if self.options.in_place && self.is_interpreter_of_environment(file) {
            return Next::Unknown(None);
        }
        self.scripts = 0;
        self.asked = true;
        let kind = match shim {
            Shim::Pyenv { .. } => CommandKind::Pyenv,
            Shim::Asdf { .. } => CommandKind::Asdf,
            Shim::Mise => CommandKind::Mise,
        };
        let typed = if file.contains(&b'/') { file.clone() } else { sentence!("./", file) };
        let started = match shim.start(self.trace, &self.invocation, typed.as_bstr()) {
            Ok(started) => started,
            Err(idle) => return idle_shim(shim, file, idle),
        };
        if let Some(dir) = started.path {
            let path = self.invocation.variable("PATH").map(BStr::to_owned).unwrap_or_default();
            self.invocation.environment.insert("PATH".to_owned(), sentence!(dir, ":", path));
        }
        let arguments = std::mem::take(&mut self.call.arguments);
        Next::Call { kind, name: started.program, arguments }
    }

    fn run_env(&mut self, arguments: &[BString]) -> Next {
        self.trace.begin(StepId::CommandEnv);
        let mut words = arguments.to_vec();
        // env may start itself, which makes another step of the same kind.
        for _ in 0..MOST_SCRIPTS {
            let env = match env::parse(&words, &self.variables()) {
                Ok(env) => env,
                Err(env::Refused::Unknown) => break,
                Err(env::Refused::Option(letter)) => return self.env_refuses(letter),
            };
            self.change_variables(&env);
            if !self.change_dir(&env) {
                break;
            }
            let mut command = env.command.into_iter();
            let name = command.next().unwrap_or_default();
            self.trace.say(sentence!("It starts ", name, "."));
            words = command.collect();
            if let Some(several) = self.words_as_one(&name) {
                return several;
            }
            if module::basename(Flavor::Posix, name.as_bstr()) != "env" {
                return Next::Call { kind: CommandKind::Env, name, arguments: words };
            }
        }
        self.trace.say("What env does with these arguments is not simulated.");
        Next::Unknown(None)
    }

    /// The kernel passes what follows the program as one word, so that `env` searches for a program with blanks in its name.
    fn words_as_one(&mut self, name: &BString) -> Option<Next> {
        let is_one = name.find_byteset(b" \t").is_some() && !name.contains(&b'/');
        if !is_one || target::on_path(self.trace, &self.invocation, name.as_bstr()).is_some() {
            return None;
        }
        let file = &self.call.file;
        self.trace.say("The kernel passes the rest of the line as one word, and no program has that name.");
        Some(Next::Fails(sentence!(
            "the first line of ",
            file,
            " passes `",
            name,
            "` to env as one word, and env ends with status 127: `No such file or directory`; it needs `env -S`"
        )))
    }

    fn env_refuses(&mut self, letter: char) -> Next {
        let letter = letter.escape_debug().to_string();
        let file = &self.call.file;
        self.trace.say(sentence!(
            "env has no option `",
            letter,
            "`: the kernel passes the rest of the line as one word."
        ));
        Next::Fails(sentence!(
            "the first line of ",
            file,
            " passes several words to env as one, and env ends with status 125: `invalid option`; it needs `env -S`"
        ))
    }

    /// What `${NAME}` stands for in the arguments of `env`.
    fn variables(&self) -> env::Variables<'_> {
        let is_known = |name: &str| CONSULTED_VARIABLES.contains(&name) || SHIM_VARIABLES.contains(&name);
        env::Variables { set: &self.invocation.environment, is_known }
    }

    fn change_variables(&mut self, env: &env::Env) {
        if env.clears {
            self.trace.say("It removes every variable.");
            self.invocation.environment.clear();
        }
        for name in &env.removed {
            self.trace.say(sentence!("It removes the variable ", name, "."));
            self.invocation.environment.remove(name.to_str_lossy().as_ref());
        }
        for (name, value) in &env.set {
            self.trace.say(sentence!("It sets the variable ", name, " = ", value, "."));
            let name = name.to_str_lossy();
            if CONSULTED_VARIABLES.contains(&name.as_ref()) || SHIM_VARIABLES.contains(&name.as_ref()) {
                self.invocation.environment.insert(name.into_owned(), value.clone());
            }
        }
    }

    /// Changes to the directory that `env` is told; false where that is none, of which `env` complains.
    fn change_dir(&mut self, env: &env::Env) -> bool {
        let Some(dir) = &env.dir else { return true };
        let Ok(real) = self.trace.ask.real_path(dir.as_bstr()) else { return false };
        if !self.trace.ask.is_dir(real.as_bstr()) {
            return false;
        }
        self.trace.say(sentence!("It changes to the directory ", real, "."));
        self.trace.ask.enter(real.clone());
        self.invocation.cwd = Some(real);
        true
    }

    /// `/bin/sh` with a text that an installer wrote. An argument of the shell would change what that means.
    fn run_shell(&mut self, head: &[u8], file: &BString, arguments: Vec<BString>) -> Next {
        let Some(found) = trampoline::parse(head).filter(|_| arguments.first() == Some(file)) else {
            self.trace.say("What a shell script starts is not simulated.");
            return Next::Unknown(None);
        };
        self.trace.begin(StepId::CommandTrampoline);
        let name = match found.python {
            Python::Path(path) => path,
            Python::NextTo { name, follows } => {
                let real = self.trace.ask.real_path(file.as_bstr()).ok().filter(|_| follows);
                let path = real.unwrap_or_else(|| file.clone());
                let dir = module::dirname(Flavor::Posix, path.as_bstr());
                sentence!(if dir.is_empty() { b".".as_bstr() } else { dir.as_bstr() }, "/", name)
            }
        };
        self.trace.say(sentence!("The second line has the shell replace itself with ", name, "."));
        let arguments = found.arguments.into_iter().chain(arguments).collect();
        Next::Call { kind: CommandKind::Trampoline, name, arguments }
    }

    /// What the interpreter makes of its arguments.
    fn arguments(&mut self) -> Option<Outcome> {
        let read = match arguments::parse(&self.call.arguments) {
            Ok(read) => read,
            Err(Prints(letter)) => {
                let reason = format!("the command passes the option -{letter}: Python prints something and ends");
                return Some(self.not_simulated(Some(reason.into())));
            }
        };
        let flags = &mut self.invocation.flags;
        flags.isolated |= read.flags.isolated;
        flags.ignore_environment |= read.flags.ignore_environment;
        flags.no_user_site |= read.flags.no_user_site;
        flags.no_site |= read.flags.no_site;
        flags.safe_path |= read.flags.safe_path;
        self.invocation.options.splice(0..0, read.options);
        self.invocation.switches.splice(0..0, read.switches);
        if let Some(launch) = read.launch.filter(|_| self.invocation.launch == Launch::Command) {
            self.invocation.launch = launch;
        }
        None
    }

    fn not_simulated(&self, reason: Option<BString>) -> Outcome {
        let reason = reason.or_else(|| self.identification.complaint(self.call.file.as_bstr()));
        Outcome { status: Status::NotSimulated, reason, step: None }
    }

    fn finish(self, typed: &Invocation, end: Option<Outcome>) -> Followed {
        let is_unknown = end.as_ref().is_none_or(|end| end.status == Status::NotSimulated);
        if self.hops.is_empty() && is_unknown && !self.asked {
            // What was looked at on the way to nothing explains nothing.
            self.trace.keep_first_identification();
        }
        let command = (!self.hops.is_empty()).then(|| Command { typed: typed.executable.clone(), hops: self.hops });
        Followed {
            invocation: self.invocation,
            file: Some(self.call.file).filter(|file| !file.is_empty()),
            identification: self.identification,
            command,
            end,
        }
    }
}

/// Whether the file is a program that has nothing to do with Python, or none that is there under another name.
fn is_another_program(identification: &Identification, name: &BStr) -> bool {
    let is_named = is_python(name);
    match &identification.problem {
        None => !is_named && identification.interpreter.evidence.iter().all(|fact| fact.fact == "version"),
        Some(Problem::NotPython | Problem::EmbedsPython { .. }) => true,
        // The name may end in a carriage return or in what was meant as an argument, which is what is wrong with it.
        Some(Problem::Missing | Problem::DanglingLink { .. } | Problem::LinkLoop) => {
            let first = name.fields().next().unwrap_or_default();
            !is_named && !is_python(first.as_bstr())
        }
        // Starting the script fails with what is wrong about this file.
        Some(_) => false,
    }
}

/// What becomes of a shim that starts nothing that is known.
fn idle_shim(shim: &Shim, file: &BString, idle: Idle) -> Next {
    let manager = shim.manager();
    match idle {
        Idle::Unknown => {
            Next::Unknown(Some(sentence!(file, " is a shim of ", manager, ", and what that chooses is not simulated")))
        }
        Idle::Fails { status, message } => {
            let status = status.to_string();
            Next::Fails(sentence!(
                file,
                " is a shim of ",
                manager,
                ", which ends with status ",
                status,
                ": `",
                message,
                "`"
            ))
        }
    }
}

fn fails(reason: BString) -> Outcome {
    Outcome { status: Status::FailsToExecute, reason: Some(reason), step: None }
}
