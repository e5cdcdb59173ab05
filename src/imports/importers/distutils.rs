//! The importer of setuptools that puts its own copy in the place of `distutils`.

use bstr::{BStr, BString};

use crate::imports::answer::{Candidate, Kind};
use crate::imports::finder::Finder;
use crate::imports::offer::Spec;

/// The module that defines it.
pub(super) const MODULE: &str = "_distutils_hack";
/// The package that takes the place of `distutils`.
pub(in crate::imports) const COPY: &str = "setuptools._distutils";
/// The build of CPython leaves this file in its working directory, and is left alone.
const BUILD_MARK: &str = "pybuilddir.txt";

/// `spec_for_distutils`: the loader gives the module itself, so that its locations are not in the spec.
pub(super) fn offer(finder: &Finder<'_>, name: &BStr, path: Option<&[BString]>) -> Option<Spec> {
    if path.is_some() || name != "distutils" || finder.ask().is_file(BUILD_MARK.into()) {
        return None;
    }
    let copy = finder.find(COPY.into());
    let origin = copy.origin.filter(|_| copy.kind.is_found())?;
    let candidate = Candidate { kind: Kind::Source, path: Some(origin.clone()) };
    Some(Spec { candidate, origin: Some(origin), locations: None })
}
