//! What a document says, and what is said of one that is malformed.

use std::fmt::Write;

use serde_json::{Value, json};
use venv_doctor::internals::snapshot;

use crate::snapshot::{EXAMPLE, changed, report, report_value};

fn path(report: &Value) -> Vec<&str> {
    report["sys"]["path"].as_array().unwrap().iter().map(|entry| entry["value"].as_str().unwrap()).collect()
}

fn codes(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

/// Adds the package without which no Python starts.
fn with_encodings(document: &mut Value) {
    let encodings = json!({"path": "/usr/local/lib/python3.12/encodings/__init__.py", "type": "file"});
    document["files"].as_array_mut().unwrap().push(encodings);
}

#[test]
fn the_example_is_explained() {
    let report = report_value(EXAMPLE.as_bytes());
    assert_eq!(report["executable"]["file"], "/usr/local/bin/python3.12");
    assert_eq!(report["sys"]["base_prefix"], "/usr/local");
    assert_eq!(report["pyvenv_cfg"]["path"], "/home/u/project/.venv/pyvenv.cfg");
    // It lists no encodings.
    assert_eq!(report["outcome"]["status"], "fails-to-initialize");
    let report = report_value(&changed(with_encodings));
    assert_eq!(report["outcome"], json!({"status": "starts", "reason": null, "step": null}));
    assert_eq!(report["sys"]["prefix"], "/home/u/project/.venv");
    assert_eq!(
        path(&report),
        ["", "/usr/local/lib/python312.zip", "/usr/local/lib/python3.12", "/usr/local/lib/python3.12/lib-dynload"]
    );
}

#[test]
fn what_is_left_out_has_a_default() {
    let short = changed(|document| {
        let document = document.as_object_mut().unwrap();
        for key in ["flags", "launch", "registry"] {
            document.remove(key);
        }
        document["process"] = json!({"home": "/home/u"});
    });
    assert_eq!(report(&short).unwrap(), report(EXAMPLE.as_bytes()).unwrap());
}

#[test]
fn an_unknown_content_is_named_and_ends_the_simulation() {
    let report = report_value(&changed(|document| {
        with_encodings(document);
        document["files"][2].as_object_mut().unwrap().remove("text");
    }));
    assert_eq!(report["sys"], Value::Null);
    assert_eq!(report["outcome"]["status"], "starts");
    assert_eq!(
        report["outcome"]["reason"],
        "what Python does depends on the content of /home/u/project/.venv/pyvenv.cfg, which is not recorded"
    );
    assert_eq!(codes(&report), ["VD904"]);
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("read of /home/u/project/.venv/pyvenv.cfg"), "{message}");
}

#[test]
fn an_unknown_pth_file_is_a_doubt() {
    let packages = "/home/u/project/.venv/lib/python3.12/site-packages";
    let report = report_value(&changed(|document| {
        with_encodings(document);
        let pth = json!({"path": format!("{packages}/a.pth"), "type": "file"});
        document["files"].as_array_mut().unwrap().push(pth);
    }));
    assert_eq!(report["outcome"]["status"], "starts");
    assert_eq!(path(&report).last(), Some(&packages));
    assert!(codes(&report).contains(&"VD904"), "{:?}", codes(&report));
}

#[test]
fn errors_closed_dirs_and_special_files_answer_as_on_a_disk() {
    let cfg = "/home/u/project/.venv/pyvenv.cfg";
    let with_cfg = |entry: Value| {
        report_value(&changed(|document| {
            with_encodings(document);
            document["files"][2] = entry;
        }))
    };
    let read = |report: &Value| {
        let checks = report["steps"].as_array().unwrap().iter().flat_map(|step| step["checks"].as_array().unwrap());
        checks.into_iter().find(|check| check["op"] == "read" && check["path"] == cfg).unwrap()["result"].clone()
    };
    let denied = with_cfg(json!({"path": cfg, "type": "file", "error": "permission-denied"}));
    assert_eq!(read(&denied), json!({"error": "permission-denied"}));
    assert_eq!(denied["outcome"]["status"], "fails-to-initialize");
    assert_eq!(read(&with_cfg(json!({"path": cfg, "type": "fifo"}))), json!({"error": "would-block"}));
    assert_eq!(read(&with_cfg(json!({"path": cfg, "type": "null"}))), json!({"bytes": 0}));
    assert_eq!(read(&with_cfg(json!({"path": cfg, "type": "directory"}))), json!({"error": "is-a-directory"}));
    let closed = with_cfg(json!({"path": "/usr/local/lib/python3.12", "type": "directory", "closed": true}));
    assert_eq!(closed["outcome"]["status"], "fails-to-initialize");
}

