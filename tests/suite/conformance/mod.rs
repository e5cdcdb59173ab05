//! The conformance vectors: small layouts, each with the values that every group of versions must show.
//!
//! Where the differential test asks whether the prediction equals reality, here a person has also written down what
//! both must be, so that a change of either is noticed.

use std::fs;

use crate::differential::draft::{Draft, join};
use crate::differential::observed::{self, Fields, Value};
use crate::differential::{compare, predicted};
use crate::support::interpreters::{self, Interpreter};
use bstr::{BString, ByteSlice};

mod early;
mod late;

/// What a vector must show, filled by its function.
#[derive(Default)]
pub struct Expected {
    fields: Fields,
    path: Option<PathRule>,
    messages: Vec<(String, usize)>,
}

/// A statement about the whole path.
type PathRule = Box<dyn Fn(&[BString]) -> bool>;

impl Expected {
    /// A field has this value.
    pub fn text(&mut self, field: &str, value: impl Into<BString>) -> &mut Self {
        self.fields.insert(field.to_owned(), Value::Text(value.into()));
        self
    }

    /// A field has this other value.
    pub fn value(&mut self, field: &str, value: Value) -> &mut Self {
        self.fields.insert(field.to_owned(), value);
        self
    }

    /// `sys.prefix` and `sys.base_prefix`.
    pub fn prefixes(&mut self, prefix: impl Into<BString>, base: impl Into<BString>) -> &mut Self {
        self.text("sys.prefix", prefix).text("sys.base_prefix", base)
    }

    /// The path satisfies this.
    pub fn path(&mut self, rule: impl Fn(&[BString]) -> bool + 'static) -> &mut Self {
        self.path = Some(Box::new(rule));
        self
    }

    /// `sys.path`, whole.
    pub fn whole_path(&mut self, path: Vec<BString>) -> &mut Self {
        self.value("sys.path", Value::List(path))
    }

    /// This number of lines on standard error contain the text.
    pub fn message(&mut self, text: &str, times: usize) -> &mut Self {
        self.messages.push((text.to_owned(), times));
        self
    }
}

/// Zip, standard library and extension modules of the interpreter itself.
pub fn standard(python: &Interpreter) -> Vec<BString> {
    let library = &python.stdlib;
    let lib = BString::from(&library[..library.rfind_byte(b'/').unwrap_or(0)]);
    vec![join(lib, format!("python{}.zip", python.nodot())), library.clone(), join(library, "lib-dynload")]
}

/// Builds a vector for every interpreter, runs both programs and compares them with what is expected.
///
/// `build` may mark a layout as impossible for an interpreter, which is then named as skipped.
pub fn check(name: &str, build: fn(&mut Draft<'_>) -> std::io::Result<()>, expect: fn(&Draft<'_>, &mut Expected)) {
    let mut problems = Vec::new();
    let found = interpreters::found();
    for (number, python) in found.interpreters.iter().enumerate() {
        let label = format!("{name}-{number}");
        let mut draft = Draft::new(python, join(python.world.work(), &label));
        let work = draft.work.clone();
        fs::create_dir_all(draft.outside(&work)).unwrap();
        build(&mut draft).unwrap();
        if let Some(why) = draft.skip {
            println!("skipped: {}: {why}", python.label);
            continue;
        }
        draft.finish().unwrap();
        let mut expected = Expected::default();
        expect(&draft, &mut expected);
        problems
            .extend(differences(&draft, &expected, &label).into_iter().map(|text| format!("{}: {text}", python.label)));
        let _ = fs::remove_dir_all(python.world.work_outside().join(label));
    }
    assert!(problems.is_empty(), "{name}\n{}", problems.join("\n"));
}

fn differences(draft: &Draft<'_>, expected: &Expected, label: &str) -> Vec<String> {
    let capture = draft.python.world.work_outside();
    let doctor = draft.start_doctor(capture.join(format!("{label}-doctor"))).unwrap();
    let real = match observed::read(&draft.start_real(capture.join(format!("{label}-real"))).unwrap()) {
        Ok(real) => real,
        Err(problem) => return vec![problem],
    };
    let mut problems = Vec::new();
    for (field, value) in &expected.fields {
        let shown = real.fields.get(field);
        if shown != Some(value) {
            problems.push(format!("the interpreter shows {field} = {shown:?}, the vector says {value:?}"));
        }
    }
    if let (Some(rule), Some(Value::List(path))) = (&expected.path, real.fields.get("sys.path"))
        && !rule(path)
    {
        problems.push(format!("the path breaks the rule of the vector: {path:#?}"));
    }
    let lines = |text: &String| real.messages.iter().filter(|line| line.contains_str(text)).count();
    for (text, wanted) in &expected.messages {
        if lines(text) != *wanted {
            problems.push(format!("{text:?} is printed {} times, not {wanted}", lines(text)));
        }
    }
    let report: Result<serde_json::Value, String> =
        serde_json::from_slice(&doctor.stdout).map_err(|error| error.to_string());
    if report.as_ref().is_ok_and(|report| predicted::admits_ignorance(report, draft.python)) {
        println!("skipped: {}: the report says that the prefix of this build cannot be learnt", draft.python.label);
        return problems;
    }
    match report.and_then(|report| predicted::read(&report)) {
        Err(problem) => problems.push(format!("{problem}: {}", doctor.stderr.as_bstr())),
        Ok(guess) => problems.extend(
            compare::compare(&guess, &real, draft.uncertain, draft.python.buffers_errors())
                .into_iter()
                .map(|it| format!("{}\n    predicted {}\n    real      {}", it.field, it.predicted, it.real)),
        ),
    }
    problems
}
