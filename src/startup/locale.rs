//! The encoding with which releases before 3.13 read `.pth` files, and which later ones try second.

use bstr::{BStr, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::configuration;
use super::settings;
use crate::host::{Host, HostError, Platform};
use crate::interpreter::Version;
use crate::invocation::Invocation;
use crate::text::charmap::{self, Charmap};
use crate::text::python::Charset;
use crate::text::sentence;

/// The largest archive of locales that is looked into, in bytes.
const LARGEST_ARCHIVE: u64 = 512 << 20;

/// The encoding of the locale, as far as variables determine it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, strict.
    Utf8,
    /// US-ASCII, strict: 3.6 in the C locale.
    Ascii,
    /// A code page of Windows.
    Charmap(&'static Charmap),
    /// Another one: how it decodes bytes beyond ASCII cannot be predicted.
    Other,
}

/// The locale that variables name; none means the C locale.
fn named(invocation: &Invocation) -> Option<&BStr> {
    let variable = |name| settings::set_variable(invocation, name);
    let locale = variable("LC_ALL").or_else(|| variable("LC_CTYPE")).or_else(|| variable("LANG"))?;
    (locale != "C" && locale != "POSIX").then_some(locale)
}

/// Whether the locale is the C locale: no other is named, or the named one is not installed.
pub fn is_c(host: &dyn Host, invocation: &Invocation) -> bool {
    named(invocation).is_none_or(|locale| !is_installed(host, locale))
}

/// Whether a variable is set to `0`.
fn is_off(invocation: &Invocation, name: &str) -> bool {
    configuration::counted(invocation, name).is_some_and(|value| value == "0")
}

/// Whether the UTF-8 mode of 3.7 to 3.14 is on: its variable decides, and otherwise the locale. It is on in the C locale,
/// which also applies if the named locale is not installed (PEP 540).
pub fn is_utf8_mode(host: &dyn Host, invocation: &Invocation, behaviors: &Behaviors) -> bool {
    match configuration::utf8_mode(invocation, behaviors) {
        Some(is_on) => is_on,
        None => is_c(host, invocation),
    }
}

/// The encoding of that name, as far as its decoding can be predicted.
fn of_name(name: &[u8]) -> Encoding {
    let letters: Vec<u8> =
        name.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    match letters.as_slice() {
        b"utf8" | b"cp65001" => Encoding::Utf8,
        b"ascii" | b"usascii" | b"ansix341968" => Encoding::Ascii,
        name => charmap::named(name).map_or(Encoding::Other, Encoding::Charmap),
    }
}

/// The name of the encoding with which a Python of that version reads `.pth` files, for use on another machine.
pub fn encoding_name(host: &dyn Host, invocation: &Invocation, version: Version) -> String {
    if let Some(known) = &invocation.locale_encoding {
        return known.clone();
    }
    match encoding(host, invocation, &Behaviors::of(version)) {
        Encoding::Utf8 => "utf-8".to_owned(),
        Encoding::Ascii => "ascii".to_owned(),
        Encoding::Charmap(charmap) => charmap.name(),
        Encoding::Other => "unknown".to_owned(),
    }
}

/// Whether Python decodes paths and messages as ASCII, every other byte a surrogate: in the C locale without coercion
/// (PEP 538) and UTF-8 mode (PEP 540).
pub fn is_ascii(invocation: &Invocation, behaviors: &Behaviors) -> bool {
    if named(invocation).is_some() {
        return false;
    }
    if behaviors.is_pypy() {
        return !behaviors.has(Behavior::PypyPathsUtf8);
    }
    if !behaviors.has(Behavior::Utf8Mode) {
        return true;
    }
    let is_coerced =
        settings::set_variable(invocation, "LC_ALL").is_none() && !is_off(invocation, "PYTHONCOERCECLOCALE");
    configuration::utf8_mode(invocation, behaviors) == Some(false) && !is_coerced
}

/// Whether text that was decoded as UTF-8 cannot be encoded as a path: in an ASCII locale, only ASCII characters can.
pub fn is_unencodable(charset: Charset, text: &[u8]) -> bool {
    charset == Charset::Ascii && !text.is_ascii()
}

/// The exception for a text that ASCII cannot encode, as CPython shows it; none where it can.
pub fn ascii_error(text: &str) -> Option<String> {
    let mut odd = text.chars().enumerate().skip_while(|(_, char)| char.is_ascii());
    let (at, first) = odd.next()?;
    let last = odd.take_while(|(_, char)| !char.is_ascii()).last();
    let what = match last {
        Some((end, _)) => format!("characters in position {at}-{end}"),
        None => format!("character '{}' in position {at}", escaped(first)),
    };
    Some(format!("UnicodeEncodeError: 'ascii' codec can't encode {what}: ordinal not in range(128)"))
}

/// A character as an escape of Python.
pub fn escaped(char: char) -> String {
    match u32::from(char) {
        code @ ..0x100 => format!("\\x{code:02x}"),
        code @ ..0x1_0000 => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// `locale.getencoding()`, which `PEP 538` and `PEP 540` changed.
pub fn encoding(host: &dyn Host, invocation: &Invocation, behaviors: &Behaviors) -> Encoding {
    if let Some(name) = &invocation.locale_encoding {
        let is_overridden = invocation.platform == Platform::Windows
            && !behaviors.has(Behavior::LocaleIgnoresUtf8Mode)
            && configuration::utf8_mode(invocation, behaviors) == Some(true);
        return if is_overridden { Encoding::Utf8 } else { of_name(name.as_bytes()) };
    }
    let Some(locale) = named(invocation) else { return in_c_locale(invocation, behaviors) };
    let charset = locale.split(|&byte| byte == b'.').nth(1).unwrap_or_default();
    let charset = charset.split(|&byte| byte == b'@').next().unwrap_or_default();
    if of_name(charset) != Encoding::Utf8 {
        // A locale with that charset may not be installed, and then another one applies.
        return Encoding::Other;
    }
    // A locale that is not installed is the C locale, which may be UTF-8, too.
    let otherwise = in_c_locale(invocation, behaviors);
    if otherwise == Encoding::Utf8 || is_installed(host, locale) { Encoding::Utf8 } else { otherwise }
}

/// Whether the locale that the variables name is not installed.
pub fn is_missing(host: &dyn Host, invocation: &Invocation) -> bool {
    let Some(locale) = named(invocation) else { return false };
    let charset = locale.split(|&byte| byte == b'.').nth(1).unwrap_or_default();
    if of_name(charset) == Encoding::Utf8 {
        return !is_installed(host, locale);
    }
    let dir = sentence!("/usr/lib/locale/", locale, "/LC_CTYPE");
    let exists = |path: &BStr| host.metadata(path).is_ok();
    !exists(dir.as_bstr()) && !exists(b"/usr/lib/locale/locale-archive".as_bstr())
}

/// Whether glibc finds a UTF-8 locale: as a directory, or in the archive of all locales. `C.UTF-8` is built in.
fn is_installed(host: &dyn Host, locale: &BStr) -> bool {
    let language = locale.split(|&byte| byte == b'.').next().unwrap_or_default();
    if language == b"C" || host.platform() != Platform::Linux {
        return true;
    }
    let name = sentence!(language, ".utf8");
    let dir = sentence!("/usr/lib/locale/", name, "/LC_CTYPE");
    if host.metadata(dir.as_bstr()).is_ok() {
        return true;
    }
    match host.read(b"/usr/lib/locale/locale-archive".as_bstr(), LARGEST_ARCHIVE) {
        Ok(archive) => memchr::memmem::find(&archive, &name).is_some(),
        // An archive that cannot be read tells nothing.
        Err(error) => error != HostError::NotFound,
    }
}

/// The C locale is coerced to C.UTF-8 from 3.7 on, unless LC_ALL insists on it; then the UTF-8 mode decides, which
/// `encoding="locale"` honors up to 3.10 only.
fn in_c_locale(invocation: &Invocation, behaviors: &Behaviors) -> Encoding {
    if !behaviors.has(Behavior::Utf8Mode) {
        return Encoding::Ascii;
    }
    let is_coerced = behaviors.has(Behavior::LocaleCoercion)
        && settings::set_variable(invocation, "LC_ALL").is_none()
        && !is_off(invocation, "PYTHONCOERCECLOCALE");
    let by_mode = !behaviors.has(Behavior::LocaleIgnoresUtf8Mode)
        && configuration::utf8_mode(invocation, behaviors) != Some(false);
    if is_coerced || by_mode { Encoding::Utf8 } else { Encoding::Ascii }
}
