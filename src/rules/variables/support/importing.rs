//! What an import would find in one directory.

use bstr::{BString, ByteSlice};

use crate::environment::{Distribution, Survey};
use crate::finders::Suffixes;

/// The suffixes of modules of the interpreter that is examined.
pub fn suffixes(survey: &Survey<'_>) -> Option<Suffixes> {
    let interpreter = &survey.resolution.identification.interpreter;
    Some(Suffixes::of(survey.platform(), interpreter, survey.version()?))
}

/// The name of the module that a file or directory of this name may be.
pub fn module_name(name: &[u8]) -> Option<&str> {
    let (stem, is_suffixed) = match name.find_byte(b'.') {
        Some(dot) => (&name[..dot], true),
        None => (name, false),
    };
    let stem = stem.to_str().ok()?;
    let suffix = &name[stem.len()..];
    let is_module =
        !is_suffixed || [".py", ".pyw", ".pyc", ".so", ".pyd"].iter().any(|end| suffix.ends_with(end.as_bytes()));
    (is_module && is_identifier(stem)).then_some(stem)
}

fn is_identifier(text: &str) -> bool {
    text.chars().next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && text.chars().all(|c| c == '_' || c.is_alphanumeric())
        && text != "__pycache__"
}

/// The top-level modules of a distribution in the environment: those of its `RECORD`, else the one with its own name.
pub fn modules(survey: &Survey<'_>, distribution: &Distribution) -> Vec<String> {
    let Ok(contents) = distribution.contents(survey) else {
        let own: BString = distribution.name.replace("-", "_").into();
        return module_name(&own).map(str::to_owned).into_iter().collect();
    };
    let mut names: Vec<String> =
        contents.tops.iter().filter_map(|top| module_name(&top.name)).map(str::to_owned).collect();
    names.dedup();
    names
}
