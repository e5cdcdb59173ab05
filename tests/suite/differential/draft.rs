//! A layout while it is being composed: files are made at once, `pyvenv.cfg` and the call at the end.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use bstr::{BStr, BString, ByteSlice};

use crate::support::interpreters::Interpreter;
use crate::support::world::{Cwd, Ended, PROBE, Start};

/// Where `pyvenv.cfg` lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// One directory above the executable.
    Parent,
    /// Next to the executable.
    Beside,
    /// In both places, with differing content.
    Both,
    /// Nowhere.
    Neither,
}

/// What kind of file `pyvenv.cfg` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// A regular file.
    File,
    /// A regular file without mode r.
    Unreadable,
    /// A directory.
    Directory,
    /// A dangling symlink.
    Dangling,
    /// A symlink to itself.
    Loop,
    /// A symlink to the real file.
    Link,
    /// A symlink to `/dev/null`.
    Null,
}

/// The `pyvenv.cfg` to be written.
pub struct Cfg {
    /// Its lines, without ends.
    pub lines: Vec<BString>,
    /// What turns the lines into the content.
    pub form: fn(&[BString]) -> Vec<u8>,
    /// Where it lies.
    pub place: Place,
    /// What kind of file it is.
    pub node: Node,
}

/// What is run.
#[derive(Clone, Debug)]
pub enum Launch {
    /// `-c`.
    Command,
    /// Text on standard input.
    Interactive,
    /// `-m timeit`, which runs the probe.
    Module,
    /// A script, a directory or a zip file.
    Script(BString),
}

/// A layout.
pub struct Draft<'a> {
    /// The interpreter for which it is made.
    pub python: &'a Interpreter,
    /// The directory of the layout.
    pub work: BString,
    /// The binary on which the environment rests.
    pub base_exe: BString,
    /// The base installation.
    pub base_prefix: BString,
    /// The environment.
    pub venv: BString,
    /// The executable as called.
    pub exe: BString,
    /// The `pyvenv.cfg`.
    pub cfg: Cfg,
    /// What is typed, if not the path of the executable.
    pub typed: Option<BString>,
    /// The file that is really executed, where that is not what is typed.
    pub executed: Option<BString>,
    /// The working directory; none means `/`.
    pub cwd: Option<Cwd>,
    /// The environment variables.
    pub env: BTreeMap<String, BString>,
    /// The flags.
    pub flags: Vec<&'static str>,
    /// What is run.
    pub launch: Launch,
    /// Whether both programs run as a user who owns nothing.
    pub unprivileged: bool,
    /// Whether startup runs code that no static tool can foretell.
    pub uncertain: bool,
    /// Why this layout cannot be tried.
    pub skip: Option<&'static str>,
    /// How to build it by hand.
    pub recipe: Vec<String>,
    /// Serial number for files that must not collide.
    pub serial: usize,
}

/// `directory/name`.
pub fn join(dir: impl AsRef<[u8]>, name: impl AsRef<[u8]>) -> BString {
    BString::from([dir.as_ref(), b"/", name.as_ref()].concat())
}

/// Everything before the last `/`.
pub fn parent(path: &BString) -> BString {
    BString::from(&path[..path.rfind_byte(b'/').unwrap_or(0)])
}

/// Everything behind the last `/`.
pub fn name(path: &BString) -> BString {
    BString::from(&path[path.rfind_byte(b'/').map_or(0, |at| at + 1)..])
}

/// Lines with `\n`.
pub fn plain(lines: &[BString]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect()
}

impl<'a> Draft<'a> {
    /// An empty layout in the directory `work`.
    pub fn new(python: &'a Interpreter, work: BString) -> Self {
        let home = join(&work, "home");
        let env = [("PATH", BString::from("/usr/bin:/bin")), ("HOME", home), ("LC_ALL", BString::from("C.UTF-8"))];
        Self {
            python,
            base_exe: python.exe.clone(),
            base_prefix: python.prefix.clone(),
            venv: join(&work, "v"),
            exe: join(&work, "v/bin/python"),
            cfg: Cfg { lines: Vec::new(), form: plain, place: Place::Parent, node: Node::File },
            typed: None,
            executed: None,
            cwd: None,
            env: env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            flags: Vec::new(),
            launch: Launch::Command,
            unprivileged: false,
            uncertain: false,
            skip: None,
            recipe: Vec::new(),
            serial: 0,
            work,
        }
    }

    /// A path in the directory of the layout.
    pub fn at(&self, name: &str) -> BString {
        join(&self.work, name)
    }

    /// The directory of the executable.
    pub fn bin(&self) -> BString {
        parent(&self.exe)
    }

    /// The directory of the binary on which the environment rests.
    pub fn base_bin(&self) -> BString {
        parent(&self.base_exe)
    }

    /// `lib/pythonX.Y`.
    pub fn lib(&self) -> String {
        format!("lib/{}{}", self.python.stem(), self.python.xy())
    }