#[test]
fn an_archive_is_told_by_the_names_in_it() {
    let with_archive = |archive: Value| {
        report_value(&changed(|document| {
            with_encodings(document);
            document["environment"]["PYTHONPATH"] = json!("/app.zip");
            let mut file = json!({"path": "/app.zip", "type": "file"});
            if !archive.is_null() {
                file["archive"] = archive;
            }
            document["files"].as_array_mut().unwrap().push(file);
        }))
    };
    let found = with_archive(json!(["sitecustomize.py"]));
    assert_eq!(found["site"]["sitecustomize"], "/app.zip/sitecustomize.py");
    let no_archive = with_archive(json!(false));
    assert_eq!((&no_archive["site"]["sitecustomize"], codes(&no_archive)), (&Value::Null, Vec::new()));
    assert_eq!(codes(&with_archive(Value::Null)), ["VD904"]);
}

#[test]
fn a_program_that_is_a_script_is_told_by_its_text() {
    let report = report_value(&changed(|document| {
        document["files"][0] = json!({"path": "/usr/local/bin/python3.12", "type": "file", "executable": true,
            "program": "script", "text": "#!/bin/sh\nexec python3 \"$@\"\n"});
    }));
    assert_eq!(report["executable"]["problem"]["kind"], "script");
    assert_eq!(report["executable"]["problem"]["interpreter"], "/bin/sh");
}

#[test]
fn a_file_without_execution_bit_is_not_started() {
    let report = report_value(&changed(|document| {
        document["files"][0] = json!({"path": "/usr/local/bin/python3.12", "type": "file"});
    }));
    assert_eq!(report["outcome"]["status"], "fails-to-execute");
    assert_eq!(codes(&report), ["VD107"]);
}

#[test]
fn malformed_documents_are_refused_with_the_place() {
    let mut messages = String::new();
    for (name, document) in malformed() {
        let error = snapshot::load(document.as_bytes()).err();
        let error = error.map_or_else(|| "TAKEN".to_owned(), |error| error.to_string());
        writeln!(messages, "{name}\n  {error}").unwrap();
    }
    assert!(!messages.contains("TAKEN"), "{messages}");
    insta::assert_snapshot!("malformed", messages);
}

