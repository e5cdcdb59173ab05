//! macOS: frameworks, their stub, Homebrew and Apple.

use venv_doctor::internals::host::MemoryHost;
use venv_doctor::internals::startup::Status;

use super::machine::{Machine, framework, home, path, places, user_site};

const VERSIONS: &str = "/Library/Frameworks/Python.framework/Versions";

fn python_org(version: &str) -> Machine {
    let minor = version.split('.').nth(1).unwrap();
    framework(version, &format!("{VERSIONS}/3.{minor}"), "Python")
}

#[test]
fn the_installer_of_python_org() {
    for (version, base_executable) in
        [("3.13.1", "python3.13"), ("3.12.1", "python3.12"), ("3.9.13", "python3"), ("3.6.8", "")]
    {
        let minor = version.split('.').nth(1).unwrap();
        let base = format!("{VERSIONS}/3.{minor}");
        let resolution = python_org(version).typed(&format!("{base}/bin/python3")).start();
        assert_eq!(resolution.outcome.status, Status::Starts, "{version}");
        let executable = format!("{base}/bin/python3");
        let base_executable =
            if base_executable.is_empty() { String::new() } else { format!("{base}/bin/{base_executable}") };
        assert_eq!(places(&resolution), [executable, base_executable, base.clone(), base.clone()], "{version}");
        let stdlib = format!("{base}/lib/python3.{minor}");
        let expected = [
            format!("{base}/lib/python3{minor}.zip"),
            stdlib.clone(),
            format!("{stdlib}/lib-dynload"),
            format!("{stdlib}/site-packages"),
        ];
        assert_eq!(path(&resolution), expected, "{version}");
        assert_eq!(user_site(&resolution), format!("/Users/u/Library/Python/3.{minor}/lib/python/site-packages"));
    }
}

fn with_environment(host: MemoryHost, minor: &str, target: &str) -> MemoryHost {
    let python = target.rsplit_once('/').unwrap().0;
    host.symlink("/Users/u/work/.venv/bin/python", target)
        .file(
            "/Users/u/work/.venv/pyvenv.cfg",
            format!("home = {python}\ninclude-system-site-packages = false\nversion = 3.{minor}\n"),
        )
        .directory(format!("/Users/u/work/.venv/lib/python3.{minor}/site-packages"))
}

#[test]
fn an_environment_of_a_framework() {
    for version in ["3.14.2", "3.12.1", "3.10.11", "3.9.13", "3.8.10", "3.8.1"] {
        let minor = version.split('.').nth(1).unwrap();
        let base = format!("{VERSIONS}/3.{minor}");
        let machine = python_org(version)
            .with(|host| with_environment(host, minor, &format!("{base}/bin/python3.{minor}")))
            .typed(".venv/bin/python");
        let resolution = machine.start();
        let [executable, base_executable, prefix, base_prefix] = places(&resolution);
        assert_eq!(executable, "/Users/u/work/.venv/bin/python", "{version}");
        assert_eq!([prefix, base_prefix], ["/Users/u/work/.venv".to_owned(), base.clone()], "{version}");
        assert_eq!(home(&resolution), Some(format!("{base}/bin")), "{version}");
        // Before 3.11 the base executable of an environment is the environment's own.
        let expected = if resolution.identification.interpreter.version.unwrap().minor >= 11 {
            format!("{base}/bin/python3.{minor}")
        } else {
            executable
        };
        assert_eq!(base_executable, expected, "{version}");
        assert_eq!(
            path(&resolution).last().unwrap(),
            &format!("/Users/u/work/.venv/lib/python3.{minor}/site-packages"),
            "{version}"
        );
    }
}

#[test]
fn the_stub_resolves_its_dir_and_keeps_its_name() {
    let machine = python_org("3.12.1")
        .with(|host| {
            with_environment(host, "12", &format!("{VERSIONS}/3.12/bin/python3.12"))
                .symlink("/Users/u/short", "/Users/u/work/.venv/bin")
        })
        .typed("/Users/u/short/python");
    assert_eq!(places(&machine.start())[0], "/Users/u/work/.venv/bin/python");
}

#[test]
fn variables_name_the_executable() {
    let with = |version: &str, change: fn(MemoryHost) -> MemoryHost| {
        let mut machine = python_org(version).with(change);
        machine.interpreter.compiled.framework = None;
        machine.interpreter.real_executable = Some(format!("{VERSIONS}/tool/python3").into());
        machine.with(|host| host.executable(format!("{VERSIONS}/tool/python3"))).typed("python3")
    };
    let named = |host: MemoryHost| host.variable("PYTHONEXECUTABLE", "/opt/app/python").executable("/opt/app/python");
    assert_eq!(places(&with("3.9.13", named).start())[0], "/opt/app/python");
    assert_eq!(places(&with("3.12.1", named).start())[0], "/opt/app/python");
    // Up to 3.10 it is a PYTHON* variable like the others; later it counts always.
    let isolated =
        |version| places(&with(version, named).start_as(|invocation| invocation.flags.isolated = true))[0].clone();
    assert_eq!(isolated("3.9.13"), format!("{VERSIONS}/tool/python3"));
    assert_eq!(isolated("3.12.1"), "/opt/app/python");
}

