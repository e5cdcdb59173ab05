//! `find_stdlib` of `initpath.py`.

use bstr::{BStr, BString, ByteSlice};

use super::{cfg, executable};
use crate::host::HostError;
use crate::host::path::{Flavor, module as arithmetic};
use crate::startup::fatal::Fatal;
use crate::startup::getpath::Input;
use crate::startup::getpath::cfg::Reading;
use crate::startup::record::Origin;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// A path has fewer components.
const MOST_LEVELS: usize = 2048;

/// In how many directories `pyvenv.cfg` is looked for.
const CFG_LEVELS: usize = 2;

/// What the search finds.
pub struct Found {
    /// `sys.prefix` and its like.
    pub prefix: BString,
    /// The entries of `sys.path`.
    pub path: Vec<(BString, Origin)>,
}

/// The search for the standard library.
pub struct Search<'a, 'h, 't> {
    trace: &'t mut Trace<'h>,
    input: &'t Input<'a>,
    /// What was read of `pyvenv.cfg`.
    pub cfg: Reading,
}

impl<'a, 'h, 't> Search<'a, 'h, 't> {
    /// A search that has not begun.
    pub fn new(trace: &'t mut Trace<'h>, input: &'t Input<'a>) -> Self {
        Self { trace, input, cfg: Reading::default() }
    }

    /// From the executable, and where that finds nothing, from the shared library.
    pub fn find_from(&mut self, executable: &BString) -> Result<Found, Fatal> {
        let start = if executable.is_empty() { BString::from("pypy3-c") } else { executable.clone() };
        if let Some(found) = self.upwards(&start)? {
            return Ok(found);
        }
        self.trace.say("The search from the executable finds no standard library.");
        if let Some(library) = &self.input.interpreter.library {
            let real = self.trace.ask.real_path(library.as_bstr()).unwrap_or_else(|_| library.clone());
            if let Some(found) = self.upwards(&real)? {
                return Ok(found);
            }
        }
        Err(Fatal {
            reason: "neither the executable nor the shared library leads to a standard library of PyPy; what PyPy does then is not simulated".into(),
            messages: Vec::new(),
            unanswered: true,
        })
    }

    fn upwards(&mut self, start: &BString) -> Result<Option<Found>, Fatal> {
        self.trace.begin(StepId::Links);
        let mut dir = self.dir_of(start.as_bstr())?;
        self.trace.say(sentence!(
            "Symlinks of the last component are followed. The search for the standard library starts in ",
            dir,
            "."
        ));
        self.trace.begin(StepId::VenvSearch);
        let mut cfg_left = CFG_LEVELS;
        let mut searched = false;
        for _ in 0..MOST_LEVELS {
            if cfg_left > 0 {
                cfg_left -= 1;
                if let Some(home) = self.read_cfg(&dir)? {
                    dir = home;
                    cfg_left = 0;
                }
            }
            if !searched {
                self.trace.begin(StepId::PrefixSearch);
                searched = cfg_left == 0;
            }
            if let Some(path) = self.library_in(&dir) {
                self.trace.say(sentence!("The search upwards finds a standard library in ", dir, "."));
                self.trace.set_text("sys.base_prefix", dir.as_bstr());
                return Ok(Some(Found { prefix: dir, path }));
            }
            let above = self.dir_of(dir.as_bstr())?;
            if above == dir {
                return Ok(None);
            }
            dir = above;
            if cfg_left > 0 {
                self.trace.begin(StepId::VenvSearch);
            }
        }
        Ok(None)
    }

    fn dir_of(&self, path: &BStr) -> Result<BString, Fatal> {
        executable::resolved_dir(self.trace, self.input.invocation.cwd.as_ref(), path)
    }

    /// The `home` of the `pyvenv.cfg` in a directory; a file that cannot be read counts as missing.
    fn read_cfg(&mut self, dir: &BString) -> Result<Option<BString>, Fatal> {
        let path = join(dir, "pyvenv.cfg");
        let content = match self.trace.read(path.as_bstr()) {
            Ok(content) => Some(content),
            Err(error @ (HostError::WouldBlock(_) | HostError::TooLarge { .. } | HostError::Unanswered)) => {
                return Err(Fatal::unread(path.as_bstr(), &error));
            }
            Err(_) => None,
        };
        let home = content.as_ref().and_then(|content| cfg::find_home(content));
        self.cfg.tried(path.as_bstr(), home.is_some());
        let Some(content) = content else {
            self.trace.say(sentence!("There is no readable ", path, "."));
            return Ok(None);
        };
        let Some((line, home)) = home else {
            self.trace.say(sentence!("No line of ", path, " says home = DIR, so it changes nothing here."));
            return Ok(None);
        };
        self.trace.say(sentence!("PyPy reads ", path, "."));
        self.cfg.path = Some(path);
        self.cfg.content = content.to_vec();
        self.trace.begin(StepId::VenvHome);
        self.cfg.take_home(self.trace, line, home.as_bstr());
        Ok(Some(home))
    }

    /// `compute_stdlib_path_maybe`: a zip file, an installation, or a tree of sources.
    fn library_in(&mut self, prefix: &BString) -> Option<Vec<(BString, Origin)>> {
        let zip = join(prefix, &self.input.layout.zip.to_string());
        if self.trace.ask.is_file(zip.as_bstr()) {
            return Some(vec![(zip, Origin::Zip)]);
        }
        let below = join(prefix, &self.input.layout.stdlib.to_string());
        // A relative prefix is joined twice, as upstream does.
        let stdlib = arithmetic::join(Flavor::Posix, &[prefix.as_bstr(), below.as_bstr()]);
        if self.trace.ask.is_file(join(&stdlib, "site.py").as_bstr()) {
            return Some(vec![(stdlib, Origin::Stdlib)]);
        }
        let (sources, own) = (join(prefix, "lib-python/3"), join(prefix, "lib_pypy"));
        let is_tree = self.trace.ask.is_dir(sources.as_bstr()) && self.trace.ask.is_dir(own.as_bstr());
        is_tree.then(|| vec![(own, Origin::Stdlib), (sources, Origin::Stdlib)])
    }
}

fn join(dir: &BString, name: &str) -> BString {
    arithmetic::join(Flavor::Posix, &[dir.as_bstr(), name.into()])
}
