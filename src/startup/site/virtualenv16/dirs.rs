//! `addsitepackages` and `addsitedir` of virtualenv.

use bstr::{BStr, BString, ByteSlice};

use super::super::Site;
use super::Virtualenv;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::RawEntry;
use crate::startup::record::Origin;
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// The site directories of a prefix, and of `local` in both prefixes. `is_fresh`: as in [`Self::add_virtualenv_dir`].
    pub(super) fn add_virtualenv_packages(
        &mut self,
        rule: StepId,
        env: &Virtualenv,
        prefix: &BString,
        exec_prefix: &BString,
        is_fresh: bool,
    ) -> Result<(), Fatal> {
        let local = |site: &Self, prefix: &BString| site.join(&[prefix.as_bstr(), "local".into()]);
        let mut prefixes = vec![local(self, prefix), prefix.clone()];
        if exec_prefix != prefix {
            prefixes.push(local(self, exec_prefix));
        }
        for prefix in prefixes.iter().filter(|prefix| !prefix.is_empty()) {
            self.trace.resume(rule);
            for dir in self.virtualenv_dirs(env, prefix.as_bstr()) {
                self.trace.resume(rule);
                self.add_virtualenv_dir_if_exists(dir.as_bstr(), Origin::SitePackages, is_fresh)?;
            }
        }
        Ok(())
    }

    /// The directories that may exist below one prefix, in order.
    fn virtualenv_dirs(&self, env: &Virtualenv, prefix: &BStr) -> Vec<BString> {
        let version_dir = env.version_dir.as_str();
        let below = |parts: &[&str]| {
            let parts: Vec<&BStr> = std::iter::once(prefix).chain(parts.iter().map(|part| BStr::new(*part))).collect();
            self.join(&parts)
        };
        let mut dirs = vec![
            below(&["lib", version_dir, "site-packages"]),
            below(&["lib", "site-python"]),
            below(&[version_dir, "lib-dynload"]),
        ];
        let wide = below(&["lib64", version_dir, "site-packages"]);
        if self.trace.ask.exists(wide.as_bstr()) && !self.is_one_of(wide.as_bstr(), &dirs) {
            if env.is_64_bit() { dirs.insert(0, wide) } else { dirs.push(wide) }
        }
        dirs.push(below(&["local/lib", version_dir, "dist-packages"]));
        dirs.push(below(&["lib", "python3", "dist-packages"]));
        dirs.push(below(&["lib", "dist-python"]));
        dirs
    }

    /// Whether a directory is, symlinks resolved, one of the others.
    fn is_one_of(&self, dir: &BStr, others: &[BString]) -> bool {
        let Ok(real) = self.trace.ask.real_path(dir) else { return false };
        others.iter().any(|other| self.trace.ask.real_path(other.as_bstr()).is_ok_and(|other| other == real))
    }

    /// Adds a site directory unless it does not exist.
    pub(super) fn add_virtualenv_dir_if_exists(
        &mut self,
        dir: &BStr,
        origin: Origin,
        is_fresh: bool,
    ) -> Result<(), Fatal> {
        if !self.trace.ask.is_dir(dir) {
            self.trace.say(sentence!(dir, " does not exist."));
            return Ok(());
        }
        self.trace.say(sentence!(dir, " exists."));
        self.add_virtualenv_dir(dir, origin, is_fresh)
    }

    /// `addsitedir`. The directory is not remembered as known, so that it can be added a second time. `is_fresh`: what is
    /// known is collected from `sys.path`, of which only directories count.
    pub(in super::super) fn add_virtualenv_dir(
        &mut self,
        dir: &BStr,
        origin: Origin,
        is_fresh: bool,
    ) -> Result<(), Fatal> {
        if is_fresh {
            let entries: Vec<BString> = self.sys.path.iter().map(|entry| entry.value.clone()).collect();
            self.known = entries
                .iter()
                .filter(|entry| self.trace.ask.is_dir(entry.as_bstr()))
                .map(|entry| self.make_path(&[entry.as_bstr()]).1)
                .collect();
        }
        let step = self.trace.step();
        let (dir, case) = self.make_path(&[dir]);
        if !self.known.contains(&case) {
            self.sys.path.push(RawEntry { value: dir.clone(), origin, step, file: None });
            self.note_path();
        }
        for name in self.listed(dir.as_bstr(), ".pth", false) {
            self.add_virtualenv_file(dir.as_bstr(), name.as_bstr())?;
        }
        Ok(())
    }
}
