//! The `site.py` of virtualenv before 20, which replaces the one of the standard library in such an environment.
//!
//! It reads no `pyvenv.cfg`: the path configuration has found the environment's own library, and this module adds that of
//! the interpreter that the environment was made from, which `orig-prefix.txt` names. It catches almost no exception.

mod dirs;
pub(super) mod file;
mod prefix;
mod sources;

use bstr::{BStr, BString, ByteSlice};

use super::Site;
use crate::host::Platform;
use crate::interpreter::Implementation;
use crate::startup::fatal::Fatal;
use crate::startup::record::Origin;
use crate::startup::steps::StepId;
use crate::text::sentence;

/// What this run of the module needs to know.
#[derive(Clone, Debug)]
pub(super) struct Virtualenv {
    /// The directory that contains `site.py`.
    pub dir: BString,
    /// The name of the directory below `lib`, such as `python3.8`.
    version_dir: String,
    /// The system triplet of the build, such as `x86_64-linux-gnu`; `linux` where it has none.
    system: String,
}

impl Site<'_, '_, '_> {
    /// Whether this environment is one whose `site.py` is simulated: those of PyPy and of other systems have branches of
    /// their own in it.
    pub(super) fn is_virtualenv_simulated(&self) -> bool {
        self.input.invocation.platform == Platform::Linux
            && self.input.interpreter.implementation == Implementation::CPython
    }

    /// `main()` of that file.
    pub(super) fn run_virtualenv(&mut self, dir: BString, cuts_version: bool) -> Result<(), Fatal> {
        self.trace.name_sources(sources::source);
        self.catches = false;
        let version = self.input.behaviors.version().short();
        let version = if cuts_version { version.chars().take("3.8".len()).collect() } else { version };
        let env = Virtualenv { dir, version_dir: format!("python{version}"), system: self.system_triplet() };
        let real = self.add_real_library(&env)?;
        self.check_removed_cwd()?;
        self.remove_duplicates();
        self.check_build_dir(&env);
        let has_system_packages = self.decide_system_packages(&env);
        self.decide_user_site();
        let (prefix, exec_prefix) = (self.sys.prefix.clone(), self.sys.exec_prefix.clone());
        self.trace.begin(StepId::VirtualenvPackages);
        self.add_virtualenv_packages(StepId::VirtualenvPackages, &env, &prefix, &exec_prefix, false)?;
        self.add_virtualenv_user_site(&env)?;
        if has_system_packages {
            self.trace.begin(StepId::VirtualenvSystemPackages);
            self.move_egg_insert();
            self.add_virtualenv_packages(StepId::VirtualenvSystemPackages, &env, &real, &exec_prefix, true)?;
        }
        self.customize()?;
        self.trace.use_legacy_sources();
        Ok(())
    }

    /// `sys.implementation._multiarch`, which is part of the suffix of extension modules: `.cpython-38-x86_64-linux-gnu.so`.
    fn system_triplet(&self) -> String {
        let suffix = self.input.interpreter.extension_suffix.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = suffix.trim_end_matches(".so");
        name.splitn(3, '-').nth(2).filter(|system| !system.is_empty()).unwrap_or("linux").to_owned()
    }

    /// A removed working directory is not caught where an entry has to be made absolute.
    fn check_removed_cwd(&self) -> Result<(), Fatal> {
        self.sys.path.iter().try_for_each(|entry| self.absolute(entry.value.as_bstr()).map(drop))
    }

    /// In a build tree, the module asks `distutils` for one more directory.
    fn check_build_dir(&mut self, env: &Virtualenv) {
        let is_build = self.sys.path.last().is_some_and(|last| last.value.ends_with(b"/Modules"));
        if is_build {
            let file = self.join(&[env.dir.as_bstr(), b"site.py".as_bstr()]);
            self.doubt(file.as_bstr(), None, "it asks distutils for the directory of the build");
        }
    }

    /// `no-global-site-packages.txt` next to `site.py` separates the environment from the packages of its base.
    fn decide_system_packages(&mut self, env: &Virtualenv) -> bool {
        self.trace.begin(StepId::VirtualenvSystem);
        let file = self.join(&[env.dir.as_bstr(), b"no-global-site-packages.txt".as_bstr()]);
        if self.trace.ask.exists(file.as_bstr()) {
            self.trace.say(sentence!(file, " exists, so the environment sees only its own packages."));
            self.user_site_decided = true;
            self.result.enable_user_site = Some(false);
            return false;
        }
        self.trace.say(sentence!(file, " does not exist, so the environment sees the packages of its base."));
        true
    }

    /// `addusersitepackages`: the user site, and below it Debian's directories.
    fn add_virtualenv_user_site(&mut self, env: &Virtualenv) -> Result<(), Fatal> {
        self.trace.begin(StepId::SiteUser);
        let base = self.user_base();
        let version_dir: &BStr = env.version_dir.as_str().into();
        let below = |site: &Self, library: &str, name: &str| {
            site.join(&[base.as_bstr(), library.into(), version_dir, name.into()])
        };
        let user_site = below(self, "lib", "site-packages");
        self.trace.set_text("site.USER_BASE", base.as_bstr());
        self.trace.set_text("site.USER_SITE", user_site.as_bstr());
        self.result.user_base = Some(base.clone());
        self.result.user_site = Some(user_site.clone());
        if self.result.enable_user_site != Some(true) {
            self.trace.say(sentence!("The user site would be ", user_site, ", but it is off."));
            return Ok(());
        }
        let debian = ["lib", "local/lib"].map(|library| below(self, library, "dist-packages"));
        for dir in std::iter::once(user_site).chain(debian) {
            self.trace.resume(StepId::SiteUser);
            self.add_virtualenv_dir_if_exists(dir.as_bstr(), Origin::UserSite, true)?;
        }
        Ok(())
    }

    /// `force_global_eggs_after_local_site_packages`: easy-install moves the eggs of the base behind the environment's.
    fn move_egg_insert(&mut self) {
        let prefix = self.sys.prefix.clone();
        let is_own = |value: &BString| value.starts_with(prefix.as_slice());
        let last = self.sys.path.iter().rposition(|entry| is_own(&entry.value)).unwrap_or(0);
        self.egg_insert = last.max(self.egg_insert) + 1;
    }
}
