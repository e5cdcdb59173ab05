//! Environments on machines that exist in memory only are examined like those on the disk.

use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use venv_doctor::internals::host::{Host, HostError, LiveHost, MemoryHost, Platform};
use venv_doctor::internals::scan::{self, Environment, Event, Exclude, Mark, Options, Progress, Size};
use venv_doctor::internals::startup::Status;

/// Scans a machine; the environments ordered by their directories, and the directories that could not be listed.
fn scan(host: &dyn Host, options: &Options) -> (Vec<Environment>, Vec<String>) {
    let (environments, unreadable) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    scan::scan(host, options, &Progress::default(), &|event| match event {
        Event::Environment(environment) => environments.lock().unwrap().push(*environment),
        Event::Unreadable(dir, error) => unreadable.lock().unwrap().push(format!("{dir}: {error}")),
    })
    .unwrap();
    let mut environments = environments.into_inner().unwrap();
    environments.sort_by(|one, other| one.root.cmp(&other.root));
    (environments, unreadable.into_inner().unwrap())
}

#[test]
fn age_size_and_state_come_from_the_machine() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let host = MemoryHost::new(Platform::Linux)
        .file("/w/dead/pyvenv.cfg", "home = /opt/python/bin\nversion = 3.11.4\n")
        .symlink("/w/dead/bin/python", "/opt/python/bin/python3.11")
        .modified("/w/dead/pyvenv.cfg", now - Duration::from_mins(10))
        .file("/w/no-time/pyvenv.cfg", "")
        .directory("/w/closed")
        .error("/w/closed", HostError::PermissionDenied)
        .cwd("/w")
        .now(now);
    for threads in [4, 1] {
        let mut options = Options::new(["/w"]);
        options.size = true;
        options.threads = Some(threads);
        let (environments, unreadable) = scan(&host, &options);
        let [dead, no_time] = environments.as_slice() else { panic!("{environments:?}") };
        assert_eq!((dead.root.to_string(), dead.python.to_string()), ("/w/dead".into(), "/w/dead/bin/python".into()));
        assert_eq!((dead.status, dead.base_exists), (Status::FailsToExecute, false));
        assert_eq!(dead.base, Some("/opt/python/bin/python3.11".into()));
        assert_eq!(dead.age, Some(Duration::from_mins(10)));
        assert_eq!(dead.size, Some(Size { bytes: 40 + 26, files: 2, reclaimable: 40 + 26 }));
        assert_eq!((no_time.root.to_string(), no_time.age), ("/w/no-time".into(), None));
        assert_eq!(unreadable, ["/w/closed: permission denied"]);
    }
}

/// Conda also installs programs that need no Python.
#[test]
fn an_environment_of_conda_without_python_is_not_broken() {
    let host = MemoryHost::new(Platform::Linux)
        .file("/w/r/conda-meta/r-base-4.3.1-0.json", "{}")
        .file("/w/r/conda-meta/python-dateutil-2.9.0-py39_0.json", "{}")
        .executable("/w/r/bin/R")
        .file("/w/lost/conda-meta/python-3.12.1-0.json", "{}")
        .cwd("/w");
    let (environments, _) = scan(&host, &Options::new(["/w"]));
    let [lost, r] = environments.as_slice() else { panic!("{environments:?}") };
    assert_eq!((r.status, r.is_healthy()), (Status::NotSimulated, true));
    assert_eq!((lost.status, lost.is_healthy()), (Status::FailsToExecute, false));
}

/// A `.venv` may be a file or a symlink, and is told as what it is, with what is true of the environment that it leads to.
#[test]
fn what_is_in_the_place_of_a_projects_environment_is_told() {
    let host = MemoryHost::new(Platform::Linux)
        .file("/envs/x/pyvenv.cfg", "home = /gone/bin\nversion = 3.12.1\n")
        .symlink("/envs/x/bin/python", "/gone/bin/python3.12")
        .file("/w/file/.venv", "/envs/x\n")
        .file("/w/relative/.venv", "../../envs/x")
        .symlink("/w/link/.venv", "../../envs/x")
        .file("/w/to-nothing/.venv", "/gone/env")
        .symlink("/w/link-to-nothing/.venv", "/gone/env")
        // No environment, and nothing that should be one.
        .file("/w/shell-plugin/.venv", "x\n")
        .file("/w/empty/.venv", "")
        .symlink("/w/link-to-dir/.venv", "/w/file")
        .cwd("/w");
    let expected = [
        ("/w/file/.venv", Mark::Redirect, "/envs/x", "3.12.1"),
        ("/w/link-to-nothing/.venv", Mark::Symlink, "/gone/env", "unknown"),
        ("/w/link/.venv", Mark::Symlink, "/envs/x", "3.12.1"),
        ("/w/relative/.venv", Mark::Redirect, "/envs/x", "3.12.1"),
        ("/w/to-nothing/.venv", Mark::Redirect, "/gone/env", "unknown"),
    ];
    for threads in [4, 1] {
        let mut options = Options::new(["/w"]);
        options.threads = Some(threads);
        let (environments, _) = scan(&host, &options);
        let told = environments.iter().map(|it| {
            let version = it.version.map_or("unknown".to_owned(), |version| version.to_string());
            assert_eq!((it.status, it.is_healthy()), (Status::FailsToExecute, false), "{}", it.root);
            (it.root.to_string(), it.mark, it.target.as_ref().map(ToString::to_string), version)
        });
        let wanted = expected
            .map(|(root, mark, target, version)| (root.to_owned(), mark, Some(target.to_owned()), version.to_owned()));
        assert_eq!(told.collect::<Vec<_>>(), wanted);
    }
}

