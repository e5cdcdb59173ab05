//! Environments of every creator.

use std::fs;
use std::path::Path;
use std::process::Command;

use bstr::{BString, ByteSlice};

use crate::support::interpreters::Interpreter;
use crate::support::rng::Rng;
use crate::support::tools;
use crate::support::world::{Cwd, Start};

/// A way of making an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creator {
    /// The installed interpreter itself.
    Nobody,
    /// `python -m venv`.
    Venv,
    /// `python -m venv --without-pip`.
    VenvWithoutPip,
    /// `python -m venv --copies`.
    Copies,
    /// `python -m venv --system-site-packages`.
    SystemSite,
    /// `virtualenv`.
    Virtualenv,
    /// `uv venv`.
    Uv,
    /// `uv venv --seed`.
    UvSeeded,
    /// `uv venv --relocatable`.
    UvRelocatable,
}

const MAKERS: [Creator; 12] = [
    Creator::Nobody,
    Creator::Venv,
    Creator::Venv,
    Creator::VenvWithoutPip,
    Creator::Copies,
    Creator::Copies,
    Creator::SystemSite,
    Creator::Virtualenv,
    Creator::Virtualenv,
    Creator::Uv,
    Creator::UvSeeded,
    Creator::UvRelocatable,
];

impl Creator {
    /// Any of them.
    pub fn choose(rng: &mut Rng) -> Self {
        MAKERS[rng.below(MAKERS.len())]
    }

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "installation",
            Self::Venv => "venv",
            Self::VenvWithoutPip => "venv without pip",
            Self::Copies => "venv --copies",
            Self::SystemSite => "venv with system",
            Self::Virtualenv => "virtualenv",
            Self::Uv => "uv",
            Self::UvSeeded => "uv --seed",
            Self::UvRelocatable => "uv --relocatable",
        }
    }

    /// The arguments of the tool, but for interpreter and directory.
    fn arguments(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Nobody => ("", &[]),
            Self::Venv => ("venv", &[]),
            Self::VenvWithoutPip => ("venv", &["--without-pip"]),
            Self::Copies => ("venv", &["--copies"]),
            Self::SystemSite => ("venv", &["--system-site-packages"]),
            Self::Virtualenv => ("virtualenv", &["--no-download", "--no-periodic-update", "-p"]),
            Self::Uv => ("uv", &["venv", "--offline", "--no-config", "--no-project", "--python"]),
            Self::UvSeeded => ("uv", &["venv", "--seed", "--no-config", "--no-project", "--python"]),
            Self::UvRelocatable => {
                ("uv", &["venv", "--relocatable", "--offline", "--no-config", "--no-project", "--python"])
            }
        }
    }
}

/// An environment, by the paths that programs in its world see.
pub struct Made {
    /// Its interpreter.
    pub python: String,
    /// The directory of that.
    pub bin: String,
    /// Its directory.
    pub root: String,
    /// The home directory of its user.
    pub home: String,
    /// Whether it is an environment, and not an installation.
    pub is_environment: bool,
}

/// Makes an environment in `directory`, or returns why that is not possible.
pub fn make(python: &Interpreter, creator: Creator, dir: &Path) -> Result<Made, String> {
    fs::create_dir_all(dir.join("home")).map_err(|error| error.to_string())?;
    let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let work = format!("{}/{name}", python.world.work());
    let home = format!("{work}/home");
    if creator == Creator::Nobody {
        let (exe, bin) = (python.exe.to_string(), python.bin().to_string());
        return Ok(Made { python: exe, bin, root: python.prefix.to_string(), home, is_environment: false });
    }
    let root = format!("{work}/env");
    let (tool, options) = creator.arguments();
    let made = if tool == "venv" { venv(python, options, &root, &work) } else { by_tool(python, tool, options, &root) };
    made?;
    Ok(Made { python: format!("{root}/bin/python"), bin: format!("{root}/bin"), root, home, is_environment: true })
}

fn venv(python: &Interpreter, options: &[&str], root: &str, work: &str) -> Result<(), String> {
    let mut args: Vec<BString> = ["-m", "venv"].map(BString::from).into();
    args.extend(options.iter().chain([&root]).map(|argument| BString::from(*argument)));
    run(python, &python.exe, args, work)
        .map_err(|_| "venv cannot make such an environment with this interpreter".to_owned())
}

/// Runs a program in the interpreter's world.
pub fn run(python: &Interpreter, program: &BString, args: Vec<BString>, work: &str) -> Result<(), String> {
    let cwd = Cwd::At(work.into());
    let ended = python.world.run(&Start {
        file: program.clone(),
        arg0: program.clone(),
        args,
        env: vec![
            ("PATH".to_owned(), BString::from("/usr/bin:/bin")),
            ("HOME".to_owned(), BString::from(format!("{work}/home"))),
        ],
        cwd: &cwd,
        unprivileged: false,
        stdin: None,
        capture: python.world.work_outside().join("making"),
    });
    match ended {
        Ok(ended) if ended.code == Some(0) => Ok(()),
        Ok(ended) => Err(ended.stderr.to_str_lossy().into_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn by_tool(python: &Interpreter, tool: &str, options: &[&str], root: &str) -> Result<(), String> {
    let Some(bin) = tools::find(&python.world) else {
        return Err("virtualenv and uv are not at hand here (VENV_DOCTOR_TOOLS)".to_owned());
    };
    if tool == "virtualenv" && python.minor < 8 {
        // It would, but its own startup code does not compile there.
        return Err("virtualenv makes no environment for so old an interpreter".to_owned());
    }
    let mut command = Command::new(bin.join(tool));
    command.args(options).arg(python.exe.to_string()).arg(root).env("UV_LINK_MODE", "copy");
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(format!("{tool} makes no environment for this interpreter")) }
}
