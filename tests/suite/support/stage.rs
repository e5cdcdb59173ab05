//! A directory in which environments are made and broken.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use data_encoding::BASE64URL_NOPAD;
use tempfile::TempDir;

use super::interpreters::Interpreter;

/// A temporary directory for one environment and what surrounds it.
pub struct Stage<'p> {
    /// The interpreter that environments are made with.
    pub python: &'p Interpreter,
    _dir: TempDir,
    path: PathBuf,
    /// The same as programs in the interpreter's world see it.
    inside: PathBuf,
}

impl<'p> Stage<'p> {
    /// An empty stage.
    pub fn new(python: &'p Interpreter) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("vdtest").tempdir()?;
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))?;
        let path = dir.path().canonicalize()?;
        Ok(Self { python, _dir: dir, inside: path.clone(), path })
    }

    /// An empty stage in the world of the interpreter, which may be a root directory.
    pub fn in_world(python: &'p Interpreter) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("stage").tempdir_in(python.world.work_outside())?;
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))?;
        let name = dir.path().file_name().expect("it has a name");
        let inside = PathBuf::from(python.world.work().to_string()).join(name);
        let path = dir.path().to_owned();
        Ok(Self { python, _dir: dir, path, inside })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path in the directory.
    pub fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// The same as text, as programs in the interpreter's world see it.
    pub fn text(&self, name: &str) -> String {
        self.inside.join(name).to_str().expect("a temporary directory has a readable name").to_owned()
    }

    /// `pythonX.Y`.
    pub fn name(&self) -> String {
        format!("python{}", self.python.xy())
    }

    /// The interpreter that is installed on this machine.
    pub fn installed(&self) -> PathBuf {
        PathBuf::from(self.python.exe.to_string())
    }

    /// Its prefix.
    pub fn installed_prefix(&self) -> PathBuf {
        PathBuf::from(self.python.prefix.to_string())
    }

    /// The directory of that interpreter.
    pub fn installed_bin(&self) -> PathBuf {
        PathBuf::from(self.python.bin().to_string())
    }

    /// Its standard library.
    pub fn stdlib(&self) -> PathBuf {
        PathBuf::from(self.python.stdlib.to_string())
    }

    /// The environment's site-packages, relative to the directory.
    pub fn site(&self) -> String {
        format!("env/lib/{}{}/site-packages", self.python.stem(), self.python.xy())
    }

    /// What `python -m venv --without-pip ARGUMENTS env` makes; its interpreter.
    pub fn venv(&self, arguments: &[&str]) -> io::Result<PathBuf> {
        self.run(
            Command::new(self.installed()).args(["-m", "venv", "--without-pip"]).args(arguments).arg(self.at("env")),
        )?;
        Ok(self.at("env/bin/python"))
    }

    /// An environment whose interpreter is a symlink to the installed one, with this `pyvenv.cfg`; its interpreter.
    pub fn environment(&self, cfg: &str) -> io::Result<PathBuf> {
        self.write("env/pyvenv.cfg", cfg)?;
        self.environment_without_cfg()
    }

    /// The same without a `pyvenv.cfg`.
    pub fn environment_without_cfg(&self) -> io::Result<PathBuf> {
        self.dir(self.site())?;
        self.link("env/bin/python", self.installed())
    }

    /// An installation in `base`: a copy of the installed interpreter, with a symlink to its standard library.
    pub fn base(&self) -> io::Result<PathBuf> {
        self.link(format!("base/lib/{}", self.name()), self.stdlib())?;
        self.program(format!("base/bin/{}", self.name()), self.binary()?)
    }

    /// The bytes of the installed interpreter.
    pub fn binary(&self) -> io::Result<Vec<u8>> {
        fs::read(self.installed())
    }

    /// A `pyvenv.cfg` whose `home` is the directory of the installed interpreter.
    pub fn sound_cfg(&self) -> String {
        cfg(self.installed_bin())
    }

    /// Runs a program in the directory with few variables. A program that fails is an error with its output.
    pub fn run(&self, command: &mut Command) -> io::Result<Output> {
        let search = format!("{}:/usr/bin:/bin", self.installed_bin().display());
        command.current_dir(&self.path).env_clear().env("PATH", search).env("HOME", self.at("home"));
        let output = command.output()?;
        if output.status.success() {
            return Ok(output);
        }
        let told = [output.stdout.as_slice(), &output.stderr].concat();
        Err(io::Error::other(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&told))))
    }

    /// Writes a file that anybody may read.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> io::Result<PathBuf> {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.path))?;
        fs::write(&path, content)?;
        self.mode(&path, 0o644)?;
        Ok(path)
    }

    /// Writes a file that anybody may execute.
    pub fn program(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> io::Result<PathBuf> {
        let path = self.write(name, content)?;
        self.mode(&path, 0o755)?;
        Ok(path)
    }

    /// Changes the mode of a file or directory.
    pub fn mode(&self, path: impl AsRef<Path>, mode: u32) -> io::Result<()> {
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(mode))
    }

    /// Makes a directory.
    pub fn dir(&self, name: impl AsRef<Path>) -> io::Result<PathBuf> {
        let path = self.at(name);
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Makes a symlink, and replaces the file that is there.
    pub fn link(&self, name: impl AsRef<Path>, target: impl AsRef<Path>) -> io::Result<PathBuf> {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.path))?;
        if path.symlink_metadata().is_ok() {
            fs::remove_file(&path)?;
        }
        symlink(target, &path)?;
        Ok(path)
    }

    /// Removes a file or a directory with all that is in it. Of a symlink, the target is kept.
    pub fn remove(&self, name: impl AsRef<Path>) -> io::Result<()> {
        let path = self.at(name);
        if path.symlink_metadata()?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
    }

    /// Replaces a text in a file.
    pub fn edit(&self, name: impl AsRef<Path>, old: &str, new: &str) -> io::Result<()> {
        let path = self.at(name);
        let text = fs::read_to_string(&path)?;
        assert!(text.contains(old), "{}: {old:?} is not in {text:?}", path.display());
        fs::write(path, text.replace(old, new))
    }

    /// Installs a distribution into the environment as pip does: its files (relative to site-packages; `../../../bin/x`
    /// is a script), METADATA, INSTALLER and a RECORD with their hashes.
    pub fn install(&self, name: &str, version: &str, files: &[(&str, &str)]) -> io::Result<()> {
        let site = PathBuf::from(self.site());
        let info = format!("{name}-{version}.dist-info");
        let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        let wheel = "Wheel-Version: 1.0\nGenerator: bdist_wheel (0.43.0)\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
        let own = [
            (format!("{info}/METADATA"), metadata.as_str()),
            (format!("{info}/WHEEL"), wheel),
            (format!("{info}/INSTALLER"), "pip\n"),
        ];
        let given = files.iter().map(|(path, content)| ((*path).to_owned(), *content));
        let mut record = String::new();
        for (path, content) in given.chain(own) {
            if path.contains("/bin/") {
                self.program(site.join(&path), content)?
            } else {
                self.write(site.join(&path), content)?
            };
            record.extend([path, format!(",sha256={},{}\n", hash(content), content.len())]);
        }
        record.extend([info.as_str(), "/RECORD,,\n"]);
        self.write(site.join(format!("{info}/RECORD")), record)?;
        Ok(())
    }
}

/// A `pyvenv.cfg` with this `home`.
pub fn cfg(home: impl AsRef<Path>) -> String {
    format!("home = {}\ninclude-system-site-packages = false\n", home.as_ref().display())
}

/// A SHA-256 as RECORD writes it, computed by `sha256sum`.
pub fn hash(content: &str) -> String {
    BASE64URL_NOPAD.encode(&sha256(content.as_bytes()))
}

fn sha256(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sha256sum is part of every system that these tests run on");
    child.stdin.take().expect("a pipe").write_all(content).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    data_encoding::HEXLOWER.decode(&output.stdout[..64]).expect("64 digits")
}
