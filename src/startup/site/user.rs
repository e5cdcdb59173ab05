//! `check_enableusersite()`, `getuserbase()`, `getusersitepackages()` and `addusersitepackages()`.

use bstr::{BStr, BString, ByteSlice};

use super::Site;
use crate::host::Platform;
use crate::host::path::module as arithmetic;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::locale;
use crate::startup::record::{Origin, Unset, Value};
use crate::startup::settings;
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// `check_enableusersite`, if `venv()` has not decided.
    pub(super) fn decide_user_site(&mut self) {
        self.trace.begin(StepId::SiteUserEnabled);
        if self.user_site_decided {
            self.trace.say("The environment does not see system packages, so the user site is off.");
            self.trace.set("site.ENABLE_USER_SITE", Value::Bool(false));
            return;
        }
        let process = self.input.invocation.process;
        let (enabled, why) = if !self.settings.user_site_directory {
            (Some(false), "A flag or PYTHONNOUSERSITE switches the user site off.")
        } else if self.input.invocation.platform != Platform::Windows
            && (process.uid != process.euid || process.gid != process.egid)
        {
            (None, "The real and the effective user or group differ, so the user site is off for safety.")
        } else {
            (Some(true), "Nothing switches the user site off.")
        };
        self.trace.say(why);
        self.result.enable_user_site = enabled;
        self.trace.set("site.ENABLE_USER_SITE", enabled.map_or(Value::None, Value::Bool));
    }

    /// `addusersitepackages`: the directory is always computed, and looked up only if it may be added.
    pub(super) fn add_user_site(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::SiteUser);
        self.import_sysconfig()?;
        let base = self.user_base();
        let user_site = self.user_site(&base);
        self.trace.set_text("site.USER_BASE", base.as_bstr());
        self.trace.set_text("site.USER_SITE", user_site.as_bstr());
        self.result.user_base = Some(base);
        self.result.user_site = Some(user_site.clone());
        if self.result.enable_user_site != Some(true) {
            self.trace.say(sentence!("The user site would be ", user_site, ", but it is off."));
            return Ok(());
        }
        if !self.is_dir(user_site.as_bstr())? {
            self.trace.say(sentence!("The user site would be ", user_site, ", but that is not a directory."));
            return Ok(());
        }
        self.trace.say(sentence!("The user site, ", user_site, ", exists."));
        self.add_site_dir(user_site.as_bstr(), Origin::UserSite)
    }

    /// 3.6 asks `sysconfig`, whose import looks for a source tree in `sys._home`; a NUL byte there is an error, and so is what
    /// the locale cannot encode.
    fn import_sysconfig(&mut self) -> Result<(), Fatal> {
        if self.has(Behavior::UserSiteWithoutSysconfig) {
            return Ok(());
        }
        if self.input.invocation.platform != Platform::Windows {
            // Its `realpath` asks of every directory above the executable whether it is a symlink.
            self.fail_without_stat("S_ISLNK")?;
        }
        match &self.sys.home {
            Unset::Set(Some(home)) if home.contains(&0) => Err(self
                .failure("ValueError: embedded null byte", "sysconfig looks up sys._home, which contains a NUL byte")),
            Unset::Set(Some(home)) if locale::is_unencodable(self.trace.charset, home) => {
                let exception = home.to_str().ok().and_then(locale::ascii_error);
                let exception = exception.unwrap_or_else(|| "UnicodeEncodeError".to_owned());
                Err(self.failure(&exception, "sysconfig looks up sys._home, which the locale cannot encode"))
            }
            _ => Ok(()),
        }
    }

    /// `_getuserbase`: `PYTHONUSERBASE` counts whatever the flags are, and is not expanded.
    pub(super) fn user_base(&self) -> BString {
        let invocation = self.input.invocation;
        if let Some(base) = settings::set_variable(invocation, "PYTHONUSERBASE") {
            return base.to_owned();
        }
        let flavor = self.input.layout.flavor;
        let below = |parts: &[&BStr]| arithmetic::join(flavor, parts);
        let framework = self.input.interpreter.compiled.framework.as_ref().filter(|name| !name.is_empty());
        match (invocation.platform, framework) {
            (Platform::Windows, _) => {
                let base = settings::set_variable(invocation, "APPDATA").unwrap_or(b"~".as_bstr());
                self.expand_user(below(&[base, b"Python".as_bstr()]))
            }
            (Platform::Macos, Some(framework)) => {
                let version = self.input.behaviors.version().short();
                let parts = [b"~".as_bstr(), b"Library".as_bstr(), framework.as_bstr(), version.as_str().into()];
                self.expand_user(below(&parts))
            }
            _ => self.expand_user(below(&[b"~".as_bstr(), b".local".as_bstr()])),
        }
    }

    /// `os.path.expanduser` for a path that begins with `~` alone.
    fn expand_user(&self, path: BString) -> BString {
        let Some(rest) = path.strip_prefix(b"~") else { return path };
        let rest = rest.to_vec();
        if self.input.invocation.platform == Platform::Windows {
            return self.expand_user_on_windows(path, &rest);
        }
        let home = match self.input.invocation.variable("HOME") {
            Some(home) => Some(home.to_owned()),
            None => self.trace.ask.host().account_home(),
        };
        let Some(home) = home else { return path };
        let expanded = sentence!(home.trim_end_with(|c| c == '/'), rest);
        if expanded.is_empty() { "/".into() } else { expanded }
    }

    fn expand_user_on_windows(&self, path: BString, rest: &[u8]) -> BString {
        let invocation = self.input.invocation;
        let has_home = !self.input.behaviors.has(Behavior::WindowsIgnoresHome);
        let early = if has_home { invocation.variable("HOME") } else { None };
        if let Some(home) = early.or_else(|| invocation.variable("USERPROFILE")) {
            return sentence!(home, rest);
        }
        let Some(home) = invocation.variable("HOMEPATH") else { return path };
        let drive = invocation.variable("HOMEDRIVE").unwrap_or_default();
        sentence!(self.join(&[drive, home]), rest)
    }

    /// `_get_path`.
    fn user_site(&mut self, base: &BString) -> BString {
        let version = self.input.behaviors.version();
        let framework = self.input.interpreter.compiled.framework.as_ref().is_some_and(|name| !name.is_empty());
        match self.input.invocation.platform {
            Platform::Windows => {
                let suffix = match (&self.input.interpreter.compiled.winver, self.has(Behavior::WinverInUserSite)) {
                    (Some(winver), true) => winver.replace(".", ""),
                    _ => format!("{}{}", version.nodot(), self.input.layout.thread).into_bytes(),
                };
                sentence!(base, "\\Python", suffix, "\\site-packages")
            }
            Platform::Macos if framework => sentence!(base, "/lib/python/site-packages"),
            _ => {
                let path = sentence!(base, "/lib/", self.input.layout.version_dir, "/site-packages");
                if self.has(Behavior::UserSiteWithoutSysconfig) {
                    path
                } else {
                    arithmetic::normpath(self.input.layout.flavor, path.as_bstr())
                }
            }
        }
    }
}
