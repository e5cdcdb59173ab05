//! The explain report as JSON, against its published schema.

use serde_json::Value;
use venv_doctor::Explanation;
use venv_doctor::internals::report::json::v1::{render, schema};
use venv_doctor::internals::startup::Unset;

use crate::report::sample;

fn document(resolution: &Explanation) -> Value {
    serde_json::from_slice(&render(resolution, &["a note".into()])).unwrap()
}

#[test]
fn the_published_schema_is_current() {
    let published = include_str!("../../../docs/explain.schema.json");
    assert!(published == schema(), "cargo run -- schema explain > docs/explain.schema.json");
}

#[test]
fn the_schemas_of_repairs_are_current() {
    use venv_doctor::internals::report::fix;
    let plan = include_str!("../../../docs/fix.schema.json");
    assert!(plan == fix::schema(), "cargo run -- schema fix > docs/fix.schema.json");
    let list = include_str!("../../../docs/undo.schema.json");
    assert!(list == fix::schema_of_list(), "cargo run -- schema undo > docs/undo.schema.json");
}

#[test]
fn reports_keep_to_the_schema() {
    let schema = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for resolution in [sample::healthy(), sample::broken(), sample::hostile(b"\x1b[2J\xff\xfe")] {
        let report = document(&resolution);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn bytes_that_are_no_text_are_kept_exactly() {
    let report = document(&sample::hostile(b"caf\xe9"));
    assert_eq!(report["sys"]["prefix"]["base64"], "Y2Fm6Q==");
    assert_eq!(report["sys"]["prefix"]["display"], "caf\\xe9");
}

#[test]
fn a_missing_attribute_is_no_null() {
    let mut resolution = sample::healthy();
    let mut home = |value| {
        resolution.resolution.sys.as_mut().unwrap().home = value;
        document(&resolution)["sys"].as_object().unwrap().get("_home").cloned()
    };
    assert_eq!(home(Unset::Absent), None);
    assert_eq!(home(Unset::Set(None)), Some(Value::Null));
    assert_eq!(home(Unset::Set(Some("/usr/bin".into()))), Some("/usr/bin".into()));
}

#[test]
fn the_whole_document() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&document(&sample::healthy())).unwrap());
}
