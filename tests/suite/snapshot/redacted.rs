//! A snapshot without names says the same as the one with them.

use serde_json::Value;
use venv_doctor::Depth;
use venv_doctor::internals::host::{MemoryHost, Platform};
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::snapshot;
use venv_doctor::internals::startup::Options;

use crate::snapshot::report_value;

/// A machine on which everything bears the name of its user; `home` is her home directory.
fn machine(home: &str) -> MemoryHost {
    let venv = format!("{home}/project/.venv");
    let packages = format!("{venv}/lib/python3.12/site-packages");
    MemoryHost::new(Platform::Linux)
        .executable(format!("{home}/python/bin/python3.12"))
        .file(format!("{home}/python/lib/python3.12/os.py"), "")
        .file(format!("{home}/python/lib/python3.12/encodings/__init__.py"), "")
        .directory(format!("{home}/python/lib/python3.12/lib-dynload"))
        // A relative symlink that goes up to the root.
        .symlink(format!("{venv}/bin/python"), format!("../../../{}/python/bin/python3.12", up(home)))
        .file(format!("{venv}/pyvenv.cfg"), format!("home = {home}/python/bin\nprompt = wonder\n"))
        .file(format!("{packages}/wonder.pth"), format!("{home}/project/src\n/home/wonderland/lib\n"))
        .file(format!("{packages}/another.pth"), "../../../../extra\n")
        .directory(format!("{home}/project/src"))
        .directory("/home/wonderland/lib")
        .variable("HOME", home)
        .variable("PATH", format!("{home}/bin:/usr/bin:/home/bob/bin"))
        .variable("SECRET", home)
        .account_home(home)
        .cwd(format!("{home}/project"))
}

/// Up from two directories below `home` to the root and down to `home` again.
fn up(home: &str) -> String {
    format!("{}{}", "../".repeat(home.matches('/').count()), &home[1..])
}

fn check(home: &str, renamed: &str, words: &[(&str, &str)]) {
    let host = machine(home);
    let mut invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
    invocation.environment.remove("VIRTUAL_ENV");
    let options = Options { python_version: Some("3.12.1".parse().unwrap()), ..Options::default() };
    let document = snapshot::record(&host, &invocation, &options, &[], (Depth::Startup, &[]));
    let plain = snapshot::write(&document);
    let redacted = snapshot::write(&snapshot::redact(document));
    let text = String::from_utf8(redacted.clone()).unwrap();
    for (word, _) in words {
        assert!(!text.contains(word), "{word} in {text}");
    }
    assert!(!text.contains(home), "{text}");
    let expected = rename(&report_value(&plain), home, renamed, words);
    assert_eq!(expected["outcome"]["status"], "starts", "{expected:#}");
    assert_eq!(expected["sys"]["path"][4]["value"], format!("{renamed}/project/.venv/lib/python3.12/site-packages"));
    assert_eq!(without_sizes(report_value(&redacted)), without_sizes(expected));
}

fn rename(report: &Value, home: &str, renamed: &str, words: &[(&str, &str)]) -> Value {
    let mut text = report.to_string();
    for (word, stand_in) in words {
        text = text.replace(word, stand_in);
    }
    let relative = (format!("../{}", &home[1..]), format!("../{}", &renamed[1..]));
    let text = text.replace(home, renamed).replace(&relative.0, &relative.1);
    serde_json::from_str(&text).unwrap()
}

/// Files are a few bytes shorter.
fn without_sizes(mut report: Value) -> Value {
    for step in report["steps"].as_array_mut().unwrap() {
        for check in step["checks"].as_array_mut().unwrap() {
            if check["result"].get("bytes").is_some() {
                check["result"] = Value::Null;
            }
        }
    }
    report
}

#[test]
fn a_home_dir_among_others() {
    check("/home/wonder", "/home/user", &[("wonderland", "user3"), ("wonder", "user"), ("bob", "user2")]);
}

#[test]
fn the_home_dir_of_root() {
    check("/root", "/user", &[("wonderland", "user3"), ("bob", "user2")]);
}

#[test]
fn a_home_dir_on_macos() {
    check("/Users/wonder", "/Users/user", &[("wonderland", "user3"), ("wonder", "user"), ("bob", "user2")]);
}
