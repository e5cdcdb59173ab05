//! A machine while it is made up: choices, and a file system in which nothing contradicts itself.

use std::collections::BTreeMap;

use super::case::{Built, Case, File, System};
use crate::support::rng::Rng;

/// What is at a path.
enum Entry {
    File(File),
    Directory,
    Link(String),
}

/// A case in the making.
pub struct Draft<'r> {
    rng: &'r mut Rng,
    system: System,
    /// By the path as it compares.
    entries: BTreeMap<String, (String, Entry)>,
}

impl<'r> Draft<'r> {
    pub fn new(rng: &'r mut Rng, system: System) -> Self {
        Self { rng, system, entries: BTreeMap::new() }
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.rng.below(100) < percent
    }

    pub fn pick<'p, T>(&mut self, choices: &'p [T]) -> &'p T {
        &choices[self.rng.below(choices.len())]
    }

    /// One of the choices, or nothing in the other cases.
    pub fn perhaps(&mut self, percent: usize, choices: &[&str]) -> Option<String> {
        self.chance(percent).then(|| (*self.pick(choices)).to_owned())
    }

    pub fn file(&mut self, path: impl Into<String>, text: impl Into<String>) {
        let path = path.into();
        let denied = self.chance(3);
        self.put(path.clone(), Entry::File(File { path, text: text.into(), executable: false, denied }));
    }

    pub fn executable(&mut self, path: impl Into<String>) {
        let path = path.into();
        self.put(path.clone(), Entry::File(File { path, executable: true, ..File::default() }));
    }

    pub fn directory(&mut self, path: impl Into<String>) {
        self.put(path.into(), Entry::Directory);
    }

    pub fn link(&mut self, path: impl Into<String>, target: impl Into<String>) {
        self.put(path.into(), Entry::Link(target.into()));
    }

    pub fn has(&self, path: &str) -> bool {
        self.entries.contains_key(&self.key(path))
    }

    /// Adds a file or directory, unless a file or a symlink is in the way.
    fn put(&mut self, path: String, entry: Entry) {
        let key = self.key(&path);
        let separator = if self.system == System::Windows { '\\' } else { '/' };
        let below = format!("{key}{separator}");
        let is_taken = self.entries.contains_key(&key) || self.entries.keys().any(|known| known.starts_with(&below));
        let parents = key.match_indices(separator).map(|(end, _)| &key[..end]);
        let is_blocked = parents
            .filter_map(|parent| self.entries.get(parent))
            .any(|(_, parent)| !matches!(parent, Entry::Directory));
        if !is_taken && !is_blocked {
            self.entries.insert(key, (path, entry));
        }
    }

    fn key(&self, path: &str) -> String {
        if self.system == System::Windows { path.to_lowercase() } else { path.to_owned() }
    }

    /// The finished case.
    pub fn finish(self, start: Start) -> Case {
        let Start { cwd, argv0, real_executable, library, compiled, variables, registry } = start;
        let ignore_environment = self.rng.below(100) < 8;
        let isolated = self.rng.below(100) < 5;
        let mut case = Case {
            name: String::new(),
            os: self.system,
            cwd,
            argv0,
            real_executable,
            library,
            compiled,
            variables,
            ignore_environment,
            isolated,
            files: Vec::new(),
            directories: Vec::new(),
            links: Vec::new(),
            registry,
        };
        for (path, entry) in self.entries.into_values() {
            match entry {
                Entry::File(file) => case.files.push(file),
                Entry::Directory => case.directories.push(path),
                Entry::Link(target) => case.links.push((path, target)),
            }
        }
        case
    }
}

/// How Python is started, and what was built into it.
pub struct Start {
    pub cwd: String,
    pub argv0: String,
    pub real_executable: Option<String>,
    pub library: Option<String>,
    pub compiled: Built,
    pub variables: BTreeMap<String, String>,
    pub registry: BTreeMap<String, BTreeMap<String, String>>,
}

/// The contents of `pyvenv.cfg`, good and bad, for a base whose interpreter lies in `home`.
pub fn cfg_text(draft: &mut Draft<'_>, home: &str) -> String {
    match draft.rng.below(14) {
        0 => String::new(),
        1 => "include-system-site-packages = false\n".to_owned(),
        2 => format!("HOME={home}"),
        3 => format!("  Home\t=  {home}  \r\nhome = elsewhere\r\n"),
        4 => "home =\n".to_owned(),
        5 => format!("home = \"{home}\"\n"),
        6 => format!("x = y\nhome: {home}\n#home = {home}\nhome = {home}\n"),
        7 => format!("nul\0\nhome = {home}\n"),
        8 if draft.chance(30) => "#".repeat(32 * 1024),
        9 => format!("home = {home}\rversion = 3\r"),
        _ => format!("home = {home}\nversion = 3.9.9\n"),
    }
}

/// The contents of a `._pth` file.
pub fn under_pth_text(draft: &mut Draft<'_>) -> String {
    let lines =
        ["", "# note", ".", "lib", "../x", "import site", "import os", "  a # b", "import site # c", "importlib"];
    let count = draft.rng.below(5);
    let chosen: Vec<&str> = (0..count).map(|_| *draft.pick(&lines)).collect();
    chosen.join("\n")
}
