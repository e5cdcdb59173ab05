//! `calculate_pth_file`.

use bstr::{BStr, BString, ByteSlice};

use super::Calculation;
use crate::host::path::legacy::windows as arithmetic;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::RawEntry;
use crate::startup::record::{Origin, OriginFile, Value};
use crate::startup::steps::StepId;
use crate::text::lossy;
use crate::text::sentence;

const REFUSAL: &str = "only 'import site' is supported in ._pth file";

impl Calculation<'_, '_, '_> {
    /// Looks for a `._pth` file named like the library, then like the executable, which replaces the whole computation.
    pub(super) fn read_under_pth(&mut self) -> Result<bool, Fatal> {
        self.trace.begin(StepId::UnderPth);
        let Some(file) = self.find_under_pth() else {
            self.trace.say("There is no ._pth file, which is normal.");
            return Ok(false);
        };
        let Some(content) = self.open(file.as_bstr())? else {
            self.trace.say(sentence!(file, " cannot be opened and is skipped."));
            return Ok(false);
        };
        self.trace.say(sentence!(file, " exists and replaces the whole computation of sys.path."));
        self.trace.begin(StepId::UnderPthPath);
        self.prefix = arithmetic::reduce(file.as_bstr());
        self.settings.isolated = true;
        self.settings.site_import = false;
        self.result.under_pth = true;
        self.take_lines(&file, &content)?;
        let site = if self.settings.site_import { "enables" } else { "does not enable" };
        self.trace.say(sentence!("sys.path consists of the lines of ", file, ", which ", site, " the site module."));
        self.trace.set("isolated", Value::Bool(true));
        self.trace.set("site_import", Value::Bool(self.settings.site_import));
        Ok(true)
    }

    fn find_under_pth(&mut self) -> Option<BString> {
        let overlooked = self.has(Behavior::LibraryUnderPthLost) && !self.has(Behavior::LibraryUnderPthRestored);
        let library = self.library.filter(|_| !overlooked).map(ToOwned::to_owned);
        let places = [library, Some(self.program_full_path.clone())];
        let candidates = places.into_iter().flatten().map(|place| arithmetic::with_suffix(place.as_bstr(), "._pth"));
        candidates.into_iter().find(|path| self.trace.ask.exists(path.as_bstr()))
    }

    /// The C code joins the entries with `;` and splits them again, so that a line that contains `;` becomes two entries.
    fn take_lines(&mut self, file: &BString, content: &[u8]) -> Result<(), Fatal> {
        let step = self.trace.step();
        for (index, line) in as_read(content) {
            let line = line.split(|&byte| matches!(byte, b'\r' | b'\n' | 0)).next().unwrap_or_default();
            if self.is_skipped(line) {
                continue;
            }
            if line == b"import site" {
                self.settings.site_import = true;
            } else if line.starts_with(b"import ") {
                return Err(self.refuse(file.as_bstr()));
            } else {
                let line = lossy::from_utf8(line);
                let value = arithmetic::join(self.prefix.as_bstr(), line.as_bstr());
                let from = OriginFile { file: file.clone(), line: index + 1 };
                let entries = value.split(|&byte| byte == b';').map(|value| RawEntry {
                    value: value.into(),
                    origin: Origin::UnderPth,
                    step,
                    file: Some(from.clone()),
                });
                self.result.path.extend(entries);
            }
        }
        if self.result.path.is_empty() {
            self.result.path.push(RawEntry { value: BString::default(), origin: Origin::UnderPth, step, file: None });
        }
        Ok(())
    }

    fn is_skipped(&mut self, line: &[u8]) -> bool {
        match line.first() {
            Some(b'#') => true,
            Some(_) => false,
            None => self.has(Behavior::UnderPthBlankLines),
        }
    }

    fn refuse(&self, file: &BStr) -> Fatal {
        let place = if self.input.behaviors.has(Behavior::RuntimeStateLine) { "read_pth_file: " } else { "" };
        Fatal {
            reason: sentence!(file, " contains an import line other than import site"),
            messages: vec![sentence!("Fatal Python error: ", place, REFUSAL)],
            unanswered: false,
        }
    }
}

/// The number of each line and what `fgets` returns of it: a long line comes in parts, each of which counts as a line.
fn as_read(content: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let numbered = content.lines_with_terminator().enumerate();
    numbered.flat_map(|(index, line)| line.chunks(MOST_BYTES).map(move |part| (index, part)))
}

/// What fits into the buffer of the C code (`MAXPATHLEN`).
const MOST_BYTES: usize = 256;
