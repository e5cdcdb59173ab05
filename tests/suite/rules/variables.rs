//! VD3xx: environment variables, and what they and the launch put on `sys.path`.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use venv_doctor::internals::invocation::Launch;

use crate::rules::cast::Role;
use crate::rules::pair::{Builder, Fixed, Made, Pair, Source, Subject};
use crate::support::stage::Stage;

const BY_COMMANDS: Fixed = Fixed::ByCommands;
const IN_A_SHELL: Fixed = Fixed::NotHere("it changes only the shell in which it is run");

const fn made(code: &'static str, fails: Builder, passes: Builder, fixed: Option<Fixed>) -> Pair {
    Pair { code, source: Source::Made { plays: Role::Usual, fails, passes }, fixed }
}

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd301_pythonhome_wrong => made("VD301", home_of_another, home_of_this, Some(BY_COMMANDS));
    vd302_pythonhome_set => made("VD302", home_of_this, sound, None);
    vd303_pythonpath_other_version => made("VD303", packages_of_another, packages_of_this, Some(BY_COMMANDS));
    vd304_pythonpath_holds_stdlib => made("VD304", shadowing_tools, tools, Some(BY_COMMANDS));
    vd305_pythonpath_empty_entry => made("VD305", empty_entry, tools, Some(BY_COMMANDS));
    vd306_pythonpath_odd_entry => made("VD306", tilde, tools, Some(BY_COMMANDS));
    vd307_pythonpath_missing => made("VD307", missing_entry, tools, None);
    vd308_pythonpath_other_environment => made("VD308", packages_of_environment, packages_of_this, None);
    vd309_virtual_env_mismatch => made("VD309", other_is_active, is_active, Some(BY_COMMANDS));
    vd310_conda_and_venv_active => made("VD310", conda_is_first, is_active, Some(Fixed::NotHere("conda is not installed")));
    vd311_launcher_variable_leaks => made("VD311", launched_as_other, launched_as_itself, Some(BY_COMMANDS));
    vd312_platlibdir_set => made("VD312", other_platlibdir, usual_platlibdir, Some(BY_COMMANDS));
    vd313_switched_on_by_off => made("VD313", on_by_zero, off_by_zero, Some(BY_COMMANDS));
    vd314_library_path_override => made("VD314", foreign_libraries, other_libraries, Some(BY_COMMANDS));
    vd315_pip_redirected => made("VD315", pip_for_users, pip_not_for_users, Some(BY_COMMANDS));
    vd316_activated_but_shadowed => made("VD316", shadowed, is_active, Some(IN_A_SHELL));
    vd317_system_site_enabled => made("VD317", sees_system, sees_nothing, None);
    vd318_system_site_conflict => made("VD318", conflicts, sees_the_same, Some(BY_COMMANDS));
    vd319_user_site_visible => made("VD319", sees_user, user_is_off, Some(BY_COMMANDS));
    vd320_stdlib_shadowed_by_launch => made(
        "VD320",
        script_next_to_random,
        script_next_to_others,
        Some(Fixed::NotHere("only people can choose a new name for the file")),
    );
    vd321_obsolete_backport => made(
        "VD321",
        backport,
        no_backport,
        Some(Fixed::NotHere("an environment with pip would make the recorded snapshot too large")),
    );
    vd322_empty_directory => made("VD322", empty_dir, full_dir, Some(BY_COMMANDS));
    vd323_case_collision => Pair {
        code: "VD323",
        source: Source::Written("needs a case-insensitive file system"),
        fixed: Some(Fixed::NotHere("needs a case-insensitive file system")),
    };
    vd324_variable_refused => made("VD324", misspelt_encoding, valid_encoding, None);
    vd325_option_refused => made("VD325", utf8_yes, utf8_on, None);
    vd326_warning_filter_ignored => made("VD326", filter_of_package, filter, None);
    vd327_startup_file_missing => made("VD327", startup_file_gone, startup_file_not_read, None);
    vd329_working_directory_removed => made("VD329", directory_removed, sound, None);
    vd336_virtual_env_is_none => made("VD336", project_is_active, is_active, Some(BY_COMMANDS));
    vd337_active_environment_not_run => made("VD337", active_off_path, active_on_path, Some(IN_A_SHELL));
    vd338_startup_file_invalid => made("VD338", startup_file_for_python_2, startup_file_sound, Some(BY_COMMANDS));
    vd339_startup_file_changes_path => made(
        "VD339",
        startup_file_with_path,
        startup_file_sound,
        Some(Fixed::NotHere("people decide what the file is for")),
    );
    vd340_pythonpath_other_release => made("VD340", other_release, same_release, Some(BY_COMMANDS));
    vd341_requirement_missing => made("VD341", requirement_missing, requirement_met, None);
    vd342_requirement_version => made("VD342", requirement_refused, requirement_met, None);
    vd343_requirement_elsewhere => made("VD343", requirement_of_user, requirement_of_both, None);
    vd344_package_hidden_by_launch => made("VD344", script_hides, script_next_to_namespace, None);
    vd345_package_hidden_by_pythonpath => made("VD345", tools_hide, tools_of_other_names, None);
    vd346_files_owned_twice => made("VD346", variants_of_one_package, packages_with_the_same_init, Some(BY_COMMANDS));
    vd347_module_hides_package => made("VD347", module_next_to_directory, module_next_to_package, None);
}

