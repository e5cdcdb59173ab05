//! What is known about base interpreters, so that the binary behind a thousand environments is read once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bstr::BString;

use crate::host::Lookup;
use crate::interpreter::{Identification, Interpreter, Problem};
use crate::startup::{Options, Recorded};

/// The most bases that are kept. A machine has a few; environments with copied interpreters share none.
const MOST: usize = 1024;

/// What is known about the file to which the symlinks of an environment's interpreter lead.
#[derive(Clone)]
struct Base {
    interpreter: Interpreter,
    problem: Option<Problem>,
    lookups: Vec<Lookup>,
}

/// The bases that are known.
#[derive(Default)]
pub struct Bases {
    known: Mutex<HashMap<BString, Arc<Base>>>,
}

impl Bases {
    /// The options for a resolution whose interpreter is the file `path`: with what is known about it, or such that it is
    /// read.
    pub fn options(&self, path: &BString) -> Options {
        let known = self.known.lock().ok().and_then(|known| known.get(path).cloned());
        let in_place = Options { in_place: true, ..Options::default() };
        known.map_or(in_place, |base| Options {
            python_version: None,
            interpreter: Some(base.interpreter.clone()),
            recorded: Recorded { problem: base.problem.clone(), lookups: base.lookups.clone(), ..Recorded::default() },
            in_place: true,
        })
    }

    /// Keeps what a resolution has found out about the file `path`, unless nothing is there.
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
