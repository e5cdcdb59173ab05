//! What surrounds every page: the title, the stylesheet, and the policy that forbids everything else.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::report::text::page::fit;

/// The stylesheet. It is part of every page, so that a page is one file.
const STYLE: &str = include_str!("templates/style.css");

/// The columns of a title.
const LONGEST_TITLE: usize = 160;

/// The frame of a page.
pub(super) struct Frame {
    /// The title of the document.
    pub(super) title: String,
    /// The stylesheet.
    pub(super) style: Style,
    /// What the browser may do with the page.
    pub(super) policy: String,
    /// The command that made the page.
    pub(super) command: &'static str,
    /// The version of this program.
    pub(super) version: &'static str,
}

impl Frame {
    /// The frame of a page that `command` makes.
    pub(super) fn new(command: &'static str, title: &str) -> Self {
        Self {
            title: fit(title, LONGEST_TITLE),
            style: Style,
            policy: policy(),
            command,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// The stylesheet as it is: it is written by nobody but us.
pub(super) struct Style;

impl std::fmt::Display for Style {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(STYLE)
    }
}

impl askama::filters::HtmlSafe for Style {}

/// Nothing is loaded and nothing runs; the one stylesheet is known by its digest, and no attribute can add another style.
fn policy() -> String {
    let digest = BASE64.encode(&Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}
