//! Healthy layouts that resemble what rules describe: none of them has a finding of severity warning or error.

use std::fs;
use std::path::Path;
use std::process::Command;

use bstr::ByteSlice;
use venv_doctor::internals::host::LiveHost;
use venv_doctor::internals::invocation::Launch;
use venv_doctor::internals::rules::{Finding, Severity};
use venv_doctor::internals::startup::Options;

use crate::rules::cast::{self, Role};
use crate::rules::judge;
use crate::rules::pair::{Builder, Made, Subject, Unmade};
use crate::support::stage::Stage;

/// The layouts, each with its name.
const LAYOUTS: &[(&str, Builder)] = &[
    ("venv", sound),
    ("venv with symlinks", |stage| made(stage, &["--symlinks"])),
    ("venv with copies", |stage| made(stage, &["--copies"])),
    ("venv with system packages", |stage| made(stage, &["--system-site-packages"])),
    ("venv with a prompt", |stage| made(stage, &["--prompt", "plots of größe"])),
    ("created twice", |stage| made(stage, &[]).and_then(|_| made(stage, &[]))),
    ("created anew", |stage| made(stage, &[]).and_then(|_| made(stage, &["--clear"]))),
    ("upgraded", |stage| made(stage, &[]).and_then(|_| made(stage, &["--upgrade"]))),
    ("started as python3", |stage| other_name(stage, "env/bin/python3")),
    ("path with dots", |stage| other_name(stage, "env/bin/../bin/python")),
    ("path with two slashes", |stage| other_name(stage, "env//bin//python")),
    ("relative path", relative),
    ("symlink to the environment", |stage| linked(stage, "alias", "alias/bin/python")),
    ("symlink named .venv", |stage| linked(stage, "project/.venv", "project/.venv/bin/python")),
    ("symlink above the environment", linked_above),
    ("symlinks within bin", links_within_bin),
    ("by hand", by_hand),
    ("by hand with one name", by_hand_with_one_name),
    ("lines of uv", lines_of_uv),
    ("backup of pyvenv.cfg", |stage| with_copy(stage, "pyvenv.cfg.bak")),
    ("other case of pyvenv.cfg", |stage| with_copy(stage, "PYVENV.CFG")),
    ("pyvenv.cfg in a parent", |stage| with_file(stage, "pyvenv.cfg.txt", "home = /nowhere\n")),
    ("nested in another", nested),
    ("made with another", from_another),
    ("local as symlinks", local_as_symlinks),
    ("local with other programs", |stage| with_file(stage, "env/local/bin/tool", "#!/bin/sh\n")),
    ("symlink to the base", |stage| program(stage, "programs/python")),
    ("two symlinks to the base", two_symlinks),
    ("directory of the base as symlink", base_dir_linked),
    ("the base by its name", |stage| Ok(Subject::of(stage.name()))),
    ("packages", |stage| installed(stage).map(Subject::of)),
    ("library of another version", another_library),
    ("directory of another version without packages", empty_library),
    ("freshly copied project", |stage| with_file(stage, "project/.venv/tests/pyvenv.cfg", "home = /nowhere\n")),
    ("active", |stage| active(stage, "env")),
    ("active through a symlink", active_through_symlink),
    ("active, the base by its path", active_and_base),
    ("kernel of the environment", |stage| kernel(stage, "env/share/jupyter", "plots", "env/bin/python")),
    ("kernel of the user for the environment", |stage| kernel(stage, DATA, "plots", "env/bin/python")),
    ("kernel of the user for another environment", kernel_of_another),
    ("kernel of the user for the base", kernel_of_the_base),
    ("kernel for another language", kernel_for_another_language),
    ("startup file", startup_file),
    ("startup file that is not read", startup_file_not_read),
    ("script in the project that is installed", script_in_project),
    ("script next to directories named like packages", script_next_to_directories),
    ("project on PYTHONPATH that is installed", project_on_python_path),
    ("requirements that do not count", uncounted_requirements),
    ("tests in the project and in a package", tests_everywhere),
];

