//! `PYTHONIOENCODING`: the codec of the standard streams, which must exist.

use bstr::{BStr, BString, ByteSlice};

use super::{RefusedSetting, counted, is_development_mode, table, tracemalloc};
use crate::finders;
use crate::host::{HostError, Platform};
use crate::invocation::Invocation;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::fatal::Fatal;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::python;
use crate::text::sentence;

/// Codecs that exist on Windows only: elsewhere, their modules fail.
const WINDOWS_ONLY: [&str; 3] = ["mbcs", "oem", CP65001];
const CP65001: &str = "cp65001";
/// Error handlers that Python itself has.
const HANDLERS: [&str; 7] =
    ["strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogateescape"];
const SURROGATE_PASS: &str = "surrogatepass";

/// What a name leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Codec {
    Text,
    NotText,
    Unknown,
    /// Its module raises an exception of its own.
    WindowsOnly,
}

/// Looks the codec up in the package `encodings` of `entry`.
///
/// # Errors
/// Where there is none, or it is not one for text: Python then fails to start.
pub fn look_up(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    invocation: &Invocation,
    entry: &BStr,
    refused: &mut Vec<RefusedSetting>,
) -> Result<(), Fatal> {
    let Some(value) = counted(invocation, "PYTHONIOENCODING") else { return Ok(()) };
    trace.begin(StepId::StandardStreams);
    let (encoding, handler) = value.split_once_str(":").unwrap_or((value, b""));
    let (encoding, handler) = (encoding.as_bstr(), handler.as_bstr());
    let (codec, own_name) =
        if encoding.is_empty() { (Codec::Text, None) } else { find(trace, behaviors, invocation, entry, encoding)? };
    let problem = match codec {
        Codec::Unknown => sentence!(encoding, " is the name of no encoding"),
        Codec::NotText => sentence!(encoding, " is not an encoding of text"),
        Codec::WindowsOnly => sentence!(encoding, " is an encoding that only Windows has"),
        Codec::Text if is_bad_handler(behaviors, invocation, handler) => {
            sentence!(handler, " is the name of no error handler")
        }
        Codec::Text => {
            trace.say(sentence!("PYTHONIOENCODING sets the encoding of the standard streams to ", value, "."));
            return Ok(());
        }
    };
    if codec != Codec::Unknown && behaviors.has(Behavior::StdioEncodingLookedUp) {
        // The name is good, so that the streams are made with it, after tracemalloc has been started.
        tracemalloc::start(trace, behaviors, invocation, refused)?;
    }
    refused.push(RefusedSetting {
        name: "PYTHONIOENCODING",
        is_option: false,
        value: Some(value.to_owned()),
        problem: problem.clone(),
        is_fatal: true,
        step: trace.step(),
    });
    // The codec's own name is taken where it was looked up before the streams are made.
    let own_name = own_name.filter(|_| codec == Codec::NotText && behaviors.has(Behavior::StdioEncodingLookedUp));
    let encoding = own_name.as_ref().map_or(encoding, |name| name.as_bstr());
    let messages = messages(behaviors, codec, encoding, handler, trace);
    Err(Fatal {
        reason: sentence!("PYTHONIOENCODING is set to ", value, ", and ", problem),
        messages,
        unanswered: false,
    })
}

/// Only the development mode looks the error handler up.
fn is_bad_handler(behaviors: &Behaviors, invocation: &Invocation, handler: &BStr) -> bool {
    let is_known = HANDLERS.iter().chain([&SURROGATE_PASS]).any(|known| handler == known.as_bytes());
    !handler.is_empty()
        && !is_known
        && behaviors.has(Behavior::ErrorHandlersChecked)
        && is_development_mode(invocation, behaviors)
}

fn messages(behaviors: &Behaviors, codec: Codec, encoding: &BStr, handler: &BStr, trace: &Trace<'_>) -> Vec<BString> {
    let head = if codec == Codec::Unknown && behaviors.has(Behavior::StdioEncodingLookedUp) {
        let text = "failed to get the Python codec name of the stdio encoding";
        table::fatal(behaviors, "init_stdio_encoding", text)
    } else if behaviors.has(Behavior::FatalErrorNamesFunction) {
        table::fatal(behaviors, "init_sys_streams", "can't initialize sys standard streams")
    } else {
        "Fatal Python error: Py_Initialize: can't initialize sys standard streams".into()
    };
    let mut messages = vec![head];
    if behaviors.has(Behavior::RuntimeStateLine) {
        messages.push("Python runtime state: core initialized".into());
    }
    let shown = python::printed(encoding, trace.charset);
    messages.push(match codec {
        Codec::Unknown => sentence!("LookupError: unknown encoding: ", shown),
        Codec::NotText if behaviors.has(Behavior::NotTextEncodingShort) => {
            sentence!("LookupError: '", shown, "' is not a text encoding")
        }
        Codec::NotText => {
            sentence!("LookupError: '", shown, "' is not a text encoding; use codecs.open() to handle arbitrary codecs")
        }
        Codec::WindowsOnly => "LookupError: cp65001 encoding is only available on Windows".into(),
        Codec::Text => {
            sentence!("LookupError: unknown error handler name '", python::printed(handler, trace.charset), "'")
        }
    });
    messages
}

