//! Shims: programs of version managers that start another program of the same name.

use bstr::{BStr, BString, ByteSlice};

use super::{asdf, mise, pyenv};
use crate::host::path::{Flavor, module};
use crate::invocation::Invocation;
use crate::startup::trace::Trace;
use crate::text::sentence;
use crate::text::shell::unquote;

/// Files that choose a version are a few lines long.
pub(super) const LARGEST_CHOICE: u64 = 64 << 10;
/// More versions than anybody asks for at once.
pub(super) const MOST_VERSIONS: usize = 32;
/// `execvp` and shells search no more than a kernel could hand over; this is far beyond what is in use.
const MOST_DIRS: usize = 1024;

/// A shim that was recognized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shim {
    /// The script that `pyenv rehash` writes, with the root that it sets.
    Pyenv {
        /// `PYENV_ROOT`.
        root: BString,
        /// Whether it tells pyenv the directory in which it was started, which pyenv then leaves out of PATH.
        names_dir: bool,
    },
    /// The script that `asdf reshim` writes, with the name of the plugin's program that it starts.
    Asdf {
        /// The program.
        program: BString,
        /// The versions that have it.
        versions: Vec<BString>,
    },
    /// A symlink to mise.
    Mise,
}

/// What a shim starts.
pub struct Started {
    /// The program.
    pub program: BString,
    /// The directory that the version manager puts in front of PATH.
    pub path: Option<BString>,
}

/// Why a shim starts nothing that is known.
pub enum Idle {
    /// What it starts is not known here.
    Unknown,
    /// It ends with this status, after a message.
    Fails {
        /// The status.
        status: u8,
        /// The first line of the message.
        message: BString,
    },
}

impl Shim {
    /// Recognizes the whole text of a shim.
    pub fn parse(text: &[u8]) -> Option<Self> {
        parse_pyenv(text).or_else(|| parse_asdf(text))
    }

    /// What the shim `typed` starts.
    ///
    /// # Errors
    /// Where the version manager finds no such program, or what it finds is not known.
    pub fn start(&self, trace: &mut Trace<'_>, invocation: &Invocation, typed: &BStr) -> Result<Started, Idle> {
        let name = module::basename(Flavor::Posix, typed);
        match self {
            Self::Pyenv { root, names_dir } => {
                let dir = module::dirname(Flavor::Posix, typed);
                let own = names_dir.then_some(dir.as_bstr());
                pyenv::start(trace, invocation, &pyenv::Pyenv { root: root.as_bstr(), own }, name.as_bstr())
            }
            Self::Asdf { program, versions } => asdf::start(trace, invocation, typed, program.as_bstr(), versions),
            Self::Mise => mise::start(trace, invocation, typed, name.as_bstr()),
        }
    }

    /// Its version manager.
    pub fn manager(&self) -> &'static str {
        match self {
            Self::Pyenv { .. } => "pyenv",
            Self::Asdf { .. } => "asdf",
            Self::Mise => "mise",
        }
    }
}

/// The lines of every release of pyenv, apart from those that hold a path.
const PYENV_LINES: [&str; 20] = [
    "#!/usr/bin/env bash",
    "set -e",
    "[ -n \"$PYENV_DEBUG\" ] && set -x",
    "program=\"${0##*/}\"",
    "SHIM_PATH=${0%/*}",
    "if [[ \"$program\" = \"python\"* ]]; then",
    "if [[ \"$program\" = \"python\" ]]; then",
    "if [ \"$program\" = \"python\" ]; then",
    "for arg; do",
    "case \"$arg\" in",
    "-c* | -- ) break ;;",
    "*/* )",
    "if [ -f \"$arg\" ]; then",
    "export PYENV_FILE_ARG=\"$arg\"",
    "export PYENV_DIR=\"${arg%/*}\"",
    "break",
    ";;",
    "esac",
    "done",
    "fi",
];

fn parse_pyenv(text: &[u8]) -> Option<Shim> {
    let (mut root, mut starts, mut names_dir) = (None, false, false);
    for line in text.lines().map(ByteSlice::trim).filter(|line| !line.is_empty()) {
        if let Some(value) = line.strip_prefix(b"export PYENV_ROOT=") {
            root = Some(unquote(value)?.0);
        } else if let Some(command) = line.strip_prefix(b"exec ") {
            let (pyenv, used) = unquote(command)?;
            starts = module::basename(Flavor::Posix, pyenv.as_bstr()) == "pyenv"
                && command[used..] == *b" exec \"$program\" \"$@\"";
            if !starts {
                return None;
            }
        } else if line == b"export _PYENV_SHIM_PATH=\"$SHIM_PATH\"" {
            names_dir = true;
        } else if !PYENV_LINES.iter().any(|known| line == known.as_bytes())
            && !line.starts_with(b"if [[ $SHIM_PATH != ")
        {
            return None;
        }
    }
    root.filter(|root| starts && root.starts_with(b"/")).map(|root| Shim::Pyenv { root, names_dir })
}

