//! The prediction next to what the real interpreter shows, value by value.

mod json;
mod observation;
mod printed;
mod table;

use bstr::{BString, ByteSlice};

use crate::invocation::Launch;
use crate::startup::{Named, Origin, Resolution, Status, SysValues, Value};

pub use observation::{Observation, ObservationError, Observed, PROBE_MARK, START_MARK};

/// A predicted value next to the observed one. `None`: there is no such attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, as in Python.
    pub name: &'static str,
    /// What the resolution says.
    pub predicted: Option<Value>,
    /// What the interpreter shows.
    pub observed: Option<Value>,
}

impl Field {
    /// Whether prediction and observation are the same.
    pub fn agrees(&self) -> bool {
        self.predicted == self.observed
    }
}

/// A whole comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The Python that was compared, as typed.
    pub executable: BString,
    /// Every field, the outcome first.
    pub fields: Vec<Field>,
    /// What is left out of the comparison, and why.
    pub notes: Vec<BString>,
}

impl Comparison {
    /// Compares the observation with the prediction.
    pub fn new(resolution: &Resolution, observation: &Observation) -> Self {
        let mut fields = vec![Field {
            name: "outcome",
            predicted: Some(text(resolution.outcome.status.name())),
            observed: Some(text(observation.status.name())),
        }];
        let mut notes = Vec::new();
        if observation.status != Status::Starts {
            notes.extend(observation.last_words().map(|line| bstr::concat(["it printed: ".as_bytes(), line]).into()));
        } else if resolution.outcome.status == Status::Starts {
            let launch = &resolution.invocation.launch;
            let predicted = predict(resolution, &mut notes).into_iter();
            let compared = predicted.map(|(name, predicted)| {
                let observed = observe(&observation.values, name, launch);
                Field { name, predicted, observed }
            });
            // Python forgets a module that fails; the messages show whether that was foreseen.
            let is_forgotten = |field: &Field| {
                field.name.ends_with("customize")
                    && observation.printed.contains_str(format!("Error in {};", field.name))
                    && field.observed == Some(Value::None)
            };
            fields.extend(compared.filter(|field| !is_forgotten(field)));
        }
        fields.extend(messages(resolution, observation));
        Self { executable: resolution.invocation.executable.clone(), fields, notes }
    }

    /// Whether every field agrees.
    pub fn agrees(&self) -> bool {
        self.fields.iter().all(Field::agrees)
    }

    /// The comparison for people.
    pub fn to_text(&self, style: &super::text::Style) -> String {
        table::render(self, style)
    }

    /// The comparison as one line of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        json::render(self)
    }
}

type Predicted = Vec<Named>;

fn predict(resolution: &Resolution, notes: &mut Vec<BString>) -> Predicted {
    let mut fields = Vec::new();
    if let Some(version) = resolution.identification.interpreter.version.filter(|version| version.micro.is_some()) {
        let micro = version.micro.unwrap_or_default();
        fields.push(("version", Some(text(&format!("{}.{}.{micro}", version.major, version.minor)))));
    } else {
        notes.push("the micro version was not predicted and is not compared".into());
    }
    if let Some(sys) = &resolution.sys {
        predict_sys(&mut fields, sys, &resolution.invocation.launch);
    }
    if let Launch::Script(_) = resolution.invocation.launch {
        notes.push("sys.path[0] is not compared: only running the script would show it".into());
    }
    if let Some(site) = &resolution.site {
        fields.extend(site.named());
    }
    fields
}

fn predict_sys(fields: &mut Predicted, sys: &SysValues, launch: &Launch) {
    let is_compared = |origin| !(matches!(launch, Launch::Script(_)) && origin == Origin::Launch);
    let path = sys.path.iter().filter(|entry| is_compared(entry.origin)).map(|entry| entry.value.clone()).collect();
    fields.extend(sys.named());
    fields.push(("sys.path", Some(Value::List(path))));
}

fn observe(observed: &Observed, name: &str, launch: &Launch) -> Option<Value> {
    let value = observed.get(name);
    match value {
        // The probe runs as `-c` in the place of a script, whose own first entry is unknown.
        Some(Value::List(mut path)) if name == "sys.path" && matches!(launch, Launch::Script(_)) => {
            if path.first().is_some_and(|first| first.is_empty()) {
                path.remove(0);
            }
            Some(Value::List(path))
        }
        value => value,
    }
}

/// The messages that were predicted, next to what was printed. No shell was run to print its message about a file that
/// cannot be executed.
fn messages(resolution: &Resolution, observation: &Observation) -> Option<Field> {
    if observation.status == Status::FailsToExecute {
        return loader_message(resolution, observation);
    }
    Some(Field {
        name: "messages",
        predicted: Some(Value::List(resolution.messages.clone())),
        observed: Some(Value::List(printed::seen(resolution, observation.printed.as_bstr()))),
    })
}

/// What the dynamic loader printed first, next to what was predicted of it; a shell or the kernel has words of its own.
fn loader_message(resolution: &Resolution, observation: &Observation) -> Option<Field> {
    let line = observation.printed.lines().find(|line| is_of_loader(line))?;
    Some(Field {
        name: "messages",
        predicted: Some(Value::List(resolution.messages.clone())),
        observed: Some(Value::List(vec![line.into()])),
    })
}

/// Whether the dynamic loader says why it does not start the program.
pub fn is_of_loader(printed: &[u8]) -> bool {
    const WORDS: [&str; 5] = [
        ": error while loading shared libraries: ",
        ": symbol lookup error: ",
        ": relocation error: ",
        "' not found (required by ",
        "Error loading shared library ",
    ];
    let first = printed.lines().find(|line| !line.starts_with(b"ERROR: ld.so: ") && !line.contains_str(UNVERSIONED));
    first.is_some_and(|line| WORDS.iter().any(|words| line.contains_str(words)))
}

/// A warning of the dynamic loader, after which it goes on.
const UNVERSIONED: &str = "no version information available (required by";

fn text(value: &str) -> Value {
    Value::Text(value.into())
}
