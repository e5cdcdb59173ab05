//! The modules that are in `sys.modules` before the first line of the launched code, so that no file can hide them any more.

use bstr::{BStr, BString, ByteSlice};

use crate::finders;
use crate::host::{FileKind, Lookups, Op, Platform};
use crate::invocation::Launch;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::{Phase, Resolution, encoding_name, is_c_locale, is_utf8_mode, uses_frozen_modules};

/// When a module was loaded, which decides what of `sys.path` was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Before the site module changed anything.
    Early,
    /// By the site module or by startup code, before the launch put its entry first.
    Site,
    /// By the launch.
    Launch,
}

/// Loaded by every release, with or without the site module.
const CORE: &[&str] = &[
    "__main__",
    "_codecs",
    "_frozen_importlib",
    "_frozen_importlib_external",
    "_imp",
    "_io",
    "_signal",
    "_thread",
    "_warnings",
    "_weakref",
    "builtins",
    "codecs",
    "encodings",
    "encodings.aliases",
    "marshal",
    "sys",
    "zipimport",
];
/// What `os` and its imports load.
const FOR_OS: &[&str] = &["_abc", "_collections_abc", "_stat", "abc", "genericpath", "os", "os.path", "stat"];
/// What `runpy` loads in every release.
const FOR_RUNPY: &[&str] = &[
    "importlib",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
    "importlib.machinery",
    "importlib.util",
    "runpy",
    "types",
];
/// What `contextlib` loads, which `importlib.util` needed.
const FOR_CONTEXTLIB: &[&str] = &[
    "_collections",
    "_functools",
    "_operator",
    "collections",
    "contextlib",
    "functools",
    "itertools",
    "keyword",
    "operator",
    "reprlib",
];
/// What `pkgutil` loads, which `runpy` needed.
const FOR_PKGUTIL: &[&str] = &["_heapq", "heapq", "importlib.abc", "pkgutil", "weakref"];
/// What `typing` loads, which `importlib.abc` needed.
const FOR_TYPING: &[&str] = &[
    "_sre",
    "collections.abc",
    "copyreg",
    "enum",
    "re",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "typing",
    "typing.io",
    "typing.re",
];
/// What a `PyPy` holds before its site module, beyond what every release has.
const PYPY: &[&str] = &[
    "__pypy__",
    "__pypy__._pypydatetime",
    "__pypy__.bufferable",
    "__pypy__.builders",
    "__pypy__.intop",
    "__pypy__.os",
    "__pypy__.thread",
    "_abc",
    "_ast",
    "_collections",
    "_collections_abc",
    "_continuation",
    "_csv",
    "_locale",
    "_multibytecodec",
    "_operator",
    "_pypy_generic_alias",
    "_rawffi",
    "_rawffi.alt",
    "_structseq",
    "abc",
    "encodings.latin_1",
    "errno",
    "gc",
    "genericpath",
    "os",
    "os.path",
    "posix",
    "posixpath",
    "stat",
    "time",
    "unicodedata",
];
/// What `runpy` of a `PyPy` loads, beyond [`FOR_RUNPY`] and [`FOR_CONTEXTLIB`].
const PYPY_RUNPY: &[&str] = &[
    "_sre",
    "_weakrefset",
    "collections.abc",
    "copyreg",
    "enum",
    "importlib._abc",
    "linecache",
    "re",
    "re._casefix",
    "re._compiler",
    "re._constants",
    "re._parser",
    "textwrap",
    "threading",
    "token",
    "tokenize",
    "traceback",
    "warnings",
];

/// Whether startup loads a module by itself, and when.
pub(super) fn when(resolution: &Resolution, ask: &Lookups<'_>, behaviors: &Behaviors, name: &BStr) -> Option<When> {
    let name = name.to_str().ok()?;
    let startup = Startup { resolution, ask, behaviors };
    if startup.is_core(name) {
        return Some(When::Early);
    }
    let with_site = resolution.site.as_ref().is_some_and(|site| site.enabled);
    if with_site && startup.is_of_site(name) {
        return Some(When::Early);
    }
    if with_site && startup.is_late_in_site(name) {
        return Some(When::Site);
    }
    startup.is_of_launch(name).then_some(When::Launch)
}

