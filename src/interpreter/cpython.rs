//! The facts about a `CPython`, from the cheapest evidence that decides each.

use std::cell::OnceCell;

use bstr::{BStr, BString, ByteSlice};

use super::headers::Headers;
use super::image::Image;
use super::installation::{Installation, Sought};
use super::links::join;
use super::portrait::{Portrait, words};
use super::scan::Scan;
use super::sysconfigdata::{self, Value};
use super::{Compiled, Implementation, Vendor, Version};
use crate::host::Lookups;

/// The prefix that python-build-standalone compiles in.
const STANDALONE_PREFIX: &str = "/install";
/// The prefix that Debian compiles in.
const DEBIAN_PREFIX: &str = "/usr";

/// The image that holds the interpreter: a library, or the executable of a static build.
pub(super) struct Subject<'s, 'h> {
    /// The lookups.
    pub lookups: &'s Lookups<'h>,
    /// The image.
    pub image: &'s Image<'h>,
    /// Its headers.
    pub headers: &'s dyn Headers,
    /// What the library's name says; none for an executable.
    pub library: Option<LibraryName<'s>>,
}

/// `libpython3.12t.so.1.0` or `libpython3.12t.dylib`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LibraryName<'n> {
    /// The minor version.
    pub version: Version,
    /// The ABI flags: of `m`, `d` and `t`.
    pub flags: &'n BStr,
}

impl<'n> LibraryName<'n> {
    /// Takes a name apart.
    pub fn parse(name: &'n BStr) -> Option<Self> {
        let (major, rest) = match name.strip_prefix(b"libpython3.") {
            Some(rest) => (3, rest),
            None => (2, name.strip_prefix(b"libpython2.")?),
        };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let minor = rest[..digits].to_str().ok()?.parse().ok()?;
        let rest = &rest[digits..];
        let flags = rest[..rest.find(".so").or_else(|| rest.find(".dylib"))?].as_bstr();
        flags
            .iter()
            .all(|flag| b"dmtu".contains(flag))
            .then_some(Self { version: Version::feature(major, minor), flags })
    }

    /// Takes the path of a library in a framework apart: `…/PythonT.framework/Versions/3.13/PythonT`.
    pub fn of_framework(path: &'n BStr) -> Option<Self> {
        let (above, file) = path.rsplit_once_str("/")?;
        let (above, version) = above.rsplit_once_str("/")?;
        let framework = above.strip_suffix(b".framework/Versions")?;
        let named = framework.rsplit_once_str("/").map_or(framework, |(_, name)| name);
        let version = version.strip_suffix(b"t").unwrap_or(version);
        let version = Version::feature(3, version.strip_prefix(b"3.")?.to_str().ok()?.parse().ok()?);
        let flags = if file.ends_with(b"T") { b"t".as_bstr() } else { b"".as_bstr() };
        (named == file && file.starts_with(b"Python")).then_some(Self { version, flags })
    }
}

/// A subject together with the one scan of its image, which is made only when something asks for it.
struct Inspection<'s, 'h> {
    subject: Subject<'s, 'h>,
    scan: OnceCell<Scan>,
    portrait: Portrait,
}

/// Learns everything about the subject; the portrait stays as it was where the subject is no `CPython`.
pub(super) fn inspect(subject: Subject<'_, '_>, portrait: Portrait) -> Portrait {
    let mut inspection = Inspection { subject, scan: OnceCell::new(), portrait };
    if let Some(release) = inspection.release() {
        inspection.build(&release);
    }
    inspection.portrait
}

/// What is known about the release before the installation is looked for.
struct Release {
    version: Version,
    flags: BString,
}

impl Inspection<'_, '_> {
    fn scan(&self) -> &Scan {
        self.scan.get_or_init(|| Scan::of(self.subject.image))
    }

    fn path(&self) -> &BStr {
        self.subject.image.path.as_bstr()
    }

