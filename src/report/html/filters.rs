//! What templates do with text beyond escaping it.
#![expect(clippy::inline_always, clippy::unused_self, clippy::unnecessary_wraps, reason = "askama makes filters so")]

use askama::{Result, Template, Values};

/// Text in which lines may end after each separator of a path; a browser would break a long path anywhere.
#[derive(Template)]
#[template(path = "breakable.html")]
pub(super) struct Breakable {
    parts: Vec<String>,
}

/// Its template has escaped what is in it.
impl askama::filters::HtmlSafe for Breakable {}

/// Lets lines end after the separators of paths.
#[askama::filter_fn]
pub(super) fn paths<T: AsRef<str>>(text: T, _: &dyn Values) -> Result<Breakable> {
    Ok(Breakable { parts: text.as_ref().split_inclusive(['/', '\\']).map(str::to_owned).collect() })
}
