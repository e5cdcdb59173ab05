//! A prediction compared with an observation.

use bstr::BString;
use data_encoding::HEXLOWER;
use serde_json::json;
use venv_doctor::internals::invocation::Launch;
use venv_doctor::internals::report::comparison::{Comparison, Observation, Observed, PROBE_MARK};
use venv_doctor::internals::report::text::Style;
use venv_doctor::internals::startup::{Doubt, Resolution, Status};

use crate::report::sample;

fn hex(text: &str) -> String {
    HEXLOWER.encode(text.as_bytes())
}

/// What the interpreter of the healthy sample shows, with `prefix` as its prefix and `first` in front of its path.
fn observation(prefix: &str, first: &str) -> Observation {
    let environment = "/home/u/app/.venv";
    let packages = format!("{environment}/lib/python3.12/site-packages");
    let path = [
        first,
        "/usr/local/lib/python312.zip",
        "/usr/local/lib/python3.12",
        "/usr/local/lib/python3.12/lib-dynload",
        &packages,
        "/home/u/app/lib",
    ];
    let probe = json!({
        "sys": {
            "executable": hex(&format!("{environment}/bin/python")),
            "_base_executable": hex("/usr/local/bin/python3.12"),
            "prefix": hex(prefix),
            "exec_prefix": hex(environment),
            "base_prefix": hex("/usr/local"),
            "base_exec_prefix": hex("/usr/local"),
            "_home": hex("/usr/local/bin"),
            "platlibdir": hex("lib"),
            "_stdlib_dir": hex("/usr/local/lib/python3.12"),
            "path": path.map(hex),
        },
        "version": hex("3.12.1"),
        "site": {
            "ENABLE_USER_SITE": false,
            "USER_BASE": hex("/home/u/.local"),
            "USER_SITE": hex("/home/u/.local/lib/python3.12/site-packages"),
            "PREFIXES": [hex(environment)],
        },
        "customize": {"sitecustomize": hex(&format!("{packages}/sitecustomize.py")), "usercustomize": null},
    });
    let output = format!("chatter\n{PROBE_MARK}{probe}\n");
    let values = Observed::from_output(output.as_bytes()).unwrap();
    Observation { status: Status::Starts, values, printed: BString::default() }
}

fn text(resolution: &Resolution, observation: &Observation) -> String {
    let style = Style { width: 100, color: false, verbose: false, home: Some("/home/u".into()) };
    Comparison::new(resolution, observation).to_text(&style)
}

#[test]
fn what_agrees() {
    let comparison = Comparison::new(&sample::healthy().resolution, &observation("/home/u/app/.venv", ""));
    assert!(comparison.agrees(), "{comparison:#?}");
}

#[test]
fn what_differs_is_shown_from_both_sides() {
    let observation = observation("/usr/local", "/home/u/app");
    let resolution = sample::healthy();
    assert!(!Comparison::new(&resolution.resolution, &observation).agrees());
    insta::assert_snapshot!("verify-differs", text(&resolution.resolution, &observation));
    let json = Comparison::new(&resolution.resolution, &observation).to_json();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["agrees"], false);
    let prefix = json["fields"].as_array().unwrap().iter().find(|field| field["field"] == "sys.prefix").unwrap();
    assert_eq!(prefix["predicted"], "/home/u/app/.venv");
    assert_eq!(prefix["observed"], "/usr/local");
}

#[test]
fn the_first_entry_of_a_script_is_left_out() {
    let mut resolution = sample::healthy();
    resolution.resolution.invocation.launch = Launch::Script("tool/run.py".into());
    resolution.resolution.sys.as_mut().unwrap().path[0].value = "/home/u/app/tool".into();
    let comparison = Comparison::new(&resolution.resolution, &observation("/home/u/app/.venv", ""));
    assert!(comparison.agrees(), "{comparison:#?}");
}

#[test]
fn a_message_counts_where_it_was_printed() {
    let mut resolution = sample::healthy();
    let mut observation = observation("/home/u/app/.venv", "");
    observation.printed = "a warning\n".into();
    resolution.resolution.messages = vec!["a warning".into()];
    assert!(Comparison::new(&resolution.resolution, &observation).agrees());
    resolution.resolution.messages.push("another".into());
    assert!(!Comparison::new(&resolution.resolution, &observation).agrees());
}

#[test]
fn what_was_not_foreseen_differs() {
    let mut resolution = sample::healthy();
    let mut observation = observation("/home/u/app/.venv", "");
    observation.printed = "chatter\n".into();
    assert!(!Comparison::new(&resolution.resolution, &observation).agrees());
    // Code that is not recognized may print what it likes, but a traceback always counts.
    let doubt = Doubt::Code { file: "/a.pth".into(), line: Some(1), text: "import a".into(), step: 1 };
    resolution.resolution.doubts = vec![doubt];
    assert!(Comparison::new(&resolution.resolution, &observation).agrees());
    observation.printed = "Traceback (most recent call last):\n  File \"a\", line 1\nKeyError: 1\n".into();
    assert!(!Comparison::new(&resolution.resolution, &observation).agrees());
    // The body of a message that was foreseen does not count.
    resolution.resolution.doubts = Vec::new();
    resolution.resolution.messages = vec!["Error processing line 1 of /a.pth:".into()];
    observation.printed =
        "Error processing line 1 of /a.pth:\n\n  Traceback (most recent call last):\n    File \"a\"\n  \
                           KeyError: 1\n\n"
            .into();
    assert!(Comparison::new(&resolution.resolution, &observation).agrees());
}

#[test]
fn a_death_is_told_with_its_last_words() {
    let died = Observation {
        status: Status::FailsToInitialize,
        values: Observed::default(),
        printed: "Fatal Python error: init_fs_encoding\nModuleNotFoundError: No module named 'encodings'\n".into(),
    };
    insta::assert_snapshot!("verify-died", text(&sample::healthy().resolution, &died));
}
