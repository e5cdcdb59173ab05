//! Everything about an environment that is compared, one item after the other.

use bstr::{BStr, BString, ByteSlice};

use super::Aspect;
use super::places::{Places, is_within};
use crate::Explanation;
use crate::environment::{Identity, Manifest, Package, Source};
use crate::host::Host;
use crate::interpreter::Interpreter;
use crate::invocation::{CHECKED_VARIABLES, CONSULTED_VARIABLES, Flags, Invocation, Launch};
use crate::startup::{Hook, HookKind, MOST_BYTES, Named, PathEntry, Resolution, SiteValues, SysValues, Value};
use crate::text::{python, sentence};

/// So many files of one item are kept.
const MOST_FILES: usize = 8;

/// Something that is compared.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is about.
    pub aspect: Aspect,
    /// By what it is known in the other environment, with paths told by where they lie.
    pub key: BString,
    /// What is compared, with paths told likewise; none where it is not known, so that it equals everything.
    pub value: Option<BString>,
    /// Its name as it is shown.
    pub name: BString,
    /// What is shown of it.
    pub shown: BString,
    /// The files that it comes from, told by where they lie: of an entry or a hook, and what shows a finding.
    pub files: Vec<BString>,
}

struct Items<'p> {
    places: &'p Places,
    found: Vec<Item>,
}

/// All items of an environment. With `is_checked`, the variables that only a check reads are among them.
pub fn of(
    explanation: &Explanation,
    manifest: Option<&Manifest>,
    places: &Places,
    host: &dyn Host,
    is_checked: bool,
) -> Vec<Item> {
    let mut items = Items { places, found: Vec::new() };
    let resolution = &explanation.resolution;
    items.platform(&resolution.invocation);
    items.interpreter(&resolution.identification.interpreter);
    items.call(&resolution.invocation, is_checked);
    items.environment(explanation.environment.as_ref());
    items.cfg(resolution);
    items.outcome(resolution);
    items.values(resolution);
    resolution.sys.iter().flat_map(|sys| &sys.path).for_each(|entry| items.entry(entry));
    resolution.startup.iter().for_each(|hook| items.hook(hook, host));
    resolution.messages.iter().for_each(|message| items.list(Aspect::Messages, message));
    if let Some(manifest) = manifest {
        items.manifest(manifest);
    }
    for finding in &explanation.findings {
        let code = finding.code();
        let key = sentence!(code.text(), " ", places.relative(&finding.message));
        let severity = BString::from(finding.severity.name());
        let shown = sentence!(severity, ": ", finding.message);
        items.push(Aspect::Findings, (key, code.text().into()), Some(severity), shown);
        items.come_from(finding.evidence.iter().map(|evidence| &evidence.file));
    }
    items.found
}