/// Where Jupyter keeps what is the user's.
const DATA: &str = "home/.local/share/jupyter";

#[test]
fn healthy_layouts_have_no_finding() {
    for role in [Role::Usual, Role::Legacy] {
        let Some(python) = cast::actor(role) else { continue };
        let mut wrong = Vec::new();
        for (name, build) in LAYOUTS {
            let stage = Stage::new(python).expect("a stage can be made");
            match build(&stage) {
                Ok(subject) => wrong.extend(loud(&stage, &subject).into_iter().map(|text| format!("{name}: {text}"))),
                Err(Unmade::NotHere(_)) => {}
                Err(Unmade::Failed(error)) => wrong.push(format!("{name} could not be made: {error}")),
            }
        }
        println!("{}: {} layouts", python.label, LAYOUTS.len());
        assert!(wrong.is_empty(), "{}\n{}", python.label, wrong.join("\n"));
    }
}

/// What is found in a layout, but for what is wrong with the installation that it was made with.
fn loud(stage: &Stage<'_>, subject: &Subject) -> Vec<String> {
    let invocation = judge::invocation(stage, subject);
    let depth = judge::depth("VD101");
    let explanation = venv_doctor::examine(&LiveHost, &invocation, &Options::default(), depth);
    let is_of_stage = |finding: &&Finding| {
        finding.message.contains_str(stage.path().to_str().expect("readable"))
            || finding.evidence.iter().any(|evidence| evidence.file.starts_with_str(stage.path().to_str().unwrap()))
    };
    let found = explanation.findings.iter().filter(|finding| finding.severity > Severity::Info).filter(is_of_stage);
    found.map(|finding| format!("{} {}", finding.code().text(), finding.message)).collect()
}

fn sound(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?)
}

fn made(stage: &Stage<'_>, arguments: &[&str]) -> Made {
    Ok(Subject::of(stage.venv(arguments)?))
}

fn other_name(stage: &Stage<'_>, name: &str) -> Made {
    stage.sound()?;
    Ok(Subject::of(format!("{}/{name}", stage.path().display())))
}

fn relative(stage: &Stage<'_>) -> Made {
    stage.sound()?;
    Ok(Subject { cwd: Some(stage.at("env")), ..Subject::of("bin/python") })
}

fn linked(stage: &Stage<'_>, alias: &str, python: &str) -> Made {
    stage.sound()?;
    stage.link(alias, stage.at("env"))?;
    Ok(Subject::of(stage.at(python)))
}

/// The directory above the environment is a symlink, by which the environment was made.
fn linked_above(stage: &Stage<'_>) -> Made {
    stage.dir("releases/one")?;
    stage.link("current", "releases/one")?;
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(stage.at("current/env")))?;
    Ok(Subject::of(stage.at("current/env/bin/python")))
}

fn links_within_bin(stage: &Stage<'_>) -> Made {
    stage.sound()?;
    stage.link("env/bin/py", "python")?;
    Ok(Subject::of(stage.at("env/bin/py")))
}

fn by_hand(stage: &Stage<'_>) -> Made {
    Ok(Subject::of(stage.environment(&stage.sound_cfg())?))
}

fn by_hand_with_one_name(stage: &Stage<'_>) -> Made {
    stage.write("env/pyvenv.cfg", stage.sound_cfg())?;
    stage.dir(stage.site())?;
    Ok(Subject::of(stage.link(format!("env/bin/{}", stage.name()), stage.installed())?))
}

fn lines_of_uv(stage: &Stage<'_>) -> Made {
    let version = stage.python.xy();
    let cfg = format!("{}implementation = CPython\nuv = 0.8.0\nversion_info = {version}\n", stage.sound_cfg());
    Ok(Subject::of(stage.environment(&cfg)?))
}

fn with_copy(stage: &Stage<'_>, name: &str) -> Made {
    let subject = stage.sound()?;
    fs::copy(stage.at("env/pyvenv.cfg"), stage.at("env").join(name))?;
    Ok(subject)
}