    /// Whether this is a `CPython`, and of which minor version.
    fn release(&mut self) -> Option<Release> {
        let from_name = self.subject.library.map(|name| (name.version, name.flags.to_owned()));
        // `Py_Version` of 3.11 and later (bpo-43931) is `PY_VERSION_HEX` itself.
        let hex = self.subject.headers.exported_long(self.subject.image, b"Py_Version");
        if let Some(version) = hex.and_then(Version::from_hex) {
            let from = words("the exported symbol Py_Version of ", self.path());
            self.portrait.implementation(Implementation::CPython, from.clone());
            self.portrait.version(version, from);
            let flags = from_name.map_or_else(|| self.flags_of_executable(), |(_, flags)| flags);
            return Some(Release { version, flags });
        }
        if let Some((version, flags)) = from_name.filter(|(version, _)| !self.is_renamed(*version)) {
            let from = words("the library's name, ", self.path());
            self.portrait.implementation(Implementation::CPython, from);
            return Some(Release { version, flags });
        }
        if self.subject.library.is_none() && !self.may_be_python() {
            return None;
        }
        let (version, flags) = self.scan().feature().map(|(version, flags)| (version, flags.to_owned()))?;
        let from = words("the suffix of extension modules in ", self.path());
        self.portrait.implementation(Implementation::CPython, from);
        Some(Release { version, flags })
    }

    /// Whether the library certainly is another minor version than its name says: it lacks `Py_Version`, which every
    /// `CPython` since 3.11 exports, and its own suffix of extension modules is that of an older one.
    fn is_renamed(&self, named: Version) -> bool {
        let is_older = |(version, _): (Version, &BStr)| !version.exports_itself();
        named.exports_itself() && self.scan().feature().is_some_and(is_older)
    }

    /// Whether a scan is useful: an executable exports the C API to its extension modules, or has no symbols at all.
    fn may_be_python(&self) -> bool {
        let Subject { headers, image, .. } = &self.subject;
        let exports = |name: &str| headers.exports(image, name.as_bytes());
        !headers.lists_exports() || ["Py_GetVersion", "Py_BytesMain", "Py_Main"].into_iter().any(exports)
    }

    /// The thread flag of a static build, whose file name proves nothing.
    ///
    /// `Include/refcount.h` declares this function only under `Py_GIL_DISABLED`, and its macros call it from outside.
    fn flags_of_executable(&self) -> BString {
        const FREE_THREADED_ONLY: &[u8] = b"_Py_MergeZeroLocalRefcount";
        let free_threaded = self.subject.headers.exports(self.subject.image, FREE_THREADED_ONLY);
        if free_threaded { "t".into() } else { BString::default() }
    }

    /// Everything that follows from the release.
    fn build(&mut self, release: &Release) {
        let lookups = self.subject.lookups;
        let path = self.path().to_owned();
        let sought = Sought {
            image: path.as_bstr(),
            is_library: self.subject.library.is_some(),
            build: self.subject.headers.build(),
            version: release.version,
            flags: release.flags.as_bstr(),
        };
        let installation = Installation::of(lookups, sought);
        if release.version.micro.is_none() {
            self.micro(release, installation.as_ref());
        }
        if let Some((file, content)) = installation.as_ref().and_then(|found| found.sysconfigdata.as_ref()) {
            self.sysconfigdata(file.as_bstr(), content);
        }
        let installation = match self.portrait.0.compiled.prefix {
            Some(_) => installation,
            None => self.scanned_prefix(sought).or(installation),
        };
        self.vendor(release, installation.as_ref());
        self.defaults(release);
    }

    /// The micro version of a Python that does not export it (3.10 and earlier).
    fn micro(&mut self, release: &Release, installation: Option<&Installation>) {
        let headers = installation.and_then(|found| found.patchlevel(self.subject.lookups, release.flags.as_bstr()));
        if let Some((version, header)) = headers.filter(|(version, _)| version.minor == release.version.minor) {
            self.portrait.version(version, words("PY_VERSION in ", header.as_bstr()));
        } else if let Some(version) = self.scan().only_release_of(release.version) {
            self.portrait.version(version, words("the only version of that minor version in ", self.path()));
        } else {
            let from = words("the micro version is unknown; the minor version is from ", self.path());
            self.portrait.version(release.version, from);
        }
    }