impl Items<'_> {
    fn push(&mut self, aspect: Aspect, (key, name): (BString, BString), value: Option<BString>, shown: BString) {
        self.found.push(Item { aspect, key, value, name, shown, files: Vec::new() });
    }

    /// Something with a name that is the same everywhere.
    fn named(&mut self, aspect: Aspect, name: impl Into<BString>, value: impl Into<BString>) {
        let (name, value) = (name.into(), value.into());
        let relative = self.places.relative(&value);
        self.push(aspect, (name.clone(), name), Some(relative), value);
    }

    /// An element of a list, which is its own name.
    fn list(&mut self, aspect: Aspect, text: &BString) {
        let key = self.places.relative(text);
        self.push(aspect, (key, text.clone()), Some(BString::default()), BString::default());
    }

    /// The files that the last item comes from.
    fn come_from<'f>(&mut self, files: impl IntoIterator<Item = &'f BString>) {
        let files = files.into_iter().take(MOST_FILES).map(|file| self.places.relative(file)).collect();
        if let Some(item) = self.found.last_mut() {
            item.files = files;
        }
    }

    fn platform(&mut self, invocation: &Invocation) {
        self.named(Aspect::Platform, "platform", invocation.platform.name());
    }

    fn interpreter(&mut self, interpreter: &Interpreter) {
        self.named(Aspect::Interpreter, "implementation", interpreter.implementation.name());
        let compiled = &interpreter.compiled;
        let facts = [
            ("version", interpreter.version.map(|version| version.to_string().into())),
            ("vendor", Some(interpreter.vendor.name().into())),
            ("prefix", compiled.prefix.clone()),
            ("exec_prefix", compiled.exec_prefix.clone()),
            ("platlibdir", compiled.platlibdir.clone()),
            ("pythonpath", compiled.pythonpath.clone()),
            ("abi_thread", compiled.abi_thread.clone()),
            ("framework", compiled.framework.clone()),
            ("winver", compiled.winver.clone()),
            ("extension_suffix", interpreter.extension_suffix.clone()),
            ("library", interpreter.library.clone()),
        ];
        for (name, value) in facts {
            if let Some(value) = value.filter(|value: &BString| !value.is_empty()) {
                self.named(Aspect::Interpreter, name, value);
            }
        }
    }

    fn call(&mut self, invocation: &Invocation, is_checked: bool) {
        for (name, is_set) in flags(invocation.flags) {
            if is_set {
                self.named(Aspect::Flags, name, "");
            }
        }
        if !invocation.options.is_empty() {
            let options = invocation.options.iter().map(|option| sentence!("-X ", option));
            self.named(Aspect::Flags, "-X", words(options));
        }
        if !invocation.switches.is_empty() {
            self.named(Aspect::Flags, "other flags", words(invocation.switches.iter().cloned()));
        }
        match &invocation.launch {
            Launch::Command => self.named(Aspect::Flags, "launch", "command"),
            Launch::Interactive => self.named(Aspect::Flags, "launch", "interactive"),
            Launch::Module(name) => self.named(Aspect::Flags, "launch", sentence!("module ", name)),
            Launch::Script(path) => self.named(Aspect::Flags, "launch", sentence!("script ", path)),
        }
        let is_compared =
            |name: &str| CONSULTED_VARIABLES.contains(&name) || is_checked && CHECKED_VARIABLES.contains(&name);
        for (name, value) in invocation.environment.iter().filter(|(name, _)| is_compared(name)) {
            self.named(Aspect::Variables, name.as_str(), value.clone());
        }
    }

    fn environment(&mut self, identity: Option<&Identity>) {
        let Some(identity) = identity else { return };
        self.named(Aspect::Environment, "kind", identity.kind.name());
        self.named(Aspect::Environment, "creator", identity.creator_name().unwrap_or("unknown"));
        if let Some(version) = &identity.creator_version {
            self.named(Aspect::Environment, "creator_version", version.clone());
        }
    }

    fn cfg(&mut self, resolution: &Resolution) {
        let Some(cfg) = &resolution.pyvenv_cfg else { return };
        self.push(
            Aspect::PyvenvCfg,
            (BString::default(), "pyvenv.cfg".into()),
            Some(BString::default()),
            cfg.path.clone(),
        );
        for entry in &cfg.entries {
            self.named(Aspect::PyvenvCfg, python::lower(&entry.key), entry.value.clone());
        }
    }

    fn outcome(&mut self, resolution: &Resolution) {
        self.named(Aspect::Outcome, "outcome", resolution.outcome.status.name());
        if let Some(reason) = &resolution.outcome.reason {
            self.named(Aspect::Outcome, "reason", reason.clone());
        }
    }

    fn values(&mut self, resolution: &Resolution) {
        let values = resolution.sys.iter().flat_map(SysValues::named);
        let values: Vec<Named> = values.chain(resolution.site.iter().flat_map(SiteValues::named)).collect();
        for (name, value) in values {
            if let Some(value) = value {
                self.named(Aspect::Values, name, shown_value(&value));
            }
        }
    }

    fn entry(&mut self, entry: &PathEntry) {
        let key = self.places.relative(&entry.value);
        let file = entry.file.as_ref();
        let by = file.map(|file| sentence!(" ", file.file, format!(":{}", file.line))).unwrap_or_default();
        let existence = if entry.exists { "" } else { ", does not exist" };
        let shown = sentence!(entry.origin.name(), by, existence);
        // A line that moves within its file is no difference.
        let by = file.map(|file| self.places.relative(&file.file)).unwrap_or_default();
        let value = sentence!(entry.origin.name(), " ", by, existence);
        let name = if entry.value.is_empty() { "\"\"".into() } else { entry.value.clone() };
        self.push(Aspect::Path, (key, name), Some(value), shown);
        self.come_from(file.map(|file| &file.file));
    }

    fn hook(&mut self, hook: &Hook, host: &dyn Host) {
        let code = hook.code.as_ref().map(|code| self.places.relative(code)).unwrap_or_default();
        let key = sentence!(hook.kind.name(), " ", self.places.relative(&hook.file), " ", code);
        let line = hook.line.map(|line| format!(":{line}")).unwrap_or_default();
        let name = sentence!(hook.file, line);
        let is_module = matches!(hook.kind, HookKind::Sitecustomize | HookKind::Usercustomize);
        let content = if is_module { host.read(hook.file.as_bstr(), MOST_BYTES).ok() } else { Some(Vec::new()) };
        let value = content.map(|content| self.places.relative(&content));
        let shown = hook.code.clone().unwrap_or_else(|| hook.kind.name().into());
        self.push(Aspect::Hooks, (key, name), value, shown);
        self.come_from([&hook.file]);
    }

    fn manifest(&mut self, manifest: &Manifest) {
        for package in &manifest.packages {
            let shown = told(package);
            let relative = self.places.relative(&shown);
            let key = (package.normalized.clone(), package.name.clone());
            self.push(Aspect::Distributions, key, Some(relative), shown);
        }
        for program in &manifest.programs {
            let value = program.starts.as_ref().map(|starts| self.places.relative(starts));
            let shown = program.starts.clone().unwrap_or_else(|| "no script".into());
            self.push(Aspect::Scripts, (program.name.clone(), program.name.clone()), value, shown);
        }
    }
}

