//! The same tree on other machines: in memory, below an overlay, in a snapshot, and behind a host that answers no more
//! lookups than it must.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use bstr::{BStr, BString, ByteSlice};
use data_encoding::BASE64;
use serde_json::{Value, json};
use venv_doctor::internals::host::{
    Binary, FileKind, Host, HostError, LiveHost, Machine, MemoryHost, Metadata, OverlayHost, Platform, Process,
    RecordingHost,
};
use venv_doctor::internals::scan::Options;
use venv_doctor::internals::snapshot;

use super::{bytes, compare, options, ours, theirs, trees};

/// A file of a tree on the disk.
struct File {
    path: PathBuf,
    kind: FileKind,
    target: Option<PathBuf>,
    /// Whether it is a directory that this user may not list.
    closed: bool,
}

/// Everything below a directory, symlinks not followed.
fn files(root: &Path) -> Vec<File> {
    let mut files = Vec::new();
    let mut dirs = vec![root.to_owned()];
    while let Some(dir) = dirs.pop() {
        let entries = fs::read_dir(&dir);
        files.push(File { path: dir, kind: FileKind::Directory, target: None, closed: entries.is_err() });
        for entry in entries.into_iter().flatten().map(Result::unwrap) {
            let (path, file_type) = (entry.path(), entry.file_type().unwrap());
            if file_type.is_dir() {
                dirs.push(path);
            } else if file_type.is_symlink() {
                let target = Some(fs::read_link(&path).unwrap());
                files.push(File { path, kind: FileKind::Symlink, target, closed: false });
            } else {
                files.push(File { path, kind: FileKind::File, target: None, closed: false });
            }
        }
    }
    files
}

fn in_memory(root: &Path) -> MemoryHost {
    files(root).into_iter().fold(MemoryHost::new(Platform::Linux), |host, file| {
        let path = bytes(&file.path);
        match (file.kind, &file.target) {
            (FileKind::Directory, _) if file.closed => host.directory(&path).error(&path, HostError::PermissionDenied),
            (FileKind::Directory, _) => host.directory(&path),
            (_, Some(target)) => host.symlink(&path, bytes(target)),
            _ => host.file(&path, ""),
        }
    })
}

/// A path as the snapshot spells it.
fn text(path: &Path) -> Value {
    let path = bytes(path);
    let encoded = || json!({"base64": BASE64.encode(&path), "display": path.to_str_lossy()});
    path.to_str().map_or_else(|_| encoded(), Value::from)
}

fn in_snapshot(root: &Path) -> MemoryHost {
    let files: Vec<Value> = files(root)
        .iter()
        .map(|file| {
            let path = text(&file.path);
            match (file.kind, &file.target) {
                (FileKind::Directory, _) if file.closed => {
                    json!({"path": path, "type": "directory", "error": "permission-denied"})
                }
                (FileKind::Directory, _) => json!({"path": path, "type": "directory"}),
                (_, Some(target)) => json!({"path": path, "type": "symlink", "target": text(target)}),
                _ => json!({"path": path, "type": "file", "text": ""}),
            }
        })
        .collect();
    let document = json!({
        "schema": snapshot::SCHEMA,
        "platform": "linux",
        "cwd": "/",
        "executable": "python3",
        "interpreter": {"implementation": "cpython", "version": "3.12.1"},
        "files": files,
    });
    snapshot::load(document.to_string().as_bytes()).unwrap().host
}

/// The live machine, reduced to the lookups that every host answers; listing and walking use those.
struct Plain;

impl Host for Plain {
    fn platform(&self) -> Platform {
        LiveHost.platform()
    }
    fn machine(&self) -> Option<Machine> {
        LiveHost.machine()
    }
    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        // Nothing that a host may leave unanswered.
        LiveHost.metadata(path).map(|metadata| Metadata { identity: None, device: None, ..metadata })
    }
    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        LiveHost.link_metadata(path)
    }
    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        LiveHost.read_link(path)
    }
    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        LiveHost.read(path, limit)
    }
    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        LiveHost.list_dir(path)
    }
    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        LiveHost.real_path(path)
    }
    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        LiveHost.open(path)
    }
    fn may_execute(&self, path: &BStr) -> bool {
        LiveHost.may_execute(path)
    }
    fn variable(&self, name: &str) -> Option<BString> {
        LiveHost.variable(name)
    }
    fn current_dir(&self) -> Result<BString, HostError> {
        LiveHost.current_dir()
    }
    fn process(&self) -> Process {
        LiveHost.process()
    }
    fn account_home(&self) -> Option<BString> {
        LiveHost.account_home()
    }
}