#[test]
fn homebrew() {
    const CELLAR: &str = "/opt/homebrew/Cellar/python@3.12/3.12.1/Frameworks/Python.framework/Versions/3.12";
    const OPT: &str = "/opt/homebrew/opt/python@3.12/Frameworks/Python.framework/Versions/3.12";
    let mut machine = framework("3.12.1", CELLAR, "Python").with(|host| {
        host.symlink("/opt/homebrew/opt/python@3.12", "../Cellar/python@3.12/3.12.1").symlink(
            "/opt/homebrew/bin/python3.12",
            format!("../Cellar/python@3.12/3.12.1{}", &CELLAR["/opt/homebrew/Cellar/python@3.12/3.12.1".len()..])
                + "/bin/python3.12",
        )
    });
    machine.interpreter.compiled.prefix = Some(OPT.into());
    machine.interpreter.compiled.exec_prefix = Some(OPT.into());
    machine.interpreter.library = Some(format!("{OPT}/Python").into());
    machine.interpreter.real_executable = Some(format!("{OPT}/Resources/Python.app/Contents/MacOS/Python").into());
    let resolution = machine.typed("/opt/homebrew/bin/python3.12").start();
    assert_eq!(
        places(&resolution),
        ["/opt/homebrew/bin/python3.12".to_owned(), format!("{OPT}/bin/python3.12"), OPT.into(), OPT.into()]
    );
    assert_eq!(path(&resolution)[1], format!("{OPT}/lib/python3.12"));
    assert_eq!(user_site(&resolution), "/Users/u/Library/Python/3.12/lib/python/site-packages");
}

#[test]
fn apples_command_line_tools() {
    const TOOLS: &str = "/Library/Developer/CommandLineTools";
    let base = format!("{TOOLS}/Library/Frameworks/Python3.framework/Versions/3.9");
    let machine = framework("3.9.6", &base, "Python3")
        .with(|host| {
            host.symlink(
                format!("{TOOLS}/usr/bin/python3"),
                "../../Library/Frameworks/Python3.framework/Versions/3.9/bin/python3.9",
            )
        })
        .typed(&format!("{TOOLS}/usr/bin/python3"));
    let resolution = machine.start();
    let [executable, _, prefix, base_prefix] = places(&resolution);
    assert_eq!(executable, format!("{TOOLS}/usr/bin/python3"));
    // The library of the framework is where the search starts, so that the directory of the symlink does not matter.
    assert_eq!([prefix, base_prefix], [base.clone(), base.clone()]);
    assert_eq!(path(&resolution)[1], format!("{base}/lib/python3.9"));
}

#[test]
fn frameworks_had_a_dir_below_library_up_to_3_6() {
    let with = |host: MemoryHost| host.directory("/Library/Python/3.6/site-packages");
    assert!(path(&python_org("3.6.8").with(with).start()).contains(&"/Library/Python/3.6/site-packages".to_owned()));
    let with = |host: MemoryHost| host.directory("/Library/Python/3.7/site-packages");
    assert!(!path(&python_org("3.7.0").with(with).start()).contains(&"/Library/Python/3.7/site-packages".to_owned()));
}

#[test]
fn hidden_pth_files_are_skipped() {
    let with = |host: MemoryHost| {
        host.directory("/extra")
            .file(format!("{VERSIONS}/3.12/lib/python3.12/site-packages/x.pth"), "/extra\n")
            .hidden(format!("{VERSIONS}/3.12/lib/python3.12/site-packages/x.pth"))
    };
    let sees = |version| path(&python_org(version).with(with).start()).contains(&"/extra".to_owned());
    assert!(sees("3.12.1"));
    assert!(!sees("3.12.2"));
}

#[test]
fn behind_the_stub_the_variable_is_what_counts() {
    let behind = |typed: &str| {
        let machine = python_org("3.12.1")
            .with(|host| host.variable("__PYVENV_LAUNCHER__", format!("{VERSIONS}/3.12/bin/python3.12")))
            .typed(typed);
        places(&machine.start())[0].clone()
    };
    assert_eq!(behind(&format!("{VERSIONS}/3.12/bin/python3")), format!("{VERSIONS}/3.12/bin/python3.12"));
    assert_eq!(
        behind(&format!("{VERSIONS}/3.12/Resources/Python.app/Contents/MacOS/Python")),
        format!("{VERSIONS}/3.12/bin/python3.12")
    );
}
