//! Names by which an environment is recognized.

/// The names of the directory that holds an environment's programs, in the order in which they are tried.
pub const BINS: [&[u8]; 2] = [b"bin", b"Scripts"];
/// Where an old virtualenv puts them, misled by the installation scheme that Debian made the default.
pub const LOCAL_BIN: &[u8] = b"local/bin";
/// The names of an environment's interpreter in that directory, in the order in which they are tried.
pub const INTERPRETERS: [&str; 5] = ["python", "python3", "pypy3", "pypy", "python.exe"];
/// The file whose presence makes a directory an environment.
pub const CFG: &[u8] = b"pyvenv.cfg";
/// The directory in which conda records what it has installed.
pub const CONDA: &[u8] = b"conda-meta";

/// Whether a file has the name of an interpreter: `python`, `python3`, `python3.12`, `pypy3.11`, `python.exe`.
pub fn is_interpreter(name: &[u8]) -> bool {
    let rest = name.strip_prefix(b"python").or_else(|| name.strip_prefix(b"pypy"));
    let Some(rest) = rest else { return false };
    let rest = rest.strip_suffix(b".exe").unwrap_or(rest);
    rest.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') || rest.strip_suffix(b"t").is_some_and(is_version)
}

fn is_version(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpreters_are_known_by_their_names() {
        for name in ["python", "python3", "python3.12", "python3.13t", "pypy3.11", "python.exe"] {
            assert!(is_interpreter(name.as_bytes()), "{name}");
        }
        for name in ["python3-config", "pythonw", "ipython", "python3.12-gdb.py", "py"] {
            assert!(!is_interpreter(name.as_bytes()), "{name}");
        }
    }
}