#[test]
fn every_machine_with_the_same_tree_gives_the_same() {
    let mut environments = 0;
    trees(20, |root, index, rng| {
        let memory = in_memory(root);
        let snapshot = in_snapshot(root);
        let (over_memory, over_disk) = (OverlayHost::new(&memory), OverlayHost::new(&LiveHost));
        let machines: [(&str, &dyn Host); 6] = [
            ("memory", &memory),
            ("snapshot", &snapshot),
            ("overlay over memory", &over_memory),
            ("overlay over the disk", &over_disk),
            ("recorder", &RecordingHost::new(&LiveHost)),
            ("host with as few answers as possible", &Plain),
        ];
        for _ in 0..2 {
            let options = options(root, rng);
            let expected = ours(&LiveHost, &options);
            environments += expected.len();
            for (name, machine) in machines {
                compare(machine, &options, &expected, &format!("tree {index}, {name}"));
            }
        }
    });
    assert!(environments > 40, "{environments} environments are too few to tell");
}

/// A machine in memory with what a recorder has seen of it.
#[test]
fn a_recorded_scan_can_be_repeated() {
    trees(10, |root, index, _| {
        let options = Options::new([bytes(root)]);
        let recorder = RecordingHost::new(&LiveHost);
        let expected = ours(&recorder, &options);
        let replayed =
            recorder.into_recorded().into_iter().fold(MemoryHost::new(Platform::Linux), |host, (path, it)| {
                match it.kind {
                    FileKind::Symlink => host.symlink(path, it.target.unwrap_or_default()),
                    FileKind::Directory => host.directory(path),
                    _ => host.file(path, ""),
                }
            });
        compare(&replayed, &options, &expected, &format!("tree {index}, replayed"));
    });
}

#[test]
fn an_overlay_is_scanned_with_its_changes() {
    trees(30, |root, index, rng| {
        let options = options(root, rng);
        let dirs: Vec<PathBuf> = files(root)
            .into_iter()
            .filter(|file| file.kind == FileKind::Directory && !file.closed && file.path != root)
            .map(|file| file.path)
            .collect();
        // What was closed to this user cannot be changed on the disk.
        let is_open = |path: &Path| fs::symlink_metadata(path).is_ok_and(|it| it.mode() & 0o700 == 0o700);
        let dirs: Vec<PathBuf> =
            dirs.into_iter().filter(|dir| dir.ancestors().take_while(|it| *it != root).all(is_open)).collect();
        if dirs.is_empty() {
            return;
        }
        let removed = dirs[rng.below(dirs.len())].clone();
        let added = dirs[rng.below(dirs.len())].join("added/.venv/pyvenv.cfg");
        let mut overlay = OverlayHost::new(&LiveHost);
        overlay.remove(bytes(&removed).as_bstr()).unwrap();
        overlay.add_file(bytes(&added).as_bstr(), "").unwrap();
        let found = ours(&overlay, &options);
        let mut in_turn = options.clone();
        in_turn.threads = Some(1);
        assert_eq!(ours(&overlay, &in_turn), found, "tree {index}: the walks differ");

        fs::remove_dir_all(&removed).unwrap();
        fs::create_dir_all(added.parent().unwrap()).unwrap();
        fs::write(&added, "").unwrap();
        assert_eq!(found, theirs(&options), "tree {index}: without {removed:?}, with {added:?}, {options:?}");
    });
}

#[test]
fn a_file_system_is_not_left() {
    let host = MemoryHost::new(Platform::Linux)
        .file("/w/here/pyvenv.cfg", "")
        .file("/w/mnt/pyvenv.cfg", "")
        .file("/w/mnt/below/pyvenv.cfg", "")
        .file_system("/w/mnt");
    let mut options = Options::new(["/w"]);
    let roots = |options: &Options, host: &dyn Host| -> Vec<String> {
        ours(host, options).into_iter().map(|(root, _)| root.to_string()).collect()
    };
    // What is added lies on the file system of the directory that it is added to.
    let mut overlay = OverlayHost::new(&host);
    overlay.add_file("/w/new/pyvenv.cfg".into(), "").unwrap();
    overlay.add_file("/w/mnt/new/pyvenv.cfg".into(), "").unwrap();
    for threads in [4, 1] {
        options.threads = Some(threads);
        options.one_file_system = false;
        assert_eq!(roots(&options, &host), ["/w/here", "/w/mnt", "/w/mnt/below"]);
        assert_eq!(roots(&options, &overlay).len(), 5);
        options.one_file_system = true;
        assert_eq!(roots(&options, &host), ["/w/here"]);
        assert_eq!(roots(&options, &overlay), ["/w/here", "/w/new"]);
    }
}
