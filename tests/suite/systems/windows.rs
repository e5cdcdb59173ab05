//! Windows, 3.11 and later.

use venv_doctor::internals::host::{Hive, MemoryHost, ProgramKind, RegistryKey};
use venv_doctor::internals::invocation::Launch;
use venv_doctor::internals::startup::Status;

use super::machine::{Machine, path, places, user_site, windows};

const BASE: &str = r"C:\Users\u\AppData\Local\Programs\Python\Python312";

#[test]
fn the_installer_of_python_org() {
    let resolution = windows("3.12.1", BASE).start();
    assert_eq!(resolution.outcome.status, Status::Starts);
    assert_eq!(
        places(&resolution),
        [format!(r"{BASE}\python.exe"), format!(r"{BASE}\python.exe"), BASE.into(), BASE.into()]
    );
    let expected = ["python312.zip", "DLLs", "Lib", "", r"Lib\site-packages"];
    let expected = expected.map(|name| if name.is_empty() { BASE.to_owned() } else { format!(r"{BASE}\{name}") });
    assert_eq!(path(&resolution), expected);
    assert_eq!(user_site(&resolution), r"C:\Users\u\AppData\Roaming\Python\Python312\site-packages");
    assert_eq!(resolution.messages, Vec::<String>::new());
}

#[test]
fn names_compare_without_case_and_both_separators_count() {
    let machine = windows("3.12.1", r"C:\Py").with(|host| {
        host.variable("PYTHONPATH", r"c:\PY\lib;C:/Extra/.")
            .file(r"C:\Py\Lib\site-packages\x.pth", "c:/extra\nC:\\other\n")
            .directory(r"C:\Extra")
            .directory(r"C:\Other")
    });
    let path = path(&machine.start());
    assert_eq!(
        path,
        [
            r"c:\PY\lib",
            r"C:\Extra",
            r"C:\Py\python312.zip",
            r"C:\Py\DLLs",
            r"C:\Py",
            r"C:\Py\Lib\site-packages",
            r"C:\other"
        ]
    );
}

#[test]
fn the_user_site_follows_the_kind_of_build() {
    let with = |host: MemoryHost| host.directory(r"C:\Users\u\AppData\Roaming\Python\Python313t\site-packages");
    let mut machine = windows("3.13.1", r"C:\Py").with(with);
    machine.interpreter.compiled.winver = Some("3.13t".into());
    machine.interpreter.compiled.abi_thread = Some("t".into());
    let resolution = machine.start();
    let user = r"C:\Users\u\AppData\Roaming\Python\Python313t\site-packages";
    assert_eq!(user_site(&resolution), user);
    // The zip file's name knows nothing of threads here, and the user site comes before the base's.
    assert_eq!(path(&resolution)[0], r"C:\Py\python313.zip");
    assert_eq!(path(&resolution)[4..], [user, r"C:\Py\Lib\site-packages"]);

    let mut narrow = windows("3.12.1", r"C:\Py32");
    narrow.interpreter.compiled.winver = Some("3.12-32".into());
    assert_eq!(user_site(&narrow.start()), r"C:\Users\u\AppData\Roaming\Python\Python312-32\site-packages");
    let poor = windows("3.12.1", r"C:\Py").with(|host| host.variable("APPDATA", ""));
    assert_eq!(user_site(&poor.start()), r"C:\Users\u\Python\Python312\site-packages");
}

#[test]
fn a_debug_build_has_names_of_its_own() {
    let mut machine = windows("3.12.1", r"C:\Py")
        .with(|host| host.executable(r"C:\Py\python_d.exe").file(r"C:\Py\python312_d.dll", "library"))
        .typed(r"C:\Py\python_d.exe");
    machine.interpreter.library = Some(r"C:\Py\python312_d.dll".into());
    assert_eq!(path(&machine.start())[0], r"C:\Py\python312_d.zip");
}

#[test]
fn the_embeddable_package_is_ruled_by_its_file() {
    let machine = windows("3.12.1", r"C:\embed").with(|host| {
        host.file(
            r"C:\embed\python312._pth",
            "python312.zip\r\n.\r\nLib\r\n\r\n# Uncomment to run site.main()\r\n#import site\r\n",
        )
        .variable("PYTHONPATH", r"C:\ignored")
        .variable("PYTHONHOME", r"C:\ignored")
    });
    let resolution = machine.start();
    assert_eq!(path(&resolution), [r"C:\embed\python312.zip", r"C:\embed", r"C:\embed\Lib"]);
    assert!(!resolution.site.as_ref().unwrap().enabled);
    assert_eq!(places(&resolution)[2], r"C:\embed");
    let first = resolution.sys.unwrap().path.first().unwrap().value.clone();
    assert_eq!(first, r"C:\embed\python312.zip", "isolated: the launch adds nothing");
}

