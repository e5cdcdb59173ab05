//! The modules that startup imports, in the order in which it does, with what it takes from each.

use crate::host::Platform;
use crate::invocation::{Invocation, Launch};
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::configuration;
use crate::startup::getpath::Input;

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

/// How startup, or another of these modules, takes a name from a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// As an attribute.
    Attribute(&'static str),
    /// With `from MODULE import NAME`.
    Import(&'static str),
    /// As a submodule, for which the module has to be a package.
    Submodule(&'static str),
    /// As an attribute, but only when the site module asks about something that exists.
    Late(&'static str),
    /// In a way whose failure has no text of its own here.
    Other(&'static str),
}

impl Need {
    /// The name.
    pub fn name(self) -> &'static str {
        let (Self::Attribute(name) | Self::Import(name) | Self::Submodule(name) | Self::Late(name) | Self::Other(name)) =
            self;
        name
    }
}

/// A module that startup imports.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// What is taken from it, the first first: a file that does not define all of these names cannot replace it. Empty
    /// where nothing is taken, or where startup does without.
    pub needs: Vec<Need>,
    /// Who imports it.
    pub stage: Stage,
    /// Whether it is a package, so that a plain module cannot replace it.
    pub is_package: bool,
    /// Whether startup fails without it.
    pub is_required: bool,
}

impl Module {
    /// Whether nothing is taken from it before the site module asks about something that exists.
    pub fn is_taken_late(&self) -> bool {
        matches!(self.needs.first(), Some(Need::Late(_)))
    }
}

fn module(stage: Stage, name: &'static str, needs: &[Need]) -> Module {
    Module { name, needs: needs.to_vec(), stage, is_package: false, is_required: true }
}

/// The package `encodings`, which no release has frozen. Its plain double may be a module, too.
pub fn encodings() -> Module {
    module(Stage::Codec, "encodings", &[Need::Other("register")])
}

/// The site module, up to 3.10, of which startup takes nothing.
pub fn site() -> Module {
    module(Stage::Site, "site", &[])
}

/// The module with which codecs are registered.
pub fn codecs() -> Module {
    module(Stage::Codec, "codecs", &[Need::Attribute("register")])
}

/// What `app_main.py` of `PyPy` imports for itself, after the codecs and the standard streams.
pub fn of_app_main() -> [Module; 6] {
    use Need::{Attribute, Import, Other, Submodule};
    let site = |name, needs: &[Need]| module(Stage::Site, name, needs);
    [
        site("os", &[Submodule("path")]),
        site("abc", &[Import("ABCMeta")]),
        // What is taken of it is taken later, by the site module.
        site("stat", &[Other("S_ISDIR")]),
        site("posixpath", &[Import("abspath")]),
        site("genericpath", &[Attribute("_splitext")]),
        site("_collections_abc", &[Import("_check_methods")]),
    ]
}

/// What the site module of `PyPy` needs besides, without which it starts all the same.
pub fn of_pypy_site() -> [Module; 2] {
    let site = |name, needs: &[Need]| module(Stage::Site, name, needs);
    // What is taken of the second is taken at the end, when most is done.
    [site("io", &[]), site("_sitebuiltins", &[Need::Other("Quitter")])]
}

/// What startup imports before the launch, without `encodings` and `site`.
pub fn before_launch(invocation: &Invocation, behaviors: &Behaviors, with_site: bool) -> Vec<Module> {
    if configuration::uses_frozen_modules(invocation, behaviors) {
        return Vec::new();
    }
    from_files(behaviors, invocation.platform, with_site)
}

/// The same, where none of them is frozen into the binary.
pub fn from_files(behaviors: &Behaviors, platform: Platform, with_site: bool) -> Vec<Module> {
    use Need::{Attribute, Import};
    let mut modules = vec![module(Stage::Codec, "codecs", &[Attribute("register"), Attribute("CodecInfo")])];
    if !behaviors.has(Behavior::AbcInC) {
        modules.push(module(Stage::Streams, "_weakrefset", &[Import("WeakSet")]));
    }
    if !behaviors.has(Behavior::StreamsWithoutIo) {
        modules.push(module(Stage::Streams, "abc", &[Attribute("ABCMeta")]));
        modules.push(module(Stage::Streams, "io", io_needs(behaviors)));
    }
    if !behaviors.has(Behavior::BootlocaleOnlyForFiles) {
        modules.push(bootlocale(Stage::Streams));
    }
    if with_site {
        modules.extend(for_site(behaviors, platform));
    }
    modules
}

/// The module that a text file needs which is opened without an encoding, in the releases that have it.
pub fn bootlocale(stage: Stage) -> Module {
    Module { is_required: false, ..module(stage, "_bootlocale", &[Need::Attribute("getpreferredencoding")]) }
}

fn io_needs(behaviors: &Behaviors) -> &'static [Need] {
    use Need::Attribute;
    if behaviors.has(Behavior::StreamsWithoutLatin1) {
        &[Attribute("open"), Attribute("TextIOWrapper")]
    } else if behaviors.has(Behavior::OpenSetAfterStreams) {
        &[Attribute("open"), Attribute("TextIOWrapper"), Attribute("OpenWrapper")]
    } else {
        &[Attribute("OpenWrapper"), Attribute("open"), Attribute("TextIOWrapper")]
    }
}

fn for_site(behaviors: &Behaviors, platform: Platform) -> Vec<Module> {
    use Need::{Attribute, Import};
    let site = |name, needs: &[Need]| module(Stage::Site, name, needs);
    let path = if platform == Platform::Windows { "ntpath" } else { "posixpath" };
    let abc: &[Need] = if behaviors.has(Behavior::PathLikeChecksMethods) {
        &[Import("_check_methods"), Import("MutableMapping")]
    } else {
        &[Import("MutableMapping")]
    };
    let mut modules = vec![site("os", &[Attribute("path"), Attribute("environ")])];
    if behaviors.has(Behavior::StreamsWithoutIo) {
        // `_collections_abc` takes the first two before `os` goes on.
        modules.push(site("abc", &[Import("ABCMeta"), Import("abstractmethod"), Attribute("ABC")]));
    }
    modules.extend([
        site("stat", &[Need::Late("S_ISDIR")]),
        site(path, &[Import("curdir"), Import("pathsep"), Attribute("join")]),
        site("genericpath", &[Attribute("_splitext")]),
        site("_collections_abc", abc),
        site("_sitebuiltins", &[Attribute("Quitter"), Attribute("_Printer"), Attribute("_Helper")]),
    ]);
    if !behaviors.has(Behavior::UserSiteWithoutSysconfig) {
        modules.push(site("sysconfig", &[Import("get_config_var")]));
    }
    modules
}

/// What the launch imports after `sys.path[0]` is in place.
pub fn at_launch(behaviors: &Behaviors, invocation: &Invocation, runs_path: bool, with_site: bool) -> Vec<Module> {
    let launch = &invocation.launch;
    let uses_frozen = configuration::uses_frozen_modules(invocation, behaviors);
    match launch {
        Launch::Command | Launch::Interactive => {
            let is_frozen = behaviors.has(Behavior::LinecacheFrozen) && uses_frozen;
            let is_imported = behaviors.has(Behavior::LinecacheAtLaunch) && !is_frozen;
            let linecache = module(Stage::Launch, "linecache", &[Need::Attribute("_register_code")]);
            is_imported.then_some(linecache).into_iter().collect()
        }
        Launch::Script(_) if !runs_path => Vec::new(),
        Launch::Script(_) | Launch::Module(_) => {
            let mut modules = for_runpy(behaviors, uses_frozen);
            if !with_site && !uses_frozen {
                modules.extend(for_os(behaviors, invocation.platform));
            }
            modules
        }
    }
}

/// What `runpy` imports where the site module has not imported it before: `os` and what that imports.
fn for_os(behaviors: &Behaviors, platform: Platform) -> Vec<Module> {
    let mut modules = from_files(behaviors, platform, true);
    modules.retain(|module| module.stage == Stage::Site && !matches!(module.name, "_sitebuiltins" | "sysconfig"));
    for module in &mut modules {
        module.stage = Stage::Launch;
        match module.name {
            // Nothing of it is called yet.
            "stat" => module.needs.clear(),
            // `pkgutil` imports it as a package; without that, nothing of `os` is taken before the user's code runs.
            "os" if behaviors.has(Behavior::RunpyWithoutPkgutil) => module.needs.clear(),
            "os" => module.needs = vec![Need::Submodule("path")],
            // `importlib._abc` comes before `os`.
            "abc" => module.needs.insert(0, Need::Attribute("ABCMeta")),
            // The package `collections` comes before `os`.
            "_collections_abc" if !behaviors.has(Behavior::ImportlibUtilAlone) => {
                let first = if behaviors.has(Behavior::AbcInC) { "MutableSequence" } else { "__all__" };
                module.needs.insert(0, Need::Attribute(first));
            }
            _ => {}
        }
    }
    modules
}

/// What `runpy` imports, and `runpy` itself.
fn for_runpy(behaviors: &Behaviors, uses_frozen: bool) -> Vec<Module> {
    use Need::{Attribute, Import, Submodule};
    let launch = |name, needs: &[Need]| module(Stage::Launch, name, needs);
    let mut modules = Vec::new();
    if !uses_frozen {
        modules.push(launch("runpy", &[Attribute("_run_module_as_main")]));
    }
    let importlib: &[Need] =
        if uses_frozen { &[Submodule("_bootstrap"), Submodule("machinery")] } else { &[Submodule("machinery")] };
    modules.push(Module { is_package: true, ..launch("importlib", importlib) });
    modules.push(launch("types", types_needs(behaviors)));
    if !behaviors.has(Behavior::ImportlibWithoutWarnings) {
        modules.push(launch("warnings", &[]));
    }
    if !behaviors.has(Behavior::ImportlibUtilAlone) {
        modules.extend(for_contextlib(behaviors));
    }
    if behaviors.has(Behavior::StreamsWithoutIo) && !uses_frozen {
        modules.push(launch("io", &[]));
    }
    if behaviors.has(Behavior::RunpyWithoutPkgutil) {
        return modules;
    }
    modules.push(launch("pkgutil", &[Import("read_code"), Import("get_importer")]));
    modules.push(launch("heapq", &[]));
    modules.push(Module { is_required: false, ..launch("_heapq", &[]) });
    let weak = if behaviors.has(Behavior::TypesWithoutFunctools) { Attribute } else { Import };
    modules.push(launch("weakref", &[weak("WeakKeyDictionary")]));
    if behaviors.has(Behavior::AbcInC) {
        modules.push(launch("_weakrefset", &[Import("WeakSet")]));
    }
    if behaviors.has(Behavior::ImportlibNeedsTyping) {
        modules.push(launch("typing", &[Import("Protocol"), Import("runtime_checkable")]));
        modules.push(launch("re", &[Attribute("Pattern"), Attribute("Match")]));
        modules.push(launch("enum", &[Attribute("IntFlag")]));
        modules.push(launch("copyreg", &[Attribute("pickle")]));
        modules.push(launch("sre_compile", &[Attribute("SRE_FLAG_ASCII"), Attribute("compile")]));
        modules.push(launch("sre_parse", &[Attribute("TYPE_FLAGS"), Attribute("parse")]));
        modules.push(launch("sre_constants", &[Need::Other("MIN_REPEAT")]));
    }
    modules
}

/// The submodules of a package that `runpy` needs from files, each with its path, and what is taken from it.
pub fn submodules(input: &Input<'_>, package: &Module) -> Vec<(&'static str, &'static str, Vec<Need>)> {
    use Need::{Attribute, Import};
    let behaviors = input.behaviors;
    let is_for_typing = package.needs.contains(&Need::Submodule("abc"));
    if package.name == "collections" && (is_for_typing || !behaviors.has(Behavior::AbcInC)) {
        let needs = if is_for_typing { vec![Attribute("Hashable")] } else { Vec::new() };
        return vec![("collections.abc", "collections/abc", needs)];
    }
    if package.name != "importlib" {
        return Vec::new();
    }
    if !behaviors.has(Behavior::RunpyWithoutPkgutil) {
        return vec![
            ("importlib.machinery", "importlib/machinery", vec![Attribute("BuiltinImporter")]),
            ("importlib.util", "importlib/util", vec![Attribute("find_spec")]),
            ("importlib.abc", "importlib/abc", vec![Attribute("Loader")]),
        ];
    }
    let abc = ("importlib._abc", "importlib/_abc", vec![Import("Loader")]);
    if configuration::uses_frozen_modules(input.invocation, behaviors) {
        return vec![abc];
    }
    let machinery = ("importlib.machinery", "importlib/machinery", Vec::new());
    vec![machinery, ("importlib.util", "importlib/util", vec![Attribute("find_spec")]), abc]
}

/// What `importlib.util` needed for one decorator.
fn for_contextlib(behaviors: &Behaviors) -> [Module; 6] {
    use Need::{Attribute, Import, Submodule};
    let launch = |name, needs: &[Need]| module(Stage::Launch, name, needs);
    let has_typing = behaviors.has(Behavior::ImportlibNeedsTyping) && !behaviors.has(Behavior::RunpyWithoutPkgutil);
    let collections = if has_typing {
        Submodule("abc")
    } else if behaviors.has(Behavior::TypesWithoutFunctools) {
        Import("deque")
    } else {
        Import("namedtuple")
    };
    let contextlib: &[Need] = if has_typing {
        &[Attribute("AbstractContextManager"), Import("contextmanager")]
    } else {
        &[Import("contextmanager")]
    };
    let operator = if behaviors.has(Behavior::GenericAliases) { "eq" } else { "itemgetter" };
    [
        launch("contextlib", contextlib),
        Module { is_package: true, ..launch("collections", &[collections]) },
        launch("functools", &[Import("wraps")]),
        launch("operator", &[Import(operator)]),
        launch("keyword", &[Import("iskeyword")]),
        launch("reprlib", &[Import("recursive_repr")]),
    ]
}

fn types_needs(behaviors: &Behaviors) -> &'static [Need] {
    use Need::{Attribute, Import};
    if behaviors.has(Behavior::ImportlibUtilAlone) {
        &[Attribute("ModuleType")]
    } else if behaviors.has(Behavior::GenericAliases) {
        &[Import("GenericAlias"), Import("MethodType"), Attribute("ModuleType")]
    } else if behaviors.has(Behavior::ContextlibNeedsMethodType) {
        &[Import("MethodType"), Attribute("ModuleType")]
    } else if behaviors.has(Behavior::TypesWithoutFunctools) {
        &[Attribute("ModuleType")]
    } else {
        &[Import("MappingProxyType")]
    }
}
