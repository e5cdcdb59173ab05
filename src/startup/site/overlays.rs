//! Calls of `site.addsitedir` by startup code, which may lead to each other without an end.

use bstr::BString;

/// More such calls than an environment has: environments that are laid over each other have one for each.
const MOST: usize = 32;

/// The calls that were followed.
#[derive(Default)]
pub(super) struct Overlays {
    /// The directories that are being processed, the innermost last.
    active: Vec<BString>,
    count: usize,
}

impl Overlays {
    /// Whether a call is not to be followed: Python comes back to the same line until its stack is full, or would have
    /// followed more calls than are worth it.
    pub(super) fn is_endless(&self, dir: &BString) -> bool {
        self.count >= MOST || self.active.contains(dir)
    }

    pub(super) fn enter(&mut self, dir: BString) {
        self.active.push(dir);
        self.count += 1;
    }

    pub(super) fn leave(&mut self) {
        self.active.pop();
    }
}