fn malformed() -> Vec<(&'static str, String)> {
    let swap = |from: &str, to: &str| {
        assert!(EXAMPLE.contains(from), "{from}");
        EXAMPLE.replacen(from, to, 1)
    };
    let file = r#"{"path": "/usr/local/lib/python3.12/os.py", "type": "file"}"#;
    let entry = |entry: &str| swap(file, entry);
    vec![
        ("nothing", String::new()),
        ("an array", "[]".to_owned()),
        ("an array in the place of an object", entry(r#"["/x", "file"]"#)),
        ("no JSON", "schema: x".to_owned()),
        ("a truncated document", EXAMPLE[..EXAMPLE.len() / 2].to_owned()),
        ("a key cut short", "{\n  \"sch".to_owned()),
        ("something behind the document", format!("{EXAMPLE}{{}}")),
        ("an endless nesting", format!("{{\"files\": {}", "[".repeat(100_000))),
        ("another schema", swap("snapshot/1", "snapshot/2")),
        ("an unknown platform", swap("\"linux\"", "\"beos\"")),
        ("a key misspelled", swap("\"environment\"", "\"enviroment\"")),
        ("a key missing", swap("\"executable\": \"./.venv/bin/python\",", "")),
        ("a key twice", swap("\"registry\": {}", "\"registry\": {}, \"registry\": {}")),
        ("a variable twice", swap("\"PATH\": \"/usr/bin\"", "\"HOME\": \"/\"")),
        ("a variable that no process has", swap("\"PATH\":", "\"A=B\":")),
        ("a variable without end", swap("/usr/bin\"", &format!("{}\"", "/x:".repeat(1 << 16)))),
        ("a prefix without end", swap("\"prefix\": \"/usr", &format!("\"prefix\": \"{}", "/x".repeat(1 << 16)))),
        ("an empty executable", swap("./.venv/bin/python", "")),
        ("a relative working directory", swap("\"cwd\": \"/home", "\"cwd\": \"home")),
        ("a flag that is no boolean", swap("\"isolated\": false", "\"isolated\": 0")),
        ("a module without name", swap("\"kind\": \"command\"", "\"kind\": \"module\"")),
        ("a target too many", swap("\"target\": null", "\"target\": \"x\"")),
        ("a negative user", swap("\"uid\": 1000", "\"uid\": -1")),
        ("no version", swap("3.12.1", "latest")),
        ("an unknown hive", swap("\"registry\": {}", "\"registry\": {\"HKEY_CLASSES_ROOT\": {}}")),
        ("an unknown type", entry(r#"{"path": "/x", "type": "door"}"#)),
        ("a relative path", entry(r#"{"path": "usr/x", "type": "file"}"#)),
        ("an empty path", entry(r#"{"path": "", "type": "file"}"#)),
        ("a NUL", entry(r#"{"path": "/x\u0000", "type": "file"}"#)),
        ("a path without end", entry(&format!("{{\"path\": \"/{}\", \"type\": \"file\"}}", "x".repeat(5000)))),
        ("a link without target", entry(r#"{"path": "/x", "type": "symlink"}"#)),
        ("a file with a target", entry(r#"{"path": "/x", "type": "file", "target": "/y"}"#)),
        ("a directory with content", entry(r#"{"path": "/x", "type": "directory", "text": "y"}"#)),
        ("two contents", entry(r#"{"path": "/x", "type": "file", "text": "y", "base64": "eQ=="}"#)),
        ("an archive of nothing", entry(r#"{"path": "/x", "type": "file", "archive": true}"#)),
        ("bad base64", entry(r#"{"path": "/x", "type": "file", "base64": "e?=="}"#)),
        ("a bad path in base64", entry(r#"{"path": {"base64": "L"}, "type": "file"}"#)),
        ("an unknown error", entry(r#"{"path": "/x", "type": "file", "error": "sulking"}"#)),
        ("an unknown program", entry(r#"{"path": "/x", "type": "file", "program": "perl"}"#)),
        ("a path twice", entry(r#"{"path": "/usr/local//bin/python3.12", "type": "file"}"#)),
        ("a file with something below it", entry(r#"{"path": "/usr/local/bin/python3.12/x", "type": "file"}"#)),
        ("a file below links in a loop", {
            entry(r#"{"path": "/l", "type": "symlink", "target": "l"}, {"path": "/l/x", "type": "file"}"#)
        }),
        ("a path of another system", swap("\"linux\"", "\"windows\"")),
    ]
}

#[test]
fn bytes_that_are_no_text_are_refused_with_the_place() {
    let error = snapshot::load(b"{\n  \"schema\": \"\xff\"").unwrap_err().to_string();
    assert_eq!(error, "line 2, column 14: not UTF-8");
}

#[test]
fn nothing_larger_than_a_snapshot_is_looked_at() {
    let error = snapshot::load(&vec![b' '; snapshot::MOST_BYTES + 1]).unwrap_err().to_string();
    assert_eq!(error, "larger than 16 MiB, the largest size of a snapshot");
}

#[test]
fn windows_compares_without_case() {
    let document = |second: &str| {
        format!(
            r#"{{"schema": "venv-doctor/snapshot/1", "platform": "windows", "cwd": "C:\\w", "executable": "python",
            "environment": {{"Path": "C:\\p"}}, "interpreter": {{"implementation": "cpython", "version": "3.12.1"}},
            "files": [{{"path": "C:\\p\\python.exe", "type": "file"}}, {{"path": "{second}", "type": "file"}}]}}"#
        )
    };
    let error = snapshot::load(document("c:/P/PYTHON.EXE").as_bytes()).unwrap_err().to_string();
    assert!(error.ends_with("files[1].path: the same path as files[0]"), "{error}");
    let loaded = snapshot::load(document("C:\\\\p\\\\python3.exe").as_bytes()).unwrap();
    assert_eq!(loaded.invocation.environment["PATH"], "C:\\p");
}

#[test]
fn the_schema_is_current_and_takes_what_is_taken() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/snapshot.schema.json");
    let current = snapshot::schema();
    if std::env::var_os("VENV_DOCTOR_UPDATE").is_some() {
        std::fs::write(file, &current).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(committed, current, "docs/snapshot.schema.json is out of date: run with VENV_DOCTOR_UPDATE=1");
    let validator = jsonschema::validator_for(&serde_json::from_str(&current).unwrap()).unwrap();
    let example: Value = serde_json::from_str(EXAMPLE).unwrap();
    let errors: Vec<String> = validator.iter_errors(&example).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(!validator.is_valid(&json!({"schema": "venv-doctor/snapshot/1"})));
}