fn parse_asdf(text: &[u8]) -> Option<Shim> {
    let (mut program, mut versions) = (None, Vec::new());
    for line in text.lines().skip(1).map(ByteSlice::trim).filter(|line| !line.is_empty()) {
        if let Some(version) = line.strip_prefix(b"# asdf-plugin: python ") {
            versions.push(version.trim().into());
        } else if let Some(command) = line.strip_prefix(b"exec ") {
            let (asdf, used) = unquote(command)?;
            if module::basename(Flavor::Posix, asdf.as_bstr()) != "asdf" {
                return None;
            }
            let rest = command[used..].strip_prefix(b" exec ")?;
            let (name, used) = unquote(rest)?;
            let rest = rest[used..].strip_prefix(b" \"$@\"")?.trim();
            if !(rest.is_empty() || rest.starts_with(b"# asdf_allow:")) {
                return None;
            }
            program = Some(name);
        } else if line != b"set -e" {
            return None;
        }
    }
    let program = program.filter(|_| !versions.is_empty())?;
    Some(Shim::Asdf { program, versions })
}

/// The first executable file of that name on PATH, where the directories `skipped` are left out.
pub(super) fn on_path(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    name: &BStr,
    skipped: &[&BStr],
) -> Option<BString> {
    let path = invocation.variable("PATH")?;
    let is_kept = |dir: &&[u8]| !skipped.iter().any(|skipped| skipped.as_bytes() == *dir);
    let dirs = path.split_str(":").take(MOST_DIRS).filter(is_kept);
    let mut candidates = dirs.map(|dir| join(if dir.is_empty() { b".".as_bstr() } else { dir.as_bstr() }, name));
    let found = candidates.find(|path| trace.ask.is_executable(path.as_bstr()));
    let skipped = bstr::join(" and ", skipped);
    trace.say(if let Some(found) = &found {
        sentence!("On PATH without ", skipped, ", ", name, " is ", found, ".")
    } else {
        sentence!("PATH without ", skipped, " has no ", name, ".")
    });
    found
}

/// The directories from the working directory upwards, the directory itself first.
pub(super) fn upwards(from: &BStr) -> Vec<BString> {
    let parent = |dir: &BString| {
        let above = module::dirname(Flavor::Posix, dir.as_bstr());
        (above != *dir && !above.is_empty()).then_some(above)
    };
    std::iter::successors(Some(from.to_owned()), |dir| parent(dir)).collect()
}

/// The value of a variable that is set and not empty.
pub(super) fn set<'i>(invocation: &'i Invocation, name: &str) -> Option<&'i BStr> {
    invocation.variable(name).filter(|value| !value.is_empty())
}

/// `name` in `dir`.
pub(super) fn join(dir: &BStr, name: impl AsRef<[u8]>) -> BString {
    module::join(Flavor::Posix, &[dir, name.as_ref().as_bstr()])
}

/// The numbers of `3.12.4` after the prefix `3.12`; none for what is no release of that prefix.
pub(super) fn micro(name: &BStr, prefix: &BStr) -> Option<Vec<u32>> {
    let rest = name.strip_prefix(prefix.as_bytes())?.strip_prefix(b".")?;
    rest.split_str(".").map(|number| number.to_str().ok()?.parse().ok()).collect()
}

/// The words of a line.
pub(super) fn words(line: &[u8]) -> impl Iterator<Item = &BStr> {
    line.fields_with(|c| c.is_ascii_whitespace()).map(BStr::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_pyenv_and_asdf() {
        let pyenv = "#!/usr/bin/env bash\nset -e\n[ -n \"$PYENV_DEBUG\" ] && set -x\n\nprogram=\"${0##*/}\"\n\n\
                     export PYENV_ROOT=\"/r\"\nSHIM_PATH=${0%/*}\nif [[ $SHIM_PATH != \"/r/shims\" ]]; then\n  \
                     export _PYENV_SHIM_PATH=\"$SHIM_PATH\"\nfi\nexec \"/r/libexec/pyenv\" exec \"$program\" \"$@\"\n";
        assert_eq!(Shim::parse(pyenv.as_bytes()), Some(Shim::Pyenv { root: "/r".into(), names_dir: true }));
        let changed = pyenv.replace("set -e\n", "set -e\nexport PYTHONPATH=/x\n");
        assert_eq!(Shim::parse(changed.as_bytes()), None);
        let asdf = "#!/usr/bin/env bash\n# asdf-plugin: python 3.12.1\n# asdf-plugin: python 3.13.0\n\
                    exec /r/bin/asdf exec \"pip\" \"$@\" # asdf_allow: ' asdf '\n";
        let versions = vec!["3.12.1".into(), "3.13.0".into()];
        assert_eq!(Shim::parse(asdf.as_bytes()), Some(Shim::Asdf { program: "pip".into(), versions }));
        assert_eq!(Shim::parse(b"#!/usr/bin/env bash\nexec python \"$@\"\n"), None);
        assert_eq!(upwards("/a/b".into()), ["/a/b", "/a", "/"]);
    }
}