fn with_file(stage: &Stage<'_>, name: &str, content: &str) -> Made {
    let subject = stage.sound()?;
    stage.program(name, content)?;
    Ok(subject)
}

/// Up to 3.10, venv takes the environment that runs it for the base, which is reported (VD228).
fn leads_to_the_base(stage: &Stage<'_>) -> Result<(), Unmade> {
    let is_legacy = stage.python.minor <= 10;
    if is_legacy { Err(Unmade::NotHere("home would be in another environment".to_owned())) } else { Ok(()) }
}

fn nested(stage: &Stage<'_>) -> Made {
    leads_to_the_base(stage)?;
    let outer = stage.venv(&[])?;
    stage.run(Command::new(outer).args(["-m", "venv", "--without-pip"]).arg(stage.at("env/inner")))?;
    Ok(Subject::of(stage.at("env/inner/bin/python")))
}

fn from_another(stage: &Stage<'_>) -> Made {
    leads_to_the_base(stage)?;
    let first = stage.venv(&[])?;
    stage.run(Command::new(first).args(["-m", "venv", "--without-pip"]).arg(stage.at("second")))?;
    Ok(Subject::of(stage.at("second/bin/python")))
}

fn local_as_symlinks(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.link("env/local/bin", "../bin")?;
    stage.link("env/local/lib", "../lib")?;
    Ok(subject)
}

fn program(stage: &Stage<'_>, name: &str) -> Made {
    stage.sound()?;
    Ok(Subject::of(stage.link(name, stage.installed())?))
}

fn two_symlinks(stage: &Stage<'_>) -> Made {
    stage.link("programs/python3", stage.installed())?;
    Ok(Subject::of(stage.link("programs/python", "python3")?))
}

fn base_dir_linked(stage: &Stage<'_>) -> Made {
    stage.link("programs", stage.installed_bin())?;
    Ok(Subject::of(stage.at("programs").join(stage.name())))
}

fn installed(stage: &Stage<'_>) -> Result<std::path::PathBuf, Unmade> {
    let subject = stage.sound()?;
    stage.install("plotlib", "1.0", &[("plotlib.py", "")])?;
    Ok(subject.python)
}

/// Another version has its standard library next to its packages.
fn another_library(stage: &Stage<'_>) -> Made {
    let python = installed(stage)?;
    stage.write("env/lib/python3.5/os.py", "")?;
    stage.write("env/lib/python3.5/site-packages/plotlib.py", "")?;
    Ok(Subject::of(python))
}

fn empty_library(stage: &Stage<'_>) -> Made {
    let python = installed(stage)?;
    stage.dir("env/lib/python3.5/site-packages/__pycache__")?;
    Ok(Subject::of(python))
}

fn active(stage: &Stage<'_>, root: &str) -> Made {
    stage.sound()?;
    let path = format!("{}:/usr/bin:/bin", stage.text(&format!("{root}/bin")));
    let subject = Subject::of(stage.name()).with("VIRTUAL_ENV", stage.text(root)).with("PATH", path);
    if stage.at(format!("{root}/bin")).join(stage.name()).exists() {
        Ok(subject)
    } else {
        Ok(Subject { python: "python3".into(), ..subject })
    }
}

fn active_through_symlink(stage: &Stage<'_>) -> Made {
    stage.link("alias", stage.at("env"))?;
    active(stage, "alias")
}

fn active_and_base(stage: &Stage<'_>) -> Made {
    Ok(Subject { python: stage.installed(), ..active(stage, "env")? })
}

fn spec(python: &Path, language: &str) -> String {
    let python = python.display();
    format!(
        "{{\"argv\": [\"{python}\", \"-m\", \"some_kernel\", \"-f\", \"{{connection_file}}\"],\n \"display_name\": \
         \"Plots\", \"language\": \"{language}\"}}\n"
    )
}

fn kernel(stage: &Stage<'_>, data: &str, name: &str, python: &str) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{data}/kernels/{name}/kernel.json"), spec(&stage.at(python), "python"))?;
    Ok(subject)
}

