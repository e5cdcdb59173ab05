//! A machine and a way to start Python on it, as the judge and the library both take it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use venv_doctor::internals::host::Platform;

/// The operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    Linux,
    Macos,
    Windows,
}

impl System {
    pub fn platform(self) -> Platform {
        match self {
            Self::Linux => Platform::Linux,
            Self::Macos => Platform::Macos,
            Self::Windows => Platform::Windows,
        }
    }
}

/// What the build wrote into the binary; nothing is empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Built {
    pub prefix: String,
    pub exec_prefix: String,
    pub pythonpath: String,
    pub vpath: String,
    pub platlibdir: String,
    pub abi_thread: String,
    pub framework: bool,
    pub debug: bool,
    pub winver: String,
}

/// A regular file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct File {
    pub path: String,
    #[serde(default)]
    pub executable: bool,
    #[serde(default)]
    pub text: String,
    /// Whether it may not be read.
    #[serde(default)]
    pub denied: bool,
}

/// The whole situation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Case {
    #[serde(default)]
    pub name: String,
    pub os: System,
    pub cwd: String,
    pub argv0: String,
    pub real_executable: Option<String>,
    pub library: Option<String>,
    pub compiled: Built,
    pub variables: BTreeMap<String, String>,
    pub ignore_environment: bool,
    pub isolated: bool,
    pub files: Vec<File>,
    pub directories: Vec<String>,
    pub links: Vec<(String, String)>,
    /// The default values of the `PythonPath` keys by subkey; the key's own has no name.
    pub registry: BTreeMap<String, BTreeMap<String, String>>,
}
