//! How Python fails before it runs the user's code.

use bstr::{BStr, BString};

use crate::host::HostError;
use crate::text::sentence;

/// Python would fail to start, or would never finish starting.
#[derive(Clone, Debug)]
pub struct Fatal {
    /// Why, in one sentence.
    pub reason: BString,
    /// What Python would print last, without traceback bodies.
    pub messages: Vec<BString>,
    /// Whether the simulation ends here instead of Python, because the host had no answer.
    pub unanswered: bool,
}

/// The last line of a traceback for a failed system call, without a file name.
pub fn os_error(error: &HostError) -> String {
    let (name, number, text) = match error {
        HostError::NotFound => ("FileNotFoundError", 2, "No such file or directory"),
        HostError::PermissionDenied => ("PermissionError", 13, "Permission denied"),
        HostError::NotADirectory => ("NotADirectoryError", 20, "Not a directory"),
        HostError::IsADirectory => ("IsADirectoryError", 21, "Is a directory"),
        HostError::NameTooLong => ("OSError", 36, "File name too long"),
        HostError::SymlinkLoop => ("OSError", 40, "Too many levels of symbolic links"),
        HostError::InvalidPath => return "ValueError: embedded null byte".to_owned(),
        HostError::Io { code: Some(22) } => ("OSError", 22, "Invalid argument"),
        HostError::Io { code: Some(code) } => return format!("OSError: [Errno {code}]"),
        other => return format!("OSError: {other}"),
    };
    format!("{name}: [Errno {number}] {text}")
}

impl Fatal {
    /// The process ends on the spot, and nothing is printed.
    pub fn ended(call: &str, place: impl AsRef<[u8]>) -> Self {
        let reason = sentence!(place, " ends the process: ", call);
        Self { reason, messages: Vec::new(), unanswered: false }
    }

    /// A file that is not read here, because Python would wait for it or read it without end, or because it is not recorded.
    pub fn unread(path: &BStr, error: &HostError) -> Self {
        let reason = match error {
            HostError::Unanswered => {
                sentence!("what Python does depends on the content of ", path, ", which is not recorded")
            }
            HostError::WouldBlock(_) => {
                sentence!(path, " is not a regular file: Python would open it and could wait forever")
            }
            other => sentence!(path, " cannot be read: ", other.to_string()),
        };
        Self { reason, messages: Vec::new(), unanswered: *error == HostError::Unanswered }
    }
}
