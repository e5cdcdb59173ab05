//! What the page changes about a machine and a call. What it leaves out stays as it was recorded, to the byte.

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};
use serde::Deserialize;
use venv_doctor::{Flags, HostError, Invocation, Launch, OverlayHost, Platform};

use crate::call::on_one_line;

/// The variables that decide the encoding of the locale.
const LOCALE: [&str; 5] = ["LANG", "LC_ALL", "LC_CTYPE", "PYTHONCOERCECLOCALE", "PYTHONUTF8"];

/// Changes, each of which may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    pyvenv_cfg: Option<File>,
    /// The letters of all flags that are given.
    flags: Option<String>,
    launch: Option<Launched>,
    /// All variables that are set.
    variables: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// None removes the file.
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Launched {
    kind: String,
    #[serde(default)]
    target: String,
}

impl Changes {
    /// The call with these changes.
    pub fn invocation(&self, recorded: &Invocation) -> Result<Invocation, Unknown> {
        let mut invocation = recorded.clone();
        if let Some(letters) = &self.flags {
            invocation.flags = flags(letters)?;
        }
        if let Some(launched) = &self.launch {
            invocation.launch = launched.launch()?;
        }
        if let Some(variables) = &self.variables {
            set(&mut invocation, variables);
        }
        Ok(invocation)
    }

    /// Writes the changed file, and says whether there is one.
    pub fn write(&self, host: &mut OverlayHost<'_>, pyvenv_cfg: &BString) -> Result<bool, HostError> {
        let Some(file) = &self.pyvenv_cfg else { return Ok(false) };
        match &file.text {
            Some(text) => host.add_file(pyvenv_cfg.as_bstr(), text.as_str())?,
            None => drop(host.remove(pyvenv_cfg.as_bstr())?),
        }
        Ok(true)
    }
}

impl Launched {
    fn launch(&self) -> Result<Launch, Unknown> {
        Ok(match self.kind.as_str() {
            "command" => Launch::Command,
            "interactive" => Launch::Interactive,
            "module" => Launch::Module(self.target.as_str().into()),
            "script" => Launch::Script(self.target.as_str().into()),
            kind => return Err(Unknown(kind.to_owned())),
        })
    }
}

/// A word of the page that means nothing here.
#[derive(Debug)]
pub struct Unknown(String);

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown word: {}", self.0)
    }
}

impl std::error::Error for Unknown {}

fn flags(letters: &str) -> Result<Flags, Unknown> {
    let mut flags = Flags::default();
    for letter in letters.chars() {
        match letter {
            'I' => flags.isolated = true,
            'E' => flags.ignore_environment = true,
            's' => flags.no_user_site = true,
            'S' => flags.no_site = true,
            'P' => flags.safe_path = true,
            other => return Err(Unknown(other.to_string())),
        }
    }
    Ok(flags)
}

/// Sets exactly these variables. One whose text is what the page was shown keeps its bytes.
fn set(invocation: &mut Invocation, variables: &BTreeMap<String, String>) {
    let is_windows = invocation.platform == Platform::Windows;
    let recorded = std::mem::take(&mut invocation.environment);
    for (name, value) in variables {
        let name = if is_windows { name.to_uppercase() } else { name.clone() };
        let same = recorded.get(&name).filter(|recorded| on_one_line(recorded.as_bstr()) == *value);
        let value = same.cloned().unwrap_or_else(|| value.as_str().into());
        invocation.environment.insert(name, value);
    }
    let differs = |name: &&str| recorded.get(*name) != invocation.environment.get(*name);
    if !is_windows && LOCALE.iter().any(differs) {
        // The variables decide then, and no longer what was recorded.
        invocation.locale_encoding = None;
    }
}
