//! What real Pythons for Windows did where a reading of their sources misled; `tests/windows` compares many more layouts.

use venv_doctor::internals::host::{Hive, ProgramKind, RegistryKey};
use venv_doctor::internals::invocation::Launch;
use venv_doctor::internals::startup::{Resolution, Status};

use super::machine::{Machine, path, places, windows};

const RELEASES: [&str; 6] = ["3.8.10", "3.9.10", "3.10.11", "3.11.9", "3.12.9", "3.13.2"];

/// An environment in `C:\work\v` whose `home` is written as given.
fn environment(version: &str, home: &str) -> Machine {
    windows(version, r"C:\Python")
        .with(|host| {
            host.executable(r"C:\work\v\Scripts\python.exe")
                .program(r"C:\work\v\Scripts\python.exe", ProgramKind::VenvLauncher)
                .file(r"C:\work\v\pyvenv.cfg", format!("home = {home}\r\ninclude-system-site-packages = false\r\n"))
                .directory(r"C:\work\v\Lib\site-packages")
        })
        .typed(r"v\Scripts\python.exe")
}

fn first_entry(resolution: &Resolution) -> String {
    resolution.sys.as_ref().unwrap().path[0].value.to_string()
}

#[test]
fn platlibdir_is_that_of_the_release_whatever_is_recorded() {
    for version in RELEASES {
        let mut machine = windows(version, r"C:\Python");
        machine.interpreter.compiled.platlibdir = Some("DLLs".into());
        let shown = machine.start().sys.unwrap().platlibdir;
        let expected = match version {
            "3.8.10" => None,
            "3.9.10" | "3.10.11" => Some("lib"),
            _ => Some("DLLs"),
        };
        assert_eq!(shown.map(|shown| shown.to_string()).as_deref(), expected, "{version}");
    }
}