/// A project's directory in the place of its environment's.
fn project_is_active(stage: &Stage<'_>) -> Made {
    stage.write("project/pyproject.toml", "")?;
    with(stage, "VIRTUAL_ENV", stage.text("project"))
}

/// The environment is active, and `PATH` is that of a new shell.
fn active_off_path(stage: &Stage<'_>) -> Made {
    Ok(Subject { python: stage.name().into(), ..with(stage, "VIRTUAL_ENV", stage.text("env"))? })
}

fn active_on_path(stage: &Stage<'_>) -> Made {
    Ok(Subject { python: stage.name().into(), ..activated(stage, &[])? })
}

fn with_startup_file(stage: &Stage<'_>, content: &str) -> Made {
    stage.write("home/.pythonrc", content)?;
    Ok(with(stage, "PYTHONSTARTUP", stage.text("home/.pythonrc"))?.launched(Launch::Interactive))
}

fn startup_file_for_python_2(stage: &Stage<'_>) -> Made {
    with_startup_file(stage, "import readline\nprint 'ready'\n")
}

fn startup_file_with_path(stage: &Stage<'_>) -> Made {
    with_startup_file(stage, "import sys\nsys.path.insert(0, '/srv/lib')\n")
}

fn startup_file_sound(stage: &Stage<'_>) -> Made {
    with_startup_file(stage, "import sys\n\ndef show():\n    print(sys.path[0], '# sys.path.insert(0, 1)')\n")
}

fn misspelt_encoding(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONIOENCODING", "UTF-8 python3")
}

fn valid_encoding(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONIOENCODING", "latin-1:replace")
}

fn utf8_yes(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?.option("utf8=yes"))
}

fn utf8_on(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?.option("utf8=1"))
}

fn filter_of_package(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONWARNINGS", "ignore::no_such_package.Warning,once")
}

fn filter(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONWARNINGS", "ignore::DeprecationWarning,once")
}

fn startup_file_gone(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?.with("PYTHONSTARTUP", "/nowhere/pythonstart").launched(Launch::Interactive))
}

fn startup_file_not_read(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONSTARTUP", "/nowhere/pythonstart")
}

fn directory_removed(stage: &Stage<'_>) -> Made {
    Ok(Subject { is_cwd_removed: true, ..stage.sound()? })
}

fn sound(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?)
}

/// A sound environment, started with a variable.
fn with(stage: &Stage<'_>, name: &'static str, value: impl Into<String>) -> Made {
    Ok(stage.sound()?.with(name, value))
}

/// A second environment, of the same interpreter.
fn other(stage: &Stage<'_>) -> io::Result<PathBuf> {
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(stage.at("other")))?;
    Ok(stage.at("other"))
}

fn home_of_another(stage: &Stage<'_>) -> Made {
    stage.dir("app/lib")?;
    with(stage, "PYTHONHOME", stage.text("app"))
}

fn home_of_this(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONHOME", stage.installed_prefix().to_str().expect("readable"))
}

fn packages_of_another(stage: &Stage<'_>) -> Made {
    stage.dir("ros/lib/python3.5/site-packages/rospkg")?;
    with(stage, "PYTHONPATH", stage.text("ros/lib/python3.5/site-packages"))
}

