//! What environments take of the disk, and what would be free without them, as `du` and the removal of them tell.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use bstr::ByteSlice;
use venv_doctor::internals::host::LiveHost;
use venv_doctor::internals::scan::{Environment, Event, Options, Progress, Totals, scan};

use super::bytes;
use crate::support::program::scratch;
use crate::support::rng::Rng;

const ENVIRONMENTS: [&str; 3] = ["one", "two", "three"];

/// Three environments, and the cache that some of their files are links to.
fn plant(dir: &Path, rng: &mut Rng) {
    let cache = dir.join("cache");
    fs::create_dir_all(&cache).unwrap();
    for number in 0..8 {
        fs::write(cache.join(format!("c{number}")), vec![b'x'; rng.below(20_000)]).unwrap();
    }
    let mut planted: Vec<std::path::PathBuf> = Vec::new();
    for name in ENVIRONMENTS {
        let site = dir.join(name).join("lib/python3.12/site-packages");
        fs::create_dir_all(site.join("tide-1.0.dist-info")).unwrap();
        fs::write(dir.join(name).join("pyvenv.cfg"), "home = /nowhere\n").unwrap();
        let mut record = String::new();
        for number in 0..12 {
            let file = site.join(format!("f{number}.py"));
            match rng.below(4) {
                0 => fs::hard_link(cache.join(format!("c{}", rng.below(8))), &file).unwrap(),
                1 if !planted.is_empty() => fs::hard_link(&planted[rng.below(planted.len())], &file).unwrap(),
                2 => std::os::unix::fs::symlink("/etc/hosts", &file).unwrap(),
                _ => {
                    fs::write(&file, vec![b'y'; rng.below(30_000)]).unwrap();
                    planted.push(file);
                }
            }
            record += &format!("f{number}.py,,\n");
        }
        fs::write(site.join("tide-1.0.dist-info/RECORD"), record).unwrap();
    }
}

fn environments(dir: &Path) -> BTreeMap<String, Environment> {
    let mut options = Options::new([bytes(dir)]);
    options.size = true;
    let found = Mutex::new(BTreeMap::new());
    scan(&LiveHost, &options, &Progress::default(), &|event| {
        if let Event::Environment(environment) = event {
            let name = environment.root.rsplit_once_str("/").unwrap().1.to_str().unwrap().to_owned();
            found.lock().unwrap().insert(name, *environment);
        }
    })
    .unwrap();
    found.into_inner().unwrap()
}

/// What `du` says of some directories together.
fn du(dirs: &[&Path]) -> u64 {
    let output = Command::new("du").args(["-sc", "--block-size=1"]).args(dirs).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().last().unwrap().split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn disk_usage_is_that_of_du_and_of_a_removal() {
    for seed in 0..6 {
        let (dir, mut rng) = (scratch(), Rng::new(0, seed));
        let dir = dir.path();
        plant(dir, &mut rng);
        let mut found = environments(dir);
        assert_eq!(found.len(), ENVIRONMENTS.len());
        for (name, environment) in &found {
            let size = environment.size.unwrap();
            assert_eq!(size.bytes, du(&[&dir.join(name)]), "{seed} {name}");
        }
        let mut totals = Totals::default();
        for environment in found.values_mut() {
            totals.add(environment);
        }
        let dirs: Vec<_> = ENVIRONMENTS.iter().map(|name| dir.join(name)).collect();
        let dirs: Vec<&Path> = dirs.iter().map(AsRef::as_ref).collect();
        assert_eq!(totals.bytes, du(&dirs), "{seed}");
        let mut before = du(&[dir]);
        let all = before;
        for (index, name) in ENVIRONMENTS.iter().enumerate() {
            fs::remove_dir_all(dir.join(name)).unwrap();
            let after = du(&[dir]);
            if index == 0 {
                assert_eq!(found[*name].size.unwrap().reclaimable, before - after, "{seed} {name}");
            }
            before = after;
        }
        assert_eq!(totals.reclaimable, all - before, "{seed}");
    }
}

#[test]
fn a_copy_of_a_distribution_is_told_with_what_it_takes() {
    let dir = scratch();
    let dir = dir.path();
    for name in ENVIRONMENTS {
        let site = dir.join(name).join("lib/python3.12/site-packages");
        fs::create_dir_all(site.join("tide-1.0.dist-info")).unwrap();
        fs::write(dir.join(name).join("pyvenv.cfg"), "home = /nowhere\n").unwrap();
        fs::write(site.join("tide.py"), vec![b'x'; 8192]).unwrap();
        fs::write(site.join("tide-1.0.dist-info/RECORD"), "tide.py,,\n").unwrap();
    }
    let mut totals = Totals::default();
    for environment in environments(dir).values_mut() {
        totals.add(environment);
    }
    let duplicates = totals.duplicates();
    assert_eq!(duplicates.len(), 1);
    assert_eq!((duplicates[0].environments.len(), duplicates[0].bytes), (3, 2 * 8192));
}

#[test]
fn the_last_use_is_the_newest_sign() {
    let dir = scratch();
    let dir = dir.path();
    let cache = dir.join("one/lib/python3.12/site-packages/__pycache__");
    fs::create_dir_all(&cache).unwrap();
    let (cfg, code) = (dir.join("one/pyvenv.cfg"), cache.join("a.cpython-312.pyc"));
    fs::write(&cfg, "home = /nowhere\n").unwrap();
    fs::write(&code, "").unwrap();
    let touch = |path: &Path, days_read: u64, days_changed: u64| {
        let ago = |days: u64| std::time::SystemTime::now() - std::time::Duration::from_secs(days * 86_400);
        let times = fs::FileTimes::new().set_accessed(ago(days_read)).set_modified(ago(days_changed));
        fs::File::options().write(true).open(path).unwrap().set_times(times).unwrap();
    };
    let seen = || {
        let one = environments(dir).remove("one").unwrap();
        (one.last_use.unwrap().sign.name(), one.unused.unwrap().as_secs() / 86_400)
    };
    // A scan reads pyvenv.cfg itself, so that the time of access there shows nothing.
    touch(&cfg, 1, 30);
    touch(&code, 20, 40);
    assert_eq!(seen(), ("access", 20));
    touch(&cfg, 1, 30);
    touch(&code, 40, 40);
    assert_eq!(seen(), ("change", 30));
}
