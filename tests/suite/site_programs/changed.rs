//! Upstream's `site.py` with the changes of Fedora and RHEL, and with changes that nobody knows.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::start::{Situation, Tally, check};
use crate::support::interpreters::{self, Interpreter};
use crate::support::program;
use crate::support::world::Cwd;

/// A copy of an installation whose `site.py` may be changed; everything else of the library is shared by symlinks.
fn base(python: &Interpreter, dir: &Path, change: impl Fn(String) -> String) -> PathBuf {
    let base = dir.join("base");
    let library = base.join(format!("lib/python{}", python.xy()));
    fs::create_dir_all(library.join("site-packages/in_base")).unwrap();
    fs::create_dir_all(base.join("bin")).unwrap();
    for entry in fs::read_dir(python.stdlib.to_string()).unwrap().flatten() {
        if !["site-packages", "site.py", "__pycache__"].iter().any(|name| entry.file_name() == **name) {
            symlink(entry.path(), library.join(entry.file_name())).unwrap();
        }
    }
    let text = fs::read_to_string(format!("{}/site.py", python.stdlib)).unwrap();
    fs::write(library.join("site.py"), change(text)).unwrap();
    let exe = base.join(format!("bin/python{}", python.xy()));
    fs::copy(python.exe.to_string(), &exe).unwrap();
    // The shared library is looked for next to the installation that it comes from.
    for name in fs::read_dir(format!("{}/lib", python.prefix)).unwrap().flatten().map(|entry| entry.file_name()) {
        if name.to_string_lossy().starts_with("libpython") {
            symlink(format!("{}/lib/{}", python.prefix, name.display()), base.join("lib").join(name)).unwrap();
        }
    }
    exe
}

/// Fedora's change of `addsitepackages`.
fn usr_local(text: &str) -> String {
    let marker = "    for sitedir in getsitepackages(prefixes):\n";
    assert!(text.contains(marker));
    let added = "    # Packages that the user installed for everybody.\n    \
         if ENABLE_USER_SITE and \"RPM_BUILD_ROOT\" not in os.environ:\n        PREFIXES.insert(0, \"/usr/local\")\n";
    text.replace(marker, &format!("{added}{marker}"))
}

/// Its change of `getsitepackages`, up to 3.8.
fn lib64(text: &str) -> String {
    let marker = "            sitepackages.append(os.path.join(prefix, \"lib\",\n";
    assert!(text.contains(marker));
    let added = "            sitepackages.append(os.path.join(prefix, \"lib64\",\n                                        \
         \"python%d.%d\" % sys.version_info[:2],\n                                        \"site-packages\"))\n";
    text.replacen(marker, &format!("{added}{marker}"), 1)
}

fn pythons() -> impl Iterator<Item = &'static Interpreter> {
    interpreters::installed().filter(|python| python.minor <= 10)
}

#[test]
fn fedora_starts_as_predicted() {
    let scratch = program::scratch();
    let mut total = Tally::default();
    // The later releases read the file where frozen modules are off, and Fedora froze the same code.
    // There may be several of one release; those that were built to be moved have a site module of their own.
    let is_like = |python: &&Interpreter| python.minor <= 12 && !python.debian && !python.relocated;
    let pythons = interpreters::installed().filter(is_like);
    for (index, python) in pythons.enumerate() {
        let dir = scratch.path().join(format!("{}-{index}", python.xy()));
        let exe = base(python, &dir, |text| usr_local(&if python.minor <= 8 { lib64(&text) } else { text }));
        let tally = starts(python, &dir, &exe);
        println!(
            "{}: {} starts, {} of them fatal, {} uncertain",
            python.label, tally.count, tally.fatal, tally.uncertain
        );
        assert_eq!(tally.uncertain, 0, "{}: the file is known", python.label);
        total.add(tally);
    }
    println!("{} starts", total.count);
    assert!(total.differences.is_empty(), "{}", total.differences.join("\n"));
}

