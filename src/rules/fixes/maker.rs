//! The Python with which an environment is recreated.

use bstr::{BString, ByteSlice};

use super::line;
use crate::environment::{InterpreterName, Survey};
use crate::host::path::Flavor;
use crate::rules::shell::Line;

/// A Python that can create the environment.
pub(super) struct Maker {
    /// Where it is, where that is known.
    pub(super) path: Option<BString>,
    /// The option with which the `py` launcher of Windows starts it.
    launched: Option<String>,
    /// Its minor version, where its name tells it.
    pub(super) minor: Option<u8>,
    /// What the environment was made for, where it is not found on this machine.
    pub(super) instead_of: Option<BString>,
}

impl Maker {
    /// One of the environment's version, or else the one that took the place of its base.
    pub(super) fn find(survey: &Survey<'_>) -> Option<Self> {
        let own = survey.maker();
        if survey.flavor() == Flavor::Windows {
            let version = survey.version().map(|version| version.short());
            let version = version.or_else(|| survey.wanted().map(|wanted| wanted.short()));
            let launched = version.map(|version| format!("-{version}"));
            return Some(Self { path: own, launched, minor: None, instead_of: None });
        }
        let is_other = own.is_none();
        let path = own.or_else(|| survey.successor())?;
        let name = survey.base_name(path.as_bstr());
        let minor = InterpreterName::parse(name.as_bstr()).and_then(|name| name.minor);
        let instead_of = survey.wanted().filter(|_| is_other).map(|wanted| wanted.name());
        Some(Self { path: Some(path), launched: None, minor, instead_of })
    }

    /// The command that starts it.
    pub(super) fn line(&self, survey: &Survey<'_>) -> Line {
        match &self.path {
            Some(path) if survey.flavor() != Flavor::Windows => line(survey, path),
            _ => line(survey, "py").words(&self.launched),
        }
    }
}
