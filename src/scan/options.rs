//! What is looked for, and where.

use bstr::BString;

use super::Exclude;
use crate::Depth;

/// What is looked for, and where. [`Options::new`] gives those of `venv-doctor scan` without any option; set what differs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The directories to look in: absolute paths without symlinks, as [`Host::real_path`](crate::host::Host::real_path)
    /// gives them.
    pub dirs: Vec<BString>,
    /// How many levels below them; 0 is the directories themselves. There is no bound where none is given.
    pub depth: Option<usize>,
    /// Directories that are not entered.
    pub exclude: Exclude,
    /// Whether to stay on the file system of each directory.
    pub one_file_system: bool,
    /// Whether to look inside the libraries of environments, where others may be nested.
    pub nested: bool,
    /// Whether symlinks to directories are followed.
    pub follow: bool,
    /// Whether the directories that cannot hold an environment (the manual lists them) are left out.
    pub prune: bool,
    /// Whether installations are wanted too, and not only environments.
    pub interpreters: bool,
    /// The threads that walk and examine; as many as there are processors where none is given.
    pub threads: Option<usize>,
    /// How far each environment is examined.
    pub depth_of_examination: Depth,
    /// Whether the disk use of each environment is computed, and when it was last used.
    pub size: bool,
}

impl Options {
    /// Every environment below `dirs`, examined as `explain` does.
    pub fn new(dirs: impl IntoIterator<Item = impl Into<BString>>) -> Self {
        Self {
            dirs: dirs.into_iter().map(Into::into).collect(),
            depth: None,
            exclude: Exclude::default(),
            one_file_system: false,
            nested: false,
            follow: false,
            prune: true,
            interpreters: false,
            threads: None,
            depth_of_examination: Depth::Startup,
            size: false,
        }
    }
}