#[test]
fn the_base_executable_is_the_file_that_runs_however_home_is_written() {
    for version in RELEASES {
        // From the root, so that the forms that are relative lead there, too.
        for home in ["C:/Python", "C:/Python/", r"C:\x\..\Python", "C:Python", "Python"] {
            let machine = environment(version, home).typed(r"C:\work\v\Scripts\python.exe");
            let resolution = machine.start_as(|invocation| invocation.cwd = Some(r"C:\".into()));
            let shown = places(&resolution)[1].clone();
            assert_eq!(shown, r"C:\Python\python.exe", "{version} {home}");
        }
    }
}

#[test]
fn a_name_without_its_suffix_is_that_of_the_file() {
    for version in RELEASES {
        for typed in [r"C:\Python\python", "C:/Python/python", r"..\Python\python.exe"] {
            let resolution = windows(version, r"C:\Python").typed(typed).start();
            assert_eq!(places(&resolution)[..2], [r"C:\Python\python.exe"; 2], "{version} {typed}");
        }
        let machine =
            windows(version, r"C:\Python").typed("python").with(|host| host.variable("PATH", r"C:\x;C:\Python"));
        assert_eq!(places(&machine.start())[0], r"C:\Python\python.exe", "{version}");
    }
}

#[test]
fn a_code_page_decodes_pth_files() {
    let site = r"C:\Python\Lib\site-packages";
    for version in RELEASES {
        let started = |content: &[u8]| {
            let machine = windows(version, r"C:\Python").with(|host| {
                let host = ["\u{fc}", "\u{c3}\u{bc}", "\u{20ac}"]
                    .iter()
                    .fold(host, |host, name| host.directory(format!(r"{site}\{name}")));
                host.file(format!(r"{site}\x.pth"), content)
            });
            machine.start_as(|invocation| invocation.locale_encoding = Some("cp1252".to_owned()))
        };
        let is_utf8_first = matches!(version, "3.12.9" | "3.13.2");
        let last = |content: &[u8]| path(&started(content)).pop().unwrap().replace(r"\lib\", r"\Lib\");
        let expected = if is_utf8_first { "\u{fc}" } else { "\u{c3}\u{bc}" };
        assert_eq!(last("\u{fc}\n".as_bytes()), format!(r"{site}\{expected}"), "{version}");
        assert_eq!(last(b"\xfc\n"), format!("{site}\\\u{fc}"), "{version}");
        assert_eq!(last(b"\x80\n"), format!("{site}\\\u{20ac}"), "{version}");
        let refused = started(b"a\n\x81\n");
        assert_eq!(refused.outcome.status, Status::FailsToInitialize, "{version}");
        let lines: Vec<String> = refused.messages.iter().map(ToString::to_string).collect();
        let text =
            "UnicodeDecodeError: 'charmap' codec can't decode byte 0x81 in position 2: character maps to <undefined>";
        assert!(lines.iter().any(|line| line == text), "{version}: {lines:?}");
    }
}

#[test]
fn a_directory_that_is_run_keeps_the_separator_at_its_end() {
    for version in RELEASES {
        let run = |typed: &str| {
            let machine = windows(version, r"C:\Python")
                .with(|host| host.file(r"C:\work\app\__main__.py", "").file(r"C:\Projects\app\__main__.py", ""));
            let launch = Launch::Script(typed.into());
            first_entry(&machine.start_as(|invocation| invocation.launch = launch))
        };
        let is_absolute = version != "3.8.10";
        let is_kept = matches!(version, "3.11.9" | "3.12.9" | "3.13.2");
        let expected = |full: &str, typed: &str| {
            let is_written = !is_absolute || is_kept && typed.starts_with(r"C:\");
            if is_written { typed.to_owned() } else { full.to_owned() }
        };
        for (typed, full) in [
            ("app\\", r"C:\work\app\"),
            ("app/", r"C:\work\app\"),
            (r"app\.", r"C:\work\app"),
            (r"C:\work\x\..\app", r"C:\work\app"),
            ("C:/Projects/app/", r"C:\Projects\app\"),
        ] {
            assert_eq!(run(typed), expected(full, typed), "{version} {typed}");
        }
    }
}

#[test]
fn a_key_of_the_registry_without_a_value_is_an_empty_entry() {
    for version in RELEASES {
        let machine = windows(version, r"C:\Python")
            .with(|host| host.registry(Hive::CurrentUser, RegistryKey { value: None, subkeys: vec!["".into()] }));
        let resolution = machine.start();
        assert!(path(&resolution).iter().any(|entry| entry == r"C:\work"), "{version}: {:?}", path(&resolution));
    }
}

#[test]
fn a_relative_home_loses_its_dots_where_paths_are_joined() {
    for version in RELEASES {
        let machine = windows(version, r"C:\Python").with(|host| host.variable("PYTHONHOME", r"..\Python"));
        let resolution = machine.start();
        let starts = matches!(version, "3.8.10" | "3.9.10" | "3.10.11");
        assert_eq!(resolution.outcome.status == Status::Starts, starts, "{version}: {:?}", path(&resolution));
    }
}

#[test]
fn the_oldest_redirectors_need_a_home_without_a_backslash_at_its_end() {
    for version in RELEASES {
        let resolution = environment(version, "C:\\Python\\").start();
        let crashes = matches!(version, "3.8.10" | "3.9.10");
        let expected = if crashes { Status::FailsToInitialize } else { Status::Starts };
        assert_eq!(resolution.outcome.status, expected, "{version}");
    }
}

#[test]
fn a_home_without_a_drive_starts_one_release_from_the_root_only() {
    for version in RELEASES {
        let started = |cwd: &str| {
            let machine = environment(version, r"\Python").typed(r"C:\work\v\Scripts\python.exe");
            machine.start_as(|invocation| invocation.cwd = Some(cwd.into())).outcome.status
        };
        assert_eq!(started(r"C:\"), Status::Starts, "{version}");
        assert_eq!(started(r"C:\work") == Status::Starts, version != "3.8.10", "{version}");
    }
}

#[test]
fn bytes_that_are_not_utf8_in_an_under_pth_file() {
    for version in RELEASES {
        let minor = version.split('.').nth(1).unwrap();
        let machine = windows(version, r"C:\Python")
            .with(|host| host.file(format!(r"C:\Python\python3{minor}._pth"), b"Lib\nb\xe4d\n".as_slice()));
        let entries = &machine.start().sys.unwrap().path;
        let is_replaced = matches!(version, "3.8.10" | "3.9.10" | "3.10.11");
        let expected = if is_replaced { "C:\\Python\\b\u{fffd}d".as_bytes() } else { b"C:\\Python\\b\xe4d" };
        assert_eq!(entries.last().unwrap().value, expected, "{version}");
    }
}
