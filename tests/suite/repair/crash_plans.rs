//! The plans during which the program is killed.

use crate::healthy::make::Creator;

/// A plan, by what it mends.
pub struct Plan {
    /// The faults that it mends.
    pub faults: &'static [&'static str],
    /// Who made the environment.
    pub creator: Creator,
    /// Where the journal is.
    pub journal: Place,
}

/// Where a journal is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On the file system of the environment: what is replaced is kept as another name of the same file.
    Near,
    /// On another one: what is replaced is copied.
    Far,
}

const fn near(creator: Creator, faults: &'static [&'static str]) -> Plan {
    Plan { faults, creator, journal: Place::Near }
}

const fn far(creator: Creator, faults: &'static [&'static str]) -> Plan {
    Plan { faults, creator, journal: Place::Far }
}

use Creator::{Copies, SystemSite, VenvWithoutPip as Venv};

/// Those at the beginning need the fewest system calls.
pub const PLANS: [Plan; 30] = [
    near(Venv, &["a ._pth file is next to the interpreter", "pyvenv.cfg may not be written", "home is given twice"]),
    far(Venv, &["bin is empty"]),
    near(Venv, &["a script of the old place may not be written and has another name", LEFTOVER, LIB64]),
    far(Venv, &["pip left a directory behind", LIB64, "anybody may write to a .pth file", "pyvenv.cfg is in bin"]),
    near(Copies, &["the interpreter may not be executed"]),
    near(Venv, &["the symlinks of the interpreter became text", "anybody may write to bin"]),
    near(Venv, &["pyvenv.cfg is a directory"]),
    far(Venv, &["the interpreter is gone", "the activation scripts name another directory"]),
    near(Venv, &["pyvenv.cfg has another name", "pyvenv.cfg begins with a byte-order mark"]),
    near(Venv, &["home and the interpreter are of a minor version that was removed"]),
    far(Copies, &["the interpreter was copied by half"]),
    near(Venv, &["a script ends its first line with a carriage return, and RECORD says so"]),
    near(Venv, &["a directory of metadata is empty", "macOS left a file next to a .pth file"]),
    far(
        Venv,
        &["a script starts the Python of the old place through /bin/sh", "a .pth file begins with a byte-order mark"],
    ),
    near(Copies, &["the interpreter has the rights of its owner", "anybody may write to pyvenv.cfg"]),
    near(Venv, &["pyvenv.cfg has an ending"]),
    near(Venv, &["the names of the interpreter lead to one another"]),
    far(Venv, &["a .pth file begins with a byte-order mark", "pyvenv.cfg is in UTF-16"]),
    near(Venv, &["pyvenv.cfg is gone", "a script starts the Python of the old place"]),
    near(Venv, &["anybody may write to site-packages", "anybody may write to bin", "anybody may write to pyvenv.cfg"]),
    near(SystemSite, &["pyvenv.cfg names another version", "include-system-site-packages is not there"]),
    near(Venv, &["a Jupyter kernel starts a Python that is gone", "one activation script names another directory"]),
    near(
        Venv,
        &["bin may not be written", "a script may not be executed", "the activation scripts may not be written"],
    ),
    near(Venv, &["a script begins with a byte-order mark", "a script starts the base"]),
    far(Copies, &["the interpreter is empty", LEFTOVER]),
    near(Venv, &["home is the interpreter", "lib64 leads to another environment"]),
    near(Venv, &["a distribution is there twice"]),
    near(Venv, &["the environment is a symlink", "the first line of a script has a carriage return", LEFTOVER]),
    near(Venv, &["pyvenv.cfg begins with a byte-order mark", "include-system-site-packages is neither true nor false"]),
    near(
        Venv,
        &[
            "the first line of a script has a carriage return",
            "a script begins with a byte-order mark",
            "pip left a directory behind",
            LIB64,
            "the activation scripts name another directory",
            "a .pth file begins with a byte-order mark",
            "anybody may write to a .pth file",
            "the interpreter is gone",
            "a script of the old place may not be written and has another name",
            "pyvenv.cfg names another version",
        ],
    ),
];

const LEFTOVER: &str = "pip left a module and metadata behind";
const LIB64: &str = "lib64 leads nowhere";
