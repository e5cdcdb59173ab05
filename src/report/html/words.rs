//! Text of the machine as a page shows it: the words of the text report, within bounds. Templates escape what HTML would obey.

use bstr::BString;

use crate::report::text::Style;
use crate::report::text::page::{Page, fit};

/// The most columns of one text. A hostile file may contain values of any length, and a page quotes them several times.
const LONGEST: usize = 4000;
/// No line of a page is broken by us.
const UNBROKEN: usize = 1 << 20;

/// Makes text fit to be shown.
pub(super) struct Words {
    /// The same for those who write text reports.
    pub(super) page: Page,
}

impl Words {
    /// With `home` written as `~`.
    pub(super) fn new(home: Option<BString>) -> Self {
        Self { page: Page::new(&Style { width: UNBROKEN, color: false, verbose: true, home }) }
    }

    /// A path or a sentence.
    pub(super) fn show(&self, text: impl AsRef<[u8]>) -> String {
        bounded(self.page.show(text))
    }
}

/// Text that was made fit to be shown elsewhere, within bounds.
pub(super) fn bounded(text: String) -> String {
    // Nearly every text is short, and then there is nothing to measure.
    if text.len() <= LONGEST { text } else { fit(&text, LONGEST) }
}
