//! The document keeps to its published schema, and the text of one situation is as people see it.

use venv_doctor::internals::report::which;

use crate::support::program::stdout;
use crate::which::{document, neutral, stage};

#[test]
fn the_published_schema_is_current() {
    let published = include_str!("../../../docs/which.schema.json");
    assert!(published == which::schema(), "cargo run -- schema which > docs/which.schema.json");
}

#[test]
fn documents_keep_to_the_schema() {
    let Some(stage) = stage() else { return };
    stage.install("plotcore", "2.3.1", &[("plotcore/__init__.py", ""), ("ns/one.py", "")]).unwrap();
    stage.write("plotcore.py", "").unwrap();
    let schema = serde_json::from_str(&which::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for arguments in [
        &["env", "--", "plotcore", "plotcore.more", "ns", "sys", "os", "gone", "a..b"][..],
        &["--file", "plotcore.py", "--file", "gone.py", "env"],
        &["--shadowed", "env"],
        &["./gone/bin/python", "--", "os"],
    ] {
        let document = document(&stage, &[], arguments);
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{document}");
    }
}

#[test]
fn exit_codes_tell_whether_there_is_an_answer() {
    let Some(stage) = stage() else { return };
    for (arguments, code) in [
        (&["env", "--", "os"][..], 0),
        (&["env", "--", "os", "gone"], 1),
        (&["./gone/bin/python", "--", "os"], 2),
        (&["/bin/sh", "--", "os"], 2),
        (&["--file", "gone.py", "env"], 1),
        (&["--shadowed", "env"], 0),
        (&[], 2),
        (&["env", "other", "--", "os"], 2),
        (&["--python", "env", "os"], 0),
    ] {
        let output = crate::which::which(&stage, &[], arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stdout(&output));
    }
}

#[test]
fn the_answer_is_followed_by_the_search() {
    let Some(stage) = stage() else { return };
    stage.install("plotcore", "2.3.1", &[("plotcore/__init__.py", "")]).unwrap();
    stage.write("path/plotcore.py", "").unwrap();
    let arguments = ["env", "--env", "PYTHONPATH=path", "--width", "200", "--", "plotcore"];
    let output = crate::which::which(&stage, &[], &arguments);
    let text = neutral(&stage, stdout(&output)).replace(stage.stdlib().to_str().unwrap(), "STDLIB");
    for line in [
        "plotcore → @/path/plotcore.py, on PYTHONPATH, hides @/SITE/plotcore/__init__.py\n",
        "note  env is a directory; its bin/python is used\n",
        "\nSearch\n  built-in modules ",
        "module plotcore.py: taken\n",
        "package plotcore/__init__.py: hidden by what is found before\n",
        "\nShadowed\n  package  @/SITE/plotcore/__init__.py\n    would be imported without it\n",
    ] {
        let line = line.replace("SITE", &stage.site());
        assert!(text.contains(&line), "{line:?} is not in\n{text}");
    }
}