    /// The site-packages of the environment.
    pub fn site(&self) -> BString {
        join(&self.venv, self.lib() + "/site-packages")
    }

    /// The site-packages of the user.
    pub fn user_site(&self) -> BString {
        self.at(&format!("home/.local/{}/site-packages", self.lib()))
    }

    /// Marks the layout as one that cannot be tried here.
    pub fn impossible(&mut self, why: &'static str) {
        self.skip.get_or_insert(why);
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: impl Into<BString>) {
        self.env.insert(name.to_owned(), value.into());
    }

    /// A path as this process has to name it.
    pub fn outside(&self, path: impl AsRef<[u8]>) -> PathBuf {
        self.python.world.outside(path.as_ref().as_bstr())
    }

    /// Makes a directory and its parents.
    pub fn dir(&mut self, path: impl AsRef<[u8]>) -> io::Result<()> {
        self.recipe.push(format!("mkdir -p {}", quote(path.as_ref())));
        fs::create_dir_all(self.own(path.as_ref())?)
    }

    /// Writes a file, with the directories above it.
    pub fn file(&mut self, path: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> io::Result<()> {
        let content = content.as_ref();
        let shown = BStr::new(&content[..content.len().min(400)]);
        self.recipe.push(format!("printf {shown:?} > {}", quote(path.as_ref())));
        let file = self.clear(path.as_ref())?;
        fs::write(file, content)
    }

    /// Makes a symlink.
    pub fn link(&mut self, path: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> io::Result<()> {
        self.recipe.push(format!("ln -s {} {}", quote(target.as_ref()), quote(path.as_ref())));
        let file = self.clear(path.as_ref())?;
        symlink(OsStr::from_bytes(target.as_ref()), file)
    }

    /// Copies a binary, by a hard link where that is possible: no test writes to one.
    pub fn copy(&mut self, path: impl AsRef<[u8]>, from: impl AsRef<[u8]>) -> io::Result<()> {
        self.recipe.push(format!("cp {} {}", quote(from.as_ref()), quote(path.as_ref())));
        let (from, file) = (self.outside(from), self.clear(path.as_ref())?);
        let from = from.canonicalize()?;
        fs::hard_link(&from, &file).or_else(|_| fs::copy(&from, &file).map(drop))
    }

    /// Renames a file or directory.
    pub fn rename(&mut self, from: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> io::Result<()> {
        self.recipe.push(format!("mv {} {}", quote(from.as_ref()), quote(to.as_ref())));
        fs::rename(self.own(from.as_ref())?, self.own(to.as_ref())?)
    }

    /// Changes the mode bits.
    pub fn mode(&mut self, path: impl AsRef<[u8]>, mode: u32) -> io::Result<()> {
        self.recipe.push(format!("chmod {mode:o} {}", quote(path.as_ref())));
        fs::set_permissions(self.own(path.as_ref())?, fs::Permissions::from_mode(mode))
    }

    /// A path that may be changed: with all symlinks resolved, it is in the directory of the tests.
    ///
    /// A layout may contain symlinks to a real installation, and nothing may be written through those.
    fn own(&self, path: &[u8]) -> io::Result<PathBuf> {
        let file = self.outside(path);
        let existing = file.ancestors().skip(1).find_map(|ancestor| ancestor.canonicalize().ok());
        let dir = self.python.world.work_outside().canonicalize()?;
        let inside = existing.is_some_and(|existing| existing.starts_with(&dir));
        let denied = || io::Error::new(io::ErrorKind::PermissionDenied, "this is a file of a real installation");
        inside.then_some(file).ok_or_else(denied)
    }

    /// Makes room for a file: the directories above exist, and nothing bears its name.
    fn clear(&self, path: &[u8]) -> io::Result<PathBuf> {
        let file = self.own(path)?;
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        match fs::symlink_metadata(&file) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&file)?,
            Ok(_) => fs::remove_file(&file)?,
            Err(_) => {}
        }
        Ok(file)
    }

    /// Writes `pyvenv.cfg` as decided; the last step of building.
    pub fn finish(&mut self) -> io::Result<()> {
        let beside = join(self.bin(), "pyvenv.cfg");
        let above = join(parent(&self.bin()), "pyvenv.cfg");
        let content = (self.cfg.form)(&self.cfg.lines);
        match self.cfg.place {
            Place::Parent => self.write_cfg(&above, &content)?,
            Place::Beside => self.write_cfg(&beside, &content)?,
            Place::Both => {
                self.write_cfg(&above, &content)?;
                let other = format!("home = {}\ninclude-system-site-packages = true\n", self.at("elsewhere"));
                self.file(&beside, other)?;
            }
            Place::Neither => {}
        }
        Ok(())
    }

    fn write_cfg(&mut self, path: &BString, content: &[u8]) -> io::Result<()> {
        match self.cfg.node {
            Node::File => self.file(path, content),
            Node::Unreadable => {
                self.unprivileged = true;
                self.file(path, content)?;
                self.mode(path, 0o000)
            }
            Node::Directory => self.dir(path),
            Node::Dangling => self.link(path, "nowhere.cfg"),
            Node::Loop => self.link(path, "pyvenv.cfg"),
            Node::Null => self.link(path, "/dev/null"),
            Node::Link => {
                let real = self.at("real.cfg");
                self.file(&real, content)?;
                self.link(path, real)
            }
        }
    }

    /// The working directory.
    pub fn cwd(&self) -> Cwd {
        self.cwd.clone().unwrap_or_else(|| Cwd::At(BString::from("/")))
    }

    /// What is typed.
    pub fn typed(&self) -> BString {
        self.typed.clone().unwrap_or_else(|| self.exe.clone())
    }

    /// Starts the real interpreter with the probe, behind `wrapper` if one is given.
    pub fn start_real(&self, capture: PathBuf) -> io::Result<Ended> {
        let cwd = self.cwd();
        let (args, stdin) = self.real_args();
        self.python.world.run(&Start {
            file: self.executed_file(),
            arg0: self.typed(),
            args,
            env: self.env.clone().into_iter().collect(),
            cwd: &cwd,
            unprivileged: self.unprivileged,
            stdin,
            capture,
        })
    }

    /// The arguments with which the real interpreter runs the probe, and its standard input.
    pub fn real_args(&self) -> (Vec<BString>, Option<&'static str>) {
        let probe = join(self.python.world.work(), "probe.py");
        // -B: a start must not write byte code, which would change the layout.
        let mut args: Vec<BString> = vec![BString::from("-B")];
        args.extend(self.flags.iter().copied().map(BString::from));
        let mut stdin = None;
        match &self.launch {
            Launch::Command => args.extend(["-c", PROBE].map(BString::from)),
            Launch::Interactive => stdin = Some(PROBE),
            Launch::Module => {
                // `timeit` puts one entry before the path.
                args.extend(["-m", "timeit", "-n", "1", "-r", "1"].map(BString::from));
                args.push(format!("exec(open('{probe}', 'rb').read().decode(), {{'hidden': 1}})").into());
            }
            Launch::Script(path) => args.push(path.clone()),
        }
        (args, stdin)
    }

    /// The arguments of venv-doctor for this layout.
    pub fn doctor_args(&self) -> Vec<BString> {
        let mut args: Vec<BString> = ["explain", "--format", "json", "--clean-env"].map(BString::from).into();
        args.extend(self.flags.iter().copied().map(BString::from));
        for (name, value) in &self.env {
            args.push(BString::from("--env"));
            args.push(BString::from([name.as_bytes(), b"=", value].concat()));
        }
        args.push(BString::from("--launch"));
        args.push(match &self.launch {
            Launch::Command => BString::from("command"),
            Launch::Interactive => BString::from("interactive"),
            Launch::Module => BString::from("module=timeit"),
            Launch::Script(path) => BString::from([b"script=", path.as_slice()].concat()),
        });
        args.push(BString::from("--"));
        args.push(self.typed());
        args
    }

    /// Runs venv-doctor on the layout.
    pub fn start_doctor(&self, capture: PathBuf) -> io::Result<Ended> {
        let cwd = self.cwd();
        let tool = join(self.python.world.work(), "venv-doctor");
        self.python.world.run(&Start {
            file: tool.clone(),
            arg0: tool,
            args: self.doctor_args(),
            env: Vec::new(),
            cwd: &cwd,
            unprivileged: self.unprivileged,
            stdin: None,
            capture,
        })
    }

    /// The file that a shell would execute for what is typed.
    pub fn executed_file(&self) -> BString {
        let typed = self.executed.clone().unwrap_or_else(|| self.typed());
        if typed.contains(&b'/') {
            return typed;
        }
        let (Cwd::At(cwd) | Cwd::Removed(cwd)) = self.cwd();
        let search = self.env.get("PATH").cloned().unwrap_or_default();
        let found = search.split(|&byte| byte == b':').find_map(|entry| {
            let relative = if entry.is_empty() { join(".", &typed) } else { join(entry, &typed) };
            let absolute = if relative.starts_with(b"/") { relative.clone() } else { join(&cwd, &relative) };
            let metadata = fs::metadata(self.outside(absolute)).ok()?;
            (metadata.is_file() && metadata.permissions().mode() & 0o111 != 0).then_some(relative)
        });
        found.unwrap_or(typed)
    }

    /// The command as one would type it, with its surroundings.
    pub fn command_line(&self) -> String {
        let mut line = format!("cd {:?}; env -i", self.cwd());
        for (name, value) in &self.env {
            line = line + " " + name + "=" + &quote(value);
        }
        line + &format!(" {} {} {:?}", quote(&self.typed()), self.flags.join(" "), self.launch)
    }
}

fn quote(path: &[u8]) -> String {
    let plain = path.iter().all(|byte| byte.is_ascii_graphic() && !b"'\"\\$*;&|()<>`".contains(byte));
    if plain && !path.is_empty() { BStr::new(path).to_string() } else { format!("{:?}", BStr::new(path)) }
}
