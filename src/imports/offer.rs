//! What one finder, or one entry of the path, offers for a name.

use bstr::BString;

use super::answer::{Candidate, Kind, There};
use crate::finders::{Hit, Searched};

/// A candidate with what its spec would say.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    /// What it is, and where.
    pub candidate: Candidate,
    /// `spec.origin`, where that is a file.
    pub origin: Option<BString>,
    /// `spec.submodule_search_locations`.
    pub locations: Option<Vec<BString>>,
}

impl Spec {
    /// A module inside the binary.
    pub fn inside(kind: Kind, locations: Option<Vec<BString>>) -> Self {
        Self { candidate: Candidate { kind, path: None }, origin: None, locations }
    }

    /// Something that an entry has.
    pub fn of(hit: Hit) -> Self {
        let kind = Kind::of(&hit);
        let locations = hit.location.map(|location| vec![location]);
        let path = hit.is_readable.then_some(hit.path);
        let origin = path.clone().filter(|_| kind != Kind::Namespace);
        Self { candidate: Candidate { kind, path }, origin, locations }
    }

    /// Portions of a namespace package.
    pub fn portions(locations: Vec<BString>) -> Self {
        let path = locations.first().cloned();
        Self { candidate: Candidate { kind: Kind::Namespace, path }, origin: None, locations: Some(locations) }
    }
}

/// What one place of the search offers.
#[derive(Clone, Debug)]
pub(super) enum Offer {
    /// Nothing, and why.
    Nothing(There),
    /// These, the first one first.
    Specs(Vec<Spec>),
}

impl From<Searched> for Offer {
    fn from(searched: Searched) -> Self {
        match searched {
            Searched::NoEntry => Self::Nothing(There::NoEntry),
            Searched::NoFinder => Self::Nothing(There::NoFinder),
            Searched::Unlistable(error) => Self::Nothing(There::Unlistable(error)),
            Searched::In(hits) if hits.is_empty() => Self::Nothing(There::Nothing),
            Searched::In(hits) => Self::Specs(hits.into_iter().map(Spec::of).collect()),
        }
    }
}

impl Offer {
    /// What an importer offers.
    pub fn from_specs(specs: Vec<Spec>) -> Self {
        if specs.is_empty() { Self::Nothing(There::Nothing) } else { Self::Specs(specs) }
    }

    /// What is offered, the first one first.
    pub fn specs(&self) -> &[Spec] {
        match self {
            Self::Specs(specs) => specs,
            Self::Nothing(_) => &[],
        }
    }

    /// What is told of the place.
    pub fn there(&self) -> There {
        match self {
            Self::Nothing(there) => there.clone(),
            Self::Specs(specs) => There::Candidates(specs.iter().flat_map(Spec::candidates).collect()),
        }
    }
}

impl Spec {
    /// What it is, each portion by itself.
    pub fn candidates(&self) -> Vec<Candidate> {
        match &self.locations {
            Some(locations) if self.candidate.kind == Kind::Namespace => {
                let portion = |path: &BString| Candidate { kind: Kind::Namespace, path: Some(path.clone()) };
                locations.iter().map(portion).collect()
            }
            _ => vec![self.candidate.clone()],
        }
    }
}
