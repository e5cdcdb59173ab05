//! VD5xx: scripts, activation, and the location of the environment.

use std::io;
use std::path::Path;
use std::process::Command;

use bstr::ByteSlice;
use venv_doctor::internals::host::LiveHost;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::rules::Severity;
use venv_doctor::internals::startup::Options;

use crate::rules::cast::{self, Role};
use crate::rules::pair::{Builder, Fixed, Made, Pair, Source, Subject};
use crate::support::stage::Stage;

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd501_scripts_moved => by_commands("VD501", moved, stayed);
    vd502_scripts_run_original => by_commands("VD502", copied, under_symlink);
    vd503_activate_stale => by_commands("VD503", moved_without_scripts, under_symlink_without_scripts);
    vd504_launcher_stale => Pair {
        code: "VD504",
        source: Source::Written("launchers exist on Windows only"),
        fixed: Some(Fixed::NotHere("only Windows runs them")),
    };
    vd505_script_foreign => by_commands("VD505", script_of_the_base, own_script_for_the_base);
    vd506_shebang_too_long => by_commands("VD506", long_path, long_path_through_shell);
    vd507_shebang_with_space => by_commands("VD507", space, space_through_shell);
    vd508_script_carriage_return => by_commands("VD508", carriage_return, carriage_return_later);
    vd509_script_byte_order_mark => by_commands("VD509", byte_order_mark, stayed);
    vd510_script_not_executable => by_commands("VD510", not_executable, script_without_owner);
    vd511_conda_prefix_stale => Pair {
        code: "VD511",
        source: Source::Made { plays: Role::Usual, fails: conda_moved, passes: conda_in_place },
        fixed: Some(Fixed::NotHere("conda has to recreate the environment")),
    };
    vd512_foreign_layout => Pair {
        code: "VD512",
        source: Source::Made { plays: Role::Usual, fails: made_on_windows, passes: made_here },
        fixed: Some(Fixed::NotHere("people have to decide which of the two systems keeps the directory")),
    };
    vd513_relocatable_script_symlinked => by_commands("VD513", symlinked, symlinked_and_resolved);
    vd514_script_orphaned => by_commands("VD514", orphaned, stayed);
    vd515_kernel_spec_dangling => by_commands("VD515", kernel_gone, kernel_by_name);
    vd516_redirect_broken => Pair {
        code: "VD516",
        source: Source::Made { plays: Role::Usual, fails: dot_venv_dangles, passes: dot_venv_points_to_environment },
        fixed: Some(Fixed::NotHere("the target of the symlink does not exist any more")),
    };
    vd517_activate_missing => by_commands("VD517", creation_interrupted, without_pip);
    vd518_environment_in_git => by_commands("VD518", in_git, next_to_git);
    vd523_kernel_outside => by_commands("VD523", kernel_of_the_base, kernel_of_the_environment);
    vd524_project_environment_hollow => Pair {
        code: "VD524",
        source: Source::Made { plays: Role::Usual, fails: dot_venv_hollow, passes: dot_venv_with_others },
        fixed: None,
    };
}

const fn by_commands(code: &'static str, fails: Builder, passes: Builder) -> Pair {
    Pair { code, source: Source::Made { plays: Role::Usual, fails, passes }, fixed: Some(Fixed::ByCommands) }
}

/// A script as installers write it for an entry point.
fn script(first: &str) -> String {
    format!(
        "{first}\n# -*- coding: utf-8 -*-\nimport sys\nfrom plotlib import main\nif __name__ == '__main__':\n    \
         sys.exit(main())\n"
    )
}

/// Returns the lines of a script that name its Python.
type FirstLines = fn(&str) -> String;

/// The first lines of a script that has `/bin/sh` start its Python.
fn through_shell(python: &str) -> String {
    format!("#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''")
}

/// An environment with a distribution whose script has this first line.
fn with_script(stage: &Stage<'_>, first: &str) -> io::Result<Subject> {
    let subject = stage.sound()?;
    let files = [
        ("plotlib.py", "def main():\n    print('plotted')\n"),
        ("../../../bin/plot", &script(first)),
        ("plotlib-1.0.dist-info/entry_points.txt", "[console_scripts]\nplot = plotlib:main\n"),
    ];
    stage.install("plotlib", "1.0", &files)?;
    Ok(subject)
}