#[test]
fn every_interpreter_of_an_installation_is_examined() {
    let host = MemoryHost::new(Platform::Linux)
        .executable("/w/local/bin/python3.11")
        .executable("/w/local/bin/python3.12")
        .executable("/w/local/bin/python3.12-config")
        .symlink("/w/local/bin/python3", "python3.11")
        .symlink("/w/local/bin/python3.10", "/gone")
        .executable("/w/only/bin/python3.12")
        .cwd("/w");
    let mut options = Options::new(["/w"]);
    options.interpreters = true;
    let mut pythons: Vec<_> = scan(&host, &options).0.into_iter().map(|it| it.python.to_string()).collect();
    pythons.sort();
    assert_eq!(pythons, ["/w/local/bin/python3", "/w/local/bin/python3.12", "/w/only/bin/python3.12"]);
}

#[test]
fn a_machine_without_a_clock_gives_no_ages() {
    let host = MemoryHost::new(Platform::Linux)
        .file("/w/.venv/pyvenv.cfg", "")
        .modified("/w/.venv/pyvenv.cfg", SystemTime::UNIX_EPOCH);
    assert_eq!(scan(&host, &Options::new(["/w"])).0[0].age, None);
}

#[test]
fn a_windows_machine_has_windows_paths() {
    let host = MemoryHost::new(Platform::Windows)
        .file(r"C:\w\.venv\pyvenv.cfg", "home = C:\\Python312\n")
        .executable(r"C:\w\.venv\Scripts\python.exe")
        .file(r"C:\w\half\pyvenv.cfg", "")
        .file(r"C:\w\skipped\pyvenv.cfg", "")
        .executable(r"C:\Python312\python.exe")
        .cwd(r"C:\w");
    for threads in [4, 1] {
        let mut options = Options::new([r"C:\"]);
        options.threads = Some(threads);
        options.exclude = Exclude::new(["**/skipped"]).unwrap();
        let (environments, _) = scan(&host, &options);
        let paths: Vec<(String, String)> =
            environments.iter().map(|it| (it.root.to_string(), it.python.to_string())).collect();
        let expected =
            [(r"C:\w\.venv", r"C:\w\.venv\Scripts\python.exe"), (r"C:\w\half", r"C:\w\half\Scripts\python.exe")];
        assert_eq!(paths, expected.map(|(root, python)| (root.to_owned(), python.to_owned())));
    }
}

#[test]
fn a_dir_that_does_not_exist_is_told_of() {
    for threads in [4, 1] {
        let mut options = Options::new(["/nowhere"]);
        options.threads = Some(threads);
        let (environments, unreadable) = scan(&MemoryHost::new(Platform::Linux), &options);
        assert!(environments.is_empty());
        assert_eq!(unreadable, ["/nowhere: does not exist"]);
    }
}

/// The facts of an environment outlive its interpreter, whether that was a symlink, a copy or has only a versioned name.
#[test]
fn dead_environments_keep_their_facts() {
    let host = MemoryHost::new(Platform::Linux)
        .file("/w/linked/pyvenv.cfg", "home = /gone/bin\nversion = 3.12.1\n")
        .symlink("/w/linked/bin/python", "/gone/bin/python3.12")
        .file("/w/named/pyvenv.cfg", "home = /gone/bin\n")
        .symlink("/w/named/bin/python3.9", "/gone/bin/python3.9")
        .symlink("/w/named/bin/python3.11", "/gone/bin/python3.11")
        .file("/w/none/pyvenv.cfg", "home = /gone/bin\n")
        .file("/w/none/lib/python3.9/site-packages/x.py", "")
        .cwd("/w");
    let (environments, _) = scan(&host, &Options::new(["/w"]));
    let told: Vec<_> = environments
        .iter()
        .map(|it| (it.root.to_string(), it.version.map(|it| it.to_string()), it.python.to_string(), it.is_healthy()))
        .collect();
    let expected = [
        ("/w/linked", "3.12.1", "/w/linked/bin/python"),
        ("/w/named", "3.11", "/w/named/bin/python3.11"),
        ("/w/none", "3.9", "/w/none/bin/python"),
    ];
    let expected = expected.map(|(root, version, python)| (root.into(), Some(version.into()), python.into(), false));
    assert_eq!(told, expected);
}

/// Where a name such as `/usr/bin/python3` leads to another minor version, that runs; what it was made for is still told.
#[test]
fn an_environment_whose_base_was_upgraded_says_what_it_was_made_for() {
    let output = Command::new("python3").args(["-I", "-c", "import sys; print(sys.executable)"]).output().unwrap();
    let python = String::from_utf8(output.stdout).unwrap();
    let dir = TempDir::new().unwrap();
    let root = dir.path().canonicalize().unwrap();
    for (name, key) in [("venv", "version = 3.2.1"), ("virtualenv", "version_info = 3.2.1.final.0")] {
        let env = root.join(name);
        std::fs::create_dir_all(env.join("bin")).unwrap();
        symlink(python.trim(), env.join("bin/python")).unwrap();
        std::fs::write(env.join("pyvenv.cfg"), format!("home = /usr/bin\n{key}\n")).unwrap();
    }
    let (environments, _) = scan(&LiveHost, &Options::new([root.to_str().unwrap()]));
    assert_eq!(environments.len(), 2);
    for environment in environments {
        assert_eq!(environment.made_for_another().map(|version| version.to_string()).as_deref(), Some("3.2.1"));
    }
}
