//! A layout while it is being built, and how both programs are asked about it.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use bstr::{BString, ByteSlice};

use super::facts::Facts;
use crate::differential::draft::{Draft, join};
use crate::support::interpreters::Interpreter;
use crate::support::rng::Rng;
use crate::support::world::{Ended, Start};

/// The text of the probe.
pub const PROBE: &str = include_str!("probe.py");

/// How the probe is launched.
#[derive(Clone, Debug)]
pub enum Way {
    /// `-c`.
    Command,
    /// A file, a directory or a zip file.
    Script(BString),
    /// `-m`.
    Module(String),
}

/// A name that is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The name.
    pub name: String,
    /// Whether `unknown` may be the answer.
    pub code: bool,
    /// The distribution whose RECORD names its file, with its version, where the layout has it recorded.
    pub owner: Option<(String, String)>,
    /// A file that comes near, and is to be named if nothing is found.
    pub near: Option<BString>,
}

/// A layout.
pub struct Layout<'a> {
    /// The environment, the variables, the flags.
    pub draft: Draft<'a>,
    /// What is known about the interpreter.
    pub facts: &'a Facts,
    /// The random choices.
    pub rng: Rng,
    /// What is asked.
    pub names: Vec<Asked>,
    /// What goes to `PYTHONPATH`.
    pub search: Vec<BString>,
    /// How the probe is launched.
    pub way: Way,
    /// The values of `-X`.
    pub options: Vec<&'static str>,
    /// Whether code is in the way of the names that are asked from now on.
    pub code: bool,
    /// Whether startup code is in the way of all names.
    pub all_code: bool,
    /// Whether the order of locations is that of a set, which differs from run to run.
    pub unordered: bool,
}

/// Names for modules that no Python has. There are few, so that kinds that share a layout meet.
const NAMES: &[&str] = &["spam", "ham", "eggs", "larch", "_norwegian", "Parrot9"];

/// The text of modules: nothing that changes what is imported.
const TEXTS: &[&str] = &[
    "",
    "x = 1\n",
    "\"\"\"Documentation.\"\"\"\n",
    "import sys\n\n\ndef answer():\n    return sys.maxsize\n",
    "class Thing:\n    size = 3\n",
    "__version__ = '1.0'\n__all__ = ['x']\nx = None\n",
];

impl<'a> Layout<'a> {
    /// A layout around an environment.
    pub fn new(draft: Draft<'a>, facts: &'a Facts, rng: Rng) -> Self {
        Self {
            draft,
            facts,
            rng,
            names: Vec::new(),
            search: Vec::new(),
            way: Way::Command,
            options: Vec::new(),
            code: false,
            all_code: false,
            unordered: false,
        }
    }