/// The same, with the first line that pip writes.
fn with_own_script(stage: &Stage<'_>) -> io::Result<Subject> {
    with_script(stage, &format!("#!{}", stage.text("env/bin/python")))
}

fn rename(stage: &Stage<'_>, to: &str) -> io::Result<Subject> {
    let target = stage.at(to);
    std::fs::create_dir_all(target.parent().expect("it is below the stage"))?;
    std::fs::rename(stage.at("env"), &target)?;
    Ok(Subject::of(target.join("bin/python")))
}

fn stayed(stage: &Stage<'_>) -> Made {
    Ok(with_own_script(stage)?)
}

fn moved(stage: &Stage<'_>) -> Made {
    with_own_script(stage)?;
    Ok(rename(stage, "elsewhere/env")?)
}

fn copied(stage: &Stage<'_>) -> Made {
    with_own_script(stage)?;
    stage.run(Command::new("cp").args(["-a", "env", "copy"]))?;
    Ok(Subject::of(stage.at("copy/bin/python")))
}

fn under_symlink(stage: &Stage<'_>) -> Made {
    with_own_script(stage)?;
    stage.link("copy", "env")?;
    Ok(Subject::of(stage.at("copy/bin/python")))
}

fn moved_without_scripts(stage: &Stage<'_>) -> Made {
    stage.sound()?;
    Ok(rename(stage, "renamed")?)
}

fn under_symlink_without_scripts(stage: &Stage<'_>) -> Made {
    stage.sound()?;
    stage.link("renamed", "env")?;
    Ok(Subject::of(stage.at("renamed/bin/python")))
}

fn script_of_the_base(stage: &Stage<'_>) -> Made {
    Ok(with_script(stage, &format!("#!{}", stage.installed().display()))?)
}

fn own_script_for_the_base(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.program("env/bin/plot", format!("#!{}\nprint('plotted')\n", stage.installed().display()))?;
    Ok(subject)
}

/// An environment in a directory below the stage, and a script with the first lines that `first` makes for its Python.
fn in_dir(stage: &Stage<'_>, dir: &str, first: impl Fn(&str) -> String) -> Made {
    let dir = stage.at(dir);
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(&dir))?;
    let python = dir.join("bin/python");
    let text = format!("{}\nprint('plotted')\n", first(python.to_str().expect("readable")));
    stage.program(dir.join("bin/plot"), text)?;
    Ok(Subject::of(python))
}

/// A path so long that no kernel reads it in a first line.
fn long_dir() -> String {
    format!("{}/env", ["workspace-of-a-build-server-with-a-long-name"; 6].join("/"))
}

fn long_path(stage: &Stage<'_>) -> Made {
    in_dir(stage, &long_dir(), |python| format!("#!{python}"))
}

fn long_path_through_shell(stage: &Stage<'_>) -> Made {
    in_dir(stage, &long_dir(), through_shell)
}

fn space(stage: &Stage<'_>) -> Made {
    in_dir(stage, "my project/env", |python| format!("#!{python}"))
}

fn space_through_shell(stage: &Stage<'_>) -> Made {
    in_dir(stage, "my project/env", through_shell)
}

fn carriage_return(stage: &Stage<'_>) -> Made {
    Ok(with_script(stage, &format!("#!{}\r", stage.text("env/bin/python")))?)
}

/// The kernel reads only the first line, and Python accepts carriage returns.
fn carriage_return_later(stage: &Stage<'_>) -> Made {
    Ok(with_script(stage, &format!("#!{}\n\"\"\"Plots.\"\"\"\r", stage.text("env/bin/python")))?)
}

fn byte_order_mark(stage: &Stage<'_>) -> Made {
    Ok(with_script(stage, &format!("\u{feff}#!{}", stage.text("env/bin/python")))?)
}

fn not_executable(stage: &Stage<'_>) -> Made {
    let subject = with_own_script(stage)?;
    stage.mode("env/bin/plot", 0o644)?;
    Ok(subject)
}

/// A file that no distribution installed need not be executable.
fn script_without_owner(stage: &Stage<'_>) -> Made {
    let subject = with_own_script(stage)?;
    stage.write("env/bin/notes.py", script(&format!("#!{}", stage.text("env/bin/python"))))?;
    Ok(subject)
}