    /// The variables of the build.
    fn sysconfigdata(&mut self, file: &BStr, content: &[u8]) {
        type Field = fn(&mut Compiled) -> &mut Option<BString>;
        const KEYS: [&str; 11] = [
            "prefix",
            "exec_prefix",
            "PLATLIBDIR",
            "PYTHONPATH",
            "VPATH",
            "ABI_THREAD",
            "PYTHONFRAMEWORK",
            "Py_GIL_DISABLED",
            "PYTHON_BUILD_STANDALONE",
            "CONFIG_ARGS",
            "EXT_SUFFIX",
        ];
        let fields: [(&'static str, Field); 7] = [
            ("compiled.prefix", |compiled| &mut compiled.prefix),
            ("compiled.exec_prefix", |compiled| &mut compiled.exec_prefix),
            ("compiled.platlibdir", |compiled| &mut compiled.platlibdir),
            ("compiled.pythonpath", |compiled| &mut compiled.pythonpath),
            ("compiled.vpath", |compiled| &mut compiled.vpath),
            ("compiled.abi_thread", |compiled| &mut compiled.abi_thread),
            ("compiled.framework", |compiled| &mut compiled.framework),
        ];
        let mut values = sysconfigdata::lookup(content, KEYS);
        if values[8] == Some(Value::Number(1)) || values[9].as_ref().is_some_and(configured_for_install) {
            self.standalone_prefix(file);
        }
        self.portrait.0.extension_suffix = values[10].take().and_then(Value::text);
        if values[5].is_none() {
            let free_threaded = values[7] == Some(Value::Number(1));
            values[5] = free_threaded.then(|| Value::Text("t".into()));
        }
        for (((fact, field), key), value) in fields.into_iter().zip(KEYS).zip(values) {
            let Some(value) = value.and_then(Value::text) else { continue };
            // A build that is not a framework has an empty framework name.
            if fact == "compiled.framework" && value.is_empty() {
                continue;
            }
            self.portrait.compiled(fact, field, value, words(&format!("{key} in "), file));
        }
    }

    /// The prefix of python-build-standalone, whatever the variables say.
    ///
    /// Installers (uv) replace `/install` in this file with the directory of the installation; the binary keeps `/install`.
    fn standalone_prefix(&mut self, file: &BStr) {
        let from = words("the mark of python-build-standalone or --prefix in CONFIG_ARGS in ", file);
        self.portrait.compiled("compiled.prefix", |compiled| &mut compiled.prefix, STANDALONE_PREFIX, from.clone());
        self.portrait.compiled("compiled.exec_prefix", |compiled| &mut compiled.exec_prefix, STANDALONE_PREFIX, from);
    }

    /// The prefix, if exactly one path in the image has the standard library of this release below it.
    fn scanned_prefix(&mut self, sought: Sought<'_>) -> Option<Installation> {
        let lookups = self.subject.lookups;
        let thread = if sought.flags.contains(&b't') { "t" } else { "" };
        let landmarks = ["lib", "lib64"].map(|lib| format!("{lib}/python{}{thread}", sought.version.short()));
        let mut found = Vec::new();
        for path in &self.scan().paths {
            let stdlibs = landmarks.iter().map(|landmark| join(path.as_bstr(), landmark));
            let mut verified =
                stdlibs.filter(|stdlib| lookups.metadata(join(stdlib.as_bstr(), "os.py").as_bstr()).is_ok());
            if let Some(stdlib) = verified.next() {
                found.push((path.clone(), stdlib));
            }
        }
        if found.is_empty() && self.scan().paths.contains(STANDALONE_PREFIX.as_bytes().as_bstr()) {
            let from = words("python-build-standalone's /install in ", self.path());
            self.portrait.compiled("compiled.prefix", |compiled| &mut compiled.prefix, STANDALONE_PREFIX, from);
        }
        // With two that fit, the choice would be open.
        let (prefix, stdlib) = found.pop().filter(|_| found.is_empty())?;
        let mut from = words("the only path in ", self.path());
        from.extend_from_slice(b" that has that standard library below it");
        self.portrait.compiled("compiled.prefix", |compiled| &mut compiled.prefix, prefix, from);
        let installation = Installation::at(lookups, stdlib, sought)?;
        if let Some((file, content)) = &installation.sysconfigdata {
            self.sysconfigdata(file.as_bstr(), content);
        }
        Some(installation)
    }

    /// The defaults of `configure`, and the values of Debian.
    fn defaults(&mut self, release: &Release) {
        const FROM: &str = "default of the build system";
        if self.portrait.0.vendor == Vendor::Debian {
            const DEBIAN: &str = "the same in every build of Debian";
            self.portrait.compiled("compiled.prefix", |compiled| &mut compiled.prefix, DEBIAN_PREFIX, DEBIAN);
            self.portrait.compiled("compiled.vpath", |compiled| &mut compiled.vpath, "..", DEBIAN);
        }
        if let Some(prefix) = self.portrait.0.compiled.prefix.clone() {
            self.portrait.compiled("compiled.exec_prefix", |compiled| &mut compiled.exec_prefix, prefix, FROM);
        }
        let path = release.version.compiled_python_path();
        self.portrait.compiled("compiled.pythonpath", |compiled| &mut compiled.pythonpath, path, FROM);
        self.portrait.compiled("compiled.vpath", |compiled| &mut compiled.vpath, "", FROM);
        self.portrait.compiled("compiled.platlibdir", |compiled| &mut compiled.platlibdir, "lib", FROM);
        let (thread, from) = if release.flags.contains(&b't') {
            ("t", words("the name or the exported symbols of ", self.path()))
        } else {
            ("", FROM.into())
        };
        self.portrait.compiled("compiled.abi_thread", |compiled| &mut compiled.abi_thread, thread, from);
    }

    /// Who built it. Debian compiles all its interpreters for `/usr`, so any other prefix excludes it.
    fn vendor(&mut self, release: &Release, installation: Option<&Installation>) {
        match self.portrait.0.compiled.prefix.clone() {
            Some(prefix) if prefix == STANDALONE_PREFIX => {
                self.portrait.vendor(Vendor::PythonBuildStandalone, "the compiled prefix /install");
            }
            Some(prefix) if prefix != DEBIAN_PREFIX => {
                self.portrait
                    .vendor(Vendor::Upstream, words("the compiled prefix, not that of Debian: ", prefix.as_bstr()));
            }
            _ => self.vendor_by_site(release, installation),
        }
    }

    /// Debian's `site` looks for `dist-packages`, and Fedora's for the variable of a package build.
    ///
    /// The file is that of the frozen module, too, as far as distributions made both. Fedora's is asked for in the image as
    /// well: an interpreter of somebody else may use Fedora's library.
    fn vendor_by_site(&mut self, release: &Release, installation: Option<&Installation>) {
        let is_frozen = release.version.freezes_site();
        let site = installation.and_then(|found| found.site(self.subject.lookups));
        let (is_debian, is_fedora, file) = match site {
            Some((file, content)) => {
                let is_fedora = content.contains_str("RPM_BUILD_ROOT") && (!is_frozen || self.scan().rpm_build_root);
                (content.contains_str("dist-packages"), is_fedora, file)
            }
            None if is_frozen => (self.scan().dist_packages, self.scan().rpm_build_root, self.path().to_owned()),
            None => return,
        };
        let (vendor, mark) = match (is_debian, is_fedora) {
            (true, _) => (Vendor::Debian, "dist-packages in "),
            (false, true) => (Vendor::Fedora, "RPM_BUILD_ROOT in "),
            (false, false) => (Vendor::Upstream, "no dist-packages in "),
        };
        self.portrait.vendor(vendor, words(mark, file.as_bstr()));
    }
}

/// Whether `configure` was called with the prefix of python-build-standalone.
fn configured_for_install(arguments: &Value) -> bool {
    matches!(arguments, Value::Text(arguments) if arguments.contains_str("'--prefix=/install'"))
}
