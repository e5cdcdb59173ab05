//! `virtual_install_main_packages`: the standard library of the interpreter behind the environment.

use bstr::{BStr, BString, ByteSlice};

use super::super::Site;
use super::Virtualenv;
use crate::host::HostError;
use crate::startup::fatal::{self, Fatal};
use crate::startup::getpath::RawEntry;
use crate::startup::record::Origin;
use crate::startup::steps::StepId;
use crate::text::python;
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// Appends the directories of the real library, and returns `sys.real_prefix`.
    pub(super) fn add_real_library(&mut self, env: &Virtualenv) -> Result<BString, Fatal> {
        let step = self.trace.begin(StepId::VirtualenvRealPrefix);
        let real = self.read_real_prefix(env)?;
        self.trace.set_text("sys.real_prefix", real.as_bstr());
        let version_dir: &BStr = env.version_dir.as_str().into();
        let library = self.join(&[real.as_bstr(), "lib".into(), version_dir]);
        let mut paths = vec![library.clone()];
        let wide = self.join(&[real.as_bstr(), "lib64".into(), version_dir]);
        if self.trace.ask.exists(wide.as_bstr()) {
            if env.is_64_bit() { paths.insert(0, wide) } else { paths.push(wide) }
        }
        let system = format!("plat-{}", env.system);
        let platform = self.join(&[library.as_bstr(), system.as_str().into()]);
        if self.trace.ask.exists(platform.as_bstr()) {
            paths.push(platform);
        }
        for path in paths.clone() {
            let tk = self.join(&[path.as_bstr(), "lib-tk".into()]);
            if self.trace.ask.exists(tk.as_bstr()) {
                paths.push(tk);
            }
        }
        for value in paths {
            self.trace.say(sentence!(value, " is added."));
            self.sys.path.push(RawEntry { value, origin: Origin::Stdlib, step, file: None });
        }
        Ok(real)
    }

    /// `orig-prefix.txt` next to `site.py`, stripped. Nothing catches an error.
    fn read_real_prefix(&mut self, env: &Virtualenv) -> Result<BString, Fatal> {
        let file = self.join(&[env.dir.as_bstr(), "orig-prefix.txt".into()]);
        let content = match self.trace.read(file.as_bstr()) {
            Ok(content) => content,
            Err(error @ (HostError::WouldBlock(_) | HostError::TooLarge { .. } | HostError::Unanswered)) => {
                return Err(Fatal::unread(file.as_bstr(), &error));
            }
            Err(error) => {
                let exception =
                    sentence!(fatal::os_error(&error), ": ", python::repr(&file, self.trace.charset)).to_string();
                return Err(self.failure(&exception, sentence!(file, " cannot be read: ", error.to_string())));
            }
        };
        self.check_locale(file.as_bstr(), &content)?;
        let text = bstr::join("\n", python::universal_lines(&content));
        let real: BString = python::strip(&text).to_owned();
        self.trace.say(sentence!(file, " says that the environment was made from ", real, "."));
        Ok(real)
    }
}

impl Virtualenv {
    /// `sys.maxsize > 2**32`, told by the name of the system.
    pub(super) fn is_64_bit(&self) -> bool {
        let is_narrow = |name: &str| self.system.starts_with(name);
        !["i386", "i486", "i586", "i686", "arm-", "armv", "mips-", "mipsel-", "powerpc-"].into_iter().any(is_narrow)
    }
}
