//! Trees as they are found on the machines of people who program: sources, what a version control system and a package
//! manager of another language keep, and environments, some of which have lost their base.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// What a tree is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Projects with sources, `node_modules`, `.git`, and for every 500 files an environment.
    Mixed,
    /// Sources alone: there is nothing to find and nothing to leave out.
    Plain,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mixed => "mixed",
            Self::Plain => "plain",
        }
    }
}

/// A tree on the disk.
pub struct Tree {
    /// Where it is.
    pub path: PathBuf,
    /// The files in it, directories not counted.
    pub files: usize,
    /// The directories.
    pub dirs: usize,
    /// The environments.
    pub environments: usize,
}

/// The files of an environment.
const IN_ENVIRONMENT: usize = 250;
/// The files in a directory of sources.
const IN_DIR: usize = 8;

impl Tree {
    /// Makes a tree of about so many files below `directory`, or takes the one that is there.
    pub fn prepare(dir: &Path, kind: Kind, files: usize) -> io::Result<Self> {
        let path = dir.join(format!("{}-{files}", kind.name()));
        let note = dir.join(format!("{}-{files}.txt", kind.name()));
        let mut tree = Self { path, files: 0, dirs: 0, environments: 0 };
        if let Ok(text) = fs::read_to_string(&note) {
            let mut numbers = text.split_whitespace().filter_map(|number| number.parse().ok());
            let mut next = || numbers.next().unwrap_or(0);
            (tree.files, tree.dirs, tree.environments) = (next(), next(), next());
            return Ok(tree);
        }
        let mut number = 0;
        while tree.files < files {
            let project = tree.path.join(format!("group{}", number / 50)).join(format!("project{number}"));
            match kind {
                Kind::Plain => tree.sources(&project, 1000)?,
                Kind::Mixed => tree.project(&project, number)?,
            }
            number += 1;
        }
        fs::write(note, format!("{} {} {}\n", tree.files, tree.dirs, tree.environments))?;
        Ok(tree)
    }

    /// A project of about a thousand files, with two environments.
    fn project(&mut self, path: &Path, number: usize) -> io::Result<()> {
        self.sources(&path.join("src"), 150)?;
        self.sources(&path.join("node_modules"), 250)?;
        for object in 0..50 {
            let dir = path.join(".git/objects").join(format!("{:02x}", object * 5));
            self.dir(&dir)?;
            self.file(&dir.join("0123456789abcdef0123456789abcdef012345"))?;
            self.file(&dir.join("fedcba9876543210fedcba9876543210fedcba"))?;
        }
        self.environment(&path.join(".venv"), number.is_multiple_of(4))?;
        // A second one, every tenth of them inside of the first.
        let second = if number.is_multiple_of(10) { ".venv/nested" } else { ".tox/py" };
        self.environment(&path.join(second), false)
    }

    fn environment(&mut self, path: &Path, lost_its_base: bool) -> io::Result<()> {
        let bin = path.join("bin");
        self.dir(&bin)?;
        let base = if lost_its_base { "/opt/python-that-was/bin" } else { "/usr/bin" };
        symlink(format!("{base}/python3"), bin.join("python"))?;
        symlink("python", bin.join("python3"))?;
        for script in ["activate", "activate.csh", "activate.fish", "pip", "pip3"] {
            self.file(&bin.join(script))?;
        }
        let cfg = format!("home = {base}\ninclude-system-site-packages = false\nversion = 3.11.2\n");
        fs::write(path.join("pyvenv.cfg"), cfg)?;
        self.files += 3;
        self.environments += 1;
        self.sources(&path.join("lib/python3.11/site-packages"), IN_ENVIRONMENT - 8)
    }

    /// Directories in directories, each with a few files.
    fn sources(&mut self, path: &Path, files: usize) -> io::Result<()> {
        for index in 0..files.div_ceil(IN_DIR) {
            let dir = path.join(format!("part{}", index % 12)).join(format!("package{index}"));
            self.dir(&dir)?;
            for file in 0..IN_DIR {
                self.file(&dir.join(format!("module{file}.py")))?;
            }
        }
        Ok(())
    }

    fn dir(&mut self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        if let Some(parent) = path.parent().filter(|parent| !parent.is_dir()) {
            self.dir(parent)?;
        }
        fs::create_dir(path)?;
        self.dirs += 1;
        Ok(())
    }

    fn file(&mut self, path: &Path) -> io::Result<()> {
        fs::File::create(path)?;
        self.files += 1;
        Ok(())
    }
}