fn packages_of_this(stage: &Stage<'_>) -> Made {
    let site = format!("ros/lib/{}/site-packages", stage.name());
    stage.dir(format!("{site}/rospkg"))?;
    with(stage, "PYTHONPATH", stage.text(&site))
}

fn shadowing_tools(stage: &Stage<'_>) -> Made {
    stage.write("tools/encodings/__init__.py", "")?;
    tools(stage)
}

fn tools(stage: &Stage<'_>) -> Made {
    stage.write("tools/report.py", "")?;
    with(stage, "PYTHONPATH", stage.text("tools"))
}

fn empty_entry(stage: &Stage<'_>) -> Made {
    tools(stage)?;
    Ok(Subject::of(stage.at("env/bin/python")).with("PYTHONPATH", format!(":{}", stage.text("tools"))))
}

fn tilde(stage: &Stage<'_>) -> Made {
    stage.dir("home/tools")?;
    with(stage, "PYTHONPATH", "~/tools")
}

fn missing_entry(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONPATH", stage.text("tools"))
}

fn packages_of_environment(stage: &Stage<'_>) -> Made {
    let site = other(stage)?.join(format!("lib/{}/site-packages", stage.name()));
    with(stage, "PYTHONPATH", site.to_str().expect("readable"))
}

fn other_is_active(stage: &Stage<'_>) -> Made {
    let other = other(stage)?;
    with(stage, "VIRTUAL_ENV", other.to_str().expect("readable"))
}

/// A sound environment with the variables that `activate` sets, and with other directories before its own on `PATH`.
fn activated(stage: &Stage<'_>, before: &[&str]) -> io::Result<Subject> {
    let dirs = before.iter().map(|dir| stage.text(dir)).chain([stage.text("env/bin")]);
    let path = dirs.chain(["/usr/bin".to_owned(), "/bin".to_owned()]).collect::<Vec<_>>().join(":");
    Ok(stage.sound()?.with("VIRTUAL_ENV", stage.text("env")).with("PATH", path))
}

fn is_active(stage: &Stage<'_>) -> Made {
    Ok(activated(stage, &[])?)
}

fn conda_is_first(stage: &Stage<'_>) -> Made {
    stage.program("conda/bin/python", "")?;
    Ok(activated(stage, &["conda/bin"])?.with("CONDA_PREFIX", stage.text("conda")))
}

fn shadowed(stage: &Stage<'_>) -> Made {
    stage.program("shims/python", "")?;
    Ok(activated(stage, &["shims"])?)
}

fn launched_as_other(stage: &Stage<'_>) -> Made {
    let other = other(stage)?;
    with(stage, "__PYVENV_LAUNCHER__", other.join("bin/python").to_str().expect("readable"))
}

fn launched_as_itself(stage: &Stage<'_>) -> Made {
    with(stage, "__PYVENV_LAUNCHER__", stage.text("env/bin/python"))
}

fn other_platlibdir(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONPLATLIBDIR", "lib32")
}

fn usual_platlibdir(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONPLATLIBDIR", "lib")
}

fn on_by_zero(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONSAFEPATH", "0")
}

fn off_by_zero(stage: &Stage<'_>) -> Made {
    with(stage, "PYTHONOPTIMIZE", "0")
}

fn foreign_libraries(stage: &Stage<'_>) -> Made {
    stage.write("suite/lib/libssl.so.3", "")?;
    with(stage, "LD_LIBRARY_PATH", stage.text("suite/lib"))
}

fn other_libraries(stage: &Stage<'_>) -> Made {
    stage.write("suite/lib/libsuite.so.3", "")?;
    with(stage, "LD_LIBRARY_PATH", stage.text("suite/lib"))
}

fn pip_for_users(stage: &Stage<'_>) -> Made {
    with(stage, "PIP_USER", "1")
}

fn pip_not_for_users(stage: &Stage<'_>) -> Made {
    with(stage, "PIP_USER", "0")
}

/// An installation on the stage, into which distributions can be installed: a copy of the executable, and symlinks to
/// the standard library.
fn local_base(stage: &Stage<'_>) -> io::Result<PathBuf> {
    let lib = PathBuf::from(format!("base/lib/{}", stage.name()));
    stage.dir(lib.join("site-packages"))?;
    for entry in fs::read_dir(stage.stdlib())? {
        let entry = entry?;
        if entry.file_name() != "site-packages" {
            stage.link(lib.join(entry.file_name()), entry.path())?;
        }
    }
    let python = stage.dir("base/bin")?.join(stage.name());
    fs::copy(stage.installed(), &python)?;
    Ok(python)
}

