//! One of the two environments: what startup does there, and what is installed.

use super::items::{self, Item};
use super::places::{Places, Situation};
use crate::Explanation;
use crate::environment::{Depth, Manifest, Survey};
use crate::explanation;
use crate::host::{Host, Lookups};
use crate::invocation::Invocation;
use crate::startup::Options;

/// Which Python is looked at, and on which machine.
#[derive(Clone, Copy)]
pub struct Look<'h> {
    /// The machine.
    pub host: &'h dyn Host,
    /// How Python is called.
    pub invocation: &'h Invocation,
    /// What is known about the interpreter.
    pub options: &'h Options,
    /// How deep a check can go there.
    pub held: Depth,
    /// Whether the machine knows what is installed.
    pub has_installed: bool,
}

/// One of the two environments.
pub struct Side<'h> {
    /// The machine and the call.
    pub look: Look<'h>,
    /// What Python does there, and what is wrong.
    pub explanation: Explanation,
    /// What is installed; none where that was not recorded.
    pub manifest: Option<Manifest>,
    pub(super) places: Places,
    /// Everything that is compared.
    pub(super) items: Vec<Item>,
    /// The same without what only a check knows: what a trial is compared with.
    pub(super) startup: Vec<Item>,
}

impl<'h> Side<'h> {
    /// Looks at both, as deep as both can be looked at.
    pub fn both(a: Look<'h>, b: Look<'h>, wanted: Depth) -> (Self, Self) {
        let depth = wanted.min(a.held).min(b.held);
        let is_checked = depth > Depth::Startup;
        (Self::new(a, depth, is_checked), Self::new(b, depth, is_checked))
    }

    fn new(look: Look<'h>, depth: Depth, is_checked: bool) -> Self {
        let explanation = explanation::examine(look.host, look.invocation, look.options, depth);
        let lookups = Lookups::new(look.host, look.invocation.cwd.clone());
        let survey = Survey::new(&explanation.resolution, &lookups);
        let places = Places::new(&Situation::of(&survey, &explanation, look.host));
        let manifest = look.has_installed.then(|| survey.manifest());
        drop(survey);
        let items = items::of(&explanation, manifest.as_ref(), &places, look.host, is_checked);
        let shallow = is_checked.then(|| explanation::explain(look.host, look.invocation, look.options));
        let startup = items::of(shallow.as_ref().unwrap_or(&explanation), None, &places, look.host, false);
        Self { look, explanation, manifest, places, items, startup }
    }

    /// The values that a trial of this side has.
    pub(super) fn items_of(&self, explanation: &Explanation, host: &dyn Host) -> Vec<Item> {
        items::of(explanation, None, &self.places, host, false)
    }
}
