//! What real interpreters print while they start, next to what `verify` says that they print.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::thread;

use serde_json::Value as Json;

use crate::support::interpreters::{self, Interpreter};
use crate::support::program::PROGRAM;
use crate::support::stage::Stage;

/// Texts of a module that is imported, or run, while Python starts.
const MODULES: [(&str, &str); 12] = [
    ("harmless", "x = 1\n"),
    ("syntax", "import os\nx x\n"),
    ("indentation", "x = 1\n  y = 2\n"),
    ("missing", "import no_such_module\n"),
    ("missing-from", "from no_such_module.sub import name\n"),
    ("missing-later", "\"\"\"What\nit does.\n\"\"\"\n\nimport json\nimport no_such_module\n"),
    ("caught", "try:\n    import no_such_module\nexcept ImportError:\n    pass\n"),
    ("raises", "raise ValueError('x')\n"),
    ("raises-nothing", "x = 1\nraise RuntimeError\n"),
    ("prints", "import sys\nsys.stderr.write('hello\\n')\n"),
    ("exits", "import sys\nsys.exit(3)\n"),
    ("ends", "import os\nos._exit(0)\n"),
];

struct Judge<'a> {
    python: &'a Path,
    label: &'a str,
    home: String,
    count: usize,
    wrong: Vec<String>,
}

impl Judge<'_> {
    /// Whether `verify` agrees.
    fn verify(&mut self, python: &Path, arguments: &[&str], variables: &[(&str, &str)], gone: Option<&Path>) {
        let mut command = Command::new(PROGRAM);
        command.args(["verify", "--json"]).arg(python).args(arguments);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", &self.home).env("LC_ALL", "C.UTF-8");
        command.envs(variables.iter().copied());
        if let Some(gone) = gone {
            fs::create_dir_all(gone).unwrap();
            command.current_dir(gone);
            let gone = gone.to_owned();
            // A shell removes the directory after it has entered it.
            let mut shell = Command::new("/bin/sh");
            shell.args(["-c", "rmdir \"$0\" && exec \"$@\""]).arg(&gone).arg(PROGRAM).args(command.get_args());
            shell.current_dir(&gone).env_clear();
            shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
            command = shell;
        }
        let output = command.arg0("venv-doctor").output().unwrap();
        self.count += 1;
        let report: Json = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if report["agrees"] != true {
            let differing: Vec<&Json> =
                report["fields"].as_array().into_iter().flatten().filter(|field| field["agrees"] != true).collect();
            let told = String::from_utf8_lossy(&output.stderr);
            self.wrong.push(format!("{} {arguments:?} {variables:?}: {differing:#?} {told}", self.label));
        }
    }

    fn plainly(&mut self, arguments: &[&str], variables: &[(&str, &str)]) {
        self.verify(self.python, arguments, variables, None);
    }
}

#[test]
fn what_is_printed_at_the_start_is_foreseen() {
    let results: Vec<(String, usize, Vec<String>)> = thread::scope(|scope| {
        let workers: Vec<_> = interpreters::installed().map(|python| scope.spawn(|| judge(python))).collect();
        workers.into_iter().map(|worker| worker.join().expect("no worker panics")).collect()
    });
    let mut wrong = Vec::new();
    for (label, count, differences) in results {
        println!("{label}: {count} starts");
        wrong.extend(differences);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn judge(interpreter: &Interpreter) -> (String, usize, Vec<String>) {
    let stage = Stage::new(interpreter).unwrap();
    let python = stage.venv(&[]).unwrap();
    let mut judge =
        Judge { python: &python, label: &interpreter.label, home: stage.text("home"), count: 0, wrong: Vec::new() };
    for launch in ["command", "interactive", "module=site", "script=/nowhere.py"] {
        judge.plainly(&["--launch", launch], &[]);
    }
    startup_files(&mut judge, &stage);
    modules(&mut judge, &stage);
    removed_directory(&mut judge, &stage);
    flags(&mut judge);
    (interpreter.label.clone(), judge.count, judge.wrong)
}

fn startup_files(judge: &mut Judge<'_>, stage: &Stage<'_>) {
    for (name, text) in MODULES {
        let file = stage.write(format!("startup/{name}.py"), text).unwrap();
        judge.plainly(&["--launch", "interactive"], &[("PYTHONSTARTUP", file.to_str().unwrap())]);
    }
    let dir = stage.text("startup");
    for file in ["/nowhere/startup", "relative", dir.as_str()] {
        judge.plainly(&["--launch", "interactive"], &[("PYTHONSTARTUP", file)]);
        judge.plainly(&["--launch", "interactive", "-E"], &[("PYTHONSTARTUP", file)]);
    }
}

fn modules(judge: &mut Judge<'_>, stage: &Stage<'_>) {
    for name in ["sitecustomize", "usercustomize"] {
        for (_, text) in MODULES {
            // On PYTHONPATH, they come before those of a distribution.
            stage.write(format!("path/{name}.py"), text).unwrap();
            judge.plainly(&["-B"], &[("PYTHONPATH", &stage.text("path"))]);
        }
        stage.remove(format!("path/{name}.py")).unwrap();
    }
    let lines = ["import no_such_module", "import sys sub", "import math, _struct, zlib", "import os; os._exit(0)"];
    for line in lines {
        let file = format!("{}/line.pth", stage.site());
        stage.write(&file, format!("{line}\n")).unwrap();
        judge.plainly(&[], &[]);
        stage.remove(&file).unwrap();
    }
}

fn removed_directory(judge: &mut Judge<'_>, stage: &Stage<'_>) {
    let absolute = judge.python.to_owned();
    let relative = Path::new("..").join(absolute.strip_prefix(stage.path()).unwrap());
    let gone = stage.at("gone");
    for python in [&absolute, &relative] {
        for launch in ["command", "interactive", "module=site"] {
            for search in ["", "rel:/nowhere", "../rel", ":"] {
                for flag in [&[][..], &["-S"], &["-I"]] {
                    let arguments = [&["--launch", launch], flag].concat();
                    judge.verify(python, &arguments, &[("PYTHONPATH", search)], Some(&gone));
                }
            }
        }
    }
}

fn flags(judge: &mut Judge<'_>) {
    let several = [("PYTHONWARNINGS", "bad1,bad2,bad1")];
    judge.plainly(&["-W", "bad3", "-Wbad2", "-W", "bad3"], &several);
    judge.plainly(&["-E", "-W", "a,b"], &several);
    judge.plainly(&["-R"], &[("PYTHONHASHSEED", "abc")]);
    judge.plainly(&["-bb", "-B", "-d", "-i", "-OO", "-q", "-u"], &[]);
    for (name, value) in [("PYTHONVERBOSE", "1"), ("PYTHONPROFILEIMPORTTIME", "1"), ("PYTHONDEVMODE", "1")] {
        judge.plainly(&[], &[(name, value)]);
    }
}
