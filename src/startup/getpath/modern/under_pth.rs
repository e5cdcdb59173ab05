//! DETECT _pth FILE and SET pythonpath FROM _PTH FILE.

use bstr::{BString, ByteSlice};

use super::super::RawEntry;
use super::super::cfg;
use super::Getpath;
use crate::host::HostError;
use crate::host::path::getpath as arithmetic;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::record::{Origin, OriginFile, Value};
use crate::startup::steps::StepId;
use crate::text::python;
use crate::text::sentence;

impl Getpath<'_, '_, '_> {
    /// Looks for `._pth` next to the library and the executable. Neither flags nor variables can switch this off.
    pub(super) fn find_under_pth(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::UnderPth);
        let library = self.library.map(ToOwned::to_owned);
        let places = [library, Some(self.executable.clone()), Some(self.real_executable.clone())];
        for place in places.into_iter().flatten().filter(|place| !place.is_empty()) {
            let path = self.under_pth_of(place);
            let content = match self.read_lines(path.as_bstr()) {
                Ok(content) => content,
                // The script catches an OSError, but no MemoryError.
                Err(error @ (HostError::TooLarge { .. } | HostError::WouldBlock(_) | HostError::Unanswered)) => {
                    return Err(self.fatal_read(path.as_bstr(), &error));
                }
                Err(_) => continue,
            };
            let lines = cfg::read_lines(&content).into_iter().map(ToOwned::to_owned).collect();
            let dir = self.dirname(path.as_bstr());
            self.trace.say(sentence!(path, " exists and replaces the whole computation of sys.path."));
            if !dir.is_empty() {
                self.use_environment = false;
                self.home = dir;
            }
            self.pth = Some((path, lines));
            return Ok(());
        }
        self.trace.say("There is no ._pth file, which is normal.");
        Ok(())
    }

    fn under_pth_of(&self, place: BString) -> BString {
        let flavor = self.input.layout.flavor;
        let is_program = ["exe", "dll"].iter().any(|suffix| arithmetic::has_suffix(flavor, place.as_bstr(), suffix));
        let stem = match place.rfind_byte(b'.') {
            Some(dot) if self.is_windows() && is_program => place[..dot].into(),
            _ => place,
        };
        sentence!(stem, "._pth")
    }

    /// The file's lines become `sys.path`, and Python is isolated.
    pub(super) fn apply_under_pth(&mut self) {
        let Some((file, lines)) = self.pth.take_if(|(_, lines)| !lines.is_empty()) else { return };
        let step = self.trace.begin(StepId::UnderPthPath);
        self.settings.isolated = true;
        self.settings.use_environment = false;
        self.settings.site_import = false;
        self.settings.safe_path = true;
        if self.has(Behavior::UnderPthNoUserSite) {
            self.settings.user_site_directory = false;
        }
        let dir = self.dirname(file.as_bstr());
        self.path.clear();
        for (index, line) in lines.iter().enumerate() {
            let code = line.split(|&byte| byte == b'#').next().unwrap_or_default();
            let line = python::strip(code);
            if line.is_empty() {
            } else if line == "import site" {
                self.settings.site_import = true;
            } else if line.starts_with(b"import ") {
                self.warn("unsupported 'import' line in ._pth file");
            } else {
                let value = self.join(dir.as_bstr(), line);
                let from = OriginFile { file: file.clone(), line: index + 1 };
                self.path.push(RawEntry { value, origin: Origin::UnderPth, step, file: Some(from) });
            }
        }
        self.result.under_pth = true;
        let site = if self.settings.site_import { "enables" } else { "does not enable" };
        self.trace.say(sentence!("sys.path consists of the lines of ", file, ", which ", site, " the site module."));
        self.trace.set("isolated", Value::Bool(true));
        self.trace.set("use_environment", Value::Bool(false));
        self.trace.set("site_import", Value::Bool(self.settings.site_import));
        self.trace.set("safe_path", Value::Bool(true));
        self.trace.set("user_site_directory", Value::Bool(self.settings.user_site_directory));
    }
}
