//! How Python is called: the path as typed, its flags, what it runs, and its environment.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bstr::BString;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use super::string::{Text, optional, texts};
use crate::Explanation;
use crate::invocation::{Flags, Launch};

/// How Python is called.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invocation")]
pub(super) struct InvocationReport<'a> {
    /// `argv[0]`, as typed.
    executable_arg: Text<'a>,
    /// The working directory; null where it has been removed.
    cwd: Option<Text<'a>>,
    #[schemars(extend("enum" = ["linux", "macos", "windows"]))]
    platform: &'static str,
    flags: FlagsReport,
    /// The `-X` options in the order given; absent where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<Text<'a>>,
    /// The other flags that were given, each as one word, such as `-R` or `-WFILTER`; absent where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    switches: Vec<Text<'a>>,
    launch: LaunchReport<'a>,
    environment: Environment<'a>,
}

impl<'a> From<&'a Explanation> for InvocationReport<'a> {
    fn from(resolution: &'a Explanation) -> Self {
        let invocation = &resolution.resolution.invocation;
        Self {
            executable_arg: resolution.resolution.typed().into(),
            cwd: optional(invocation.cwd.as_ref()),
            platform: invocation.platform.name(),
            flags: invocation.flags.into(),
            options: texts(&invocation.options),
            switches: texts(&invocation.switches),
            launch: (&invocation.launch).into(),
            environment: Environment(&invocation.environment),
        }
    }
}

/// Python's flags, as given.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Flags")]
struct FlagsReport {
    isolated: bool,
    ignore_environment: bool,
    no_user_site: bool,
    no_site: bool,
    safe_path: bool,
}

impl From<Flags> for FlagsReport {
    fn from(flags: Flags) -> Self {
        Self {
            isolated: flags.isolated,
            ignore_environment: flags.ignore_environment,
            no_user_site: flags.no_user_site,
            no_site: flags.no_site,
            safe_path: flags.safe_path,
        }
    }
}

/// What Python runs.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Launch")]
struct LaunchReport<'a> {
    #[schemars(extend("enum" = ["command", "module", "script", "interactive"]))]
    kind: &'static str,
    target: Option<Text<'a>>,
}

impl<'a> From<&'a Launch> for LaunchReport<'a> {
    fn from(launch: &'a Launch) -> Self {
        let (kind, target) = match launch {
            Launch::Command => ("command", None),
            Launch::Interactive => ("interactive", None),
            Launch::Module(name) => ("module", Some(name)),
            Launch::Script(path) => ("script", Some(path)),
        };
        Self { kind, target: optional(target) }
    }
}

/// The variables that startup consults and that are set.
struct Environment<'a>(&'a BTreeMap<String, BString>);

impl Serialize for Environment<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Text::from(value))))
    }
}

impl JsonSchema for Environment<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Environment".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The variables that startup consults and that are set.",
            "type": "object",
            "additionalProperties": generator.subschema_for::<Text>(),
        })
    }
}
