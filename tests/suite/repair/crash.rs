//! Killed at any system call that changes a file, `fix` and `undo` leave what can be completed, or taken back completely.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Instant;

use super::crash_plans::{PLANS, Place, Plan};
use super::faults::{Fault, all};
use super::patient::{environment, program, python, run};
use super::ward::Ward;
use crate::support::program::{stderr, stdout};
use crate::support::tree::{Trait, Tree, differences, tree};

/// The system calls that change files. Where a machine does not have one, strace passes over it.
const CHANGING: [&str; 34] = [
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "chmod",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "chown",
    "lchown",
    "fchown",
    "fchownat",
    "utimensat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "fsync",
    "fdatasync",
    "write",
    "writev",
    "pwrite64",
    "ftruncate",
    "copy_file_range",
    "sendfile",
    "splice",
    "openat",
];
/// So many of the plans are tried; `VENV_DOCTOR_CRASH_PLANS` sets another number, or which: `10-19` are ten of them.
const USUAL: usize = 2;
/// Of so many plans, the recovery of one is killed, too.
const RECOVERIES: usize = 10;

/// A call, by name and number.
type Call = (&'static str, usize);

/// A plan that is carried out and killed.
struct Case<'c> {
    plan: &'c Plan,
    ward: &'c Ward,
    journal: &'c Path,
    /// Before the plan, and after it.
    old: Tree,
    new: Tree,
}

impl Case<'_> {
    fn reset(&self) {
        self.ward.reset().expect("it was kept");
        drop(fs::remove_dir_all(self.journal.join("venv-doctor")));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(&self.ward.stage, self.journal, arguments)
    }

    fn now(&self) -> Tree {
        tree(self.ward.stage.path())
    }

    /// Runs the program under strace with these options.
    fn traced(&self, options: &[&str], arguments: &[&str]) -> Output {
        let mut command = Command::new("strace");
        environment(&mut command, &self.ward.stage, self.journal);
        command.current_dir(self.ward.stage.path());
        command.arg("-f").args(options).arg(program(&self.ward.stage)).args(arguments);
        command.output().expect("strace runs")
    }

    /// The calls of a command that change something.
    fn calls(&self, arguments: &[&str]) -> Vec<Call> {
        let log = self.journal.join("log");
        let names: Vec<String> = CHANGING.iter().map(|name| format!("?{name}")).collect();
        let path = log.to_str().expect("readable");
        self.traced(&["-e", &format!("trace={}", names.join(",")), "-o", path], arguments);
        changing(&fs::read_to_string(&log).expect("strace writes a log"))
    }

    /// Kills a command at a call. What is not reached this time ends by itself, which counts as no kill.
    fn kill(&self, (name, number): Call, arguments: &[&str]) -> usize {
        // strace has to trace what it injects into.
        let trace = format!("trace={name}");
        let inject = format!("inject={name}:signal=SIGKILL:when={number}");
        let output = self.traced(&["-e", &trace, "-e", &inject, "-o", "/dev/null"], arguments);
        usize::from(output.status.signal() == Some(9) || output.status.code() == Some(137))
    }

    /// Kills a command at each changing call in turn; `prepare` makes what it starts from. Returns the number of kills.
    fn kill_everywhere(&self, arguments: &[&str], prepare: &dyn Fn()) -> usize {
        prepare();
        let mut kills = 0;
        for (index, call) in self.calls(arguments).into_iter().enumerate() {
            prepare();
            kills += self.kill(call, arguments);
            self.judge(&format!("killed at {} {} of {}", call.0, call.1, arguments.join(" ")), index);
        }
        kills
    }

    /// Every file is the old or the new one. The next command completes the repair or takes it back, as it is asked.
    fn judge(&self, what: &str, index: usize) {
        let faults = self.plan.faults;
        let mixed = mixed(&self.old, &self.new, &self.now());
        assert!(mixed.is_empty(), "{faults:?}, {what}: {mixed:?}");
        if index % 2 == 1 {
            let again = self.run(&FIX);
            assert!(again.status.code() != Some(2), "{faults:?}, {what}, again: {}", stderr(&again));
            let now = self.now();
            let is_new = |path: &Path, one: &Trait| now.get(path).is_some_and(|now| one.has_content_of(now));
            let lacks: Vec<_> =
                self.new.iter().filter(|(path, one)| !is_new(path, one)).map(|(path, _)| path).collect();
            assert!(lacks.is_empty() && now.len() == self.new.len(), "{faults:?}, {what}, again: {lacks:?}");
        }
        let undone = self.run(&["undo"]);
        assert!(undone.status.code() != Some(2), "{faults:?}, {what}: {}", stderr(&undone));
        let differ = differences(&self.old, &self.now());
        assert!(differ.is_empty(), "{faults:?}, {what}, undone: {differ:?}");
    }
}

const FIX: [&str; 3] = ["fix", "./env", "--yes"];
const UNDO: [&str; 1] = ["undo"];

