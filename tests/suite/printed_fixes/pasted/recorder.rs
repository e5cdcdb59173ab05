//! Shells that are fed with command lines, where every program is one that writes down what it was called with.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use venv_doctor::{Action, Fix};

use super::words::Call;
use crate::support::program::on_path;

/// Writes the number of its arguments, its own path and the arguments, each followed by a zero byte.
const RECORDER: &str = "#!/bin/sh\nprintf '%s\\0' \"$#\" \"$0\" \"$@\" >> \"$RECORD\"\n";
/// Writes the value of a variable.
const SHOW: &str =
    "#!/bin/sh\neval \"value=\\${$1-unset}\"\nprintf '%s\\0' 2 \"$0\" \"$1\" \"$value\" >> \"$RECORD\"\n";
/// Writes the content of the file whose path is in the file of that number, and removes it.
const KEEP: &str = "#!/bin/sh\nfile=$(/bin/cat \"$PATHS/$1\"; printf x); file=${file%x}\n\
    { printf '%s\\0' 2 \"$0\" \"$1\"; /bin/cat \"$file\"; printf '\\0'; } >> \"$RECORD\"\n/bin/rm -f \"$file\"\n";

/// One line, and how it is understood.
pub struct Line {
    pub text: Vec<u8>,
    pub calls: Vec<Call>,
}

impl Line {
    /// The variables of which the line changes the value, where it changes the shell; only shells of Bourne's family know
    /// how these lines are written.
    pub fn is_of_the_shell(&self) -> bool {
        [b"unset".as_slice(), b"export", b"."].contains(&self.program())
    }

    fn program(&self) -> &[u8] {
        &self.calls[0].argv[0]
    }
}

/// A directory in which everything that a line names exists as a recorder.
pub struct Stage<'p> {
    place: &'p Path,
    /// What lies around it: the programs on `PATH`, and what the recorders need.
    tools: PathBuf,
}

impl<'p> Stage<'p> {
    /// Prepares everything for these lines, all of whose paths are below `place`.
    pub fn new(place: &'p Path, tools: &Path, lines: &[Line]) -> Self {
        let stage = Self { place, tools: tools.to_owned() };
        for (name, content) in [("recorder", RECORDER), ("show", SHOW), ("keep", KEEP)] {
            program(&stage.tools.join(name), content.as_bytes());
        }
        let programs = stage.tools.join("bin");
        fs::create_dir_all(&programs).unwrap();
        fs::create_dir_all(stage.tools.join("paths")).unwrap();
        for name in ["show", "keep"] {
            symlink(stage.tools.join(name), programs.join(name)).unwrap();
        }
        symlink("/usr/bin/printf", programs.join("printf")).unwrap();
        stage.record_as(b"mark");
        stage.record_as(b"sourced");
        for (index, line) in lines.iter().enumerate() {
            stage.prepare(index, line);
        }
        stage
    }

    fn prepare(&self, index: usize, line: &Line) {
        for call in &line.calls {
            match call.argv[0].as_slice() {
                b"printf" | b"unset" | b"export" | b"hash" => {}
                b"." => {
                    let script = self.below(&call.argv[1]);
                    fs::create_dir_all(script.parent().unwrap()).unwrap();
                    fs::write(script, "sourced\n").unwrap();
                }
                name => self.record_as(name),
            }
            if let Some((file, _)) = &call.output {
                fs::create_dir_all(self.below(file).parent().unwrap()).unwrap();
                fs::write(self.tools.join("paths").join(index.to_string()), file).unwrap();
            }
        }
    }

    /// Nothing is made outside of the place.
    fn below(&self, path: &[u8]) -> PathBuf {
        let path = PathBuf::from(OsStr::from_bytes(path));
        assert!(path.starts_with(self.place), "{} is no path of this test", path.display());
        path
    }

    fn record_as(&self, name: &[u8]) {
        if name.contains(&b'/') {
            self.link(&self.below(name));
        } else {
            self.link(&self.tools.join("bin").join(OsStr::from_bytes(name)));
        }
    }

    fn link(&self, path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if fs::symlink_metadata(path).is_err() {
            symlink(self.tools.join("recorder"), path).unwrap();
        }
    }

