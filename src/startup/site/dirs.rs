//! `getsitepackages()` and `addsitepackages()`.

use bstr::{BStr, BString, ByteSlice};

use super::Site;
use crate::host::Platform;
use crate::interpreter::{Implementation, Vendor};
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::record::{Origin, Value};
use crate::startup::settings;
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// `addsitepackages` for all prefixes. Up to 3.14, an environment's own directory is processed a second time here.
    pub(super) fn add_all_packages(&mut self) -> Result<(), Fatal> {
        if self.changes.usr_local {
            self.add_usr_local();
        }
        let prefixes = self.result.prefixes.clone();
        self.add_packages(StepId::SitePackages, &prefixes)
    }

    /// Fedora's change: what `pip` installs for all users is visible, but not while a package is built.
    fn add_usr_local(&mut self) {
        self.trace.resume(StepId::SitePackages);
        if self.result.enable_user_site != Some(true) {
            self.trace.say("The user site is off, so this site.py does not use /usr/local.");
        } else if self.input.invocation.variable("RPM_BUILD_ROOT").is_some() {
            self.trace.say("RPM_BUILD_ROOT is set, so this site.py does not use /usr/local.");
        } else {
            self.trace.say("This site.py puts /usr/local in front of the prefixes.");
            self.result.prefixes.insert(0, "/usr/local".into());
            self.trace.set("site.PREFIXES", Value::List(self.result.prefixes.clone()));
        }
    }

    /// `addsitepackages`. The files of a directory are steps of their own, and the next directory resumes this one.
    pub(super) fn add_packages(&mut self, rule: StepId, prefixes: &[BString]) -> Result<(), Fatal> {
        self.trace.resume(rule);
        for dir in self.site_packages(prefixes) {
            self.trace.resume(rule);
            if self.is_dir(dir.as_bstr())? {
                self.trace.say(sentence!(dir, " exists."));
                self.add_site_dir(dir.as_bstr(), Origin::SitePackages)?;
            } else {
                self.trace.say(sentence!(dir, " does not exist."));
            }
        }
        Ok(())
    }

    /// `getsitepackages`.
    fn site_packages(&mut self, prefixes: &[BString]) -> Vec<BString> {
        let mut dirs = Vec::new();
        let mut seen: Vec<&BString> = Vec::new();
        for prefix in prefixes {
            if prefix.is_empty() || seen.contains(&prefix) {
                continue;
            }
            seen.push(prefix);
            if self.input.invocation.platform == Platform::Windows {
                let library: &str = if self.has(Behavior::CapitalLib) { "Lib" } else { "lib" };
                dirs.push(prefix.clone());
                dirs.push(self.join(&[prefix.as_bstr(), library.into(), b"site-packages".as_bstr()]));
            } else if self.input.interpreter.vendor == Vendor::Debian {
                self.add_debian_dirs(prefix, &mut dirs);
            } else {
                self.add_library_dirs(prefix, "site-packages", &mut dirs);
                self.add_apple_dir(&mut dirs);
            }
        }
        dirs
    }

    /// `LIB/pythonX.Y/site-packages`, and where `LIB` is not `lib`, that below `lib` too (3.9 on).
    fn add_library_dirs(&mut self, prefix: &BString, name: &str, dirs: &mut Vec<BString>) {
        let platlibdir = self.input.layout.platlibdir.clone();
        let has_platlibdir = self.has(Behavior::Platlibdir) && platlibdir != "lib";
        let version_dir = self.input.layout.version_dir.clone();
        let wide = self.changes.lib64.then_some(BStr::new("lib64"));
        let libraries = wide.into_iter().chain(has_platlibdir.then_some(platlibdir.as_bstr()));
        for library in libraries.chain([BStr::new("lib")]) {
            dirs.push(self.join(&[prefix.as_bstr(), library, version_dir.as_str().into(), name.into()]));
        }
    }

    /// `/Library/Python/X.Y/site-packages`, which frameworks had up to 3.6.
    fn add_apple_dir(&mut self, dirs: &mut Vec<BString>) {
        let framework = self.input.interpreter.compiled.framework.clone().filter(|name| !name.is_empty());
        let Some(framework) = framework.filter(|_| self.input.invocation.platform == Platform::Macos) else { return };
        if !self.has(Behavior::AppleSiteDirDropped) {
            let version = self.input.behaviors.version().short();
            dirs.push(self.join(&[
                b"/Library".as_bstr(),
                framework.as_bstr(),
                version.as_str().into(),
                b"site-packages".as_bstr(),
            ]));
        }
    }

    /// Debian's patched list: dist-packages, and site-packages only for an environment.
    fn add_debian_dirs(&mut self, prefix: &BString, dirs: &mut Vec<BString>) {
        let versioned = self.input.layout.versioned_name.clone();
        let is_venv = self.sys.prefix != self.config.base_prefix;
        let by_variable = !self.input.behaviors.has(Behavior::DebianIgnoresVirtualEnv)
            && settings::set_variable(self.input.invocation, "VIRTUAL_ENV").is_some();
        let below = |site: &Self, parts: &[&str]| -> BString {
            let parts: Vec<&BStr> =
                std::iter::once(prefix.as_bstr()).chain(parts.iter().map(|part| BStr::new(*part))).collect();
            site.join(&parts)
        };
        if is_venv || by_variable {
            dirs.push(below(self, &["lib", &versioned, "site-packages"]));
        }
        dirs.push(below(self, &["local/lib", &versioned, "dist-packages"]));
        dirs.push(below(self, &["lib", "python3", "dist-packages"]));
        if self.input.interpreter.implementation != Implementation::PyPy {
            self.add_library_dirs(prefix, "dist-packages", dirs);
        }
    }
}
