use bstr::{BStr, BString, ByteSlice};

use super::super::{FileKind, Host, HostError, Platform};
use super::MemoryHost;

fn linux() -> MemoryHost {
    MemoryHost::new(Platform::Linux)
}

fn windows() -> MemoryHost {
    MemoryHost::new(Platform::Windows)
}

fn kind(host: &MemoryHost, path: &str) -> Result<FileKind, HostError> {
    host.metadata(BStr::new(path)).map(|metadata| metadata.kind)
}

fn real_path(host: &MemoryHost, path: &str) -> Result<String, HostError> {
    host.real_path(BStr::new(path)).map(|path| path.to_string())
}

fn names(host: &MemoryHost, path: &str) -> Result<Vec<String>, HostError> {
    host.list_dir(BStr::new(path)).map(|names| names.iter().map(ToString::to_string).collect())
}

fn read(host: &MemoryHost, path: &str) -> Result<String, HostError> {
    host.read(BStr::new(path), 100).map(|content| content.to_str_lossy().into_owned())
}

#[test]
fn parents_exist_and_nothing_else_does() {
    let host = linux().file("/usr/lib/os.py", "");
    assert_eq!(kind(&host, "/"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, "/usr/lib"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, "/usr/lib/os.py"), Ok(FileKind::File));
    assert_eq!(kind(&host, "/usr/lib/site.py"), Err(HostError::NotFound));
    assert_eq!(kind(&host, "/usr/lib/os.py/x"), Err(HostError::NotADirectory));
    assert_eq!(kind(&host, "/usr/lib/os.py/"), Err(HostError::NotADirectory));
    assert_eq!(kind(&host, "/usr//./lib/../lib/os.py"), Ok(FileKind::File));
    assert_eq!(kind(&host, "/gone/../usr"), Err(HostError::NotFound));
    assert_eq!(kind(&host, "/../usr/"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, "usr"), Err(HostError::NotFound));
    assert_eq!(kind(&host, ""), Err(HostError::NotFound));
    assert_eq!(kind(&host, "/usr\0"), Err(HostError::InvalidPath));
    assert_eq!(names(&host, "/usr"), Ok(vec!["lib".into()]));
}

#[test]
fn parents_of_links_are_left_where_the_kernel_leaves_them() {
    let host = linux().symlink("/v/bin", "/usr/local/bin").file("/usr/local/bin/python", "").file("/usr/local/x", "");
    assert_eq!(real_path(&host, "/v/bin/../x"), Ok("/usr/local/x".into()));
    assert_eq!(real_path(&host, "/v/bin/python"), Ok("/usr/local/bin/python".into()));
    assert_eq!(host.read_link("/v/bin".into()), Ok("/usr/local/bin".into()));
    assert_eq!(host.read_link("/v/bin/".into()), Err(HostError::NotALink));
    assert_eq!(host.link_metadata("/v/bin".into()).map(|link| link.kind), Ok(FileKind::Symlink));
    assert_eq!(host.link_metadata("/v/bin/".into()).map(|link| link.kind), Ok(FileKind::Directory));
    let same =
        |a: &str, b: &str| host.metadata(a.into()).unwrap().identity == host.metadata(b.into()).unwrap().identity;
    assert!(same("/v/bin/python", "/usr/local/bin/python") && !same("/usr/local/x", "/usr/local/bin/python"));
}

#[test]
fn links_dangle_and_go_round() {
    let host = linux().symlink("/gone", "nowhere").symlink("/a", "b").symlink("/b", "/a").symlink("/self", "self/x");
    assert_eq!(kind(&host, "/gone"), Err(HostError::NotFound));
    assert_eq!(kind(&host, "/a"), Err(HostError::SymlinkLoop));
    assert_eq!(kind(&host, "/a/x"), Err(HostError::SymlinkLoop));
    assert_eq!(kind(&host, "/self"), Err(HostError::SymlinkLoop));
    assert_eq!(host.read_link("/b".into()), Ok("/a".into()));
}