/// A distribution that is installed outside of the environment.
fn installed_elsewhere(stage: &Stage<'_>, site: &str, name: &str, version: &str) -> io::Result<()> {
    let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
    stage.write(format!("{site}/{name}-{version}.dist-info/METADATA"), metadata)?;
    stage.write(format!("{site}/{name}/__init__.py"), "")?;
    Ok(())
}

/// An environment whose base has requests 2.31.0, with its own version of requests if one is given.
fn of_local_base(stage: &Stage<'_>, arguments: &[&str], own: Option<&str>) -> io::Result<Subject> {
    let base = local_base(stage)?;
    installed_elsewhere(stage, &format!("base/lib/{}/site-packages", stage.name()), "requests", "2.31.0")?;
    stage.run(Command::new(base).args(["-m", "venv", "--without-pip"]).args(arguments).arg(stage.at("env")))?;
    if let Some(version) = own {
        stage.install("requests", version, &[("requests/__init__.py", "")])?;
    }
    Ok(Subject::of(stage.at("env/bin/python")))
}

fn sees_system(stage: &Stage<'_>) -> Made {
    Ok(of_local_base(stage, &["--system-site-packages"], None)?)
}

fn sees_nothing(stage: &Stage<'_>) -> Made {
    Ok(of_local_base(stage, &[], None)?)
}

fn conflicts(stage: &Stage<'_>) -> Made {
    Ok(of_local_base(stage, &["--system-site-packages"], Some("2.32.3"))?)
}

fn sees_the_same(stage: &Stage<'_>) -> Made {
    Ok(of_local_base(stage, &["--system-site-packages"], Some("2.31.0"))?)
}

fn sees_user(stage: &Stage<'_>) -> Made {
    let site = format!("home/.local/lib/{}/site-packages", stage.name());
    installed_elsewhere(stage, &site, "requests", "2.25.1")?;
    sees_system(stage)
}

fn user_is_off(stage: &Stage<'_>) -> Made {
    Ok(sees_user(stage)?.with("PYTHONNOUSERSITE", "1"))
}

/// A script in a project with one other file.
fn script_next_to(stage: &Stage<'_>, neighbor: &str) -> Made {
    stage.write("project/main.py", "print('it starts')\n")?;
    stage.write(format!("project/{neighbor}"), "")?;
    let cwd = Some(stage.at("project"));
    Ok(Subject { cwd, launch: Launch::Script("main.py".into()), ..stage.sound()? })
}

fn script_next_to_random(stage: &Stage<'_>) -> Made {
    script_next_to(stage, "random.py")
}

fn script_next_to_others(stage: &Stage<'_>) -> Made {
    script_next_to(stage, "randomness.py")
}

fn backport(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("pathlib", "1.0.1", &[("pathlib.py", "")])?;
    Ok(subject)
}

fn no_backport(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("pathlib2", "2.3.7", &[("pathlib2/__init__.py", "")])?;
    Ok(subject)
}

fn empty_dir(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{}/yaml/__pycache__/__init__.cpython-312.pyc", stage.site()), "")?;
    Ok(subject)
}

fn full_dir(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("PyYAML", "6.0.1", &[("yaml/__init__.py", "")])?;
    Ok(subject)
}

const PLOTCORE: &[(&str, &str)] = &[("plotcore/__init__.py", "")];

/// An environment with plotcore 2.3.1, and a directory on `PYTHONPATH` with one version of it.
fn release_on_python_path(stage: &Stage<'_>, version: &str) -> Made {
    let subject = stage.sound()?;
    stage.install("plotcore", "2.3.1", PLOTCORE)?;
    installed_elsewhere(stage, "apps/plotcore", "plotcore", version)?;
    Ok(subject.with("PYTHONPATH", stage.text("apps/plotcore")))
}

fn other_release(stage: &Stage<'_>) -> Made {
    release_on_python_path(stage, "1.8.0")
}

fn same_release(stage: &Stage<'_>) -> Made {
    release_on_python_path(stage, "2.3.1.0")
}

