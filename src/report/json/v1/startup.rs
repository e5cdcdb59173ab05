//! The code that startup executes beyond the standard library.

use schemars::JsonSchema;
use serde::Serialize;

use super::string::{Text, optional};
use crate::startup::Hook;

/// A startup hook: code that startup would execute.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Hook")]
pub(in crate::report) struct StartupReport<'a> {
    #[schemars(extend("enum" = ["pth-import", "start-entry-point", "sitecustomize", "usercustomize"]))]
    kind: &'static str,
    file: Text<'a>,
    /// From 1; null for modules.
    line: Option<usize>,
    /// The text of the line; null for modules.
    code: Option<Text<'a>>,
    /// What the code is known to do; null where it is not recognized.
    known: Option<&'static str>,
    /// The step that would run it.
    step: usize,
}

impl<'a> From<&'a Hook> for StartupReport<'a> {
    fn from(code: &'a Hook) -> Self {
        Self {
            kind: code.kind.name(),
            file: (&code.file).into(),
            line: code.line,
            code: optional(code.code.as_ref()),
            known: code.known,
            step: code.step,
        }
    }
}
