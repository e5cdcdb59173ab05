//! The modules that startup imports, in the order in which it does, with what it takes from each.

use crate::host::Platform;
use crate::invocation::Launch;
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
    let mut add = |stage, name, needs| modules.push(module(stage, name, needs));
    if !behaviors.has(Behavior::AbcInC) {
        add(Stage::Streams, "_weakrefset", &["WeakSet"]);
    }
    add(Stage::Streams, "abc", &["ABCMeta"]);
    add(Stage::Streams, "io", &["open"]);
    if !behaviors.has(Behavior::BootlocaleOnlyForFiles) {
        add(Stage::Streams, "_bootlocale", &["getpreferredencoding"]);
    }
    if !with_site {
        return modules;
    }
    add(Stage::Site, "os", &["environ"]);
    add(Stage::Site, "stat", &["S_ISREG", "S_ISDIR"]);
    add(Stage::Site, if platform == Platform::Windows { "ntpath" } else { "posixpath" }, &["pathsep"]);
    add(Stage::Site, "genericpath", &["_splitext"]);
    add(Stage::Site, "_collections_abc", &["MutableMapping"]);
    add(Stage::Site, "_sitebuiltins", &["Quitter"]);
    if !behaviors.has(Behavior::UserSiteWithoutSysconfig) {
        add(Stage::Site, "sysconfig", &["get_config_var"]);
    }
    modules
}

/// What the launch imports after `sys.path[0]` is in place.
pub fn at_launch(behaviors: &Behaviors, launch: &Launch, runs_path: bool) -> Vec<Module> {
    match launch {
        Launch::Command | Launch::Interactive => {
            let is_imported = behaviors.has(Behavior::LinecacheAtLaunch) && !behaviors.has(Behavior::LinecacheFrozen);
            is_imported.then_some(module(Stage::Launch, "linecache", &["_register_code"])).into_iter().collect()
        }
        Launch::Script(_) if !runs_path => Vec::new(),
        Launch::Script(_) | Launch::Module(_) => for_runpy(behaviors),
    }
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
