//! `calculate_pyvenv_file`.

use bstr::ByteSlice;

use super::Calculation;
use crate::host::path::legacy::windows as arithmetic;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::cfg;
use crate::startup::steps::StepId;
use crate::text::sentence;

impl Calculation<'_, '_, '_> {
    /// Next to the executable first, then one directory above; `home` becomes the start of the search.
    pub(super) fn read_pyvenv_cfg(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::VenvSearch);
        let Some(content) = self.open_cfg()? else {
            self.trace.say("There is no pyvenv.cfg next to the executable or one directory above.");
            return Ok(());
        };
        if let Some(home) = self.result.cfg.read_home_token(self.trace, content, cfg::MAX_PATH_WINDOWS) {
            self.argv0_path = home;
        }
        Ok(())
    }

    fn open_cfg(&mut self) -> Result<Option<Vec<u8>>, Fatal> {
        let name = b"pyvenv.cfg".as_bstr();
        let next_to = arithmetic::join(self.argv0_path.as_bstr(), name);
        let above = arithmetic::reduce(arithmetic::reduce(next_to.as_bstr()).as_bstr());
        for path in [next_to, arithmetic::join(above.as_bstr(), name)] {
            let content = self.open(path.as_bstr())?;
            self.result.cfg.tried(path.as_bstr(), content.is_some());
            if let Some(content) = content {
                self.trace.say(sentence!("The path configuration reads ", path, "."));
                self.result.cfg.path = Some(path);
                return Ok(Some(content));
            }
        }
        Ok(None)
    }
}
