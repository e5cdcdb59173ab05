//! Words without meaning: sentences over bytes, Python's own ideas of text, escaping for terminals, and how documents
//! write what is no UTF-8. Nothing here knows of machines or of Python's startup.

pub mod charmap;
pub mod document;
pub mod escape;
pub mod file_url;
pub mod lossy;
pub mod number;
pub mod python;
pub mod shell;

/// Joins bytes into a sentence: paths are no UTF-8, so `format!` cannot.
macro_rules! sentence {
    ($($part:expr),+ $(,)?) => {{
        let mut text = ::bstr::BString::default();
        $(text.extend_from_slice(AsRef::<[u8]>::as_ref(&$part));)+
        text
    }};
}

pub(crate) use sentence;