/// Installs jobrunner, which requires another distribution and, elsewhere or with an extra, yet another.
fn install_jobrunner(stage: &Stage<'_>) -> io::Result<()> {
    stage.install("jobrunner", "1.0", &[("jobrunner/__init__.py", "")])?;
    let metadata = format!("{}/jobrunner-1.0.dist-info/METADATA", stage.site());
    let requires = "Version: 1.0\nRequires-Dist: gridmath >=1.0\n\
                    Requires-Dist: absent; sys_platform == 'win32' or extra == 'test'\n";
    stage.edit(metadata, "Version: 1.0\n", requires)
}

fn requirement_missing(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    install_jobrunner(stage)?;
    Ok(subject)
}

fn requirement_in(stage: &Stage<'_>, version: &str) -> Made {
    let subject = requirement_missing(stage)?;
    stage.install("gridmath", version, &[("gridmath/__init__.py", "")])?;
    Ok(subject)
}

fn requirement_met(stage: &Stage<'_>) -> Made {
    requirement_in(stage, "1.4")
}

fn requirement_refused(stage: &Stage<'_>) -> Made {
    requirement_in(stage, "0.9")
}

fn requirement_of_user(stage: &Stage<'_>) -> Made {
    let site = format!("home/.local/lib/{}/site-packages", stage.name());
    installed_elsewhere(stage, &site, "gridmath", "1.4")?;
    let subject = sees_system(stage)?;
    install_jobrunner(stage)?;
    Ok(subject)
}

fn requirement_of_both(stage: &Stage<'_>) -> Made {
    let subject = requirement_of_user(stage)?;
    stage.install("gridmath", "1.4", &[("gridmath/__init__.py", "")])?;
    Ok(subject)
}

fn script_hides(stage: &Stage<'_>) -> Made {
    let subject = script_next_to(stage, "plotcore.py")?;
    stage.install("plotcore", "2.3.1", PLOTCORE)?;
    Ok(subject)
}

/// A directory without `__init__.py` hides no package.
fn script_next_to_namespace(stage: &Stage<'_>) -> Made {
    let subject = script_next_to(stage, "plotcore/data.txt")?;
    stage.install("plotcore", "2.3.1", PLOTCORE)?;
    Ok(subject)
}

fn tools_hide(stage: &Stage<'_>) -> Made {
    let subject = tools(stage)?;
    stage.write("tools/plotcore.py", "")?;
    stage.install("plotcore", "2.3.1", PLOTCORE)?;
    Ok(subject)
}

fn tools_of_other_names(stage: &Stage<'_>) -> Made {
    let subject = tools(stage)?;
    stage.write("tools/plotcore2.py", "")?;
    stage.install("plotcore", "2.3.1", PLOTCORE)?;
    Ok(subject)
}

/// Two builds of one library, each with its own files under the same names.
fn variants_of_one_package(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("plotcore", "2.3.1", &[("plotcore/__init__.py", ""), ("plotcore/draw.py", "")])?;
    stage.install(
        "plotcore_headless",
        "2.2",
        &[("plotcore/__init__.py", ""), ("plotcore/draw.py", "headless = True\n")],
    )?;
    Ok(subject)
}

/// The same file, word for word, as packages of one namespace in the old style have it.
fn packages_with_the_same_init(stage: &Stage<'_>) -> Made {
    const INIT: &str = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
    let subject = stage.sound()?;
    stage.install("plots.core", "2.3.1", &[("plots/__init__.py", INIT), ("plots/core.py", "")])?;
    stage.install("plots.web", "1.0", &[("plots/__init__.py", INIT), ("plots/web.py", "")])?;
    Ok(subject)
}

fn module_next_to_directory(stage: &Stage<'_>) -> Made {
    let subject = tools(stage)?;
    stage.write("tools/app.py", "")?;
    stage.write("tools/app/models.py", "")?;
    Ok(subject)
}

/// The directory is a package, or holds no modules.
fn module_next_to_package(stage: &Stage<'_>) -> Made {
    let subject = tools(stage)?;
    stage.write("tools/app.py", "")?;
    stage.write("tools/app/__init__.py", "")?;
    stage.write("tools/app/models.py", "")?;
    stage.write("tools/page.py", "")?;
    stage.write("tools/page/index.html", "")?;
    stage.write("tools/tests.py", "")?;
    stage.write("tools/tests/test_page.py", "")?;
    Ok(subject)
}
