use bstr::{BStr, ByteSlice};

use super::super::{FileKind, Host, HostError, MemoryHost, Platform};
use super::OverlayHost;

fn linux() -> MemoryHost {
    MemoryHost::new(Platform::Linux)
        .file("/usr/lib/os.py", "os")
        .executable("/usr/bin/python3")
        .symlink("/lib", "usr/lib")
        .symlink("/w/python", "/usr/bin/python3")
}

fn names(host: &OverlayHost<'_>, path: &str) -> Vec<String> {
    let mut names: Vec<String> = host.list_dir(path.into()).unwrap().iter().map(ToString::to_string).collect();
    names.sort();
    names
}

fn read(host: &OverlayHost<'_>, path: &str) -> Result<String, HostError> {
    host.read(path.into(), 100).map(|content| content.to_str_lossy().into_owned())
}

fn real_path(host: &OverlayHost<'_>, path: &str) -> Result<String, HostError> {
    host.real_path(path.into()).map(|path| path.to_string())
}

#[test]
fn what_is_added_lies_behind_every_link_to_its_dir() {
    let base = linux();
    let mut host = OverlayHost::new(&base);
    host.add_file("/lib/site/x.pth".into(), "x").unwrap();
    for path in ["/lib/site/x.pth", "/usr/lib/site/x.pth", "/usr/lib/site/../site//x.pth", "/lib/../lib/site/x.pth"] {
        assert_eq!(read(&host, path), Ok("x".into()), "{path}");
        assert_eq!(real_path(&host, path), Ok("/usr/lib/site/x.pth".into()), "{path}");
    }
    assert_eq!(names(&host, "/lib"), ["os.py", "site"]);
    assert_eq!(names(&host, "/usr/lib/site/"), ["x.pth"]);
    assert_eq!(read(&host, "/lib/site/../os.py"), Ok("os".into()));
    assert_eq!(read(&host, "/lib/site/x.pth/"), Err(HostError::NotADirectory));
    assert_eq!(read(&host, "/lib/site"), Err(HostError::IsADirectory));
    assert_eq!(host.list_dir("/lib/site/x.pth".into()), Err(HostError::NotADirectory));
    assert_eq!(host.read("/lib/site/x.pth".into(), 0), Err(HostError::TooLarge { limit: 0 }));
    assert_eq!(host.open("/lib/site/x.pth".into()).unwrap().read_at(0, 1), Ok(b"x".to_vec()));
}

#[test]
fn a_removed_link_leaves_its_target() {
    let base = linux();
    let mut host = OverlayHost::new(&base);
    assert_eq!(host.remove("/lib/".into()), Ok(true));
    assert_eq!(read(&host, "/lib/os.py"), Err(HostError::NotFound));
    assert_eq!(host.link_metadata("/lib".into()), Err(HostError::NotFound));
    assert_eq!(read(&host, "/usr/lib/os.py"), Ok("os".into()));
    assert_eq!(names(&host, "/"), ["usr", "w"]);
    assert_eq!(host.remove("/lib".into()), Ok(false));
}

#[test]
fn what_lies_below_a_removed_dir_is_gone_and_may_come_back() {
    let base = linux();
    let mut host = OverlayHost::new(&base);
    assert_eq!(host.remove("/usr".into()), Ok(true));
    assert_eq!(read(&host, "/lib/os.py"), Err(HostError::NotFound));
    assert_eq!(host.metadata("/w/python".into()), Err(HostError::NotFound));
    assert_eq!(host.read_link("/w/python".into()), Ok("/usr/bin/python3".into()));
    // Through the dangling symlink, where the operating system would create it.
    host.add_file("/lib/new.py".into(), "new").unwrap();
    assert_eq!(names(&host, "/usr"), ["lib"]);
    assert_eq!(names(&host, "/lib"), ["new.py"]);
    assert_eq!(read(&host, "/usr/lib/os.py"), Err(HostError::NotFound));
    assert_eq!(host.remove("/usr/lib".into()), Ok(true));
    assert_eq!(names(&host, "/usr"), Vec::<String>::new());
}

#[test]
fn a_file_takes_the_place_of_links_dirs_and_files() {
    let base = linux().hidden("/usr/lib/os.py");
    let mut host = OverlayHost::new(&base);
    host.add_file("/lib".into(), "file").unwrap();
    host.add_file("/usr/bin".into(), "file").unwrap();
    assert_eq!(host.read_link("/lib".into()), Err(HostError::NotALink));
    assert_eq!(host.metadata("/usr/bin/python3".into()), Err(HostError::NotADirectory));
    host.add_file("/usr/bin/python3".into(), "").unwrap();
    assert!(!host.may_execute("/usr/bin/python3".into()));
    host.add_file("/usr/lib/os.py".into(), "longer").unwrap();
    let metadata = host.metadata("/usr/lib/os.py".into()).unwrap();
    assert_eq!((metadata.kind, metadata.executable, metadata.len, metadata.hidden), (FileKind::File, false, 6, true));
}

#[test]
fn a_replaced_program_can_still_be_executed() {
    let base = linux();
    let mut host = OverlayHost::new(&base);
    host.add_file("/usr/bin/python3".into(), "#!/bin/sh\n").unwrap();
    host.add_file("/usr/bin/python3".into(), "#!/bin/bash\n").unwrap();
    assert!(host.may_execute("/w/python".into()));
    assert_ne!(
        host.metadata("/w/python".into()).unwrap().identity,
        base.metadata("/w/python".into()).unwrap().identity
    );
}

#[test]
fn what_cannot_be_is_refused() {
    let base = linux().symlink("/loop", "loop");
    let mut host = OverlayHost::new(&base);
    let cases: [(&str, HostError); 5] = [
        ("/", HostError::IsADirectory),
        ("/usr/..", HostError::IsADirectory),
        ("usr/x", HostError::NotFound),
        ("/loop/x", HostError::SymlinkLoop),
        ("/x\0", HostError::InvalidPath),
    ];
    for (path, error) in cases {
        assert_eq!(host.add_file(BStr::new(path), ""), Err(error), "{path}");
    }
    assert_eq!(host.remove("//".into()), Err(HostError::IsADirectory));
    assert_eq!(host.remove("/usr/..".into()), Err(HostError::IsADirectory));
}

#[test]
fn names_compare_without_case_on_windows() {
    let base = MemoryHost::new(Platform::Windows).file(r"C:\Venv\Lib\old.pth", "old").file(r"C:\Venv\pyvenv.cfg", "");
    let mut host = OverlayHost::new(&base);
    host.add_file(r"c:/venv/lib/New.pth".into(), "new").unwrap();
    host.remove(r"\\?\C:\VENV\PYVENV.CFG".into()).unwrap();
    host.add_file(r"D:\x\y".into(), "y").unwrap();
    assert_eq!(names(&host, r"C:\VENV\LIB"), ["New.pth", "old.pth"]);
    assert_eq!(names(&host, r"C:\venv\."), ["Lib"]);
    assert_eq!(real_path(&host, r"c:\venv\lib\NEW.PTH"), Ok(r"C:\Venv\Lib\New.pth".into()));
    assert_eq!(read(&host, r"d:\X\y"), Ok("y".into()));
    assert_eq!(host.metadata(r"C:\Venv\pyvenv.cfg".into()), Err(HostError::NotFound));
    assert_eq!(read(&host, r"C:\Venv\lib\..\Lib\OLD.pth"), Ok("old".into()));
}