#[test]
fn the_registry_adds_to_the_path() {
    let key = |value: Option<&str>, subkeys: &[&str]| RegistryKey {
        value: value.map(Into::into),
        subkeys: subkeys.iter().map(|&subkey| subkey.into()).collect(),
    };
    let machine = windows("3.12.1", r"C:\Py").with(|host| {
        host.registry(Hive::LocalMachine, key(Some(r"C:\core"), &[r"C:\a;C:\b"]))
            .registry(Hive::CurrentUser, key(None, &[r"C:\u"]))
    });
    let own = [r"C:\u", r"C:\a", r"C:\b"];
    assert_eq!(path(&machine.start())[1..4], own);
    let isolated = machine.start_as(|invocation| invocation.flags.ignore_environment = true);
    assert!(!path(&isolated).iter().any(|entry| own.contains(&entry.as_str())));
}

#[test]
fn modules_have_the_suffixes_of_windows() {
    let machine = windows("3.12.1", r"C:\Py").with(|host| {
        host.file(r"C:\Py\Lib\site-packages\sitecustomize.CP312-win_amd64.PYD", "x")
            .file(r"C:\Py\Lib\site-packages\usercustomize.pyw", "")
            .file(r"C:\Py\SITECUSTOMIZE.py", "")
    });
    let resolution = machine.start();
    let customize = resolution.site.unwrap().customize;
    let found = customize.sitecustomize.unwrap();
    assert_eq!(found, r"C:\Py\Lib\site-packages\sitecustomize.CP312-win_amd64.PYD");
    assert_eq!(customize.usercustomize.unwrap(), r"C:\Py\Lib\site-packages\usercustomize.pyw");
}

#[test]
fn a_script_puts_its_dir_first() {
    let machine = windows("3.12.1", r"C:\Py");
    let first = |script: &str| {
        let resolution = machine.start_as(|invocation| invocation.launch = Launch::Script(script.into()));
        resolution.sys.unwrap().path[0].value.to_string()
    };
    assert_eq!(first(r"src\..\x.py"), r"C:\work");
    assert_eq!(first("D:/tools/x.py"), r"D:\tools");
    assert_eq!(first(r"C:\x.py"), r"C:\");
}

#[test]
fn a_linked_interpreter_is_resolved_from_3_13_on() {
    let linked = |version| {
        windows(version, r"C:\Py")
            .with(|host| {
                host.symlink(r"C:\v\Scripts\python.exe", r"C:\Py\python.exe")
                    .file(r"C:\v\pyvenv.cfg", "home = C:\\gone\ninclude-system-site-packages = false\n")
                    .directory(r"C:\v\Lib\site-packages")
            })
            .typed(r"C:\v\Scripts\python.exe")
    };
    let base_executable = |version| {
        let mut machine = linked(version);
        machine.interpreter.real_executable = Some(r"C:\v\Scripts\python.exe".into());
        places(&machine.start())[1].clone()
    };
    assert_eq!(base_executable("3.12.1"), r"C:\gone\python.exe");
    assert_eq!(base_executable("3.13.0"), r"C:\Py\python.exe");
}

/// The Store's package, started by its alias.
fn store(version: &str) -> (Machine, String, &'static str) {
    let minor = version.split('.').nth(1).unwrap();
    let package = format!(
        r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.{minor}_3.{minor}.496.0_x64__qbz5n2kfra8p0"
    );
    let mut machine = windows(version, &package)
        .with(|host| host.executable(r"C:\Users\u\AppData\Local\Microsoft\WindowsApps\python.exe"))
        .typed(r"C:\Users\u\AppData\Local\Microsoft\WindowsApps\python.exe");
    machine.interpreter.real_executable = Some(format!(r"{package}\python.exe").into());
    (machine, package, r"C:\Users\u\AppData\Local")
}

#[test]
fn the_store_fills_in_what_python_would_search() {
    for version in ["3.12.1", "3.10.11"] {
        let minor = version.split('.').nth(1).unwrap();
        let (machine, package, local) = store(version);
        let family = format!("PythonSoftwareFoundation.Python.3.{minor}_qbz5n2kfra8p0");
        let alias = format!(r"{local}\Microsoft\WindowsApps\{family}\python.exe");
        let resolution = machine.start();
        assert_eq!(places(&resolution), [alias.clone(), alias, package.clone(), package.clone()], "{version}");
        assert_eq!(
            user_site(&resolution),
            format!(r"{local}\Packages\{family}\LocalCache\local-packages\Python3{minor}\site-packages")
        );
        assert!(path(&resolution).contains(&format!(r"{package}\DLLs")));
    }
}

#[test]
fn an_environment_of_the_store() {
    let (machine, package, local) = store("3.12.1");
    let family = "PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0";
    let machine = machine
        .with(|host| {
            let home = format!(r"{local}\Microsoft\WindowsApps\{family}");
            host.executable(format!(r"{home}\python.exe"))
                .executable(r"C:\v\Scripts\python.exe")
                .program(r"C:\v\Scripts\python.exe", ProgramKind::VenvLauncher)
                .file(r"C:\v\pyvenv.cfg", format!("home = {home}\n"))
        })
        .typed(r"C:\v\Scripts\python.exe");
    let resolution = machine.start();
    let alias = format!(r"{local}\Microsoft\WindowsApps\{family}\python.exe");
    assert_eq!(places(&resolution), [r"C:\v\Scripts\python.exe", alias.as_str(), r"C:\v", package.as_str()]);
}
