//! Reading a `.pth` or `.start` file: which lines it has, by the rules of the version.

use std::rc::Rc;

use bstr::{BStr, BString};

use super::Site;
use crate::host::{HostError, Platform};
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::locale::{self, Encoding};
use crate::startup::record::Fault;
use crate::text::python;
use crate::text::sentence;

/// A file's content and how to split it.
pub(super) struct Text {
    content: Rc<Vec<u8>>,
    start: usize,
    unicode: bool,
}

impl Text {
    /// The lines, without their ends.
    pub(super) fn lines(&self) -> Vec<BString> {
        let content = &self.content[self.start..];
        let lines = if self.unicode { python::split_lines(content) } else { python::universal_lines(content) };
        lines.into_iter().map(ToOwned::to_owned).collect()
    }
}

impl Site<'_, '_, '_> {
    /// Opens a file of a site directory; none if Python skips it without a message.
    pub(super) fn open_text(&mut self, file: &BStr, is_start: bool) -> Result<Option<Text>, Fatal> {
        // os.lstat: releases that skip dot files also look for the flag that hides a file.
        if self.has(Behavior::HiddenPthSkipped) {
            match self.trace.ask.link_exists(file) {
                Err(_) => return Ok(None),
                Ok(metadata) if metadata.hidden => {
                    self.trace.say("The file is hidden, so Python skips it.");
                    return Ok(None);
                }
                Ok(_) => {}
            }
        }
        self.read_text(file, is_start)
    }

    /// The same without the question whether the file is hidden.
    pub(super) fn read_text(&mut self, file: &BStr, is_start: bool) -> Result<Option<Text>, Fatal> {
        let content = match self.trace.read(file) {
            Ok(content) => content,
            Err(error @ HostError::WouldBlock(_)) => {
                self.note_fault(file, None, Fault::Blocks);
                return Err(Fatal::unread(file, &error));
            }
            Err(error @ (HostError::TooLarge { .. } | HostError::Unanswered)) => {
                self.trace.say(sentence!("The content of the file is unknown here: ", error.to_string(), "."));
                self.doubt(file, None, sentence!("not read: ", error.to_string()));
                return Ok(None);
            }
            Err(error) => {
                self.trace.say(sentence!("The file cannot be opened (", error.to_string(), "), so Python skips it."));
                return Ok(None);
            }
        };
        if self.has(Behavior::PthUtf8) {
            self.decode_utf8(file, content, is_start)
        } else {
            self.decode_locale(file, content)
        }
    }

    /// UTF-8 first, a byte-order mark allowed; then, for `.pth` files, the locale.
    fn decode_utf8(&mut self, file: &BStr, content: Rc<Vec<u8>>, is_start: bool) -> Result<Option<Text>, Fatal> {
        let start = if content.starts_with(python::BYTE_ORDER_MARK) { python::BYTE_ORDER_MARK.len() } else { 0 };
        if std::str::from_utf8(&content[start..]).is_ok() {
            return Ok(Some(Text { content, start, unicode: true }));
        }
        if is_start {
            self.trace.say(
                "The file is not UTF-8, so Python skips it, and it does not suppress the .pth file of the same name.",
            );
            return Ok(None);
        }
        self.trace.say("The file is not UTF-8, so Python tries the encoding of the locale.");
        self.check_locale(file, &content)?;
        Ok(Some(Text { content: self.decoded(content), start: 0, unicode: true }))
    }

    fn decode_locale(&mut self, file: &BStr, content: Rc<Vec<u8>>) -> Result<Option<Text>, Fatal> {
        self.check_locale(file, &content)?;
        Ok(Some(Text { content: self.decoded(content), start: 0, unicode: false }))
    }

    /// The encoding of the locale.
    fn encoding(&self) -> Encoding {
        locale::encoding(self.trace.ask.host(), self.input.invocation, self.input.behaviors)
    }

    /// What the encoding of the locale makes of bytes that it has.
    fn decoded(&self, content: Rc<Vec<u8>>) -> Rc<Vec<u8>> {
        match self.encoding() {
            Encoding::Charmap(charmap) if !content.is_ascii() => {
                charmap.decode(&content).map_or(content, |text| Rc::new(text.into()))
            }
            _ => content,
        }
    }

    /// Bytes that the encoding of the locale cannot decode are fatal.
    pub(super) fn check_locale(&mut self, file: &BStr, content: &[u8]) -> Result<(), Fatal> {
        if content.is_ascii() {
            return Ok(());
        }
        let error = match self.encoding() {
            Encoding::Utf8 if self.input.behaviors.has(Behavior::PthUtf8) => python::utf8_error(content),
            Encoding::Utf8 => python::utf8_file_error(content),
            Encoding::Ascii => content.iter().position(|byte| !byte.is_ascii()).map(|at| {
                format!(
                    "'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                    content[at]
                )
            }),
            Encoding::Charmap(charmap) => charmap.decode(content).err().map(|at| {
                format!(
                    "'charmap' codec can't decode byte 0x{:02x} in position {at}: character maps to <undefined>",
                    content[at]
                )
            }),
            Encoding::Other => {
                self.doubt(file, None, "the file is not ASCII, and the encoding of the locale is unknown");
                None
            }
        };
        match error {
            Some(error) => {
                self.note_fault(file, None, Fault::Undecodable(error.clone()));
                let mut fatal =
                    self.failure(&format!("UnicodeDecodeError: {error}"), sentence!(file, " cannot be decoded"));
                if self.input.behaviors.has(Behavior::PthUtf8) {
                    note_first_attempt(&mut fatal.messages, content);
                    fatal.messages.extend(self.note_of_codec());
                }
                Err(fatal)
            }
            None => Ok(()),
        }
    }

    /// The note that the second attempt adds where the codec has to be looked up by its name: names such as `ascii` are known
    /// without a lookup, but glibc calls it after the standard.
    fn note_of_codec(&self) -> Option<BString> {
        let invocation = self.input.invocation;
        let encoding = self.encoding();
        let of_glibc =
            || (encoding == Encoding::Ascii && invocation.platform == Platform::Linux).then_some(ASCII_OF_GLIBC);
        let name = invocation.locale_encoding.as_deref().or_else(of_glibc)?;
        let is_looked_up = matches!(encoding, Encoding::Charmap(_)) || name.eq_ignore_ascii_case(ASCII_OF_GLIBC);
        is_looked_up.then(|| format!("decoding with '{name}' codec failed").into())
    }
}

/// The name of ASCII in glibc.
const ASCII_OF_GLIBC: &str = "ANSI_X3.4-1968";

/// The encoding of the locale is tried where UTF-8 has failed, so the failure with UTF-8 is printed above as its context,
/// with the note that codecs add (gh-102406).
fn note_first_attempt(messages: &mut Vec<BString>, content: &[u8]) {
    let last = messages.pop();
    messages.extend(python::utf8_error(content).map(|error| sentence!("UnicodeDecodeError: ", error)));
    messages.push("decoding with 'utf-8-sig' codec failed".into());
    messages.extend(last);
}
