//! One of the two environments: what startup does there, and what is installed.

use std::collections::{BTreeSet, HashMap};

use bstr::{BString, ByteSlice};

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
    /// How deep both were looked at.
    pub(super) depth: Depth,
    /// What Python does there, and what is wrong.
    pub explanation: Explanation,
    /// What is installed; none where that was not recorded.
    pub manifest: Option<Manifest>,
    /// By where it lies, which distribution has installed a file of startup code.
    pub(super) owners: HashMap<BString, BString>,
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
        let (one, other) = (Looked::new(a, depth), Looked::new(b, depth));
        let (here, there) = Places::both(&one.situation, &other.situation);
        (one.compared_by(here), other.compared_by(there))
    }

    /// Whether somebody asked for a distribution, by the name by which installers compare.
    pub(super) fn has_requested(&self, name: &BString) -> bool {
        let Some(manifest) = &self.manifest else { return false };
        let found = manifest.packages.binary_search_by(|package| package.normalized.cmp(name));
        found.is_ok_and(|at| manifest.packages[at].is_requested)
    }

    /// The values that a trial of this side has.
    pub(super) fn items_of(&self, explanation: &Explanation, host: &dyn Host) -> Vec<Item> {
        items::of(explanation, None, &self.places, host, false)
    }
}

/// One of the two before it is known by which directories it is compared with the other.
struct Looked<'h> {
    look: Look<'h>,
    explanation: Explanation,
    manifest: Option<Manifest>,
    owned: Vec<(BString, BString)>,
    situation: Situation,
    depth: Depth,
}

impl<'h> Looked<'h> {
    fn new(look: Look<'h>, depth: Depth) -> Self {
        let explanation = explanation::examine(look.host, look.invocation, look.options, depth);
        let lookups = Lookups::new(look.host, look.invocation.cwd.clone());
        let survey = Survey::new(&explanation.resolution, &lookups);
        let situation = Situation::of(&survey, &explanation, look.host);
        let manifest = look.has_installed.then(|| survey.manifest());
        let owned = owned(&survey);
        drop(survey);
        Self { look, explanation, manifest, owned, situation, depth }
    }

    fn compared_by(self, places: Places) -> Side<'h> {
        let Self { look, explanation, manifest, owned, depth, .. } = self;
        let is_checked = depth > Depth::Startup;
        let items = items::of(&explanation, manifest.as_ref(), &places, look.host, is_checked);
        let shallow = is_checked.then(|| explanation::explain(look.host, look.invocation, look.options));
        let startup = items::of(shallow.as_ref().unwrap_or(&explanation), None, &places, look.host, false);
        let owners = owned.into_iter().map(|(file, owner)| (places.relative(&file), owner)).collect();
        Side { look, depth, explanation, manifest, owners, places, items, startup }
    }
}

/// The files of startup code that distributions have installed, with the names by which installers compare these.
fn owned(survey: &Survey<'_>) -> Vec<(BString, BString)> {
    let resolution = survey.resolution;
    let lines = resolution.sys.iter().flat_map(|sys| &sys.path).filter_map(|entry| Some(&entry.file.as_ref()?.file));
    let files: BTreeSet<&BString> = lines.chain(resolution.startup.iter().map(|hook| &hook.file)).collect();
    let owner = |file: &BString| Some(survey.owner_of(file.as_bstr()).owner()?.distribution.normalized());
    files.into_iter().filter_map(|file| Some((file.clone(), owner(file)?))).collect()
}
