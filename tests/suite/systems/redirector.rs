//! Environments on Windows: `Scripts\python.exe` is a redirector.

use venv_doctor::internals::host::ProgramKind;
use venv_doctor::internals::startup::{Resolution, Status};

use super::machine::{Machine, home, path, places, windows};

const BASE: &str = r"C:\Program Files\Python";
const CFG: &str = "home = C:\\Program Files\\Python\r\ninclude-system-site-packages = false\r\nversion = 3\r\n";

/// An environment that `venv` made, started as it usually is.
fn environment(version: &str, cfg: &str) -> Machine {
    windows(version, BASE)
        .with(|host| {
            host.executable(r"C:\work\.venv\Scripts\python.exe")
                .program(r"C:\work\.venv\Scripts\python.exe", ProgramKind::VenvLauncher)
                .file(r"C:\work\.venv\pyvenv.cfg", cfg)
                .directory(r"C:\work\.venv\Lib\site-packages")
        })
        .typed(r".venv\Scripts\python")
}

#[test]
fn the_interpreter_of_home_starts_under_the_redirectors_name() {
    for version in ["3.15.0", "3.14.2", "3.13.1", "3.12.1", "3.11.4", "3.10.5", "3.9.1", "3.8.2", "3.7.4"] {
        let resolution = environment(version, CFG).start();
        assert_eq!(resolution.outcome.status, Status::Starts, "{version}: {:?}", resolution.outcome);
        let expected =
            [r"C:\work\.venv\Scripts\python.exe", r"C:\Program Files\Python\python.exe", r"C:\work\.venv", BASE];
        assert_eq!(places(&resolution), expected, "{version}");
        assert_eq!(home(&resolution).as_deref(), Some(BASE), "{version}");
        let entries = path(&resolution);
        // Up to 3.10 the directory is spelled in lower case.
        let last = entries.last().unwrap().to_lowercase();
        assert_eq!(last, r"c:\work\.venv\lib\site-packages", "{version}");
        assert!(!entries.contains(&format!(r"{BASE}\Lib\site-packages")), "{version}: {entries:?}");
        let rules: Vec<_> = resolution.steps.iter().map(|step| step.id.name()).collect();
        assert!(rules.contains(&"redirector.start"), "{version}: {rules:?}");
    }
}

#[test]
fn the_environment_sees_the_base_where_it_should() {
    let resolution =
        environment("3.12.1", "home = C:\\Program Files\\Python\ninclude-system-site-packages = TRUE\n").start();
    assert!(path(&resolution).contains(&format!(r"{BASE}\Lib\site-packages")));
}

/// How the redirector ends: the reason and what it prints.
fn failure(resolution: &Resolution) -> (String, Vec<String>) {
    assert_eq!(resolution.outcome.status, Status::FailsToExecute);
    assert!(resolution.sys.is_none());
    let reason = resolution.outcome.reason.as_ref().unwrap().to_string();
    (reason, resolution.messages.iter().map(ToString::to_string).collect())
}

#[test]
fn its_own_failures_have_codes_and_messages() {
    const CFG_PATH: &str = r"C:\work\.venv\pyvenv.cfg";
    let gone = "home = C:\\gone\n";
    let missing = |version: &str| {
        windows(version, BASE)
            .with(|host| {
                host.executable(r"C:\work\Scripts\python.exe")
                    .program(r"C:\work\Scripts\python.exe", ProgramKind::VenvLauncher)
            })
            .typed(r"Scripts\python.exe")
    };
    let cases = [
        (missing("3.12.1"), "106", "No pyvenv.cfg file".to_owned()),
        (
            missing("3.13.1"),
            "106",
            "failed to locate pyvenv.cfg: The system cannot find the file specified.".to_owned(),
        ),
        (environment("3.12.1", "Home = x\n"), "107", format!("Cannot find home in '{CFG_PATH}'")),
        (environment("3.13.1", "Home = x\n"), "107", format!("no home= specified in '{CFG_PATH}'")),
        (environment("3.9.1", gone), "103", r"No Python at 'C:\gone\python.exe'".to_owned()),
        (environment("3.12.1", gone), "103", r#"No Python at '"C:\gone\python.exe'"#.to_owned()),
        (
            environment("3.13.1", gone),
            "103",
            r"did not find executable at 'C:\gone\python.exe': The system cannot find the path specified.".to_owned(),
        ),
        (
            environment("3.13.1", "home = C:\\work\n"),
            "103",
            r"did not find executable at 'C:\work\python.exe': The system cannot find the file specified.".to_owned(),
        ),
    ];
    for (machine, code, message) in cases {
        let (reason, messages) = failure(&machine.start());
        assert!(reason.contains(&format!("exit code {code}")), "{reason}");
        assert_eq!(messages, [message]);
    }
}

#[test]
fn a_dir_in_place_of_the_interpreter_cannot_be_started() {
    let machine = environment("3.12.1", "home = C:\\odd\n").with(|host| host.directory(r"C:\odd\python.exe"));
    let (reason, _) = failure(&machine.start());
    assert!(reason.contains("exit code 101"), "{reason}");
}

#[test]
fn an_environment_of_an_environment_starts_two_redirectors() {
    let machine = environment("3.12.1", "home = C:\\outer\\Scripts\n").with(|host| {
        host.executable(r"C:\outer\Scripts\python.exe")
            .program(r"C:\outer\Scripts\python.exe", ProgramKind::VenvLauncher)
            .file(r"C:\outer\pyvenv.cfg", CFG)
    });
    // The second redirector replaces the variable of the first, so that the outer environment is what runs.
    assert_eq!(places(&machine.start())[..2], [r"C:\outer\Scripts\python.exe", r"C:\Program Files\Python\python.exe"]);
}

#[test]
fn a_redirector_that_leads_to_itself_never_starts_a_python() {
    let (reason, _) = failure(&environment("3.12.1", "home = C:\\work\\.venv\\Scripts\n").start());
    assert!(reason.contains("without end"), "{reason}");
}

#[test]
fn without_a_redirector_the_interpreter_was_copied() {
    let machine = windows("3.7.1", BASE)
        .with(|host| {
            host.executable(r"C:\v\Scripts\python.exe")
                .file(r"C:\v\Scripts\python37.dll", "library")
                .file(r"C:\v\pyvenv.cfg", CFG)
                .directory(r"C:\v\lib\site-packages")
        })
        .typed(r"C:\v\Scripts\python.exe");
    let mut machine = machine;
    machine.interpreter.library = Some(r"C:\v\Scripts\python37.dll".into());
    let resolution = machine.start();
    assert_eq!(places(&resolution), [r"C:\v\Scripts\python.exe", "", r"C:\v", BASE]);
    assert_eq!(
        path(&resolution),
        [
            r"C:\v\Scripts\python37.zip",
            r"C:\Program Files\Python\DLLs",
            r"C:\Program Files\Python\lib",
            r"C:\Program Files\Python",
            r"C:\v",
            r"C:\v\lib\site-packages"
        ]
    );
}
