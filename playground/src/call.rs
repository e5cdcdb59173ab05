//! How Python is called on a machine, as the page shows it.

use std::collections::BTreeMap;

use bstr::{BStr, BString, ByteSlice};
use serde::Serialize;
use venv_doctor::{CONSULTED_VARIABLES, Explanation, Flags, Host, Launch, Platform};

use crate::Machine;

/// More than any `pyvenv.cfg` that is edited by hand.
const MOST_BYTES: u64 = 1 << 20;

/// Everything that can be changed, as text.
#[derive(Serialize)]
pub struct Call {
    platform: &'static str,
    executable: String,
    cwd: Option<String>,
    /// The version of the interpreter; none if it is unknown.
    version: Option<String>,
    /// The letters of the flags that are given.
    flags: String,
    launch: Launched,
    variables: BTreeMap<String, String>,
    pyvenv_cfg: Option<PyvenvCfg>,
    /// The variables that the startup of some Python reads.
    known_variables: &'static [&'static str],
    /// Whether the snapshot was recorded, so that what nobody looked up on that machine is not in it.
    is_recorded: bool,
}

#[derive(Serialize)]
struct Launched {
    kind: &'static str,
    target: Option<String>,
}

#[derive(Serialize)]
struct PyvenvCfg {
    path: String,
    /// None where there is no such file, or where its content is not in the snapshot.
    text: Option<String>,
}

impl Call {
    pub fn of(machine: &Machine) -> Self {
        let invocation = &machine.snapshot.invocation;
        let variables = invocation.environment.iter();
        Self {
            platform: invocation.platform.name(),
            executable: shown(invocation.executable.as_bstr()),
            cwd: invocation.cwd.as_ref().map(|cwd| shown(cwd.as_bstr())),
            version: machine.version.map(|version| version.to_string()),
            flags: letters(invocation.flags),
            launch: launched(&invocation.launch),
            variables: variables.map(|(name, value)| (name.clone(), on_one_line(value.as_bstr()))).collect(),
            pyvenv_cfg: machine.pyvenv_cfg.as_ref().map(|path| PyvenvCfg {
                path: shown(path.as_bstr()),
                text: machine.snapshot.host.read(path.as_bstr(), MOST_BYTES).ok().map(|text| shown(text.as_bstr())),
            }),
            known_variables: CONSULTED_VARIABLES,
            is_recorded: machine.snapshot.is_recorded,
        }
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("the text of a call can always be written")
    }
}

/// The path of the `pyvenv.cfg` that decided, or the place of the one that would.
pub fn pyvenv_cfg(explanation: &Explanation) -> Option<BString> {
    let resolution = &explanation.resolution;
    if let Some(cfg) = &resolution.pyvenv_cfg {
        return Some(cfg.path.clone());
    }
    let sys = resolution.sys.as_ref()?;
    let separators: &[u8] = if resolution.invocation.platform == Platform::Windows { b"\\/" } else { b"/" };
    let directory = &sys.executable[..sys.executable.rfind_byteset(separators)?];
    let root = &sys.executable[..=directory.rfind_byteset(separators)?];
    Some(bstr::concat([root, b"pyvenv.cfg"]).into())
}

fn letters(flags: Flags) -> String {
    let given = [
        (flags.isolated, 'I'),
        (flags.ignore_environment, 'E'),
        (flags.no_user_site, 's'),
        (flags.no_site, 'S'),
        (flags.safe_path, 'P'),
    ];
    given.iter().filter(|(is_given, _)| *is_given).map(|(_, letter)| letter).collect()
}

fn launched(launch: &Launch) -> Launched {
    let (kind, target) = match launch {
        Launch::Module(name) => ("module", Some(shown(name.as_bstr()))),
        Launch::Script(path) => ("script", Some(shown(path.as_bstr()))),
        Launch::Interactive => ("interactive", None),
        _ => ("command", None),
    };
    Launched { kind, target }
}

fn shown(text: &BStr) -> String {
    text.to_str_lossy().into_owned()
}

/// The page edits variables line by line.
pub fn on_one_line(text: &BStr) -> String {
    shown(text).replace('\n', "␊")
}
