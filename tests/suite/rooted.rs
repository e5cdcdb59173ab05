//! `--root DIR`: the answers about a system in a directory, against those of the program that runs inside of it.
//!
//! The root directory of the other tests is such a system. Environments are made in it whose symlinks lead through its
//! `/`, above it, nowhere and in circles; the program is asked about each from inside, with `chroot`, and from outside.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use bstr::{BString, ByteSlice};

use crate::support::interpreters::{self, Interpreter};
use crate::support::program::{PROGRAM, scratch};
use crate::support::rng::Rng;
use crate::support::world::{Cwd, Start, World};

/// How many environments are made.
const ENVIRONMENTS: usize = 200;
/// Of how many one is also checked.
const CHECKED: usize = 8;

/// An environment, by its path inside.
struct Environment<'w> {
    world: &'w World,
    python: &'w Interpreter,
    dir: BString,
}

impl Environment<'_> {
    fn inside(&self, name: &str) -> String {
        format!("{}/{name}", self.dir)
    }

    fn outside(&self, name: &str) -> PathBuf {
        self.world.outside(self.inside(name).as_bytes().as_bstr())
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let file = self.outside(name);
        fs::create_dir_all(file.parent().unwrap())?;
        fs::write(file, text)
    }

    fn link(&self, name: &str, target: impl AsRef<Path>) -> io::Result<()> {
        let link = self.outside(name);
        fs::create_dir_all(link.parent().unwrap())?;
        symlink(target, link)
    }

    fn make(&self, random: &mut Rng) -> io::Result<()> {
        self.interpreter(random)?;
        self.configuration(random)?;
        self.site(random)
    }

    /// `bin/python`, by each kind of symlink that another root changes.
    fn interpreter(&self, random: &mut Rng) -> io::Result<()> {
        let exe = self.python.exe.to_string();
        match random.below(9) {
            0 => self.link("bin/python", format!("{}{exe}", "../".repeat(40))),
            1 => {
                self.link("hop", &exe)?;
                self.link("bin/python", self.inside("hop"))
            }
            2 => self.link("bin/python", "/nowhere/python3"),
            3 => self.link("bin/python", self.inside("bin/python")),
            // This exists outside, and nothing of it may be seen.
            4 => self.link("bin/python", PROGRAM),
            5 => self.write("bin/python", &format!("#!{exe}\n")),
            6 => {
                self.link("usr", "/usr/./lib/../")?;
                self.link("bin/python", format!("../usr{}", exe.strip_prefix("/usr").unwrap_or(&exe)))
            }
            _ => self.link("bin/python", &exe),
        }
    }

    fn configuration(&self, random: &mut Rng) -> io::Result<()> {
        let bin = self.python.bin();
        let home = match random.below(6) {
            0 => self.inside("bin"),
            1 => "/nowhere/bin".to_owned(),
            2 => {
                self.link("base", format!("/..{bin}/../bin"))?;
                self.inside("base")
            }
            _ => bin.to_string(),
        };
        let system = ["true", "false"][random.below(2)];
        let text = format!("home = {home}\ninclude-system-site-packages = {system}\nversion = 3.13.1\n");
        match random.below(5) {
            0 => Ok(()),
            1 => {
                self.write("elsewhere.cfg", &text)?;
                self.link("pyvenv.cfg", self.inside("elsewhere.cfg"))
            }
            _ => self.write("pyvenv.cfg", &text),
        }
    }

    fn site(&self, random: &mut Rng) -> io::Result<()> {
        let site = format!("lib/{}{}/site-packages", self.python.stem(), self.python.xy());
        fs::create_dir_all(self.outside("packages"))?;
        match random.below(4) {
            0 => self.link(&site, self.inside("packages"))?,
            1 => self.link("lib", "/usr/lib")?,
            _ => self.write(&format!("{site}/some.py"), "")?,
        }
        if random.below(2) == 0 {
            self.link("lib64", "lib")?;
        }
        let lines = [self.inside("packages"), "/etc/../usr/lib".to_owned(), "../../../packages".to_owned()];
        self.write("packages/some.pth", &format!("{}\n", lines[random.below(3)]))
    }

    /// The variables of a start.
    fn variables(&self, random: &mut Rng) -> Vec<(String, BString)> {
        let mut variables = vec![("PATH".to_owned(), "/usr/bin:/bin".into()), ("HOME".to_owned(), "/root".into())];
        if random.below(3) == 0 {
            let path = format!("{}:/nowhere:{}", self.inside("packages"), self.inside("base"));
            variables.push(("PYTHONPATH".to_owned(), path.into()));
        }
        variables
    }

    /// What the program prints inside, and how it ends.
    fn asked_inside(&self, arguments: &[BString], variables: &[(String, BString)], capture: &Path) -> (i32, Vec<u8>) {
        let program = bstr::concat([self.world.work().as_bytes(), b"/venv-doctor"]);
        let start = Start {
            file: program.clone().into(),
            arg0: program.into(),
            args: arguments.to_vec(),
            env: variables.to_vec(),
            cwd: &Cwd::At("/".into()),
            unprivileged: false,
            stdin: None,
            capture: capture.to_owned(),
        };
        let ended = self.world.run(&start).unwrap();
        (ended.code.unwrap(), ended.stdout)
    }

    /// The same from outside.
    fn asked_outside(&self, arguments: &[BString], variables: &[(String, BString)], cwd: &Path) -> (i32, Vec<u8>) {
        let mut command = Command::new(PROGRAM);
        command.args(arguments.iter().map(|argument| std::ffi::OsStr::from_bytes(argument)));
        command.arg("--root").arg(self.world.root().unwrap()).env_clear().current_dir(cwd);
        let variables = variables.iter().map(|(name, value)| (name, std::ffi::OsStr::from_bytes(value)));
        let output = command.envs(variables).output().unwrap();
        (output.status.code().unwrap(), output.stdout)
    }
}

#[test]
fn a_system_in_a_directory_is_seen_as_from_inside() {
    let pythons: Vec<_> =
        interpreters::found_all().interpreters.iter().filter(|python| python.world.root().is_some()).collect();
    if pythons.is_empty() {
        println!("skipped: no root directory with interpreters");
        return;
    }
    let capture = scratch();
    for index in 0..ENVIRONMENTS {
        let python = pythons[index % pythons.len()];
        let random = &mut Rng::new(14, index);
        let dir = format!("{}/rooted{index}", python.world.work()).into();
        let environment = Environment { world: &python.world, python, dir };
        environment.make(random).unwrap();
        let variables = environment.variables(random);
        let commands: &[&str] = if index % CHECKED == 0 { &["explain", "check"] } else { &["explain"] };
        for command in commands {
            let executable = environment.inside("bin/python");
            let arguments = [*command, &executable, "--json"].map(BString::from);
            let inside = environment.asked_inside(&arguments, &variables, &capture.path().join("captured"));
            let outside = environment.asked_outside(&arguments, &variables, capture.path());
            let texts = [&inside.1, &outside.1].map(|text| text.to_str_lossy().into_owned());
            assert_eq!(texts[0], texts[1], "{command} {executable} of {}", python.label);
            assert_eq!(inside.0, outside.0, "{command} {executable} of {}", python.label);
        }
        fs::remove_dir_all(environment.outside("")).unwrap();
    }
    println!("{ENVIRONMENTS} environments of {} interpreters", pythons.len());
}