    /// The directory of recorders in the places of the programs that fixes run, for where everything else is real.
    pub fn instead_of<'f>(&self, fixes: impl Iterator<Item = &'f Fix>) -> PathBuf {
        let dir = self.tools.join("run");
        fs::create_dir_all(&dir).unwrap();
        for action in fixes.flat_map(|fix| &fix.actions) {
            if let Action::Run { argv, .. } = action
                && !argv[0].contains(&b'/')
            {
                self.link(&dir.join(OsStr::from_bytes(&argv[0])));
            }
        }
        dir
    }

    /// What has to be recorded when a shell reads the line.
    fn expected(index: usize, line: &Line) -> Vec<Vec<Vec<u8>>> {
        let number = index.to_string().into_bytes();
        let mut records = vec![vec![b"mark".to_vec(), number.clone()]];
        for call in &line.calls {
            let argv = &call.argv;
            match argv[0].as_slice() {
                b"printf" => records.push(vec![b"keep".to_vec(), number.clone(), printed(&argv[1..])]),
                b"." => records.push(vec![b"sourced".to_vec()]),
                b"hash" => {}
                b"unset" => records.push(vec![b"show".to_vec(), argv[1].clone(), b"unset".to_vec()]),
                b"export" => {
                    let at = argv[1].iter().position(|&byte| byte == b'=').expect("an assignment");
                    records.push(vec![b"show".to_vec(), argv[1][..at].to_vec(), argv[1][at + 1..].to_vec()]);
                }
                _ => records.push(argv.clone()),
            }
        }
        records
    }

    /// Feeds a shell with the lines, and says what it understood otherwise.
    pub fn feed(&self, (shell, arguments): (&str, &[&str]), lines: &[Line]) -> Option<Vec<String>> {
        let record = self.tools.join("record");
        let before = paths(self.place);
        let is_bourne = !matches!(shell, "fish" | "tcsh");
        let read: Vec<(usize, &Line)> =
            lines.iter().enumerate().filter(|(_, line)| is_bourne || !line.is_of_the_shell()).collect();
        // The child's `PATH` has no shells.
        let mut child = Command::new(on_path(shell)?)
            .args(arguments)
            .current_dir(self.place)
            .env_clear()
            .envs([("LC_ALL", "C.UTF-8"), ("DEPLOY_DIR", "<DEPLOY_DIR>"), ("s", "<s>"), ("HARMED", "no")])
            .env("PATH", self.tools.join("bin"))
            .env("HOME", &self.tools)
            .env("RECORD", &record)
            .env("PATHS", self.tools.join("paths"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the shell starts");
        let mut input = child.stdin.take().expect("a pipe");
        let text: Vec<u8> = read.iter().flat_map(|(index, line)| typed(*index, line)).collect();
        let writer = std::thread::spawn(move || input.write_all(&text));
        let output = child.wait_with_output().expect("the shell ends");
        writer.join().expect("no panic").expect("the shell reads");
        let mut wrong = Vec::new();
        let recorded = records(&fs::read(&record).unwrap_or_default());
        fs::remove_file(&record).ok();
        let expected: Vec<Vec<Vec<u8>>> = read.iter().flat_map(|(index, line)| Self::expected(*index, line)).collect();
        if let Some(at) = (0..expected.len().max(recorded.len())).find(|&at| expected.get(at) != recorded.get(at)) {
            wrong.push(format!(
                "{shell} read {:?} instead of {:?}; {}",
                shown(recorded.get(at)),
                shown(expected.get(at)),
                String::from_utf8_lossy(&output.stderr)
            ));
        }
        let outputs: BTreeSet<PathBuf> = lines.iter().flat_map(outputs).collect();
        for path in paths(self.place).difference(&before) {
            if outputs.contains(path) {
                fs::remove_file(path).unwrap();
            } else {
                wrong.push(format!("{shell} created {}", path.display()));
            }
        }
        Some(wrong)
    }
}

/// What a person types: the line, and before and after it what tells of it.
fn typed(index: usize, line: &Line) -> Vec<u8> {
    let mut text = format!("mark {index}\n").into_bytes();
    text.extend_from_slice(&line.text);
    text.push(b'\n');
    match line.program() {
        b"printf" => text.extend_from_slice(format!("keep {index}\n").as_bytes()),
        b"unset" | b"export" => {
            let name = line.calls[0].argv[1].split(|&byte| byte == b'=').next().unwrap();
            text.extend_from_slice(&[b"show ", name, b"\n"].concat());
        }
        _ => {}
    }
    text
}

/// What `printf` makes of its format and the words after it.
fn printed(arguments: &[Vec<u8>]) -> Vec<u8> {
    let format = arguments[0].as_slice();
    assert!(matches!(format, b"%s\\n" | b"\\n%s\\n"), "a format that this test knows");
    let start: &[u8] = if format.starts_with(b"\\n") { b"\n" } else { b"" };
    arguments[1..].iter().flat_map(|word| [start, word, b"\n"].concat()).collect()
}

/// The files that take the output of a line.
fn outputs(line: &Line) -> Vec<PathBuf> {
    line.calls.iter().filter_map(|call| Some(OsStr::from_bytes(&call.output.as_ref()?.0).into())).collect()
}

/// What was recorded: of programs on `PATH` the name alone.
pub fn records(content: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut fields = content.split(|&byte| byte == 0);
    let mut records = Vec::new();
    while let Some(count) = fields.next().and_then(|field| str::from_utf8(field).ok()?.parse::<usize>().ok()) {
        let mut record: Vec<Vec<u8>> = fields.by_ref().take(count + 1).map(<[u8]>::to_vec).collect();
        let name = Path::new(OsStr::from_bytes(&record[0]));
        if name.parent().is_some_and(|dir| dir.ends_with("tools/bin")) {
            record[0] = name.file_name().unwrap().as_bytes().to_vec();
        }
        records.push(record);
    }
    records
}

fn shown(record: Option<&Vec<Vec<u8>>>) -> Vec<String> {
    record.into_iter().flatten().map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// Everything below a directory.
fn paths(dir: &Path) -> BTreeSet<PathBuf> {
    let (mut found, mut left) = (BTreeSet::new(), vec![dir.to_owned()]);
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                left.push(entry.path());
            }
            found.insert(entry.path());
        }
    }
    found
}

fn program(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