/// A directory like that of a conda environment, with an interpreter that runs here.
fn conda(stage: &Stage<'_>, first: &str) -> Made {
    let python = stage.link("conda/bin/python", stage.installed())?;
    stage.write("conda/conda-meta/history", "")?;
    stage.program("conda/bin/pip", script(first))?;
    Ok(Subject::of(python))
}

fn conda_moved(stage: &Stage<'_>) -> Made {
    conda(stage, &format!("#!{}", stage.text("miniconda/envs/plots/bin/python")))
}

fn conda_in_place(stage: &Stage<'_>) -> Made {
    conda(stage, &format!("#!{}", stage.text("conda/bin/python")))
}

fn made_on_windows(stage: &Stage<'_>) -> Made {
    let cfg = "home = C:\\Python312\r\ninclude-system-site-packages = false\r\nversion = 3.12.1\r\n";
    stage.write("env/pyvenv.cfg", cfg)?;
    stage.write("env/Scripts/python.exe", "MZ")?;
    stage.dir("env/Lib/site-packages")?;
    Ok(Subject::of(stage.at("env/bin/python")))
}

fn made_here(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?)
}

/// A script that looks for Python in its own directory, and a symlink to it in a directory where shells look.
fn symlinked_script(stage: &Stage<'_>, dir: &str) -> Made {
    let python = format!("\"$(dirname -- {dir})\"/'python'");
    let subject = with_script(stage, &format!("#!/bin/sh\n'''exec' {python} \"$0\" \"$@\"\n' '''"))?;
    stage.link("home/.local/bin/plot", stage.at("env/bin/plot"))?;
    Ok(subject)
}

fn symlinked(stage: &Stage<'_>) -> Made {
    symlinked_script(stage, "\"$0\"")
}

fn symlinked_and_resolved(stage: &Stage<'_>) -> Made {
    symlinked_script(stage, "\"$(realpath -- \"$0\")\"")
}

fn orphaned(stage: &Stage<'_>) -> Made {
    let subject = with_own_script(stage)?;
    stage.remove(format!("{}/plotlib.py", stage.site()))?;
    stage.remove(format!("{}/plotlib-1.0.dist-info", stage.site()))?;
    Ok(subject)
}

fn kernel(stage: &Stage<'_>, python: &str) -> Made {
    let subject = stage.sound()?;
    let spec = format!(
        "{{\n \"argv\": [\n  \"{python}\",\n  \"-m\",\n  \"ipykernel_launcher\",\n  \"-f\",\n  \"{{connection_file}}\"\n \
         ],\n \"display_name\": \"Plots\",\n \"language\": \"python\"\n}}\n"
    );
    stage.write("env/share/jupyter/kernels/plots/kernel.json", spec)?;
    Ok(subject)
}

fn kernel_gone(stage: &Stage<'_>) -> Made {
    kernel(stage, &stage.text("plots-of-last-year/bin/python"))
}

fn kernel_of_the_base(stage: &Stage<'_>) -> Made {
    kernel(stage, stage.installed().to_str().expect("readable"))
}

fn kernel_of_the_environment(stage: &Stage<'_>) -> Made {
    kernel(stage, &stage.text("env/bin/python"))
}

fn kernel_by_name(stage: &Stage<'_>) -> Made {
    kernel(stage, "python")
}

fn dot_venv(stage: &Stage<'_>, target: &str) -> Made {
    stage.sound()?;
    stage.link("project/.venv", target)?;
    Ok(Subject::of(stage.at("project/.venv/bin/python")))
}

fn dot_venv_dangles(stage: &Stage<'_>) -> Made {
    dot_venv(stage, "../environments/project")
}

fn dot_venv_points_to_environment(stage: &Stage<'_>) -> Made {
    dot_venv(stage, "../env")
}

/// The Python of the system, in the directory of a project.
fn in_project(stage: &Stage<'_>) -> Subject {
    Subject { cwd: Some(stage.at("project")), ..Subject::of(stage.name()) }
}

fn dot_venv_hollow(stage: &Stage<'_>) -> Made {
    stage.write("project/.venv/bin/activate", "")?;
    Ok(in_project(stage))
}

