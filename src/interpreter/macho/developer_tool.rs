//! Apple's programs in `/usr/bin` that start those of the developer tools, such as `/usr/bin/python3`.
//!
//! They call `xcselect_invoke_xcrun`, which looks for the directory of the developer tools that was chosen (`xcode-select`).

use bstr::{BStr, BString};

use super::Macho;
use crate::host::{HostError, Lookups};
use crate::interpreter::links::{join, name as last_component};
use crate::interpreter::{Problem, Shim};

const LIBRARY: &[u8] = b"/usr/lib/libxcselect.dylib";
/// The symlink that `xcode-select --switch` writes.
const CHOSEN: &str = "/var/db/xcode_select_link";
const XCODE: &str = "/Applications/Xcode.app/Contents/Developer";
const TOOLS: &str = "/Library/Developer/CommandLineTools";

/// What such a program starts, where the program is one.
pub(super) fn examine(lookups: &Lookups<'_>, typed: &BStr, macho: &Macho) -> Option<Problem> {
    macho.needed.iter().find(|library| library.path == LIBRARY)?;
    let real = developer_dir(lookups).and_then(|dir| {
        let program = join(join(dir.as_ref(), "usr/bin").as_ref(), last_component(typed));
        lookups.is_executable(program.as_ref()).then_some(program)
    });
    let interpreter = BString::from(LIBRARY);
    Some(Problem::Script { interpreter, shim: Some(Shim::DeveloperTools), real, interpreter_exists: true })
}

/// The directory of the tools: the one that was chosen, else those where they are installed. None where a variable decides.
fn developer_dir(lookups: &Lookups<'_>) -> Option<BString> {
    if lookups.host().variable("DEVELOPER_DIR").is_some() {
        return None;
    }
    match lookups.read_link(CHOSEN.into()) {
        Ok(chosen) => Some(chosen),
        Err(HostError::NotFound | HostError::NotADirectory) => {
            [XCODE, TOOLS].iter().find(|dir| lookups.is_dir((**dir).into())).map(|dir| BString::from(*dir))
        }
        Err(_) => None,
    }
}
