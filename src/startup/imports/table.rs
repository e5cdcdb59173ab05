//! The modules that startup imports, in the order in which it does, with what it takes from each.

use crate::host::Platform;
use crate::invocation::{Invocation, Launch};
use crate::startup::behaviors::{Behavior, Behaviors};

/// The part of startup that imports a module, and that fails with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The package `encodings`, and the codec of the filesystem encoding.
    Codec,
    /// The standard streams.
    Streams,
    /// The site module.
    Site,
    /// What runs the code of the user.
    Launch,
}

/// A module that startup imports.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// What startup takes from it: a file that defines none of these names cannot replace it. Empty where startup
    /// takes nothing, or does without.
    pub needs: &'static [&'static str],
    /// Who imports it.
    pub stage: Stage,
    /// Whether it is a package, so that a plain module cannot replace it.
    pub is_package: bool,
    /// Whether startup fails without it.
    pub is_required: bool,
}

const fn module(stage: Stage, name: &'static str, needs: &'static [&'static str]) -> Module {
    Module { name, needs, stage, is_package: false, is_required: true }
}

const fn package(stage: Stage, name: &'static str, needs: &'static [&'static str]) -> Module {
    Module { is_package: true, ..module(stage, name, needs) }
}

/// The package `encodings`, which no release has frozen. Its plain double may be a module, too.
pub const ENCODINGS: Module = module(Stage::Codec, "encodings", &["register"]);

/// What startup imports before the launch, without `encodings` and `site`.
pub fn before_launch(behaviors: &Behaviors, platform: Platform, with_site: bool) -> Vec<Module> {
    if behaviors.has(Behavior::FrozenSite) {
        return Vec::new();
    }
    let mut modules = vec![module(Stage::Codec, "codecs", &["register"])];
    let add = |modules: &mut Vec<Module>, stage, name, needs| modules.push(module(stage, name, needs));
    if !behaviors.has(Behavior::AbcInC) {
        add(&mut modules, Stage::Streams, "_weakrefset", &["WeakSet"]);
    }
    add(&mut modules, Stage::Streams, "abc", &["ABCMeta"]);
    add(&mut modules, Stage::Streams, "io", &["open"]);
    if !behaviors.has(Behavior::BootlocaleOnlyForFiles) {
        let bootlocale = module(Stage::Streams, "_bootlocale", &["getpreferredencoding"]);
        modules.push(Module { is_required: false, ..bootlocale });
    }
    if !with_site {
        return modules;
    }
    add(&mut modules, Stage::Site, "os", &["environ"]);
    add(&mut modules, Stage::Site, "stat", &["S_ISREG", "S_ISDIR"]);
    add(&mut modules, Stage::Site, if platform == Platform::Windows { "ntpath" } else { "posixpath" }, &["pathsep"]);
    add(&mut modules, Stage::Site, "genericpath", &["_splitext"]);
    add(&mut modules, Stage::Site, "_collections_abc", &["MutableMapping"]);
    add(&mut modules, Stage::Site, "_sitebuiltins", &["Quitter"]);
    if !behaviors.has(Behavior::UserSiteWithoutSysconfig) {
        add(&mut modules, Stage::Site, "sysconfig", &["get_config_var"]);
    }
    modules
}

/// What the launch imports after `sys.path[0]` is in place.
pub fn at_launch(behaviors: &Behaviors, invocation: &Invocation, runs_path: bool, with_site: bool) -> Vec<Module> {
    let launch = &invocation.launch;
    match launch {
        Launch::Command | Launch::Interactive => {
            let is_imported = behaviors.has(Behavior::LinecacheAtLaunch) && !behaviors.has(Behavior::LinecacheFrozen);
            is_imported.then_some(module(Stage::Launch, "linecache", &["_register_code"])).into_iter().collect()
        }
        Launch::Script(_) if !runs_path => Vec::new(),
        Launch::Script(_) | Launch::Module(_) => {
            let mut modules = for_runpy(behaviors);
            if !with_site {
                modules.extend(for_os(behaviors, invocation.platform));
            }
            modules
        }
    }
}

/// What `runpy` imports where the site module has not imported it before: `os` and what that imports.
fn for_os(behaviors: &Behaviors, platform: Platform) -> Vec<Module> {
    let mut modules = before_launch(behaviors, platform, true);
    modules.retain(|module| module.stage == Stage::Site && !matches!(module.name, "_sitebuiltins" | "sysconfig"));
    for module in &mut modules {
        module.stage = Stage::Launch;
    }
    modules
}

/// What `runpy` imports, and `runpy` itself.
fn for_runpy(behaviors: &Behaviors) -> Vec<Module> {
    let launch = |name, needs| module(Stage::Launch, name, needs);
    let optional = |name| Module { is_required: false, ..launch(name, &[]) };
    let mut modules = Vec::new();
    if !behaviors.has(Behavior::FrozenSite) {
        modules.push(launch("runpy", &["_run_module_as_main"]));
    }
    modules.push(package(Stage::Launch, "importlib", &["_bootstrap"]));
    modules.push(launch("types", &["ModuleType"]));
    if !behaviors.has(Behavior::ImportlibWithoutWarnings) {
        modules.push(Module { needs: &[], ..launch("warnings", &[]) });
    }
    if behaviors.has(Behavior::ImportlibUtilAlone) {
        return modules;
    }
    modules.push(launch("contextlib", &["contextmanager"]));
    modules.push(package(Stage::Launch, "collections", &["namedtuple"]));
    modules.push(launch("functools", &["wraps"]));
    modules.push(launch("operator", &["itemgetter"]));
    modules.push(launch("keyword", &["iskeyword"]));
    modules.push(launch("reprlib", &["recursive_repr"]));
    if behaviors.has(Behavior::RunpyWithoutPkgutil) {
        return modules;
    }
    modules.push(launch("pkgutil", &["get_importer"]));
    modules.push(launch("heapq", &[]));
    modules.push(optional("_heapq"));
    modules.push(launch("weakref", &["WeakKeyDictionary"]));
    if behaviors.has(Behavior::AbcInC) {
        modules.push(launch("_weakrefset", &["WeakSet"]));
    }
    if behaviors.has(Behavior::ImportlibNeedsTyping) {
        modules.push(launch("typing", &["runtime_checkable"]));
        modules.push(launch("re", &["Pattern"]));
        modules.push(launch("enum", &["IntFlag"]));
        modules.push(launch("copyreg", &["pickle"]));
        modules.push(launch("sre_compile", &["compile"]));
        modules.push(launch("sre_parse", &["parse"]));
        modules.push(launch("sre_constants", &["MAGIC"]));
    }
    modules
}