/// A directory in which each minor version has its environment.
fn dot_venv_with_others(stage: &Stage<'_>) -> Made {
    stage.sound()?;
    stage.dir("project/.venv")?;
    std::fs::rename(stage.at("env"), stage.at("project/.venv/tests"))?;
    Ok(in_project(stage))
}

/// Runs venv with an ensurepip that fails, as it does where ensurepip is a separate package.
fn creation_interrupted(stage: &Stage<'_>) -> Made {
    let code = "\
import sys, venv
builder = venv.EnvBuilder(symlinks=True, with_pip=True)
def fails(context):
    raise SystemExit(0)
builder._setup_pip = fails
builder.create(sys.argv[1])";
    stage.run(Command::new(stage.installed()).args(["-c", code]).arg(stage.at("env")))?;
    Ok(Subject::of(stage.at("env/bin/python")))
}

fn without_pip(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?)
}

/// An environment in a git repository. 3.13 and later write a `.gitignore`, which is removed.
fn in_repository(stage: &Stage<'_>, added: &str) -> Made {
    let subject = stage.sound()?;
    if stage.at("env/.gitignore").exists() {
        stage.remove("env/.gitignore")?;
    }
    stage.write("plot.py", "print('plotted')\n")?;
    let git = |arguments: &[&str]| stage.run(Command::new("git").args(arguments));
    git(&["init", "-q"])?;
    git(&["add", added])?;
    Ok(subject)
}

fn in_git(stage: &Stage<'_>) -> Made {
    in_repository(stage, "env/pyvenv.cfg")
}

fn next_to_git(stage: &Stage<'_>) -> Made {
    in_repository(stage, "plot.py")
}

/// The commands of a finding's fix.
fn commands(stage: &Stage<'_>, python: &Path, code: &'static str) -> String {
    let python = python.to_str().expect("readable");
    let mut invocation = Invocation::on(&LiveHost, python).expect("this machine can be examined");
    invocation.environment.insert("HOME".to_owned(), stage.text("home").into());
    let explanation = venv_doctor::check(&LiveHost, &invocation, &Options::default());
    let found = explanation.findings.iter().find(|finding| finding.code().text() == code);
    let fix = found.unwrap_or_else(|| panic!("no {code} is found for {python}")).fix.as_ref();
    bstr::join("\n", &fix.expect("it has a fix").commands).to_str_lossy().into_owned()
}

/// Whether a script runs when a shell starts it by its path.
fn runs(stage: &Stage<'_>, script: &Path) -> bool {
    let program = script.to_str().expect("readable").to_owned();
    let output = stage.run(Command::new("bash").args(["-c", "\"$0\"", &program]));
    output.is_ok_and(|output| output.stdout == b"plotted\n")
}

/// After the fix the kernel starts the scripts that it could not start before, wherever the environment was moved and
/// in whichever form the installer wrote the first line.
#[test]
fn fixed_scripts_run() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    let old = |stage: &Stage<'_>| stage.text("env/bin/python");
    let forms: [(&str, FirstLines); 4] = [
        ("a line", |python| format!("#!{python}")),
        ("a line with an option", |python| format!("#!{python} -sE")),
        ("through /bin/sh", through_shell),
        ("quoted", |python| format!("#!/bin/sh\n'''exec' '{python}' \"$0\" \"$@\"\n' '''")),
    ];
    let long = ["a-directory-with-a-name-that-is-rather-long"; 7].join("/");
    for place in ["elsewhere/env", "my project/env", "a.b[c]&d/env", "naïve/env", &long] {
        for (form, first) in forms {
            let stage = Stage::new(python).expect("a stage can be made");
            with_script(&stage, &first(&old(&stage))).expect("an environment can be made");
            let subject = rename(&stage, place).expect("it can be moved");
            let script = subject.python.with_file_name("plot");
            assert!(!runs(&stage, &script), "{place}, {form}: it runs without a fix");
            let fix = commands(&stage, &subject.python, "VD501");
            stage.run(Command::new("bash").args(["-ec", &fix])).unwrap_or_else(|error| panic!("{fix}: {error}"));
            assert!(runs(&stage, &script), "{place}, {form}: it does not run after\n{fix}");
        }
    }
}