    /// The interpreter.
    pub fn python(&self) -> &'a Interpreter {
        self.draft.python
    }

    /// A path in the layout.
    pub fn at(&self, name: &str) -> BString {
        self.draft.at(name)
    }

    /// The directory in which the probe is launched.
    pub fn cwd(&self) -> BString {
        self.at("cwd")
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.rng.below(items.len())].clone()
    }

    /// True once in `times`.
    pub fn chance(&mut self, times: usize) -> bool {
        self.rng.below(times) == 0
    }

    /// At least one of these, in their order.
    pub fn some<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let kept: Vec<T> = items.iter().filter(|_| self.rng.below(2) == 0).cloned().collect();
        if kept.is_empty() { vec![self.pick(items)] } else { kept }
    }

    /// The name of a module.
    pub fn name(&mut self) -> String {
        self.pick(NAMES).to_owned()
    }

    /// The text of a module that changes nothing.
    pub fn text(&mut self) -> &'static str {
        self.pick(TEXTS)
    }

    /// Asks a name.
    pub fn ask(&mut self, name: impl Into<String>) {
        let (name, code) = (name.into(), self.code);
        match self.names.iter_mut().find(|asked| asked.name == name) {
            Some(asked) => asked.code |= code,
            None => self.names.push(Asked { name, code, owner: None, near: None }),
        }
    }

    /// Asks a name whose file is recorded by a distribution.
    pub fn ask_owned(&mut self, name: &str, distribution: &str, version: &str) {
        self.ask(name);
        let owner = Some((distribution.to_owned(), version.to_owned()));
        self.names.iter_mut().filter(|asked| asked.name == name).for_each(|asked| asked.owner.clone_from(&owner));
    }

    /// Asks a name for which a file is near.
    pub fn ask_near(&mut self, name: &str, near: &BString) {
        self.ask(name);
        self.names.iter_mut().filter(|asked| asked.name == name).for_each(|asked| asked.near = Some(near.clone()));
    }

    /// Asks several names.
    pub fn ask_all(&mut self, names: &[&str]) {
        for name in names {
            self.ask(*name);
        }
    }

    /// Asks children of a package.
    pub fn ask_children(&mut self, package: &str, children: &[&str]) {
        for child in children {
            self.ask(format!("{package}.{child}"));
        }
    }

    /// Writes a module that changes nothing.
    pub fn put(&mut self, dir: &BString, name: impl AsRef<str>) -> io::Result<()> {
        let text = self.text();
        self.write(dir, name, text)
    }

    /// Writes a file.
    pub fn write(&mut self, dir: &BString, name: impl AsRef<str>, content: impl AsRef<[u8]>) -> io::Result<()> {
        self.draft.file(join(dir, name.as_ref()), content)
    }

    /// Makes a pipe.
    pub fn pipe(&mut self, dir: &BString, name: &str) -> io::Result<()> {
        self.write(dir, name, "")?;
        let path = self.draft.outside(join(dir, name));
        std::fs::remove_file(&path)?;
        self.draft.recipe.push(format!("mkfifo {}", path.display()));
        Command::new("mkfifo").arg(path).status().map(drop)
    }

    /// One of the directories in which imports are looked for, mostly; some launches and flags leave some out.
    pub fn entry(&mut self) -> io::Result<BString> {
        let which = self.rng.below(8);
        self.entry_of(which)
    }

    /// Some of these directories, in any order.
    pub fn entries(&mut self, count: usize) -> io::Result<Vec<BString>> {
        let order = self.rng.shuffled(8);
        order.into_iter().take(count).map(|which| self.entry_of(which)).collect()
    }

    fn entry_of(&mut self, which: usize) -> io::Result<BString> {
        let dir = match which {
            0 | 7 => self.cwd(),
            1 | 2 => {
                let dir = self.at(["pp-a", "pp-b"][which - 1]);
                self.search(&dir);
                dir
            }
            3 => self.draft.site(),
            4 => {
                let dir = self.at("extra");
                let line = [dir.as_slice(), b"\n"].concat();
                self.in_site("extra.pth", line)?;
                dir
            }
            5 => {
                self.in_site("below.pth", "below\n")?;
                join(self.draft.site(), "below")
            }
            _ => self.draft.user_site(),
        };
        self.draft.dir(&dir)?;
        Ok(dir)
    }

    /// Appends to `PYTHONPATH`, once.
    pub fn search(&mut self, entry: &BString) {
        if !self.search.contains(entry) {
            self.search.push(entry.clone());
        }
    }

    /// Writes a file in site-packages.
    pub fn in_site(&mut self, name: &str, content: impl AsRef<[u8]>) -> io::Result<()> {
        self.draft.file(join(self.draft.site(), name), content)
    }

    /// Launches a script.
    pub fn script(&mut self, path: BString) -> io::Result<()> {
        self.draft.file(&path, PROBE)?;
        self.way = Way::Script(path);
        Ok(())
    }

    /// Launches a module of the working directory.
    pub fn module(&mut self, name: &str) -> io::Result<()> {
        let file = format!("cwd/{}.py", name.replace('.', "/"));
        self.draft.file(self.at(&file), PROBE)?;
        self.way = Way::Module(name.to_owned());
        Ok(())
    }

    /// The last step: `PYTHONPATH`.
    pub fn finish(&mut self) {
        if !self.search.is_empty() && !self.draft.env.contains_key("PYTHONPATH") {
            let list = bstr::join(":", &self.search);
            self.draft.set("PYTHONPATH", list);
        }
    }

    /// Whether the layout is of this minor version or a later one.
    pub fn since(&self, minor: u32) -> bool {
        self.python().minor >= minor
    }

    /// Whether the base has a `.pth` file with code of its own, whatever installed that.
    pub fn has_base_code(&self) -> bool {
        let dirs = [
            join(&self.python().stdlib, "site-packages"),
            BString::from(format!("/usr/local/lib/python{}/dist-packages", self.python().xy())),
            BString::from("/usr/lib/python3/dist-packages"),
        ];
        let entries = dirs.iter().flat_map(|dir| std::fs::read_dir(self.draft.outside(dir)));
        let files = entries.flatten().flatten().map(|entry| entry.path());
        let mut pth = files.filter(|file| file.extension().is_some_and(|extension| extension == "pth"));
        pth.any(|file| {
            let text = std::fs::read(&file).unwrap_or_default();
            !file.ends_with("distutils-precedence.pth") && text.lines().any(|line| line.starts_with(b"import"))
        })
    }

    fn start(&self, file: BString, arg0: BString, args: Vec<BString>, capture: &str) -> io::Result<Ended> {
        let world = &self.python().world;
        let is_real = arg0 == self.draft.typed();
        world.run(&Start {
            file,
            arg0,
            args,
            env: if is_real { self.draft.env.clone().into_iter().collect() } else { Vec::new() },
            cwd: &self.draft.cwd(),
            unprivileged: self.draft.unprivileged,
            stdin: None,
            capture: world.work_outside().join(capture),
        })
    }

    /// Asks the real interpreter.
    pub fn start_real(&self, label: &str) -> io::Result<Ended> {
        let mut args: Vec<BString> = vec!["-B".into()];
        args.extend(self.flags());
        match &self.way {
            Way::Command => args.extend(["-c", PROBE].map(BString::from)),
            Way::Script(path) => args.push(path.clone()),
            Way::Module(name) => args.extend(["-m", name].map(BString::from)),
        }
        args.push(self.draft.work.clone());
        args.extend(self.asked());
        self.start(self.draft.executed_file(), self.draft.typed(), args, &format!("{label}-real"))
    }

    /// Asks venv-doctor.
    pub fn start_doctor(&self, label: &str) -> io::Result<Ended> {
        let tool = join(self.python().world.work(), "venv-doctor");
        self.start(tool.clone(), tool, self.doctor_args(), &format!("{label}-doctor"))
    }

    /// The arguments of venv-doctor.
    pub fn doctor_args(&self) -> Vec<BString> {
        let mut args: Vec<BString> = ["which", "--json", "--clean-env"].map(BString::from).into();
        args.extend(self.flags());
        for (name, value) in &self.draft.env {
            args.push(BString::from("--env"));
            args.push(BString::from([name.as_bytes(), b"=", value].concat()));
        }
        args.push(BString::from("--launch"));
        args.push(match &self.way {
            Way::Command => BString::from("command"),
            Way::Script(path) => BString::from([b"script=", path.as_slice()].concat()),
            Way::Module(name) => BString::from(format!("module={name}")),
        });
        args.push(self.draft.typed());
        args.push(BString::from("--"));
        args.extend(self.asked());
        args
    }

    fn flags(&self) -> Vec<BString> {
        let flags = self.draft.flags.iter().copied().map(BString::from);
        flags.chain(self.options.iter().flat_map(|option| ["-X", option].map(BString::from))).collect()
    }

    fn asked(&self) -> impl Iterator<Item = BString> + '_ {
        self.names.iter().map(|asked| BString::from(asked.name.as_str()))
    }

    /// A path as this process has to name it, if it is one of the layout.
    pub fn own(&self, path: &BString) -> Option<PathBuf> {
        let inside = path.starts_with(join(&self.draft.work, "").as_slice()) && !path.contains_str("/../");
        inside.then(|| self.draft.outside(path))
    }
}