#[test]
fn forty_links_are_followed_and_no_more() {
    let link = |host: MemoryHost, n: usize| host.symlink(format!("/{n}"), (n - 1).to_string());
    let host = (1..=41).fold(linux().file("/0", ""), link);
    assert_eq!(kind(&host, "/40"), Ok(FileKind::File));
    assert_eq!(kind(&host, "/41"), Err(HostError::SymlinkLoop));
}

#[test]
fn what_is_told_of_below_a_link_is_found_behind_it() {
    for host in [
        linux().symlink("/v/lib64", "lib").file("/v/lib64/x.pth", "x"),
        linux().file("/v/lib64/x.pth", "x").symlink("/v/lib64", "lib"),
    ] {
        assert_eq!(read(&host, "/v/lib/x.pth"), Ok("x".into()));
        assert_eq!(read(&host, "/v/lib64/x.pth"), Ok("x".into()));
        assert_eq!(real_path(&host, "/v/lib64/x.pth"), Ok("/v/lib/x.pth".into()));
        assert_eq!(names(&host, "/v"), Ok(vec!["lib64".into(), "lib".into()]));
    }
}

#[test]
fn contradictions_end_in_something_that_can_exist() {
    let host = linux().file("/a/b", "x").file("/a", "y").file("/c", "x").file("/c/d", "y");
    assert_eq!(kind(&host, "/a"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, "/c"), Ok(FileKind::Directory));
    let host = linux().symlink("/a", "/a").file("/a/b", "x").file("relative", "x");
    assert_eq!(kind(&host, "/a/b"), Err(HostError::SymlinkLoop));
    assert_eq!(names(&host, "/"), Ok(vec!["a".into()]));
}

#[test]
fn contents_are_known_bounded_or_refused() {
    let host = linux().file("/f", "text").executable("/f").executable("/x").unknown_content("/u");
    let host = host.special("/pipe", FileKind::Fifo).special("/dev/null", FileKind::Null);
    assert_eq!(read(&host, "/f"), Ok("text".into()));
    assert_eq!(host.read("/f".into(), 3), Err(HostError::TooLarge { limit: 3 }));
    assert_eq!(read(&host, "/x"), Err(HostError::Unanswered));
    assert_eq!(read(&host, "/u"), Err(HostError::Unanswered));
    assert_eq!(read(&host, "/"), Err(HostError::IsADirectory));
    assert_eq!(read(&host, "/pipe"), Err(HostError::WouldBlock(FileKind::Fifo)));
    assert_eq!(read(&host, "/dev/null"), Ok(String::new()));
    assert!(host.may_execute("/f".into()) && host.may_execute("/x".into()) && !host.may_execute("/u".into()));
    let file = host.open("/f".into()).unwrap();
    assert_eq!((file.size(), file.read_at(1, 2)), (4, Ok(b"ex".to_vec())));
    assert_eq!(file.read_at(3, 2), Err(HostError::Truncated));
}

#[test]
fn an_error_hits_contents_and_never_existence() {
    let host = linux().file("/w/f", "text").symlink("/l", "w").error("/l", HostError::PermissionDenied);
    let host = host.error("/w/f", HostError::PermissionDenied).error("/w", HostError::Io { code: None });
    assert_eq!(kind(&host, "/w/f"), Ok(FileKind::File));
    assert_eq!(read(&host, "/w/f"), Err(HostError::PermissionDenied));
    assert_eq!(names(&host, "/w"), Err(HostError::Io { code: None }));
    assert_eq!(host.read_link("/l".into()), Err(HostError::PermissionDenied));
    assert_eq!(real_path(&host, "/l/f"), Ok("/w/f".into()));
    // What is said of the file later does not take its error away.
    assert_eq!(read(&host.file("/w/f", "new"), "/l/f"), Err(HostError::PermissionDenied));
}