fn kernel_of_another(stage: &Stage<'_>) -> Made {
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(stage.at("other")))?;
    kernel(stage, DATA, "other", "other/bin/python")
}

fn kernel_of_the_base(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{DATA}/kernels/python3/kernel.json"), spec(&stage.installed(), "python"))?;
    Ok(subject)
}

fn kernel_for_another_language(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write("env/share/jupyter/kernels/bash/kernel.json", spec(&stage.installed(), "bash"))?;
    Ok(subject)
}

fn startup_file(stage: &Stage<'_>) -> Made {
    let content = "\
import atexit, os, sys

def history(name='~/.python_history', *, limit: int = 1000) -> str:
    return os.path.expanduser(name) if sys.path else ''

try:
    import readline
except ImportError:
    pass
else:
    readline.parse_and_bind('tab: complete')
    atexit.register(readline.write_history_file, history())
print(sys.path[0], '# sys.path.insert(0, 1)')
";
    stage.write("home/.pythonrc", content)?;
    Ok(stage.sound()?.with("PYTHONSTARTUP", stage.text("home/.pythonrc")).launched(Launch::Interactive))
}

fn startup_file_not_read(stage: &Stage<'_>) -> Made {
    stage.write("home/.pythonrc", "print 'ready'\nsys.path.append(1)\n")?;
    Ok(stage.sound()?.with("PYTHONSTARTUP", stage.text("home/.pythonrc")))
}

/// A project, and the package that it builds, installed as a copy.
fn project(stage: &Stage<'_>) -> Result<Subject, Unmade> {
    let subject = stage.sound()?;
    stage.write("project/pyproject.toml", "[project]\nname = 'Plot.Core'\nversion = '2.0'\n")?;
    stage.write("project/src/plotcore/__init__.py", "")?;
    stage.write("project/plotcore/__init__.py", "")?;
    stage.write("project/main.py", "")?;
    stage.install("plot_core", "1.0", &[("plotcore/__init__.py", ""), ("tests/__init__.py", "")])?;
    Ok(subject)
}

fn script_in_project(stage: &Stage<'_>) -> Made {
    let launch = Launch::Script(stage.text("project/main.py").into());
    Ok(project(stage)?.launched(launch))
}

fn project_on_python_path(stage: &Stage<'_>) -> Made {
    Ok(project(stage)?.with("PYTHONPATH", stage.text("project/src")))
}

/// Namespace directories hide no package, and files that are no modules hide nothing.
fn script_next_to_directories(stage: &Stage<'_>) -> Made {
    let subject = project(stage)?;
    stage.write("scripts/main.py", "")?;
    stage.write("scripts/plotcore/data.csv", "")?;
    stage.write("scripts/plotcore.txt", "")?;
    stage.write("scripts/plotcore.cpython-27-x86_64-linux-gnu.so", "")?;
    Ok(subject.launched(Launch::Script(stage.text("scripts/main.py").into())))
}

fn tests_everywhere(stage: &Stage<'_>) -> Made {
    let subject = project(stage)?;
    stage.write("scripts/tests/__init__.py", "")?;
    stage.write("scripts/main.py", "")?;
    Ok(subject.launched(Launch::Script(stage.text("scripts/main.py").into())))
}

/// What an extra, another system, another version or a value that nobody knows would require, and what is a version in
/// another spelling.
fn uncounted_requirements(stage: &Stage<'_>) -> Made {
    let subject = project(stage)?;
    stage.install("tool", "1.0", &[("tool.py", "")])?;
    let requires = "Version: 1.0\nRequires-Dist: Plot-Core (==1.0.0)\nRequires-Dist: a; extra == 'x'\n\
                    Requires-Dist: b; sys_platform == 'win32'\nRequires-Dist: c; python_version < '3'\n\
                    Requires-Dist: d; platform_release == '0'\nRequires-Dist: e >=\n";
    stage.edit(format!("{}/tool-1.0.dist-info/METADATA", stage.site()), "Version: 1.0\n", requires)?;
    Ok(subject)
}
