use bstr::{BStr, ByteSlice};

use super::RootedHost;
use crate::host::{FileKind, Host, HostError, Machine, MemoryHost, Platform};

fn image() -> RootedHost<MemoryHost> {
    let outer = MemoryHost::new(Platform::Linux)
        .file("/outside", "secret")
        .file("/image/etc/passwd", "root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/home/u:/bin/sh\n")
        .file("/image/usr/bin/python3.12", "inside")
        .file("/image/usr/bin/env", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\xb7\0".as_slice())
        .symlink("/image/absolute", "/usr/bin/python3.12")
        .symlink("/image/above", "../../../outside")
        .symlink("/image/bin", "/usr/bin")
        .symlink("/image/loop", "/loop");
    RootedHost::new(outer, BStr::new("/image")).expect("the directory exists")
}

#[test]
fn an_absolute_symlink_starts_at_the_root_directory() {
    let host = image();
    assert_eq!(host.read("/absolute".into(), 99), Ok(b"inside".to_vec()));
    assert_eq!(host.real_path("/bin/../bin/python3.12".into()), Ok("/usr/bin/python3.12".into()));
}

#[test]
fn no_path_leads_out() {
    let host = image();
    for path in ["/above", "/../outside", "/usr/../../outside", "/outside"] {
        assert_eq!(host.metadata(path.into()), Err(HostError::NotFound), "{path}");
    }
    assert_eq!(host.real_path("/../../..".into()), Ok("/".into()));
}

#[test]
fn symlinks_are_kept_and_counted() {
    let host = image();
    assert_eq!(host.link_metadata("/bin".into()).map(|it| it.kind), Ok(FileKind::Symlink));
    assert_eq!(host.link_metadata("/bin/".into()).map(|it| it.kind), Ok(FileKind::Directory));
    assert_eq!(host.read_link("/bin".into()), Ok("/usr/bin".into()));
    assert_eq!(host.metadata("/loop".into()), Err(HostError::SymlinkLoop));
    assert_eq!(host.metadata("/absolute/x".into()), Err(HostError::NotADirectory));
}

#[test]
fn processor_and_accounts_are_those_of_the_system() {
    let host = image();
    assert_eq!(host.machine().map(|it| it.elf), Some(183));
    assert_eq!(host.account_home(), super::account::home(&host, host.process().uid));
    assert_eq!(super::account::home(&host, 1000).as_ref().map(|home| home.as_bstr()), Some(BStr::new("/home/u")));
    assert_eq!(super::account::home(&host, 7), None);
}

#[test]
fn a_macos_is_recognized_by_its_programs_and_directories() {
    const ARM: [u8; 20] = [0xcf, 0xfa, 0xed, 0xfe, 12, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0];
    let with = |change: fn(MemoryHost) -> MemoryHost| {
        let outer = change(MemoryHost::new(Platform::Linux).machine(Machine { elf: 62, is_64: true }));
        let host = RootedHost::new(outer.directory("/mac"), BStr::new("/mac")).expect("the directory exists");
        (host.platform(), host.machine().map(|it| it.elf))
    };
    let universal = |host: MemoryHost| {
        let mut content = b"\xca\xfe\xba\xbe\0\0\0\x02".to_vec();
        content.resize(40, 0);
        host.file("/mac/bin/sh", content)
    };
    assert_eq!(with(universal), (Platform::Macos, None));
    assert_eq!(with(|host| host.file("/mac/bin/sh", ARM)), (Platform::Macos, Some(183)));
    assert_eq!(with(|host| host.directory("/mac/opt/homebrew")), (Platform::Macos, None));
    assert_eq!(with(|host| host.directory("/mac/System/Library/CoreServices")), (Platform::Macos, None));
    // Homebrew on a Linux, and a copy of nothing in particular.
    let linux = |host: MemoryHost| {
        host.directory("/mac/opt/homebrew")
            .file("/mac/bin/sh", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\xb7\0".as_slice())
    };
    assert_eq!(with(linux), (Platform::Linux, Some(183)));
    assert_eq!(with(|host| host.directory("/mac/usr")), (Platform::Linux, Some(62)));
}
