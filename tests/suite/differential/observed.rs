//! What a real interpreter showed: values of the probe, or of the dump that it prints when it fails to start.

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

use crate::support::world::Ended;

/// A value of `sys` or `site`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `None`, or no such attribute (except where absence is spelled out).
    None,
    /// No such attribute, where that differs from `None`.
    Absent,
    /// A truth value.
    Bool(bool),
    /// A string, as bytes.
    Text(BString),
    /// A list of strings.
    List(Vec<BString>),
}

/// Values by field, such as `sys.prefix`.
pub type Fields = BTreeMap<String, Value>;

/// What is compared.
#[derive(Debug, Default)]
pub struct Seen {
    /// `starts`, `fails-to-execute` or `fails-to-initialize`.
    pub status: String,
    /// The values that are known.
    pub fields: Fields,
    /// The lines on standard error.
    pub messages: Vec<BString>,
    /// Whether it crashed, which loses what was not written yet.
    pub crashed: bool,
}

/// Reads what an interpreter left; an error says that the probe itself went wrong.
pub fn read(ended: &Ended) -> Result<Seen, String> {
    let messages: Vec<BString> = ended.stderr.lines().map(BString::from).collect();
    if let Some(fields) = probe_values(&ended.stdout) {
        return Ok(Seen { status: "starts".to_owned(), fields, messages, crashed: false });
    }
    let says = |text: &str| ended.stderr.contains_str(text);
    let status = match ended.code {
        None | Some(126 | 127) => "fails-to-execute",
        Some(1) if says("error while loading shared libraries") => "fails-to-execute",
        _ if says("Fatal Python error") || says("Failed to import the site module") => "fails-to-initialize",
        _ if says("Exception ignored") && says("evaluating path") => "fails-to-initialize",
        // What `PyPy` prints when it ends early.
        Some(1) if says("debug: OperationError:") => "fails-to-initialize",
        Some(1) if says("PYTHONHASHSEED must be") => "fails-to-initialize",
        // 3.15 crashes on a warning with a path that is not UTF-8.
        Some(-11 | 139) => "fails-to-initialize",
        code => return Err(format!("the probe said nothing (exit {code:?}): {}", ended.stderr.as_bstr())),
    };
    let fields = if status == "fails-to-initialize" { dump_values(&messages) } else { Fields::new() };
    Ok(Seen { status: status.to_owned(), fields, messages, crashed: matches!(ended.code, Some(-11 | 139)) })
}

fn probe_values(stdout: &[u8]) -> Option<Fields> {
    let mut fields = Fields::new();
    for line in stdout.lines() {
        let Some(line) = line.strip_prefix(b"@@") else { continue };
        let text = line.to_str().ok()?;
        let (key, value) = text.split_once(' ')?;
        let value = match value.strip_prefix("list") {
            Some(items) => Value::List(items.split_whitespace().map(hex).collect::<Option<_>>()?),
            None => match value {
                "none" => Value::None,
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                text => Value::Text(hex(text)?),
            },
        };
        fields.insert(key.to_owned(), value);
    }
    fields.remove("end")?;
    // Only of `_home` does the contract tell "no such attribute" from `None`.
    fields.entry("sys._home".to_owned()).or_insert(Value::Absent);
    for name in ["sys._base_executable", "sys.platlibdir", "sys._stdlib_dir"] {
        fields.entry(name.to_owned()).or_insert(Value::None);
    }
    Some(fields)
}

fn hex(text: &str) -> Option<BString> {
    data_encoding::HEXLOWER.decode(text.strip_prefix('x')?.as_bytes()).ok().map(BString::from)
}

/// The path configuration that 3.8 and later print when they cannot import `encodings`.
fn dump_values(lines: &[BString]) -> Fields {
    let mut fields = Fields::new();
    let Some(start) = lines.iter().position(|line| line == "Python path configuration:") else { return fields };
    let mut lines = lines[start + 1..].iter().take_while(|line| line.starts_with(b"  "));
    while let Some(line) = lines.next() {
        let Some((key, value)) = line.trim_ascii_start().split_once_str(" = ") else { continue };
        let key = key.as_bstr().to_string();
        if !key.starts_with("sys.") || key.contains('[') {
            continue;
        }
        let value = if value == b"[" {
            let items = lines.by_ref().take_while(|line| line.as_slice() != b"  ]");
            Value::List(items.filter_map(|item| literal(item)).collect())
        } else {
            literal(value).map_or(Value::None, Value::Text)
        };
        fields.insert(key, value);
    }
    fields
}

/// The string of a Python literal as `ascii()` writes it.
fn literal(text: &[u8]) -> Option<BString> {
    let text = text.trim_ascii().to_str().ok()?;
    let text = text.strip_suffix(',').unwrap_or(text);
    let quote = text.chars().next().filter(|quote| ['\'', '"'].contains(quote))?;
    let mut chars = text.strip_prefix(quote)?.strip_suffix(quote)?.chars();
    let mut out = Vec::new();
    while let Some(next) = chars.next() {
        if next != '\\' {
            push(&mut out, u32::from(next));
            continue;
        }
        let digits = match chars.next()? {
            'n' => {
                out.push(b'\n');
                continue;
            }
            't' => {
                out.push(b'\t');
                continue;
            }
            'r' => {
                out.push(b'\r');
                continue;
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            other => {
                push(&mut out, u32::from(other));
                continue;
            }
        };
        let number: String = chars.by_ref().take(digits).collect();
        push(&mut out, u32::from_str_radix(&number, 16).ok()?);
    }
    Some(BString::from(out))
}

/// Appends a code point; a lone surrogate of `surrogateescape` is the byte that it represents.
fn push(out: &mut Vec<u8>, code: u32) {
    match (char::from_u32(code), u8::try_from(code.wrapping_sub(0xDC00))) {
        (Some(character), _) => out.extend(character.to_string().bytes()),
        (None, Ok(byte)) => out.push(byte),
        (None, Err(_)) => out.extend(b"\xEF\xBF\xBD"),
    }
}
