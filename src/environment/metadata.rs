//! The first fields of `METADATA`, `PKG-INFO` and `WHEEL`, which look like the headers of a mail.

use bstr::{BStr, BString, ByteSlice};

use super::{Distribution, Form, Survey};
use crate::host::HostError;

/// The fields that count stand within this, nearly always; what follows is a description, which can be long.
const HEAD: usize = 6 << 10;
/// The fields end within this, even where a license of many pages or a hundred requirements is among them.
const MOST_FIELDS: usize = 256 << 10;

/// A field that rules use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What stands behind the colon.
    pub value: BString,
    /// The line, from 1.
    pub line: usize,
    /// The whole line.
    pub text: BString,
}

/// The fields at the beginning of a file of metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// `Name`.
    pub name: Option<Field>,
    /// `Version`.
    pub version: Option<Field>,
    /// `Requires-Python`.
    pub requires_python: Option<Field>,
    /// Every `Requires-Dist`.
    pub requires_dist: Vec<Field>,
    /// Every `Tag` of a `WHEEL`.
    pub tags: Vec<Field>,
    /// Whether the file goes on beyond what was read, so that a field may be missing here only.
    pub is_cut: bool,
}

impl Headers {
    /// The metadata of a distribution.
    pub(super) fn read(survey: &Survey<'_>, distribution: &Distribution) -> Result<Self, HostError> {
        let name = if distribution.form == Form::DistInfo { "METADATA" } else { "PKG-INFO" };
        Self::of(survey, survey.join(distribution.path(survey), name).as_bstr())
    }

    /// The fields of a file.
    ///
    /// # Errors
    /// As [`crate::host::Host::open`].
    pub fn of(survey: &Survey<'_>, path: &BStr) -> Result<Self, HostError> {
        let file = survey.ask.open(path)?;
        let size = usize::try_from(file.size()).unwrap_or(usize::MAX);
        let head = file.read_at(0, size.min(HEAD))?;
        if size <= HEAD || ends_fields(&head) {
            return Ok(Self { is_cut: size > HEAD && !ends_fields(&head), ..Self::parse(&head) });
        }
        // A snapshot that was taken with an earlier version has only the beginning.
        let Ok(rest) = file.read_at(HEAD as u64, size.min(MOST_FIELDS) - HEAD) else {
            return Ok(Self { is_cut: true, ..Self::parse(&head) });
        };
        let whole = [head, rest].concat();
        Ok(Self { is_cut: size > MOST_FIELDS && !ends_fields(&whole), ..Self::parse(&whole) })
    }

    fn parse(content: &[u8]) -> Self {
        let mut headers = Self::default();
        for (index, line) in content.lines().enumerate() {
            // What follows the first empty line is the description.
            if line.is_empty() {
                break;
            }
            let Some(colon) = memchr::memchr(b':', line) else { continue };
            let field = || Field { value: line[colon + 1..].trim().into(), line: index + 1, text: line.into() };
            match &line[..colon] {
                name if name.eq_ignore_ascii_case(b"name") => headers.name = Some(field()),
                name if name.eq_ignore_ascii_case(b"version") => headers.version = Some(field()),
                name if name.eq_ignore_ascii_case(b"requires-python") => headers.requires_python = Some(field()),
                name if name.eq_ignore_ascii_case(b"requires-dist") => headers.requires_dist.push(field()),
                name if name.eq_ignore_ascii_case(b"tag") => headers.tags.push(field()),
                _ => {}
            }
        }
        headers
    }
}

/// Whether the empty line that ends the fields is there.
fn ends_fields(content: &[u8]) -> bool {
    content.contains_str("\n\n") || content.contains_str("\n\r\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_end_at_the_first_empty_line() {
        let headers =
            Headers::parse(b"Metadata-Version: 2.1\r\nName: a\r\nRequires-Python: >=3.8\r\n\r\nVersion: 9\r\n");
        assert_eq!(headers.name.map(|field| field.value), Some("a".into()));
        assert_eq!(headers.version, None);
        let requires = headers.requires_python.map(|field| (field.line, field.text));
        assert_eq!(requires, Some((3, "Requires-Python: >=3.8".into())));
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "(Name|version|TAG|Requires-Python|Requires-Dist|:| |\r|\n|\\x00|é){0,20}") {
            for content in [bytes.as_slice(), text.as_bytes()] {
                let headers = Headers::parse(content);
                let fields = headers.tags.iter().chain(&headers.name).chain(&headers.version).chain(&headers.requires_python).chain(&headers.requires_dist);
                for field in fields {
                    let line = content.lines().nth(field.line - 1);
                    prop_assert_eq!(line, Some(field.text.as_slice()));
                    prop_assert!(field.text.contains_str(&field.value));
                }
            }
        }
    }
}
