//! `venv()`: the second reading of `pyvenv.cfg`.

use bstr::{BString, ByteSlice};

use super::{Site, cfg};
use crate::host::path::module as arithmetic;
use crate::host::{HostError, Platform};
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::record::{CfgCandidate, Reader, Unset, Value};
use crate::startup::steps::StepId;
use crate::text::python;
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// Decides whether this is a virtual environment, and adds its site-packages.
    pub(super) fn venv(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::SiteVenvSearch);
        let executable = self.launched_executable();
        let executable = self.absolute(executable.as_bstr())?;
        let flavor = self.input.layout.flavor;
        let exe_dir = arithmetic::dirname(flavor, executable.as_bstr());
        let site_prefix = arithmetic::dirname(flavor, exe_dir.as_bstr());
        self.sys.home = Unset::Set(None);
        self.trace.set("sys._home", Value::None);
        let Some(file) = self.search_cfg(&exe_dir, &site_prefix)? else {
            self.trace.say("The site module finds no pyvenv.cfg, so this is not a virtual environment.");
            return Ok(());
        };
        let keys = self.read_cfg(&file)?;
        let home = keys.home.clone();
        self.trace.set("sys._home", home.clone().map_or(Value::None, Value::Text));
        if home.is_some() {
            self.sys.home = Unset::Set(home);
        }
        self.result.cfg_entries = keys.entries;
        let system_site = keys.system_site.is_none_or(|value| value == "true");
        self.decide_prefix(&site_prefix);
        let prefix = self.sys.prefix.clone();
        self.add_packages(StepId::SiteVenvPackages, &[prefix])?;
        self.trace.begin(StepId::SiteVenvSystem);
        self.apply_system_site(system_site);
        Ok(())
    }

    /// On macOS, the launcher's variable replaces the executable here, unless the C code removed it before.
    fn launched_executable(&mut self) -> BString {
        let Some(launcher) = self.visible_launcher() else { return self.config.executable.clone() };
        self.trace.say(sentence!("__PYVENV_LAUNCHER__ replaces sys.executable: ", launcher, "."));
        if self.has(Behavior::LauncherBase) {
            self.sys.base_executable = Some(launcher.clone());
            self.trace.set_text("sys._base_executable", launcher.as_bstr());
        }
        launcher
    }

    fn visible_launcher(&mut self) -> Option<BString> {
        let invocation = self.input.invocation;
        if invocation.platform != Platform::Macos || self.input.behaviors.has(Behavior::GetpathInPython) {
            return None;
        }
        let launcher = invocation.variable("__PYVENV_LAUNCHER__")?.to_owned();
        let is_framework = self.input.interpreter.compiled.framework.as_ref().is_some_and(|name| !name.is_empty());
        let is_taken = is_framework && !launcher.is_empty() && !self.settings.has_executable_variable(invocation);
        (!is_taken || !self.has(Behavior::LauncherVariableCleared)).then_some(launcher)
    }

    /// Next to the executable first, then one directory above; up to 3.11, both are always looked up.
    fn search_cfg(&mut self, exe_dir: &BString, site_prefix: &BString) -> Result<Option<BString>, Fatal> {
        let is_lazy = self.input.behaviors.has(Behavior::LazyCfgSearch);
        let mut chosen: Option<BString> = None;
        for dir in [exe_dir, site_prefix] {
            if chosen.is_some() && is_lazy {
                break;
            }
            let path = self.join(&[dir.as_bstr(), b"pyvenv.cfg".as_bstr()]);
            let is_file = self.is_file(path.as_bstr())?;
            let found = is_file && chosen.is_none();
            self.result.cfg_candidates.push(CfgCandidate { path: path.clone(), found, stage: Reader::Site });
            if found {
                chosen = Some(path);
            }
        }
        self.result.cfg_path.clone_from(&chosen);
        Ok(chosen)
    }

    /// Decodes the whole file as UTF-8; one bad byte anywhere is fatal.
    fn read_cfg(&mut self, file: &BString) -> Result<cfg::Keys, Fatal> {
        self.trace.say(sentence!("The site module reads ", file, "."));
        self.trace.begin(StepId::SiteVenvCfg);
        let content = match self.trace.read(file.as_bstr()) {
            Ok(content) => content,
            Err(HostError::PermissionDenied) => {
                let exception = sentence!(
                    "PermissionError: [Errno 13] Permission denied: ",
                    python::repr(file, self.trace.charset)
                );
                return Err(self.failure(&exception.to_string(), sentence!(file, " may not be read")));
            }
            Err(error) => return Err(Fatal::unread(file.as_bstr(), &error)),
        };
        if let Some(error) = python::utf8_file_error(&content) {
            // Python reads in blocks, and takes the lines before the block with the error as they come.
            if let Some(home) = cfg::parse(python::decoded_lines(&content), None).home {
                self.sys.home = Unset::Set(Some(home));
            }
            return Err(self.failure(&format!("UnicodeDecodeError: {error}"), sentence!(file, " is not UTF-8")));
        }
        let same_file = self.config.cfg.path.as_ref() == Some(file);
        let keys = cfg::parse(&content, self.config.cfg.home_line.filter(|_| same_file));
        match &keys.home {
            Some(home) => self.trace.say(sentence!("The last home key, ", home, ", becomes sys._home.")),
            None => self.trace.say("There is no home key, so sys._home is None."),
        }
        let verdict = match &keys.system_site {
            None => {
                "include-system-site-packages is missing, which counts as true: the environment sees the packages of its base."
                    .into()
            }
            Some(value) if *value == "true" => {
                BString::from("include-system-site-packages is true: the environment sees the packages of its base.")
            }
            Some(value) => sentence!(
                "include-system-site-packages is ",
                python::repr(value, self.trace.charset),
                ", which is not true: the environment sees neither the packages of its base nor the user site."
            ),
        };
        self.trace.say(verdict);
        Ok(keys)
    }

    /// Up to 3.13, the site module changes the prefixes; from 3.14 on, it only compares.
    fn decide_prefix(&mut self, site_prefix: &BString) {
        self.trace.begin(StepId::SiteVenvPrefix);
        if !self.has(Behavior::VenvPrefixInGetpath) {
            self.sys.prefix.clone_from(site_prefix);
            self.sys.exec_prefix.clone_from(site_prefix);
            self.trace.say(sentence!(
                "sys.prefix and sys.exec_prefix become ",
                site_prefix,
                ", two directories above the executable."
            ));
            self.trace.set_text("sys.prefix", site_prefix.as_bstr());
            self.trace.set_text("sys.exec_prefix", site_prefix.as_bstr());
            return;
        }
        let found = [("sys.prefix", self.sys.prefix.clone()), ("sys.exec_prefix", self.sys.exec_prefix.clone())];
        for (name, value) in found {
            if value != *site_prefix {
                let warning = sentence!(
                    "RuntimeWarning: Unexpected value in ",
                    name,
                    ", expected ",
                    site_prefix,
                    ", got ",
                    value
                );
                self.trace.print_text(warning);
                self.trace.say(sentence!(
                    name,
                    " is ",
                    value,
                    " and not ",
                    site_prefix,
                    "; Python warns about it and keeps it."
                ));
            }
        }
        self.trace.set_text("sys.prefix", self.sys.prefix.as_bstr());
    }

    fn apply_system_site(&mut self, system_site: bool) {
        let from_getpath = self.input.behaviors.has(Behavior::VenvPrefixInGetpath);
        match (system_site, from_getpath) {
            (true, false) => self.result.prefixes.insert(0, self.sys.prefix.clone()),
            (true, true) => {
                self.result.prefixes.push(self.config.base_prefix.clone());
                self.result.prefixes.push(self.config.base_exec_prefix.clone());
            }
            (false, false) => self.result.prefixes = vec![self.sys.prefix.clone()],
            (false, true) => {}
        }
        let verdict = if system_site {
            "The site-packages of the base are added later, and the user site too unless it is switched off."
        } else {
            "The environment sees only its own packages."
        };
        self.trace.say(verdict);
        if !system_site {
            self.user_site_decided = true;
            self.result.enable_user_site = Some(false);
            self.trace.set("site.ENABLE_USER_SITE", Value::Bool(false));
        }
        self.trace.set("site.PREFIXES", Value::List(self.result.prefixes.clone()));
    }
}
