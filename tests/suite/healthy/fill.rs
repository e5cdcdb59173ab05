//! Packages for an environment: wheels from a directory, and an editable project.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bstr::BString;

use crate::healthy::make::{self, Made};
use crate::support::interpreters::Interpreter;
use crate::support::rng::Rng;
use crate::support::tools;

/// The number of wheels that are tried.
const COUNTS: [usize; 8] = [0, 1, 2, 5, 10, 25, 50, 100];

/// Installs a number of wheels, and returns how many. Nothing is installed into an installation of this machine.
pub fn fill(python: &Interpreter, made: &Made, rng: &mut Rng) -> usize {
    let Some(dir) = std::env::var_os("VENV_DOCTOR_WHEELS").filter(|_| made.is_environment) else { return 0 };
    let wheels = wheels(&PathBuf::from(dir).join(python.minor.to_string()));
    let order = rng.shuffled(wheels.len());
    let chosen: Vec<&PathBuf> = order.into_iter().take(COUNTS[rng.below(COUNTS.len())]).map(|at| &wheels[at]).collect();
    let with_project = rng.below(3) == 0;
    let installed = chosen.is_empty() || install(python, made, &chosen);
    if installed && with_project {
        install_project(python, made, &wheels);
    }
    if installed { chosen.len() } else { 0 }
}

fn wheels(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut wheels: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|it| it == "whl")).collect();
    wheels.sort();
    // Of a distribution the newest one is enough.
    wheels.dedup_by_key(|wheel| wheel.file_name().and_then(|name| name.to_str()?.split('-').next().map(str::to_owned)));
    wheels
}

/// Without their dependencies: with uv where it is installed, else with the pip of the environment.
fn install(python: &Interpreter, made: &Made, wheels: &[&PathBuf]) -> bool {
    if let Some(bin) = tools::find(&python.world) {
        let mut command = Command::new(bin.join("uv"));
        command.args(["pip", "install", "-q", "--offline", "--no-deps", "--no-config", "--link-mode", "copy"]);
        command.arg("--python").arg(&made.python).args(wheels);
        return command.output().is_ok_and(|output| output.status.success());
    }
    let copies: Option<Vec<BString>> = wheels.iter().map(|wheel| bring(python, wheel)).collect();
    let Some(copies) = copies else { return false };
    let mut args: Vec<BString> =
        ["-m", "pip", "install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check"]
            .map(BString::from)
            .into();
    args.extend(copies);
    make::run(python, &made.python.as_str().into(), args, &python.world.work().to_string()).is_ok()
}

/// A copy of the wheel in the interpreter's world, by the path that it has there.
fn bring(python: &Interpreter, wheel: &Path) -> Option<BString> {
    let name = wheel.file_name()?.to_str()?;
    let copy = python.world.work_outside().join(name);
    if !copy.exists() {
        fs::copy(wheel, copy).ok()?;
    }
    Some(format!("{}/{name}", python.world.work()).into())
}

/// An editable install of a project with a namespace package, built with setuptools.
fn install_project(python: &Interpreter, made: &Made, wheels: &[PathBuf]) {
    let Some(bin) = tools::find(&python.world) else { return };
    let project = Path::new(&made.home).join("project");
    let package = project.join("src/example_space/part");
    let written = fs::create_dir_all(&package).and_then(|()| {
        fs::write(package.join("__init__.py"), "VALUE = 1\n")?;
        let text = "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n\
                    [project]\nname = \"example\"\nversion = \"1.0\"\n";
        fs::write(project.join("pyproject.toml"), text)
    });
    let named = |name: &str| {
        let is_named = |wheel: &&PathBuf| wheel.file_name().is_some_and(|it| it.to_string_lossy().starts_with(name));
        wheels.iter().find(is_named)
    };
    let (Ok(()), Some(setuptools), Some(wheel)) = (written, named("setuptools-"), named("wheel-")) else { return };
    if install(python, made, &[setuptools, wheel]) {
        let mut command = Command::new(bin.join("uv"));
        command.args(["pip", "install", "-q", "--offline", "--no-deps", "--no-config", "--no-build-isolation"]);
        // Where it cannot be built, the environment is healthy without it.
        drop(command.arg("--python").arg(&made.python).arg("-e").arg(&project).output());
    }
}
