//! Commands that are not interpreters: the interpreter that a real start of each shows, and the one that `explain` names.

mod first_lines;
mod programs;
mod shims;
mod table;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::interpreters::{Interpreter, installed};
use crate::support::program::{PROGRAM, json, scratch};

/// What every script and every interpreter of the table runs.
const PROBE: &str =
    "import sys\np = list(sys.path)\nimport json\nprint('@@' + json.dumps([sys.executable, sys.prefix, p]))\n";

/// What is to come out.
#[derive(Clone, Debug)]
enum Truth {
    /// What a start of the command itself prints.
    Own,
    /// What a start of this program prints; the version manager is not on this machine.
    Of(PathBuf),
    /// The command fails, before any Python or within it.
    Fails,
    /// The version manager, which is not on this machine, ends with this status.
    Idle(u8),
    /// It starts, as it says itself, but not with the environment in which it is: that is an error of this rule.
    Misleads(&'static str),
    /// It may work, but how is not simulated.
    NotSimulated,
}

/// One command.
struct Row {
    name: String,
    command: String,
    /// Whether it is an interpreter behind a shim, and the probe has to be passed.
    passes: bool,
    cwd: PathBuf,
    path: String,
    variables: Vec<(&'static str, String)>,
    truth: Truth,
}

/// The directory of the table, and what it holds.
struct Room {
    _dir: TempDir,
    root: PathBuf,
    pythons: Vec<&'static Interpreter>,
    rows: Vec<Row>,
}

impl Room {
    fn new() -> Self {
        let dir = scratch();
        let root = dir.path().to_owned();
        let usable = |python: &&Interpreter| python.world.root().is_none() && !python.pypy && !python.relocated;
        let pythons = installed().filter(usable).collect();
        fs::create_dir_all(root.join("home")).unwrap();
        fs::create_dir_all(root.join("work/deep")).unwrap();
        Self { _dir: dir, root, pythons, rows: Vec::new() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn text(&self, name: &str) -> String {
        self.at(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self.text(name)
    }

    fn link(&self, name: &str, target: impl AsRef<Path>) -> String {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
        self.text(name)
    }

    /// An environment; its interpreter.
    fn environment(&self, name: &str, python: &Interpreter) -> String {
        let exe = python.exe.to_string();
        let home = Path::new(&exe).parent().unwrap().to_str().unwrap().to_owned();
        self.link(&format!("{name}/bin/python"), &exe);
        self.link(&format!("{name}/bin/python3"), "python");
        let site = format!("{name}/lib/python{}/site-packages", python.xy());
        fs::create_dir_all(self.at(&site)).unwrap();
        self.write(&format!("{name}/pyvenv.cfg"), format!("home = {home}\ninclude-system-site-packages = false\n"));
        self.text(&format!("{name}/bin/python"))
    }

    /// A row that is started in `work`, with the directories `path` in front of the system's.
    fn row(&mut self, name: &str, command: impl Into<String>, path: &[String], truth: Truth) -> &mut Row {
        let path = path.iter().map(String::as_str).chain(["/usr/bin", "/bin"]).collect::<Vec<_>>().join(":");
        let row = Row {
            name: name.to_owned(),
            command: command.into(),
            passes: false,
            cwd: self.at("work"),
            path,
            variables: Vec::new(),
            truth,
        };
        self.rows.push(row);
        self.rows.last_mut().unwrap()
    }

    fn call(&self, row: &Row, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", self.at("home")).env("PATH", &row.path).env("LC_ALL", "C.UTF-8");
        command.envs(row.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(&row.cwd).stdin(Stdio::null());
        command
    }

    /// What a real start shows.
    fn real(&self, row: &Row) -> Option<Value> {
        let (program, passes) = match &row.truth {
            Truth::Of(program) => (program.to_str().unwrap(), true),
            _ => (row.command.as_str(), row.passes),
        };
        // A shell searches PATH, and does what `execvp` does with a file that the kernel refuses: but not for these.
        let mut command = self.call(row, if program.contains('/') { program } else { "/usr/bin/env" });
        if !program.contains('/') {
            command.arg(program);
        }
        if passes {
            command.args(["-c", PROBE]);
        }
        let output = command.output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().find_map(|line| serde_json::from_str(line.strip_prefix("@@")?).ok())
    }

    fn told(&self, row: &Row) -> Value {
        json(&self.call(row, PROGRAM).args(["explain", &row.command, "--json"]).output().unwrap())
    }
}

/// What the report says in the form of the probe.
fn values(report: &Value) -> Value {
    let path = report["sys"]["path"].as_array().into_iter().flatten().map(|entry| entry["value"].clone());
    Value::Array(vec![report["sys"]["executable"].clone(), report["sys"]["prefix"].clone(), path.collect()])
}

/// What is wrong about the answer, if anything.
fn judge(room: &Room, row: &Row) -> Option<String> {
    let (real, report) = (room.real(row), room.told(row));
    let status = report["outcome"]["status"].as_str().unwrap_or_default().to_owned();
    let reason = report["outcome"]["reason"].as_str().unwrap_or_default().to_owned();
    let is_error = |finding: &Value| finding["severity"] == "error";
    let errors = report["findings"].as_array().into_iter().flatten().filter(|finding| is_error(finding)).count();
    let codes = report["findings"].as_array().into_iter().flatten().filter(|finding| is_error(finding));
    let codes: Vec<&str> = codes.filter_map(|finding| finding["code"].as_str()).collect();
    let fault = match &row.truth {
        Truth::Misleads(code) => match real {
            Some(real) if real == values(&report) && codes == [*code] => None,
            real => Some(format!("real {real:?}\ntold {} {codes:?}", values(&report))),
        },
        Truth::Idle(number) => {
            let is_told = reason.contains(&format!("status {number}: `")) && status == "fails-to-execute";
            (!is_told).then(|| format!("{status} ({reason})"))
        }
        Truth::Own | Truth::Of(_) => match real {
            None => Some("a real start shows nothing".to_owned()),
            Some(real) if status != "starts" => Some(format!("{status} ({reason}), but {real}")),
            Some(real) if real != values(&report) => Some(format!("real {real}\ntold {}", values(&report))),
            Some(_) if errors > 0 => Some(format!("{errors} errors: {}", report["findings"])),
            Some(_) => None,
        },
        Truth::Fails if real.is_some() => Some("it starts".to_owned()),
        Truth::Fails => (!status.starts_with("fails") || errors == 0).then(|| format!("{status} ({reason})")),
        Truth::NotSimulated => (status != "not-simulated" || errors > 0).then(|| format!("{status} ({reason})")),
    };
    println!("{:44} {status:20} {}", row.name, report["sys"]["executable"]);
    fault.map(|fault| format!("{}: {}: {fault}", row.name, row.command))
}

#[test]
fn commands_lead_to_the_interpreter_that_a_start_shows() {
    let mut room = Room::new();
    if room.pythons.len() < 2 {
        println!("skipped: two interpreters are needed");
        return;
    }
    table::fill(&mut room);
    shims::fill(&mut room);
    let faults: Vec<String> = room.rows.iter().filter_map(|row| judge(&room, row)).collect();
    println!("{} commands, {} wrong", room.rows.len(), faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(room.rows.len() >= 60, "{}", room.rows.len());
}

#[test]
fn verify_runs_no_script() {
    let mut room = Room::new();
    let Some(python) = room.pythons.first().copied() else { return };
    let interpreter = room.environment("env", python);
    let mark = room.text("mark");
    let script = room.write("env/bin/tool", format!("#!{interpreter}\nopen({mark:?}, 'w').close()\n"));
    room.row("script", &script, &[], Truth::Own);
    let row = &room.rows[0];
    let output = room.call(row, PROGRAM).args(["verify", &script]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&interpreter), "{said}");
    assert!(!room.at("mark").exists());
}

#[test]
fn a_snapshot_of_a_script_gives_the_same_answer() {
    let mut room = Room::new();
    let Some(python) = room.pythons.first().copied() else { return };
    let interpreter = room.environment("env", python);
    let script = room.write("env/bin/tool", format!("#!{interpreter} -sE\n{PROBE}"));
    let snapshot = room.text("snapshot.json");
    room.row("script", &script, &[], Truth::Own);
    let row = &room.rows[0];
    let output = room.call(row, PROGRAM).args(["snapshot", &script, "-o", &snapshot]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let replayed =
        json(&room.call(row, PROGRAM).args(["explain", "--json", "--snapshot", &snapshot]).output().unwrap());
    let told = room.told(row);
    assert_eq!(replayed["sys"], told["sys"]);
    assert_eq!(replayed["command"], told["command"]);
    assert_eq!(replayed["outcome"], told["outcome"]);
}

#[test]
fn a_snapshot_of_a_shim_that_fails_gives_the_same_answer() {
    let mut room = Room::new();
    let lines = "#!/usr/bin/env bash\n# asdf-plugin: python 3.12.1\nexec asdf exec \"python3\" \"$@\"\n";
    let shim = room.write("home/.asdf/shims/python3", lines);
    let snapshot = room.text("snapshot.json");
    room.row("shim", &shim, &[], Truth::Idle(126)).variables.push(("ASDF_PYTHON_VERSION", "3.99".to_owned()));
    let row = &room.rows[0];
    let output = room.call(row, PROGRAM).args(["snapshot", &shim, "-o", &snapshot]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let replayed =
        json(&room.call(row, PROGRAM).args(["explain", "--json", "--snapshot", &snapshot]).output().unwrap());
    let told = room.told(row);
    assert_eq!(told["outcome"]["status"], "fails-to-execute");
    assert_eq!(told["messages"], serde_json::json!(["No preset version installed for command python3"]));
    for key in ["outcome", "messages", "invocation", "findings"] {
        assert_eq!(replayed[key], told[key], "{key}");
    }
}

#[test]
fn every_step_on_the_way_is_shown() {
    let mut room = Room::new();
    let Some(python) = room.pythons.first().copied() else { return };
    room.environment("env", python);
    let script = room.write("env/bin/tool", format!("#!/usr/bin/env python3\n{PROBE}"));
    let bin = room.text("env/bin");
    room.row("script", &script, &[bin], Truth::Own);
    let report = room.told(&room.rows[0]);
    let steps: Vec<&str> =
        report["steps"].as_array().unwrap().iter().filter_map(|step| step["rule"].as_str()).take(5).collect();
    let expected =
        ["interpreter.identify", "command.script", "command.env", "executable.which", "interpreter.identify"];
    assert_eq!(steps, expected);
    assert_eq!(report["invocation"]["executable_arg"], Value::from(script.clone()));
    assert_eq!(report["invocation"]["launch"]["kind"], "script");
    assert_eq!(report["command"]["typed"], Value::from(script));
    assert_eq!(report["command"]["hops"][0]["kind"], "env");
}

#[test]
fn without_an_argument_a_shim_leads_to_the_interpreter() {
    let mut room = Room::new();
    let Some(python) = room.pythons.first().copied() else { return };
    let prefix = python.prefix.to_string();
    let version = format!("3.{}.{}", python.minor, python.micro);
    room.link(&format!("home/.asdf/installs/python/{version}"), &prefix);
    room.write(
        "home/.asdf/shims/python3",
        format!("#!/usr/bin/env bash\n# asdf-plugin: python {version}\nexec asdf exec \"python3\" \"$@\"\n"),
    );
    room.write("home/.tool-versions", format!("python {version}\n"));
    let shims = room.text("home/.asdf/shims");
    room.row("python3 on PATH", "python3", &[shims], Truth::NotSimulated);
    let output = room.call(&room.rows[0], PROGRAM).args(["explain", "--json"]).output().unwrap();
    let report = json(&output);
    assert_eq!(report["outcome"]["status"], "starts", "{report}");
    assert_eq!(report["command"]["hops"][0]["kind"], "asdf-shim");
    assert_eq!(
        report["sys"]["executable"],
        format!("{}/bin/python3", room.text(&format!("home/.asdf/installs/python/{version}")))
    );
}
