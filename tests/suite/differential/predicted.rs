//! What venv-doctor says: its JSON report, reduced to what can be compared.

use bstr::BString;
use serde_json::Value as Json;

use super::observed::{Fields, Seen, Value};
use crate::support::interpreters::Interpreter;

const SYS: &[&str] = &[
    "executable",
    "_base_executable",
    "prefix",
    "exec_prefix",
    "base_prefix",
    "base_exec_prefix",
    "_home",
    "platlibdir",
    "_stdlib_dir",
];
const SITE: &[&str] = &["ENABLE_USER_SITE", "USER_BASE", "USER_SITE", "PREFIXES", "sitecustomize", "usercustomize"];

/// The comparable part of a report.
pub fn read(report: &Json) -> Result<Seen, String> {
    if report["schema"] != "venv-doctor/explain/1" {
        return Err(format!("unexpected schema {}", report["schema"]));
    }
    let mut fields = Fields::new();
    if let Some(sys) = report["sys"].as_object() {
        for name in SYS {
            let value = match sys.get(*name) {
                None if *name == "_home" => Value::Absent,
                None => return Err(format!("sys.{name} is missing")),
                Some(value) => convert(value)?,
            };
            fields.insert(format!("sys.{name}"), value);
        }
        let path = sys.get("path").and_then(Json::as_array).ok_or("sys.path is missing")?;
        let entries = path.iter().map(|entry| text(&entry["value"])).collect::<Result<_, _>>()?;
        fields.insert("sys.path".to_owned(), Value::List(entries));
    }
    if let Some(site) = report["site"].as_object() {
        let enabled = site.get("enabled").ok_or("site.enabled is missing")?;
        fields.insert("site.enabled".to_owned(), convert(enabled)?);
        for name in SITE {
            let value = site.get(*name).ok_or(format!("site.{name} is missing"))?;
            fields.insert(format!("site.{name}"), convert(value)?);
        }
    }
    let messages = report["messages"].as_array().ok_or("messages is missing")?;
    let mut lines = Vec::new();
    for message in messages {
        lines.extend(text(message)?.split(|&byte| byte == b'\n').map(BString::from));
    }
    let status = report["outcome"]["status"].as_str().ok_or("outcome.status is missing")?;
    Ok(Seen { status: status.to_owned(), fields, messages: lines, crashed: false })
}

fn convert(value: &Json) -> Result<Value, String> {
    Ok(match value {
        Json::Null => Value::None,
        Json::Bool(value) => Value::Bool(*value),
        Json::Array(items) => Value::List(items.iter().map(text).collect::<Result<_, _>>()?),
        other => Value::Text(text(other)?),
    })
}

/// Whether the report admits that a fact of the build is missing, as it must where a relocated build has lost its
/// standard library: nothing else on the machine says which prefix that was compiled in.
pub fn admits_ignorance(report: &Json, python: &Interpreter) -> bool {
    let says = |findings: &Vec<Json>| findings.iter().any(|finding| finding["code"] == "VD902");
    python.relocated && report["findings"].as_array().is_some_and(says)
}

/// A string, or the object that represents one that is not UTF-8.
pub fn text(value: &Json) -> Result<BString, String> {
    match value {
        Json::String(text) => Ok(BString::from(text.as_str())),
        Json::Object(object) => {
            let encoded = object.get("base64").and_then(Json::as_str).ok_or("an object without base64")?;
            let bytes = data_encoding::BASE64.decode(encoded.as_bytes()).map_err(|error| error.to_string())?;
            Ok(BString::from(bytes))
        }
        other => Err(format!("{other} is no string")),
    }
}
