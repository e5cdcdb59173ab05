//! The same changes, made on the disk and in imagination, leave the same machine.

use std::collections::BTreeMap;
use std::path::Path;

use bstr::{BStr, BString, ByteSlice};
use venv_doctor::internals::host::{Change, FileKind, Host, LiveHost, OverlayHost};

use crate::support::rng::Rng;

/// Short names, so that changes meet.
const NAMES: [&str; 7] = ["a", "b", "dir", "dir/a", "dir/sub", "dir/sub/c", "link/a"];
const SEQUENCES: usize = 150;
const CHANGES: usize = 12;

/// What is at each path: kind, mode, and content or target.
type Seen = BTreeMap<BString, (FileKind, Option<u16>, BString)>;

fn seen(host: &dyn Host, root: &BStr) -> Seen {
    let (mut found, mut left) = (Seen::new(), vec![root.to_owned()]);
    while let Some(path) = left.pop() {
        let metadata = host.link_metadata(path.as_bstr()).expect("it exists");
        let text = match metadata.kind {
            FileKind::Symlink => host.read_link(path.as_bstr()).expect("a target"),
            FileKind::File => host.read(path.as_bstr(), 1 << 20).expect("readable").into(),
            _ => BString::default(),
        };
        if metadata.kind == FileKind::Directory {
            let names = host.list_dir(path.as_bstr()).expect("a directory");
            left.extend(names.iter().map(|name| BString::from([path.as_slice(), b"/", name].concat())));
        }
        // In imagination, only the modes that were set are known.
        let mode = metadata.access.map(|access| access.mode).filter(|mode| matches!(mode, 0o600 | 0o4755));
        found.insert(path, (metadata.kind, mode, text));
    }
    found
}

/// One change, chosen by numbers; whether it was possible.
fn change(host: &mut dyn Change, root: &Path, numbers: [usize; 4]) -> bool {
    let path = |number: usize| -> BString { root.join(NAMES[number % NAMES.len()]).to_str().expect("readable").into() };
    let (one, other) = (path(numbers[1]), path(numbers[2]));
    let done = match numbers[0] % 7 {
        0 => host.write(one.as_bstr(), format!("content {}", numbers[3]).as_bytes()),
        1 => host.symlink(one.as_bstr(), ["a", "dir", "gone"][numbers[3] % 3].into()),
        2 => host.remove(one.as_bstr()),
        3 | 4 => host.rename(one.as_bstr(), other.as_bstr()),
        5 => host.make_dir(one.as_bstr()),
        _ => host.set_mode(one.as_bstr(), [0o600, 0o4755][numbers[3] % 2]),
    };
    done.is_ok()
}

#[test]
fn changes_in_imagination_are_those_on_the_disk() {
    let mut made = 0;
    for index in 0..SEQUENCES {
        let mut rng = Rng::new(121, index);
        let dir = tempfile::tempdir().expect("a directory");
        let root = dir.path().canonicalize().expect("it exists").join("root");
        let base = dir.path().join("base");
        for place in [&root, &base] {
            std::fs::create_dir_all(place.join("dir/sub")).expect("a directory");
            std::fs::write(place.join("dir/a"), "old").expect("a file");
            std::os::unix::fs::symlink("dir", place.join("link")).expect("a symlink");
        }
        // The overlay is over a twin, since its base may not change.
        let mut overlay = OverlayHost::new(&LiveHost);
        let base = base.canonicalize().expect("it exists");
        for number in 0..CHANGES {
            let numbers = [rng.below(7), rng.below(7), rng.below(7), rng.below(6)];
            let real = change(&mut LiveHost, &root, numbers);
            let imagined = change(&mut overlay, &base, numbers);
            assert_eq!(real, imagined, "sequence {index}, change {number}: {numbers:?}");
            made += usize::from(real);
        }
        let bytes = |path: &Path| BString::from(path.to_str().expect("readable"));
        let (root, base) = (bytes(&root), bytes(&base));
        let below = |seen: Seen, dir: &BString| -> Vec<_> {
            seen.into_iter().map(|(path, one)| (BString::from(&path[dir.len()..]), one)).collect()
        };
        let (real, imagined) = (seen(&LiveHost, root.as_bstr()), seen(&overlay, base.as_bstr()));
        assert_eq!(below(real, &root), below(imagined, &base), "sequence {index}");
    }
    println!("{made} changes on the disk and in imagination, in {SEQUENCES} sequences: the same");
}