/// The fixes of the other faults of a first line work, too.
#[test]
fn repaired_first_lines_run() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    let faults: [(&str, Builder); 7] = [
        ("VD505", script_of_the_base),
        ("VD506", long_path),
        ("VD507", space),
        ("VD508", carriage_return),
        ("VD509", byte_order_mark),
        ("VD510", not_executable),
        ("VD513", symlinked),
    ];
    for (code, build) in faults {
        let stage = Stage::new(python).expect("a stage can be made");
        let Ok(subject) = build(&stage) else { panic!("{code}: it cannot be made") };
        let symlink = stage.at("home/.local/bin/plot");
        let script = if symlink.exists() { symlink } else { subject.python.with_file_name("plot") };
        assert!(!runs(&stage, &script), "{code}: it runs without a fix");
        let fix = commands(&stage, &subject.python, code);
        stage.run(Command::new("bash").args(["-ec", &fix])).unwrap_or_else(|error| panic!("{fix}: {error}"));
        assert!(runs(&stage, &script), "{code}: it does not run after\n{fix}");
    }
}

/// After the fix, an activated shell finds the environment's Python.
#[test]
fn fixed_activation_activates() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    for place in ["elsewhere/env", "my project/env"] {
        let stage = Stage::new(python).expect("a stage can be made");
        stage.sound().expect("an environment can be made");
        let subject = rename(&stage, place).expect("it can be moved");
        let fix = commands(&stage, &subject.python, "VD503");
        stage.run(Command::new("bash").args(["-ec", &fix])).unwrap_or_else(|error| panic!("{fix}: {error}"));
        let activate = subject.python.with_file_name("activate");
        let probe = format!(". '{}' && command -v python", activate.display());
        let output = stage.run(Command::new("bash").args(["-c", &probe])).expect("it activates");
        let found = output.stdout.trim().to_str_lossy().into_owned();
        assert_eq!(Path::new(&found), subject.python, "{fix}");
    }
}

/// The findings of a check with this code: how severe, and what is shown with them.
fn found(stage: &Stage<'_>, code: &str) -> Vec<(Severity, String)> {
    let python = stage.text("env/bin/python");
    let invocation = Invocation::on(&LiveHost, python.as_str()).expect("this machine can be examined");
    let explanation = venv_doctor::check(&LiveHost, &invocation, &Options::default());
    let found = explanation.findings.iter().filter(|finding| finding.code().text() == code);
    let shown = found.map(|finding| {
        let texts = finding.evidence.iter().map(|evidence| evidence.text.to_str_lossy().into_owned());
        (finding.severity, texts.collect::<Vec<_>>().join("\n"))
    });
    shown.collect()
}

/// A script that `RECORD` lists and that is no entry point: its own choice of a Python counts where it names a path.
#[test]
fn recorded_scripts_start_the_python_of_the_environment() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    let stage = Stage::new(python).expect("a stage can be made");
    stage.sound().expect("an environment can be made");
    let lines = [
        ("by-path", format!("#!{}\n", stage.installed().display())),
        ("by-name", "#!/usr/bin/env python3\n".to_owned()),
        ("own", format!("#!{}\n", stage.text("env/bin/python"))),
    ];
    for (name, line) in lines {
        stage.install(name, "1.0", &[(&format!("../../../bin/{name}"), &line)]).expect("it can be installed");
    }
    let found = found(&stage, "VD505");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Severity::Warning);
    assert!(found[0].1.contains(stage.installed().to_str().expect("readable")), "{found:?}");
}

/// Where all packages are installed for another minor version, that is the one cause: their scripts are shown with it.
#[test]
fn scripts_of_another_minor_version_are_attached() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    let stage = Stage::new(python).expect("a stage can be made");
    with_own_script(&stage).expect("an environment can be made");
    stage.dir("env/lib/python3.2").expect("a directory can be made");
    std::fs::rename(stage.at(stage.site()), stage.at("env/lib/python3.2/site-packages")).expect("it can be renamed");
    assert_eq!(found(&stage, "VD514"), []);
    let cause = found(&stage, "VD222");
    assert!(
        matches!(cause.as_slice(), [(Severity::Error, shown)] if shown.contains("bin/plot imports plotlib")),
        "{cause:?}"
    );
}
