//! What the registry of Windows tells.

use std::ffi::OsString;
use std::io;

use bstr::{BStr, BString, ByteSlice};
use winreg::RegKey;
use winreg::enums::{HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, KEY_READ};

use crate::host::os::{self, into_bytes};
use crate::host::{Hive, RegistryKey};

/// More keys than any installation has.
const MOST_KEYS: usize = 1024;
/// Where the code pages are named.
const CODE_PAGES: &str = r"SYSTEM\CurrentControlSet\Control\Nls\CodePage";
/// The number of UTF-8 among the code pages.
const UTF_8: &str = "65001";

/// The default values of the key `PythonPath` of a Python, and of its subkeys in the order in which Windows names them.
pub(in super::super) fn registry(hive: Hive, winver: &BStr) -> Option<RegistryKey> {
    let root = RegKey::predef(match hive {
        Hive::CurrentUser => HKEY_CURRENT_USER,
        Hive::LocalMachine => HKEY_LOCAL_MACHINE,
    });
    let path = bstr::concat([br"Software\Python\PythonCore\".as_slice(), winver, br"\PythonPath"]);
    let key = root.open_subkey_with_flags(os::text(&path), KEY_READ).ok()?;
    let subkeys = key.enum_keys().take(MOST_KEYS).filter_map(Result::ok).filter_map(|name| {
        // What another process has just removed is not there.
        Some(value(&key.open_subkey_with_flags(name, KEY_READ).ok()?).unwrap_or_default())
    });
    Some(RegistryKey { value: value(&key), subkeys: subkeys.collect() })
}

/// The default value of a key; none where it has none.
fn value(key: &RegKey) -> Option<BString> {
    let read: io::Result<OsString> = key.get_value("");
    read.ok().map(|text| into_bytes(text).trim_end_with(|c| c == '\0').into())
}

/// The ANSI code page, in which Python reads and writes text that names no encoding.
pub(in super::super) fn locale_encoding() -> Option<String> {
    let key = RegKey::predef(HKEY_LOCAL_MACHINE).open_subkey_with_flags(CODE_PAGES, KEY_READ).ok()?;
    let page: String = key.get_value("ACP").ok()?;
    let page = page.trim_end_matches('\0');
    Some(if page == UTF_8 { "utf-8".to_owned() } else { format!("cp{page}") })
}
