//! What the tests have to know about an interpreter in order to write files for it.

use bstr::{BString, ByteSlice};
use std::collections::BTreeMap;
use std::fs;
use std::io;

use crate::support::interpreters::Interpreter;
use crate::support::world::{Cwd, Start};

/// Facts about one interpreter.
pub struct Facts {
    /// The suffixes of extension modules, in order.
    pub suffixes: Vec<String>,
    /// The magic number of its compiled code.
    magic: Vec<u8>,
    /// The marshaled code of an empty module.
    code: Vec<u8>,
    /// The names of `sys.builtin_module_names`.
    pub builtin: Vec<String>,
    /// The names of `_imp._frozen_module_names()`; none where there is no such function.
    pub frozen: Option<Vec<String>>,
    /// Modules in the directory of the standard library, with modules of its packages.
    pub library: Vec<String>,
    /// Whether the header of compiled code has flags (PEP 552).
    has_flags: bool,
    is_pypy: bool,
}

impl Facts {
    /// Asks the interpreter.
    pub fn ask(python: &Interpreter) -> io::Result<Self> {
        let answer = python.world.run(&Start {
            file: python.exe.clone(),
            arg0: python.exe.clone(),
            args: ["-I", "-B", "-c", include_str!("facts.py")].map(BString::from).into(),
            env: Vec::new(),
            cwd: &Cwd::At(BString::from("/")),
            unprivileged: false,
            stdin: None,
            capture: python.world.work_outside().join("facts"),
        })?;
        let text = String::from_utf8(answer.stdout).map_err(io::Error::other)?;
        let facts: BTreeMap<&str, Vec<String>> = text
            .lines()
            .map(|line| {
                let mut words = line.split(' ');
                (words.next().unwrap_or_default(), words.map(str::to_owned).collect())
            })
            .collect();
        let words = |fact: &str| facts.get(fact).cloned().unwrap_or_default();
        let bytes = |fact: &str| data_encoding::HEXLOWER.decode(words(fact).concat().as_bytes()).unwrap();
        Ok(Self {
            suffixes: words("suffixes"),
            magic: bytes("magic"),
            code: bytes("code"),
            builtin: words("builtin"),
            frozen: facts.get("frozen").cloned(),
            library: library(python)?,
            has_flags: python.minor > 6,
            is_pypy: python.pypy,
        })
    }

    /// Compiled code of an empty module, made from a source of this time and size.
    pub fn pyc(&self, time: u32, size: u32) -> Vec<u8> {
        let flags: &[u8] = if self.has_flags { &[0; 4] } else { &[] };
        [self.magic.as_slice(), flags, &time.to_le_bytes(), &size.to_le_bytes(), &self.code].concat()
    }

    /// The same for another version of Python. Nothing for a PyPy, whose magic numbers are not known by version.
    pub fn foreign_pyc(&self) -> Vec<u8> {
        if self.is_pypy { Vec::new() } else { [b"\x01\x02\r\n", &self.pyc(0, 0)[4..]].concat() }
    }
}

/// The names of the modules in the standard library's directory. What would run or open something when it is imported as
/// a parent is left out.
fn library(python: &Interpreter) -> io::Result<Vec<String>> {
    let stdlib = python.world.outside(python.stdlib.as_bstr());
    let mut names = Vec::new();
    for name in modules(&stdlib)? {
        if stdlib.join(&name).is_dir() && !["test", "idlelib", "tkinter", "turtledemo", "lib2to3"].contains(&&*name) {
            names.extend(modules(&stdlib.join(&name))?.into_iter().map(|child| format!("{name}.{child}")));
        }
        names.push(name);
    }
    if let Ok(extensions) = modules(&stdlib.join("lib-dynload")) {
        names.extend(extensions);
    }
    names.sort();
    Ok(names)
}

fn modules(dir: &std::path::Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        let is_module = is_file_of_module(&name) || dir.join(&name).join("__init__.py").is_file();
        let stem = name.split('.').next().unwrap_or_default();
        if is_module && !stem.is_empty() && !["__main__", "__init__", "site-packages"].contains(&stem) {
            names.push(stem.to_owned());
        }
    }
    Ok(names)
}

/// Whether a file name has the suffix of source code or of an extension module.
pub fn is_file_of_module(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|suffix| suffix == "py" || suffix == "so")
}
