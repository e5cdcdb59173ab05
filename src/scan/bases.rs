//! What has been learnt about base interpreters, so that the binary behind a thousand environments is read once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bstr::BString;

use crate::host::Lookup;
use crate::interpreter::{Identification, Interpreter, Problem};
use crate::startup::{Options, Recorded};

/// The most bases that are remembered. A machine has a few; environments of copied interpreters have none in common.
const MOST: usize = 1024;

/// What is known about the file at the end of an environment's links.
#[derive(Clone)]
struct Base {
    interpreter: Interpreter,
    problem: Option<Problem>,
    lookups: Vec<Lookup>,
}

/// The bases that were met.
#[derive(Default)]
pub struct Bases {
    known: Mutex<HashMap<BString, Arc<Base>>>,
}

impl Bases {
    /// The options for a resolution whose interpreter is the file `path`; where that is not known yet, those that let it be
    /// read.
    pub fn options(&self, path: &BString) -> Options {
        let known = self.known.lock().ok().and_then(|known| known.get(path).cloned());
        known.map_or_else(Options::default, |base| Options {
            python_version: None,
            interpreter: Some(base.interpreter.clone()),
            recorded: Recorded { problem: base.problem.clone(), lookups: base.lookups.clone() },
        })
    }

    /// Remembers what a resolution has found out about the file `path`, unless nothing is there.
    pub fn remember(&self, path: &BString, identification: &Identification, options: &Options) {
        if identification.file.is_none() || options.interpreter.is_some() {
            return;
        }
        let base = Base {
            interpreter: identification.interpreter.clone(),
            problem: identification.problem.clone(),
            lookups: Vec::new(),
        };
        let Ok(mut known) = self.known.lock() else { return };
        if known.len() < MOST {
            known.insert(path.clone(), Arc::new(base));
        }
    }
}
