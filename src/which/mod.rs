//! What `which` tells about imports: the file, who installed it, whether it can be loaded, and where there is none, what
//! comes near to it. The search itself is that of the room `imports`.

mod file;
mod imported;
mod installed;
mod loads;
mod located;
mod near;
mod session;
mod shadowed;
mod sources;
#[cfg(feature = "cli")]
mod surroundings;

use bstr::BString;

use crate::host::{Host, Lookups};
use crate::invocation::Invocation;
use crate::startup::{self, Options, Resolution, Status};

pub use file::FileAnswer;
pub use installed::Installed;
pub use located::Located;
pub use near::Near;
pub use shadowed::Shadowed;
#[cfg(feature = "cli")]
pub use surroundings::{Owner, Surroundings, surroundings};

use session::Session;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The names of modules, with dots.
    pub names: Vec<BString>,
    /// Files whose names are asked for.
    pub files: Vec<BString>,
    /// Whether all names are asked for that more than one entry of `sys.path` provides.
    pub shadowed: bool,
}

/// What is told.
#[derive(Debug)]
pub struct Told {
    /// The startup before the imports.
    pub resolution: Resolution,
    /// One for each name that was asked for.
    pub names: Vec<Located>,
    /// One for each file that was asked about.
    pub files: Vec<FileAnswer>,
    /// The names that more than one entry of `sys.path` provides, where they were asked for.
    pub shadowed: Option<Vec<Shadowed>>,
}

impl Told {
    /// Whether everything was found; none where there is no answer, because this Python imports nothing or is not known.
    pub fn is_complete(&self) -> Option<bool> {
        let is_found = |located: &Located| located.import.kind.is_found();
        (self.resolution.outcome.status == Status::Starts)
            .then(|| self.names.iter().all(is_found) && self.files.iter().all(|file| !file.names.is_empty()))
    }
}

/// Repeats the startup of the Python that `invocation` names, and follows imports from there on.
pub fn ask(host: &dyn Host, invocation: &Invocation, options: &Options, asked: &Asked) -> Told {
    let lookups = Lookups::new(host, invocation.cwd.clone());
    let (resolution, lookups) = startup::resolve_asking(lookups, invocation, options);
    let (names, files, shadowed) = if resolution.outcome.status == Status::Starts {
        let session = Session::new(&resolution, &lookups);
        let names = asked.names.iter().map(|name| located::locate(&session, name)).collect();
        let files = asked.files.iter().map(|path| file::answer(&session, path)).collect();
        (names, files, asked.shadowed.then(|| shadowed::list(&session)))
    } else {
        let reason = unanswered(&resolution);
        let names = asked.names.iter().map(|name| Located::unanswered(name, &reason)).collect();
        let files = asked.files.iter().map(|path| FileAnswer::unanswered(path, &reason)).collect();
        (names, files, None)
    };
    Told { resolution, names, files, shadowed }
}

/// Why no import can be followed.
fn unanswered(resolution: &Resolution) -> BString {
    let what = match resolution.outcome.status {
        Status::NotSimulated => "the startup of this Python is not simulated",
        _ => "this Python fails to start, so that it imports nothing",
    };
    match &resolution.outcome.reason {
        Some(reason) => crate::text::sentence!(what, ": ", reason),
        None => what.into(),
    }
}
