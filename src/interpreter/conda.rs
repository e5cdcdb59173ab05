//! The records that conda keeps of what it has installed: `conda-meta/PACKAGE-VERSION-BUILD.json`.

use bstr::{BStr, ByteSlice};

/// The version in the name of a record, if it is one of that package: `python-3.12.4-h194c7f8_0.json` is one of `python`,
/// `python-dateutil-2.9.0-py39_0.json` of another.
pub fn conda_version<'n>(record: &'n BStr, package: &str) -> Option<&'n BStr> {
    let rest = record.strip_prefix(package.as_bytes())?.strip_prefix(b"-")?.strip_suffix(b".json")?;
    let version = rest.split_str("-").next()?;
    version.first().is_some_and(u8::is_ascii_digit).then_some(version.as_bstr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_name_a_package_and_its_version() {
        let version = |record: &'static str| conda_version(record.into(), "python").map(ToString::to_string);
        assert_eq!(version("python-3.12.4-h194c7f8_0.json").as_deref(), Some("3.12.4"));
        for record in ["python-dateutil-2.9.0-py39_0.json", "pythonnet-3.0.json", "python-3.12.4-0", "history"] {
            assert_eq!(version(record), None, "{record}");
        }
    }
}