/// The five flags of startup by their letters.
pub fn flags(flags: Flags) -> [(&'static str, bool); 5] {
    [
        ("-I", flags.isolated),
        ("-E", flags.ignore_environment),
        ("-s", flags.no_user_site),
        ("-S", flags.no_site),
        ("-P", flags.safe_path),
    ]
}

/// `2.32.3`, `2.32.3 by uv`, `0.1 in editable mode from /w/app`.
fn told(package: &Package) -> BString {
    let version = package.version.clone().unwrap_or_else(|| "of unknown version".into());
    let source = match &package.source {
        Source::Index => BString::default(),
        Source::Url(url) => sentence!(" from ", url),
        Source::Editable(dir) => sentence!(" in editable mode from ", dir),
    };
    let by = package.installer.as_ref().map(|installer| sentence!(" by ", installer)).unwrap_or_default();
    sentence!(version, source, by)
}

/// A value as Python would show it, roughly.
fn shown_value(value: &Value) -> BString {
    match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Text(text) => text.clone(),
        Value::List(items) => bstr::join(", ", items).into(),
    }
}

fn words(words: impl Iterator<Item = BString>) -> BString {
    bstr::join(" ", words.collect::<Vec<_>>()).into()
}

impl Item {
    /// Whether the two have the same value. What is spelled alike is the same wherever the two environments lie, unless one of
    /// them is meant: then the other one uses it.
    pub fn is_like(&self, other: &Self) -> bool {
        let values = (self.value.as_ref(), other.value.as_ref());
        let is_outside = |value: Option<&BString>| value.is_none_or(|value| !is_within(value));
        is_same(values.0, values.1) || self.shown == other.shown && is_outside(values.0) && is_outside(values.1)
    }

    /// Whether the two are the same element of a list, spelled alike and in neither of the environments.
    pub fn is_spelled_like(&self, other: &Self) -> bool {
        self.name == other.name && !is_within(&self.key) && !is_within(&other.key)
    }
}

/// Whether two values are the same, or one of them is not known.
pub fn is_same(one: Option<&BString>, other: Option<&BString>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

/// The value of the nth item with a key, for those who ask by key.
pub type Id = (Aspect, BString, usize);

/// The ids of some items, in order.
pub fn ids(items: &[Item]) -> Vec<Id> {
    let mut seen: std::collections::HashMap<(Aspect, &BStr), usize> = std::collections::HashMap::new();
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let count = seen.entry((item.aspect, item.key.as_bstr())).or_default();
        ids.push((item.aspect, item.key.clone(), *count));
        *count += 1;
    }
    ids
}
