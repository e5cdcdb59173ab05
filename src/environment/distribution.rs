//! Installed distributions: what `importlib.metadata` and the installers see of them.

use std::cell::OnceCell;
use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::{Contents, Headers, Record, Survey};
use crate::host::HostError;

/// The most that is read of a `RECORD`: those of the largest wheels have a few megabytes.
const MOST_RECORD: u64 = 32 << 20;
/// So much is read of all together: an environment with a thousand distributions has some ten megabytes.
const MOST_RECORDS: u64 = 256 << 20;

/// How a distribution was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `NAME-VERSION.dist-info`, by every present installer.
    DistInfo,
    /// `NAME-VERSION.egg-info`, a directory or a file, by distutils and by distributions of operating systems.
    EggInfo,
}

/// A distribution in a site directory.
#[derive(Debug)]
pub struct Distribution {
    /// The site directory.
    pub site: BString,
    /// The directory of its metadata, such as `requests-2.34.2.dist-info`, in `site`.
    pub directory: BString,
    /// How it was written down.
    pub form: Form,
    /// Its name as the directory spells it.
    pub name: BString,
    /// Its version as the directory spells it.
    pub version: Option<BString>,
    record: OnceCell<Result<Record, HostError>>,
    contents: OnceCell<Contents>,
    metadata: OnceCell<Result<Headers, HostError>>,
}

impl Distribution {
    /// The directory of its metadata, absolute.
    pub fn path(&self, survey: &Survey<'_>) -> BString {
        survey.join(&self.site, &self.directory)
    }

    /// A file of its metadata, at most `limit` bytes of it.
    ///
    /// # Errors
    /// As [`crate::host::Host::read`].
    pub fn read(&self, survey: &Survey<'_>, name: &str, limit: u64) -> Result<Rc<Vec<u8>>, HostError> {
        survey.ask.read(survey.join(self.path(survey), name).as_bstr(), limit)
    }

    /// Which files belong to it, as its installer wrote down.
    ///
    /// # Errors
    /// As [`crate::host::Host::read`]; [`HostError::NotFound`] where the installer wrote none.
    pub fn record(&self, survey: &Survey<'_>) -> Result<&Record, HostError> {
        let read = || {
            if survey.records_read.get() > MOST_RECORDS {
                return Err(HostError::TooLarge { limit: MOST_RECORDS });
            }
            let content = self.read(survey, "RECORD", MOST_RECORD)?;
            survey.records_read.set(survey.records_read.get() + content.len() as u64);
            Ok(Record::new(content))
        };
        self.record.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// What its `RECORD` says at a glance.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn contents(&self, survey: &Survey<'_>) -> Result<&Contents, HostError> {
        let record = self.record(survey)?;
        Ok(self.contents.get_or_init(|| record.contents()))
    }

    /// The first fields of its `METADATA` or `PKG-INFO`.
    ///
    /// # Errors
    /// As [`crate::host::Host::open`].
    pub fn metadata(&self, survey: &Survey<'_>) -> Result<&Headers, HostError> {
        self.metadata.get_or_init(|| Headers::read(survey, self)).as_ref().map_err(Clone::clone)
    }

    /// Name and version, as in `requests 2.34.2`.
    pub fn title(&self) -> BString {
        match &self.version {
            Some(version) => crate::text::sentence!(self.name, " ", version),
            None => self.name.clone(),
        }
    }

    /// The name by which installers compare: `Foo.Bar_baz` and `foo-bar-baz` are the same.
    pub fn normalized(&self) -> BString {
        normalize(self.name.as_bstr())
    }
}

/// A name in lower case, with every run of `-`, `_` and `.` as one `-` (the specification of the names of projects).
pub fn normalize(name: &BStr) -> BString {
    let mut normal = BString::from(Vec::with_capacity(name.len()));
    for &byte in name.iter() {
        match byte {
            b'-' | b'_' | b'.' if normal.last() == Some(&b'-') => {}
            b'-' | b'_' | b'.' => normal.push(b'-'),
            other => normal.push(other.to_ascii_lowercase()),
        }
    }
    normal
}

/// The name and the version that the directory of a distribution's metadata tells; none where it is no such directory.
pub fn name_and_version(directory: &BStr) -> Option<(BString, Option<BString>)> {
    recognize("".into(), directory.to_owned()).map(|it| (it.name, it.version))
}

/// Every distribution in a site directory, by the name of its directory. Leftovers of installers (`~ip-…`) are none.
pub(super) fn list(survey: &Survey<'_>, site: &BStr) -> Vec<Distribution> {
    let names = survey.list(site).into_iter();
    names.filter_map(|name| recognize(site, name)).collect()
}

fn recognize(site: &BStr, directory: BString) -> Option<Distribution> {
    let (stem, form) = match directory.strip_suffix(b".dist-info") {
        Some(stem) => (stem, Form::DistInfo),
        None => (directory.strip_suffix(b".egg-info")?, Form::EggInfo),
    };
    if stem.is_empty() || stem.starts_with(b"~") {
        return None;
    }
    let (name, version) = match stem.split_once_str("-") {
        // What follows the version of an egg is the Python that it was built for.
        Some((name, version)) => (name, Some(version.split_once_str("-py").map_or(version, |(version, _)| version))),
        None => (stem, None),
    };
    Some(Distribution {
        site: site.to_owned(),
        form,
        name: name.into(),
        version: version.map(BString::from),
        directory,
        record: OnceCell::new(),
        contents: OnceCell::new(),
        metadata: OnceCell::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_tell_name_and_version() {
        let cases = [
            ("requests-2.34.2.dist-info", Some(("requests", Some("2.34.2")))),
            ("ruamel.yaml-0.18.dist-info", Some(("ruamel.yaml", Some("0.18")))),
            ("PyYAML-6.0-py3.11.egg-info", Some(("PyYAML", Some("6.0")))),
            ("pip.egg-info", Some(("pip", None))),
            ("~ip-24.0.dist-info", None),
            ("requests", None),
        ];
        for (directory, expected) in cases {
            let found = recognize("/s".into(), directory.into());
            let found = found.map(|one| (one.name.to_string(), one.version.map(|version| version.to_string())));
            let expected = expected.map(|(name, version)| (name.to_owned(), version.map(str::to_owned)));
            assert_eq!(found, expected, "{directory}");
        }
        assert_eq!(normalize("Foo._Bar-baz".into()), "foo-bar-baz");
    }
}
