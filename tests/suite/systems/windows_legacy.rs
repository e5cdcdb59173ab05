//! Windows, 3.6 to 3.10: `PC/getpathp.c`.

use venv_doctor::internals::host::{Hive, RegistryKey};
use venv_doctor::internals::startup::{Origin, Status};

use super::machine::{Machine, path, places, user_site, windows};

fn key(value: Option<&str>, subkeys: &[&str]) -> RegistryKey {
    RegistryKey { value: value.map(Into::into), subkeys: subkeys.iter().map(|&subkey| subkey.into()).collect() }
}

#[test]
fn the_installer_of_python_org() {
    for version in ["3.6.8", "3.8.10", "3.10.11"] {
        let minor = version.split('.').nth(1).unwrap();
        let resolution = windows(version, r"C:\Python").start();
        assert_eq!(resolution.outcome.status, Status::Starts);
        let base_executable = if version == "3.6.8" { "" } else { r"C:\Python\python.exe" };
        assert_eq!(places(&resolution), [r"C:\Python\python.exe", base_executable, r"C:\Python", r"C:\Python"]);
        let zip = format!(r"C:\Python\python3{minor}.zip");
        assert_eq!(
            path(&resolution),
            [&zip, r"C:\Python\DLLs", r"C:\Python\lib", r"C:\Python", r"C:\Python\lib\site-packages"]
        );
        assert_eq!(user_site(&resolution), format!(r"C:\Users\u\AppData\Roaming\Python\Python3{minor}\site-packages"));
    }
}

#[test]
fn the_name_that_was_typed_does_not_count() {
    let mut machine = windows("3.9.13", r"C:\Python").typed("nonsense");
    machine.interpreter.real_executable = Some(r"C:\Python\.\python.exe".into());
    assert_eq!(places(&machine.start())[0], r"C:\Python\python.exe");
    machine.interpreter.version = Some("3.6.4".parse().unwrap());
    assert_eq!(places(&machine.start())[0], r"C:\Python\.\python.exe");
}

#[test]
fn pyvenv_cfg_beside_the_executable_comes_first() {
    let machine = windows("3.9.13", r"C:\Python")
        .with(|host| {
            host.executable(r"C:\v\Scripts\python.exe")
                .file(r"C:\v\Scripts\pyvenv.cfg", "home = C:/Python\r\n")
                .file(r"C:\v\pyvenv.cfg", "home = C:\\other\r\n")
        })
        .typed(r"C:\v\Scripts\python.exe");
    // The prefix is what home says, slash and all, and only site sees the environment.
    let resolution = machine.start_as(|invocation| invocation.flags.no_site = true);
    assert_eq!(places(&resolution)[2], "C:/Python");
    assert_eq!(path(&resolution)[1..], [r"C:/Python\DLLs", r"C:/Python\lib", "C:/Python"]);
}

#[test]
fn a_zip_file_beside_the_library_is_a_landmark() {
    let machine = windows("3.9.13", r"C:\Python").with(|host| host.file(r"C:\Python\python39.zip", ""));
    let resolution = machine.start();
    let rules: Vec<_> = resolution.steps.iter().map(|step| step.id.name()).collect();
    assert!(!rules.contains(&"getpath.prefix.search"), "{rules:?}");
    assert_eq!(places(&resolution)[3], r"C:\Python");
}

#[test]
fn the_registry_helps_where_no_home_is_known() {
    let lost = |version: &str| {
        let mut machine = windows(version, r"C:\Python").with(|host| {
            host.executable(r"C:\app\host.exe")
                .file(r"C:\app\python39.dll", "library")
                .registry(Hive::LocalMachine, key(Some(r"C:\Python\Lib;C:\Python\DLLs"), &[r"C:\win32"]))
                .registry(Hive::CurrentUser, key(None, &[r"C:\lost"]))
        });
        machine = machine.typed(r"C:\app\host.exe");
        machine.interpreter.library = Some(r"C:\app\python39.dll".into());
        machine
    };
    let resolution = lost("3.9.13").start_as(|invocation| invocation.flags.no_site = true);
    // The user's key has no value of its own, and so loses its subkeys too.
    assert_eq!(
        path(&resolution),
        [r"C:\app\python39.zip", r"C:\win32", r"C:\Python\Lib", r"C:\Python\DLLs", r"C:\app"]
    );
    // The prefix is found above the entries, the last first.
    assert_eq!(places(&resolution)[2], r"C:\Python");

    let without = |machine: &Machine| {
        let resolution = machine.start_as(|invocation| {
            invocation.flags.ignore_environment = true;
            invocation.flags.no_site = true;
        });
        resolution.sys.unwrap().path.iter().any(|entry| entry.origin == Origin::Registry)
    };
    assert!(!without(&lost("3.9.13")));
    assert!(without(&lost("3.8.10")), "up to 3.8 no flag keeps the registry out");
}

#[test]
fn without_anything_the_path_is_relative() {
    let mut machine = windows("3.9.13", r"C:\Python").with(|host| host.executable(r"C:\app\host.exe"));
    machine = machine.typed(r"C:\app\host.exe");
    machine.interpreter.library = Some(r"C:\app\python39.dll".into());
    let resolution = machine.start_as(|invocation| invocation.flags.no_site = true);
    assert_eq!(resolution.outcome.status, Status::FailsToInitialize);
    assert_eq!(path(&resolution), [r"C:\app\python39.zip", r".\DLLs", r".\lib", r"C:\app"]);
    assert_eq!(places(&resolution)[2], "");
}

#[test]
fn the_embeddable_package_is_ruled_by_its_file() {
    let embedded = |version: &str, text: &str| {
        let minor = version.split('.').nth(1).unwrap();
        windows(version, r"C:\embed").with(|host| host.file(format!(r"C:\embed\python3{minor}._pth"), text.as_bytes()))
    };
    let resolution = embedded("3.8.10", "python38.zip\r\nLib\r\n\r\n# note\r\n").start();
    assert_eq!(path(&resolution), [r"C:\embed\python38.zip", r"C:\embed\Lib"]);
    assert!(!resolution.site.as_ref().unwrap().enabled);
    assert_eq!(places(&resolution)[2], r"C:\embed");

    let resolution = embedded("3.8.10", "Lib\nimport site\n").start();
    assert_eq!(path(&resolution)[0], r"C:\embed\Lib");
    assert!(resolution.site.as_ref().unwrap().enabled);

    let resolution = embedded("3.8.10", "import os\n").start();
    assert_eq!(resolution.outcome.status, Status::FailsToInitialize);
    assert_eq!(
        resolution.messages,
        ["Fatal Python error: read_pth_file: only 'import site' is supported in ._pth file"]
    );

    // Only 3.8.4 looks past the file that is named like the library.
    let resolution = embedded("3.8.4", "Lib\n").start();
    assert!(resolution.site.as_ref().unwrap().enabled);
}
