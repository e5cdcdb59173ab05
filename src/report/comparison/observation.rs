//! What the probe reports of the interpreter that ran it.

use std::collections::BTreeMap;

use bstr::{BStr, BString, ByteSlice};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use thiserror::Error;

use crate::startup::{Status, Value};

/// What the line that the probe prints begins with, before its JSON.
pub const PROBE_MARK: &str = "VENV-DOCTOR-PROBE ";
/// The line that the probe prints on standard error before it does anything else.
pub const START_MARK: &str = "VENV-DOCTOR-PROBE-STARTS";
/// How many of the last lines of an interpreter that failed to start are shown.
const LAST_LINES: usize = 3;

/// What the real interpreter did.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Whether it ran the probe, and if not, how far it got.
    pub status: Status,
    /// What the probe showed; nothing where it did not run.
    pub values: Observed,
    /// What was printed on standard error before the probe ran, or why nothing could be executed.
    pub printed: BString,
}

impl Observation {
    /// The last lines of standard error.
    pub fn last_words(&self) -> impl Iterator<Item = &BStr> {
        let lines: Vec<&[u8]> = self.printed.lines().filter(|line| !line.trim_ascii().is_empty()).collect();
        let skipped = lines.len().saturating_sub(LAST_LINES);
        lines.into_iter().skip(skipped).map(BStr::new)
    }
}

/// The values that the probe showed, by name.
#[derive(Clone, Debug, Default)]
pub struct Observed(BTreeMap<String, Value>);

/// The output has no line of the probe that can be read.
#[derive(Debug, Error)]
pub enum ObservationError {
    /// No line of the probe.
    #[error("the interpreter ended without an error, but did not run the probe")]
    Silent,
    /// Its JSON is not that of the probe.
    #[error("cannot read the output of the probe: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A string is not hexadecimal.
    #[error("cannot read the output of the probe: {0}")]
    Hex(#[from] data_encoding::DecodeError),
}

#[derive(Deserialize)]
struct Probe {
    sys: BTreeMap<String, Shown>,
    version: Shown,
    site: Option<BTreeMap<String, Shown>>,
    customize: BTreeMap<String, Shown>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Shown {
    Bool(bool),
    Hex(String),
    List(Vec<Shown>),
    None(()),
}

impl Observed {
    /// Reads the probe's line out of standard output, which startup code may have written to as well.
    ///
    /// # Errors
    /// Where there is no such line, or it is not what the probe prints.
    pub fn from_output(output: &[u8]) -> Result<Self, ObservationError> {
        let at = output.rfind(PROBE_MARK).ok_or(ObservationError::Silent)?;
        let line = output[at + PROBE_MARK.len()..].lines().next().unwrap_or_default();
        let probe: Probe = serde_json::from_slice(line)?;
        let mut values = BTreeMap::new();
        values.insert("version".to_owned(), probe.version.decode()?);
        values.insert("site".to_owned(), Value::Bool(probe.site.is_some()));
        let sys = probe.sys.into_iter().map(|(name, value)| (format!("sys.{name}"), value));
        let site = probe.site.into_iter().flatten().map(|(name, value)| (format!("site.{name}"), value));
        for (name, value) in sys.chain(site).chain(probe.customize) {
            values.insert(name, value.decode()?);
        }
        Ok(Self(values))
    }

    /// A value; none where the interpreter has no such attribute.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }
}

impl Shown {
    fn decode(self) -> Result<Value, ObservationError> {
        Ok(match self {
            Self::None(()) => Value::None,
            Self::Bool(yes) => Value::Bool(yes),
            Self::Hex(hex) => Value::Text(bytes(&hex)?),
            Self::List(items) => Value::List(items.into_iter().map(Self::text).collect::<Result<_, _>>()?),
        })
    }

    /// An entry of a list; one that is no string cannot be predicted, and is shown as Python writes it.
    fn text(self) -> Result<BString, ObservationError> {
        match self {
            Self::Hex(hex) => bytes(&hex),
            Self::None(()) => Ok("None".into()),
            Self::Bool(yes) => Ok(yes.to_string().into()),
            Self::List(_) => Ok("[…]".into()),
        }
    }
}

fn bytes(hex: &str) -> Result<BString, ObservationError> {
    Ok(HEXLOWER.decode(hex.as_bytes())?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probe_is_found_behind_the_chatter_of_startup_code() {
        let output = b"hello\n>>> VENV-DOCTOR-PROBE {\"sys\":{\"prefix\":\"2f75\",\"_home\":null,\"path\":[\"\"]},\
            \"site\":null,\"version\":\"332e382e30\",\"customize\":{}}\n>>> ";
        let observed = Observed::from_output(output).unwrap();
        assert_eq!(observed.get("sys.prefix"), Some(Value::Text("/u".into())));
        assert_eq!(observed.get("sys._home"), Some(Value::None));
        assert_eq!(observed.get("sys.path"), Some(Value::List(vec!["".into()])));
        assert_eq!(observed.get("site"), Some(Value::Bool(false)));
        assert_eq!(observed.get("sys.platlibdir"), None);
    }

    #[test]
    fn other_output_is_refused() {
        assert!(matches!(Observed::from_output(b"hello"), Err(ObservationError::Silent)));
        assert!(matches!(Observed::from_output(b"VENV-DOCTOR-PROBE {}"), Err(ObservationError::Malformed(_))));
    }
}
