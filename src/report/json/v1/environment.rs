//! What an interpreter belongs to: the same keys in every document that tells of an environment.

use schemars::JsonSchema;
use serde::Serialize;

use super::string::{Text, optional};
use crate::environment::Identity;

/// What an interpreter belongs to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EnvironmentIdentity")]
pub(in crate::report) struct EnvironmentReport<'a> {
    #[schemars(extend("enum" = ["virtual-environment", "conda", "installation"]))]
    kind: &'static str,
    /// Its directory.
    root: Text<'a>,
    /// The tool that created it, such as `venv`, `uv`, `pipx` or `conda`; null where nothing tells.
    creator: Option<&'static str>,
    /// The version of that tool; null where it left none.
    creator_version: Option<Text<'a>>,
    /// The version of Python that it was made for, also where its interpreter is gone.
    python_version: Option<&'a str>,
    /// What an activated shell shows for it; null where `pyvenv.cfg` does not say.
    prompt: Option<Text<'a>>,
}

impl<'a> From<&'a Identity> for EnvironmentReport<'a> {
    fn from(identity: &'a Identity) -> Self {
        Self {
            kind: identity.kind.name(),
            root: (&identity.root).into(),
            creator: identity.creator_name(),
            creator_version: optional(identity.creator_version.as_ref()),
            python_version: identity.python_version.as_deref(),
            prompt: optional(identity.prompt.as_ref()),
        }
    }
}