/// `search_function` of `Lib/encodings/__init__.py`.
fn find(
    trace: &Trace<'_>,
    behaviors: &Behaviors,
    invocation: &Invocation,
    entry: &BStr,
    encoding: &BStr,
) -> Result<(Codec, Option<BString>), Fatal> {
    let name = normalize(behaviors, encoding);
    let package = finders::join(&trace.ask, entry, "encodings");
    let aliases = read(trace, finders::join(&trace.ask, package.as_bstr(), "aliases.py").as_bstr())?;
    let dotless = name.replace('.', "_");
    let alias = aliases.as_deref().and_then(|text| alias(text, &name).or_else(|| alias(text, &dotless)));
    for module in alias.into_iter().chain([name]) {
        if module.is_empty() || module.contains('.') {
            continue;
        }
        let file = finders::join(&trace.ask, package.as_bstr(), &format!("{module}.py"));
        if let Some(text) = read(trace, file.as_bstr())? {
            if invocation.platform != Platform::Windows && WINDOWS_ONLY.contains(&module.as_str()) {
                if module == CP65001 {
                    return Ok((Codec::WindowsOnly, None));
                }
                continue;
            }
            match kind(&text) {
                // Its module needs `builtins.open`, which does not exist yet.
                Codec::NotText if module == "bz2_codec" && behaviors.has(Behavior::StdioEncodingLookedUp) => {}
                Codec::Unknown => return Ok((Codec::Unknown, None)),
                codec => return Ok((codec, own_name(&text))),
            }
        }
    }
    Ok((Codec::Unknown, None))
}

/// The name that a codec gives itself, in a line such as `name='rot-13',`.
fn own_name(module: &[u8]) -> Option<BString> {
    module.lines().find_map(|line| {
        let value = line.trim_ascii().strip_prefix(b"name=")?.trim_ascii();
        unquoted(value.strip_suffix(b",").unwrap_or(value)).map(BString::from)
    })
}

/// A module of the package; none where it does not exist.
fn read(trace: &Trace<'_>, file: &BStr) -> Result<Option<Vec<u8>>, Fatal> {
    match trace.read(file) {
        Ok(content) => Ok(Some(content.to_vec())),
        Err(error @ (HostError::Unanswered | HostError::WouldBlock(_))) => Err(Fatal::unread(file, &error)),
        Err(_) => Ok(None),
    }
}

/// `normalize_encoding`, after the lower-casing of `codecs.lookup`: runs of other characters become `_`.
fn normalize(behaviors: &Behaviors, encoding: &BStr) -> String {
    let mut name = String::new();
    let mut is_gap = false;
    for letter in encoding.chars() {
        if letter.is_alphanumeric() && letter != char::REPLACEMENT_CHARACTER || letter == '.' {
            if is_gap && !name.is_empty() {
                name.push('_');
            }
            is_gap = false;
            if letter.is_ascii() || !behaviors.has(Behavior::AsciiEncodingNames) {
                name.push(letter.to_ascii_lowercase());
            }
        } else {
            is_gap = true;
        }
    }
    name
}

/// The module that the table of aliases gives to a name: a line such as `'u8' : 'utf_8',`.
fn alias(table: &[u8], name: &str) -> Option<String> {
    table.lines().find_map(|line| {
        let (key, value) = line.trim_ascii().split_once_str(":")?;
        let value = value.trim_ascii();
        let value = value.strip_suffix(b",").unwrap_or(value);
        (unquoted(key)? == name.as_bytes()).then(|| unquoted(value))?.map(|value| value.to_str_lossy().into_owned())
    })
}

fn unquoted(text: &[u8]) -> Option<&[u8]> {
    text.trim_ascii().strip_prefix(b"'")?.strip_suffix(b"'")
}

/// What a module is: a codec has a function `getregentry` at its top level, and says in it that it is not for text.
fn kind(module: &[u8]) -> Codec {
    let is_codec = module.lines().any(|line| line.starts_with(b"def getregentry("));
    let is_text = !module.lines().any(|line| {
        let argument = line.trim_ascii().strip_prefix(b"_is_text_encoding");
        argument.is_some_and(|rest| {
            rest.trim_ascii_start().strip_prefix(b"=").is_some_and(|rest| rest.trim_ascii().starts_with(b"False"))
        })
    });
    match (is_codec, is_text) {
        (false, _) => Codec::Unknown,
        (true, true) => Codec::Text,
        (true, false) => Codec::NotText,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_read_line_by_line() {
        let table = b"aliases = {\n    # comment\n    'u8'                 : 'utf_8',\n    '646': 'ascii',\n}\n";
        assert_eq!(alias(table, "u8").as_deref(), Some("utf_8"));
        assert_eq!(alias(table, "646").as_deref(), Some("ascii"));
        assert_eq!(alias(table, "u9"), None);
    }
}