struct Startup<'a> {
    resolution: &'a Resolution,
    ask: &'a Lookups<'a>,
    behaviors: &'a Behaviors,
}

impl Startup<'_> {
    fn has(&self, behavior: Behavior) -> bool {
        self.behaviors.has(behavior)
    }

    fn is_core(&self, name: &str) -> bool {
        if CORE.contains(&name) || self.behaviors.is_pypy() && PYPY.contains(&name) {
            return true;
        }
        if self.behaviors.is_pypy() {
            return name == "encodings.utf_8";
        }
        let is_windows = self.resolution.invocation.platform == Platform::Windows;
        match name {
            "nt" | "winreg" => is_windows,
            "posix" => !is_windows,
            "time" => self.has(Behavior::ZipImportInPython),
            "abc" | "io" => !self.has(Behavior::StreamsWithoutIo),
            "_abc" => self.has(Behavior::AbcInC) && !self.has(Behavior::StreamsWithoutIo),
            "_weakrefset" => !self.has(Behavior::AbcInC),
            name if name.starts_with("encodings.") => self.is_codec_loaded(&name["encodings.".len()..]),
            "_bootlocale" | "_locale" => !self.has(Behavior::BootlocaleOnlyForFiles) && !self.is_utf8_mode(),
            _ => false,
        }
    }

    /// Whether the streams are opened without asking the locale.
    fn is_utf8_mode(&self) -> bool {
        self.has(Behavior::Utf8Mode) && is_utf8_mode(self.ask.host(), &self.resolution.invocation, self.behaviors)
    }

    /// The codec of paths, that of the standard streams, and before 3.10 two that are always loaded.
    fn is_codec_loaded(&self, codec: &str) -> bool {
        let invocation = &self.resolution.invocation;
        let are_always = !self.has(Behavior::StreamsWithoutLatin1);
        let ignores = invocation.flags.ignore_environment || invocation.flags.isolated;
        let of_streams = invocation.variable("PYTHONIOENCODING").filter(|_| !ignores);
        let of_streams = of_streams.and_then(|value| value.split_str(":").next()).map(codec_of).unwrap_or_default();
        are_always && matches!(codec, "latin_1" | "utf_8") || codec == self.codec_of_paths() || codec == of_streams
    }

    /// The module of the codec with which paths are decoded.
    fn codec_of_paths(&self) -> String {
        let invocation = &self.resolution.invocation;
        let host = self.ask.host();
        let is_utf8 = self.is_utf8_mode() || encoding_name(host, invocation, self.behaviors.version()) == "utf-8";
        if is_utf8 {
            return "utf_8".to_owned();
        }
        if is_c_locale(host, invocation) {
            return "ascii".to_owned();
        }
        let set = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| invocation.variable(name).filter(|it| !it.is_empty()));
        let charset = set.and_then(|locale| locale.split_str(".").nth(1)).unwrap_or(b"latin-1");
        codec_of(charset.split_str("@").next().unwrap_or_default())
    }

    /// The site module itself, and what it imports before it changes `sys.path`.
    fn is_of_site(&self, name: &str) -> bool {
        let is_pypy = self.behaviors.is_pypy();
        match name {
            "_sitebuiltins" | "site" => true,
            "io" => is_pypy,
            "_abc" => self.has(Behavior::AbcInC) && !is_pypy,
            "errno" => self.has(Behavior::SiteImportsErrno) || self.is_sysconfig_loaded(),
            "sysconfig" => self.is_sysconfig_loaded(),
            _ if name.starts_with("_sysconfigdata_") => self.is_sysconfig_loaded(),
            name => !is_pypy && (FOR_OS.contains(&name) || name == self.path_module()),
        }
    }

    fn is_sysconfig_loaded(&self) -> bool {
        !self.has(Behavior::UserSiteWithoutSysconfig) && !self.behaviors.is_pypy()
    }

    fn path_module(&self) -> &'static str {
        if self.resolution.invocation.platform == Platform::Windows { "ntpath" } else { "posixpath" }
    }

    /// What the site module imports for `.pth` files that it reads, and the customization modules.
    fn is_late_in_site(&self, name: &str) -> bool {
        let customize = self.resolution.site.as_ref().map(|site| &site.customize);
        match name {
            "_bootlocale" | "_locale" => !self.has(Behavior::StreamsWithoutLatin1) && self.reads_pth(),
            "encodings.utf_8_sig" => self.has(Behavior::PthUtf8) && self.reads_pth(),
            "sitecustomize" => customize.is_some_and(|customize| self.stays(customize.sitecustomize.as_ref())),
            "usercustomize" => customize.is_some_and(|customize| self.stays(customize.usercustomize.as_ref())),
            _ => false,
        }
    }

    /// Whether the import of a file of startup code succeeds, as far as that is known; Python forgets a module that fails.
    fn stays(&self, file: Option<&BString>) -> bool {
        file.is_some_and(|file| !self.resolution.failures.iter().any(|failure| failure.file == *file))
    }

    fn reads_pth(&self) -> bool {
        let steps = self.resolution.steps.iter().filter(|step| step.phase == Phase::Pth);
        steps.flat_map(|step| &step.lookups).any(|lookup| lookup.op == Op::Read)
    }

    /// What is imported after `sys.path[0]` is in place.
    fn is_of_launch(&self, name: &str) -> bool {
        let invocation = &self.resolution.invocation;
        match &invocation.launch {
            Launch::Command | Launch::Interactive => {
                let is_frozen = self.has(Behavior::LinecacheFrozen) && uses_frozen_modules(invocation, self.behaviors);
                name == "linecache" && !self.behaviors.is_pypy() && (self.has(Behavior::LinecacheAtLaunch) || is_frozen)
            }
            Launch::Script(script) => self.runs_runpy(script.as_bstr()) && self.is_of_runpy(name),
            Launch::Module(module) => self.is_of_runpy(name) || is_parent(name, module.as_bstr()),
        }
    }

    /// Whether a directory or a zip file is launched.
    fn runs_runpy(&self, script: &BStr) -> bool {
        let is_dir = self.ask.metadata(script).is_ok_and(|metadata| metadata.kind == FileKind::Directory);
        is_dir || finders::is_zip(self.ask, script)
    }

    fn is_of_runpy(&self, name: &str) -> bool {
        if FOR_RUNPY.contains(&name) {
            return true;
        }
        if self.behaviors.is_pypy() {
            return PYPY_RUNPY.contains(&name) || FOR_CONTEXTLIB.contains(&name);
        }
        let (has_pkgutil, has_typing) =
            (!self.has(Behavior::RunpyWithoutPkgutil), self.has(Behavior::ImportlibNeedsTyping));
        match name {
            "warnings" => !self.has(Behavior::ImportlibWithoutWarnings),
            "importlib._abc" => !has_pkgutil,
            "_weakrefset" => has_pkgutil,
            "collections.abc" => has_pkgutil && (has_typing || !self.has(Behavior::AbcInC)),
            "_types" | "io" => self.has(Behavior::StreamsWithoutIo),
            name => {
                FOR_OS.contains(&name)
                    || name == self.path_module()
                    || FOR_CONTEXTLIB.contains(&name) && !self.has(Behavior::ImportlibUtilAlone)
                    || FOR_PKGUTIL.contains(&name) && has_pkgutil
                    || FOR_TYPING.contains(&name) && has_pkgutil && has_typing
            }
        }
    }
}

/// Whether a package contains the module that is launched, so that it is imported before.
fn is_parent(name: &str, module: &BStr) -> bool {
    module.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"."))
}

/// The module of a codec, for the names that are used most.
fn codec_of(name: &[u8]) -> String {
    let name: String = name
        .to_str_lossy()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    match name.as_str() {
        "utf8" | "u8" => "utf_8".to_owned(),
        "us_ascii" | "646" => "ascii".to_owned(),
        "latin1" | "latin" | "iso_8859_1" | "iso8859_1" | "l1" => "latin_1".to_owned(),
        _ => name,
    }
}