fn starts(python: &Interpreter, dir: &Path, exe: &Path) -> Tally {
    let mut tally = Tally::default();
    let home = dir.join("home");
    let sites = format!("python{}/site-packages", python.xy());
    fs::create_dir_all(home.join(".local/lib").join(&sites)).unwrap();
    let mut exes = vec![exe.to_owned()];
    for (name, options) in [("alone", &[][..]), ("open", &["--system-site-packages"][..])] {
        let env = dir.join(name);
        let made = Command::new(exe).args(["-m", "venv", "--without-pip"]).args(options).arg(&env).status().unwrap();
        assert!(made.success());
        exes.push(env.join("bin/python"));
    }
    for has_lib64 in [false, true] {
        if has_lib64 {
            fs::create_dir_all(dir.join("base/lib64").join(&sites)).unwrap();
        }
        for exe in &exes {
            for mut flags in [vec![], vec!["-s"], vec!["-I"], vec!["-E"], vec!["-S"]] {
                if python.minor > 10 {
                    flags.extend(["-X", "frozen_modules=off"]);
                }
                for extra in [
                    None,
                    Some(("RPM_BUILD_ROOT", "/build")),
                    Some(("RPM_BUILD_ROOT", "")),
                    Some(("PYTHONNOUSERSITE", "1")),
                ] {
                    let mut env = vec![("PATH", "/usr/bin:/bin".to_owned()), ("HOME", home.display().to_string())];
                    env.extend(extra.map(|(name, value)| (name, value.to_owned())));
                    let cwd = Cwd::At(dir.to_str().unwrap().into());
                    let exe = exe.display().to_string();
                    check(python, &Situation { exe, cwd, flags: flags.clone(), env }, dir, &mut tally);
                }
            }
        }
    }
    tally
}

/// What a report says of a base whose `site.py` was changed.
fn report(python: &Interpreter, change: impl Fn(String) -> String) -> serde_json::Value {
    let scratch = program::scratch();
    let exe = base(python, scratch.path(), change);
    program::json(&program::run(scratch.path(), &["explain", exe.to_str().unwrap(), "--json", "--cwd", "/"]))
}

/// Whether a finding says that the text of `site.py` is not known.
fn is_doubted(report: &serde_json::Value) -> bool {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().any(|finding| finding["code"] == "VD901" && finding.to_string().contains("site.py"))
}

#[test]
fn comments_and_functions_beside_the_path_do_not_make_a_file_unknown() {
    for python in pythons() {
        let told = report(python, |text| {
            text.replace("def main():", "# Another release.\n\n\ndef main():").replace("Ctrl-D (i.e. EOF)", "Ctrl-D")
        });
        assert!(!is_doubted(&told), "{}: {}", python.label, told["findings"]);
    }
}

#[test]
fn the_skipping_of_hidden_files_is_a_known_change() {
    for python in pythons() {
        let told = report(python, |text| {
            text.replace(
                "if name.endswith(\".pth\")]",
                "\n             if name.endswith(\".pth\") and not name.startswith(\".\")]",
            )
        });
        assert!(!is_doubted(&told), "{}: {}", python.label, told["findings"]);
    }
}

#[test]
fn one_other_statement_makes_a_file_unknown() {
    for python in pythons() {
        for (old, new) in [
            ("    known_paths = removeduppaths()\n", "    known_paths = removeduppaths()\n    sys.path.append('/x')\n"),
            ("import os\n", "import os\nimport extra\n"),
            // The words of Fedora, but not its statements.
            (
                "    for sitedir in getsitepackages(prefixes):\n",
                "    if 'RPM_BUILD_ROOT' not in os.environ:\n        PREFIXES.insert(0, '/usr/local')\n    for sitedir in getsitepackages(prefixes):\n",
            ),
            (
                "    abs_paths()\n",
                "    'dist-packages orig-prefix.txt real_prefix'; sys.path.reverse()\n    abs_paths()\n",
            ),
        ] {
            let told = report(python, |text| {
                let changed = text.replace(old, new);
                assert!(changed != text, "{}: {old}", python.label);
                changed
            });
            assert!(is_doubted(&told), "{}: {new}", python.label);
        }
    }
}
