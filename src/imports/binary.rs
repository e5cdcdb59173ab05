//! What is inside the interpreter itself: built-in and frozen modules, and the suffixes of extension modules.

use std::cell::OnceCell;

use bstr::{BStr, BString, ByteSlice};

use super::pypy;
use crate::finders::Code;
use crate::host::{Lookups, Platform};
use crate::interpreter::{self, Identification, Implementation, Interpreter, ModuleTables};
use crate::startup::behaviors::Behaviors;
use crate::startup::{BUILT_IN, Resolution, uses_frozen_modules};

/// The modules that a build without readable tables has at least.
const ALWAYS_FROZEN: [&str; 2] = ["_frozen_importlib", "_frozen_importlib_external"];

/// The interpreter, as far as imports are concerned.
pub(super) struct Binary<'a> {
    identification: &'a Identification,
    ask: &'a Lookups<'a>,
    tables: ModuleTables,
    /// Whether the tables are those of the binary.
    pub is_certain: bool,
    uses_frozen: bool,
    suffixes: OnceCell<Option<Vec<BString>>>,
}

impl<'a> Binary<'a> {
    /// Reads the tables, unless they were recorded.
    pub fn of(resolution: &'a Resolution, ask: &'a Lookups<'a>, behaviors: &Behaviors) -> Self {
        let identification = &resolution.identification;
        let interpreter = &identification.interpreter;
        let read = match &interpreter.module_tables {
            Some(recorded) => Some(recorded.as_ref().clone()),
            None if interpreter.implementation == Implementation::PyPy => Some(pypy::tables()),
            None => interpreter::module_tables(ask, identification),
        };
        match read {
            Some(tables) => Self::with(resolution, ask, behaviors, tables, true),
            None => Self::assumed(resolution, ask, behaviors),
        }
    }

    /// What every build has.
    pub fn assumed(resolution: &'a Resolution, ask: &'a Lookups<'a>, behaviors: &Behaviors) -> Self {
        Self::with(resolution, ask, behaviors, assumed(), false)
    }

    fn with(
        resolution: &'a Resolution,
        ask: &'a Lookups<'a>,
        behaviors: &Behaviors,
        tables: ModuleTables,
        is_certain: bool,
    ) -> Self {
        let identification = &resolution.identification;
        let is_debug = is_debug(&identification.interpreter);
        let uses_frozen = uses_frozen_modules(&resolution.invocation, behaviors) && !is_debug;
        Self { identification, ask, tables, is_certain, uses_frozen, suffixes: OnceCell::new() }
    }

    /// Whether a module is built in.
    pub fn is_builtin(&self, name: &BStr) -> bool {
        self.tables.builtin.iter().any(|module| module == name)
    }

    /// Whether a module is frozen and taken from there: whether it is a package.
    pub fn frozen(&self, name: &BStr) -> Option<bool> {
        let is_used = |module: &&interpreter::FrozenModule| module.is_always_used || self.uses_frozen;
        self.tables.frozen.iter().filter(is_used).find(|module| module.name == name).map(|module| module.is_package)
    }

    /// The suffixes of modules in order. Without `is_exact`, those that builds of the release usually know.
    pub fn suffixes(&self, platform: Platform, behaviors: &Behaviors, is_exact: bool) -> Vec<(BString, Code)> {
        let recorded = || self.tables.suffixes.clone();
        let extensions = match recorded() {
            Some(recorded) => recorded,
            None if is_exact => self.read_suffixes().unwrap_or_else(|| self.usual_suffixes(platform, behaviors)),
            None => self.usual_suffixes(platform, behaviors),
        };
        let mut all: Vec<_> = extensions.into_iter().map(|suffix| (suffix, Code::Extension)).collect();
        all.push((".py".into(), Code::Source));
        if platform == Platform::Windows {
            all.push((".pyw".into(), Code::Source));
        }
        all.push((".pyc".into(), Code::Bytecode));
        all
    }

    fn read_suffixes(&self) -> Option<Vec<BString>> {
        let is_cpython = self.identification.interpreter.implementation == Implementation::CPython;
        let read = || is_cpython.then(|| interpreter::extension_suffixes(self.ask, self.identification)).flatten();
        self.suffixes.get_or_init(read).clone()
    }

    fn usual_suffixes(&self, platform: Platform, behaviors: &Behaviors) -> Vec<BString> {
        let interpreter = &self.identification.interpreter;
        let nodot = behaviors.version().nodot();
        let thread = interpreter.compiled.abi_thread.as_ref().map(ToString::to_string).unwrap_or_default();
        if platform == Platform::Windows {
            let debug = interpreter.debug_suffix();
            let machine = match self.ask.host().machine().map(|machine| machine.elf) {
                Some(183) => "win_arm64",
                Some(3) => "win32",
                _ => "win_amd64",
            };
            return vec![format!("{debug}.cp{nodot}{thread}-{machine}.pyd").into(), format!("{debug}.pyd").into()];
        }
        if interpreter.implementation == Implementation::PyPy {
            return vec![pypy::suffix(interpreter, behaviors)];
        }
        let system = if platform == Platform::Macos { "darwin" } else { "x86_64-linux-gnu" };
        let first = interpreter.extension_suffix.clone();
        vec![
            first.unwrap_or_else(|| format!(".cpython-{nodot}{thread}-{system}.so").into()),
            ".abi3.so".into(),
            ".so".into(),
        ]
    }
}

/// Whether the interpreter is a debug build, which takes nothing of the standard library from its binary.
fn is_debug(interpreter: &Interpreter) -> bool {
    let flags =
        interpreter.extension_suffix.as_ref().and_then(|suffix| suffix.split_str("-").nth(1)).unwrap_or_default();
    !interpreter.debug_suffix().is_empty() || flags.contains(&b'd')
}

/// What is assumed of a binary whose tables cannot be read.
fn assumed() -> ModuleTables {
    let is_library = |name: &&&str| matches!(**name, "importlib" | "__main__");
    let builtin = BUILT_IN.iter().filter(|name| !is_library(name) && !ALWAYS_FROZEN.contains(name));
    let frozen =
        |name: &&str| interpreter::FrozenModule { name: (*name).into(), is_package: false, is_always_used: true };
    ModuleTables {
        builtin: builtin.map(|name| BString::from(*name)).collect(),
        frozen: ALWAYS_FROZEN.iter().map(frozen).collect(),
        suffixes: None,
    }
}