#[test]
fn names_on_windows_compare_without_case() {
    let host = windows().executable(r"C:\Python\python.exe").file("c:/python/Lib/os.py", "");
    assert_eq!(kind(&host, "c:/PYTHON/lib/OS.PY"), Ok(FileKind::File));
    assert_eq!(kind(&host, r"C:\python\gone\..\lib"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, r"\\?\C:\Python\"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, r"C:\"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, r"D:\"), Err(HostError::NotFound));
    assert_eq!(kind(&host, r"C:\Python\python.exe\x"), Err(HostError::NotFound));
    assert_eq!(kind(&host, r"C:\Python\python.exe\"), Err(HostError::NotFound));
    assert_eq!(kind(&host, r"C:\Python\python.exe\."), Ok(FileKind::File));
    assert_eq!(kind(&host, r"\Python"), Err(HostError::NotFound));
    assert_eq!(real_path(&host, "C:/PYTHON/LIB"), Ok(r"C:\Python\Lib".into()));
    assert_eq!(real_path(&host, r"\\.\C:\PYTHON\lib"), Ok(r"C:\Python\Lib".into()));
    assert_eq!(real_path(&host, "c:/"), Ok(r"C:\".into()));
    assert_eq!(names(&host, r"C:\Python"), Ok(vec!["python.exe".into(), "Lib".into()]));
}

#[test]
fn links_on_windows_lead_to_drives_and_shares() {
    let host = windows().file(r"\\Server\Share\Lib\os.py", "").symlink(r"C:\v\Lib", r"\\server\share\LIB");
    let host = host.symlink(r"C:\v\up", r"..\w").file(r"C:\w\x", "").symlink(r"C:\v\root", r"\w");
    assert_eq!(real_path(&host, "C:/V/lib/os.py"), Ok(r"\\Server\Share\Lib\os.py".into()));
    assert_eq!(real_path(&host, "C:/v/UP/x"), Ok(r"C:\w\x".into()));
    assert_eq!(real_path(&host, "C:/v/root/x"), Ok(r"C:\w\x".into()));
}

#[test]
fn names_need_not_be_text() {
    let path: &[u8] = b"/w/\xff\xfe/x";
    let host = linux().file(path, "text");
    assert_eq!(host.read(BStr::new(path), 10), Ok(b"text".to_vec()));
    assert_eq!(host.list_dir("/w".into()), Ok(vec![BString::from(&b"\xff\xfe"[..])]));
}

#[test]
fn the_process_is_what_it_was_told_to_be() {
    let told = linux().variable("HOME", "/home/u").cwd("/w").account_home("/home/v");
    let (host, silent): (&dyn Host, &dyn Host) = (&told, &linux());
    assert_eq!(host.variable("HOME"), Some("/home/u".into()));
    assert_eq!(host.variable("home"), None);
    assert_eq!((host.current_dir(), silent.current_dir()), (Ok("/w".into()), Err(HostError::NotFound)));
    assert_eq!(host.account_home(), Some("/home/v".into()));
    assert_eq!((host.process().uid, host.machine()), (1000, None));
    let host: &dyn Host = &windows().variable("Path", "x");
    assert_eq!(host.variable("PATH"), Some("x".into()));
}

#[test]
fn nothing_below_a_closed_directory_can_be_asked_about() {
    let host = MemoryHost::new(Platform::Linux)
        .closed_directory("/closed")
        .file("/closed/inner/file", "")
        .symlink("/way", "closed/inner")
        .file("/open/file", "");
    for path in ["/closed/inner", "/closed/inner/file", "/closed/none", "/way/file", "/way", "/closed/..", "/closed/."]
    {
        assert_eq!(kind(&host, path), Err(HostError::PermissionDenied), "{path}");
    }
    assert_eq!(kind(&host, "/closed"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, "/closed/"), Ok(FileKind::Directory));
    assert_eq!(kind(&host, "/open/file"), Ok(FileKind::File));
}
