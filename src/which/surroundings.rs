//! What pictures of a startup show beyond the startup itself: who installed the startup hooks, and which names one entry of
//! `sys.path` hides from another.

use std::collections::HashMap;

use bstr::{BString, ByteSlice};

use super::installed::{self, Installed};
use super::session::Session;
use super::shadowed::{self, Shadowed};
use crate::environment::Ownership;
use crate::host::{Host, Lookups};
use crate::invocation::Invocation;
use crate::startup::{self, Options, Status};

/// Who installed the file of a startup hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This distribution.
    Distribution(Installed),
    /// No distribution: each of them lists its files, and none lists this one.
    Nobody,
    /// It is not known.
    Unknown,
}

/// What is around a startup.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Who installed the files of the startup hooks.
    pub owners: HashMap<BString, Owner>,
    /// The names that more than one entry of `sys.path` provides; none where this Python imports nothing or is not known.
    pub shadowed: Option<Vec<Shadowed>>,
}

/// Repeats the startup of the Python that `invocation` names, and reads on from there.
pub fn surroundings(host: &dyn Host, invocation: &Invocation, options: &Options) -> Surroundings {
    let lookups = Lookups::new(host, invocation.cwd.clone());
    let (resolution, lookups) = startup::resolve_asking(lookups, invocation, options);
    let session = Session::new(&resolution, &lookups);
    let mut owners = HashMap::new();
    // A file may have several hooks, and some versions read each file twice.
    for hook in &resolution.startup {
        owners.entry(hook.file.clone()).or_insert_with(|| owner(&session, &hook.file));
    }
    let is_known = resolution.outcome.status == Status::Starts;
    Surroundings { owners, shadowed: is_known.then(|| shadowed::list(&session)) }
}

fn owner(session: &Session<'_>, file: &BString) -> Owner {
    let file = session.dir(file.as_bstr());
    if let Some(installed) = installed::owner(session, file.as_bstr()) {
        return Owner::Distribution(installed);
    }
    // Where Python has no sys.path, the environment has distributions all the same.
    match session.survey.owner_of(file.as_bstr()) {
        Ownership::By(owner) => Owner::Distribution(Installed::of(session, owner.distribution)),
        Ownership::Nobody => Owner::Nobody,
        Ownership::Unknown => Owner::Unknown,
    }
}