/// The calls in a log that change something. Of those that open a file, only those that create one do, though strace
/// counts all of them.
fn changing(log: &str) -> Vec<Call> {
    let (mut counts, mut found) = (BTreeMap::new(), Vec::new());
    for line in log.lines() {
        let call = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let name = call.split('(').next().unwrap_or_default();
        let Some(known) = CHANGING.iter().find(|known| **known == name) else { continue };
        let count: &mut usize = counts.entry(*known).or_default();
        *count += 1;
        // What is printed changes no file.
        let is_printed = name == "write" && (call.starts_with("write(1,") || call.starts_with("write(2,"));
        if !is_printed && (name != "openat" || line.contains("O_CREAT")) {
            found.push((*known, *count));
        }
    }
    found
}

/// What is neither as it was nor as it is to be, and what is gone though it stays.
fn mixed(old: &Tree, new: &Tree, now: &Tree) -> Vec<String> {
    let is_unfinished = |path: &Path| path.to_string_lossy().contains("/.venv-doctor-");
    let is_known = |path: &Path, one: &Trait| {
        [old, new].iter().any(|tree| tree.get(path).is_some_and(|known| known.has_content_of(one)))
    };
    let strange = now.iter().filter(|(path, one)| !is_unfinished(path) && !is_known(path, one)).map(|(path, _)| path);
    let stays = |path: &Path, one: &Trait| new.get(path).is_some_and(|new| new.has_content_of(one));
    let gone = old.iter().filter(|(path, one)| stays(path, one) && !now.contains_key(*path)).map(|(path, _)| path);
    strange.chain(gone).map(|path| path.display().to_string()).collect()
}

/// Kills the plan, its undoing, and for some plans the recovery. Returns the number of kills.
fn kill_plan(case: &Case<'_>, with_recovery: bool) -> usize {
    let mut kills = case.kill_everywhere(&FIX, &|| case.reset());
    kills += case.kill_everywhere(&UNDO, &|| {
        case.reset();
        case.run(&FIX);
    });
    if with_recovery {
        case.reset();
        let calls = case.calls(&FIX);
        let late = calls[calls.len() * 3 / 4];
        let prepare = || {
            case.reset();
            case.kill(late, &FIX);
        };
        kills += case.kill_everywhere(&UNDO, &prepare);
        kills += case.kill_everywhere(&FIX, &prepare);
    }
    kills
}

#[test]
fn a_kill_at_any_system_call_leaves_no_mixture() -> std::io::Result<()> {
    let Some(python) = python() else {
        println!("skipped: no interpreter of 3.9 to 3.12");
        return Ok(());
    };
    let probe = Command::new("strace").args(["-e", "trace=none", "-e", "inject=fsync:signal=SIGKILL", "true"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        println!("skipped: strace cannot trace here");
        return Ok(());
    }
    let wanted = wanted();
    let (begun, mut kills, mut tried) = (Instant::now(), 0, 0);
    for (index, plan) in PLANS.iter().enumerate().filter(|(index, _)| wanted.contains(index)) {
        let faults: Vec<&Fault> = plan.faults.iter().map(|name| named(name)).collect();
        let shared = Path::new("/dev/shm");
        let state = match plan.journal {
            Place::Far if !shared.is_dir() => {
                println!("  skipped, no other file system: {:?}", plan.faults);
                continue;
            }
            Place::Far => tempfile::tempdir_in(shared)?,
            Place::Near => tempfile::tempdir()?,
        };
        let ward = Ward::new(python, plan.creator).map_err(std::io::Error::other)?;
        ward.suffer(&faults)?;
        ward.keep()?;
        let mut case = Case { plan, ward: &ward, journal: state.path(), old: Tree::new(), new: Tree::new() };
        case.reset();
        case.old = case.now();
        let applied = case.run(&FIX);
        case.new = case.now();
        assert!(
            !differences(&case.old, &case.new).is_empty(),
            "{:?}: {}{}",
            plan.faults,
            stdout(&applied),
            stderr(&applied)
        );
        let killed = kill_plan(&case, index % RECOVERIES == 0);
        println!("  {killed} kills: {}", plan.faults.join(", "));
        kills += killed;
        tried += 1;
    }
    println!(
        "{tried} plans, {kills} kills in {} s: each ended in the old or the new state, and in no mixture before it",
        begun.elapsed().as_secs()
    );
    if tried < PLANS.len() {
        println!("skipped: {} plans, which VENV_DOCTOR_CRASH_PLANS={} tries", PLANS.len() - tried, PLANS.len());
    }
    Ok(())
}

/// The plans that are tried.
fn wanted() -> Range<usize> {
    let setting = std::env::var("VENV_DOCTOR_CRASH_PLANS").unwrap_or_default();
    match setting.split_once('-') {
        Some((first, last)) => first.parse().unwrap_or(0)..last.parse().map_or(PLANS.len(), |last: usize| last + 1),
        None => 0..setting.parse().unwrap_or(USUAL),
    }
}

fn named(name: &str) -> &'static Fault {
    all().find(|fault| fault.0 == name).unwrap_or_else(|| panic!("no fault is called {name:?}"))
}
