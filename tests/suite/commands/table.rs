//! Scripts as installers and people write them.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::{PROBE, Room, Truth};

/// Writes every script, and its row.
pub(super) fn fill(room: &mut Room) {
    let pythons = [room.pythons[0], room.pythons[room.pythons.len() - 1]];
    for (index, python) in pythons.into_iter().enumerate() {
        let environment = format!("env{index}");
        let interpreter = room.environment(&environment, python);
        installers(room, &environment, &interpreter);
        by_env(room, &environment);
        zipapps(room, &environment, &interpreter);
    }
    blanks(room);
    nested(room);
    dead(room);
    shells(room);
    odd_lines(room);
    odd_env(room);
    unusable(room);
}

/// Console scripts, and the symlinks to them.
fn installers(room: &mut Room, environment: &str, interpreter: &str) {
    let bin = room.text(&format!("{environment}/bin"));
    let texts = [
        ("pip", format!("#!{interpreter}\n# -*- coding: utf-8 -*-\n{PROBE}")),
        ("uv", format!("#!{interpreter}\n# -*- coding: utf-8 -*-\n{PROBE}")),
        ("poetry", format!("#!{interpreter} -E\n{PROBE}")),
        ("tox", format!("#!{interpreter} -sE\n{PROBE}")),
        ("isolated", format!("#!{interpreter} -I\n{PROBE}")),
        ("unbuffered", format!("#! {interpreter}  -uB\t\n{PROBE}")),
        ("without-site", format!("#!{interpreter} -S\n{PROBE}")),
        ("warns", format!("#!{interpreter} -Werror\n{PROBE}")),
        ("trampoline-of-pip", format!("#!/bin/sh\n'''exec' {interpreter} \"$0\" \"$@\"\n' '''\n{PROBE}")),
        ("trampoline-of-distlib", format!("#!/bin/sh\n'''exec' \"{interpreter}\" -sE \"$0\" \"$@\"\n' '''\n{PROBE}")),
        ("trampoline-of-uv", format!("#!/bin/sh\n'''exec' '{interpreter}' \"$0\" \"$@\"\n' '''\n{PROBE}")),
        ("trampoline-of-conda", format!("#!/bin/sh\n'''exec' \"{interpreter}\" \"$0\" \"$@\" #'''\n{PROBE}")),
        (
            "relocatable-of-uv",
            format!(
                "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python' \"$0\" \"$@\"\n' '''\n{PROBE}"
            ),
        ),
    ];
    for (name, text) in texts {
        let script = room.write(&format!("{environment}/bin/{name}"), text);
        room.row(&format!("{environment} {name}"), script, &[], Truth::Own);
    }
    room.row(&format!("{environment} bare name"), "tox", std::slice::from_ref(&bin), Truth::Own);
    let relative = format!("../{environment}/bin/pip");
    room.row(&format!("{environment} relative path"), relative, &[], Truth::Own);
    let shim = room.link(&format!("pipx-{environment}/poetry"), format!("{bin}/poetry"));
    let dir = shim.rsplit_once('/').unwrap().0.to_owned();
    room.row(&format!("{environment} symlink of pipx"), shim, &[], Truth::Own);
    room.row(&format!("{environment} symlink of pipx on PATH"), "poetry", &[dir], Truth::Own);
    let shim = room.link(&format!("uv-{environment}/reloc"), format!("{bin}/relocatable-of-uv"));
    room.row(&format!("{environment} symlink of a tool of uv"), shim, &[], Truth::Own);
}

fn by_env(room: &mut Room, environment: &str) {
    let bin = [room.text(&format!("{environment}/bin"))];
    let texts = [
        ("env", "#!/usr/bin/env python3\n".to_owned()),
        ("env-s", "#!/usr/bin/env -S python3 -sE\n".to_owned()),
        ("env-sets", "#!/usr/bin/env -S PYTHONNOUSERSITE=1 'PYTHONPATH=/a b' python3\n".to_owned()),
        ("env-unsets", "#!/usr/bin/env -S -u PYTHONPATH python3 -B\n".to_owned()),
        ("env-path", format!("#!/usr/bin/env -S -i PATH={} python3\n", bin[0])),
    ];
    for (name, line) in texts {
        let script = room.write(&format!("{environment}-scripts/{name}"), format!("{line}{PROBE}"));
        let variables = vec![("PYTHONPATH", "/elsewhere".to_owned())];
        room.row(&format!("{environment} {name}"), script, &bin, Truth::Own).variables = variables;
    }
    let script = room.write(&format!("{environment}-scripts/as-root"), format!("#!/usr/bin/env python3\n{PROBE}"));
    room.row(&format!("{environment} env without the environment"), script, &[], Truth::Own);
}

/// As `python -m zipapp -p` writes them.
fn zipapps(room: &mut Room, environment: &str, interpreter: &str) {
    let source = format!("{environment}-app");
    room.write(&format!("{source}/__main__.py"), PROBE);
    for (name, python) in [("path", interpreter), ("env", "/usr/bin/env python3")] {
        let archive = room.text(&format!("{environment}-{name}.pyz"));
        let made = Command::new(interpreter)
            .args(["-m", "zipapp", &room.text(&source), "-o", &archive, "-p", python])
            .status()
            .unwrap();
        assert!(made.success());
        let mut permissions = File::open(&archive).unwrap().metadata().unwrap().permissions();
        permissions.set_mode(0o755);
        fs::set_permissions(&archive, permissions).unwrap();
        let bin = room.text(&format!("{environment}/bin"));
        room.row(&format!("{environment} zipapp {name}"), archive, &[bin], Truth::Own);
    }
}

fn blanks(room: &mut Room) {
    let python = room.pythons[0];
    let interpreter = room.environment("a b/env", python);
    let script = format!("#!/bin/sh\n'''exec' \"{interpreter}\" \"$0\" \"$@\"\n' '''\n{PROBE}");
    let script = room.write("a b/env/bin/tool", script);
    room.row("blank in the path of the environment", script, &[], Truth::Own);
    let broken = room.write("a b/env/bin/broken", format!("#!{interpreter}\n{PROBE}"));
    room.row("blank in a first line", broken, &[], Truth::Fails);
    let deep = format!("{}/env", "long-name".repeat(20));
    let interpreter = room.environment(&deep, python);
    let fits = room.write(&format!("{deep}/bin/tool"), format!("#!{interpreter}\n{PROBE}"));
    room.row("first line of more than 127 bytes", fits, &[], Truth::Own);
    let deeper = format!("{}/{}/env", "long-name".repeat(20), "other".repeat(20));
    let interpreter = room.environment(&deeper, python);
    let refused = room.write(&format!("{deeper}/bin/tool"), format!("#!{interpreter}\n{PROBE}"));
    room.row("first line of more than 255 bytes", refused, &[], Truth::Fails);
    let text = format!("#!/bin/sh\n'''exec' {interpreter} \"$0\" \"$@\"\n' '''\n{PROBE}");
    let script = room.write(&format!("{deeper}/bin/trampoline"), text);
    room.row("trampoline with a long path", script, &[], Truth::Own);
}

/// Scripts that name scripts: five are one more than the kernel's comment says, and one less than it refuses.
fn nested(room: &mut Room) {
    let interpreter = room.text("env0/bin/python");
    let mut previous = interpreter;
    for level in 1..=6 {
        let text = format!("#!{previous}\n{PROBE}");
        previous = room.write(&format!("nested/level{level}"), text);
        let truth = if level <= 5 { Truth::Own } else { Truth::Fails };
        room.row(&format!("nested {level}"), previous.clone(), &[], truth);
    }
    let own = room.text("nested/own");
    room.write("nested/own", format!("#!{own}\n"));
    room.row("a script that names itself", own, &[], Truth::Fails);
}

fn dead(room: &mut Room) {
    let interpreter = room.text("env0/bin/python");
    let texts = [
        ("interpreter gone", "#!/nonexistent/bin/python3\n".to_owned()),
        ("carriage return", format!("#!{interpreter}\r\n")),
        ("carriage return after an option", format!("#!{interpreter} -E\r\n")),
        ("two options", format!("#!{interpreter} -s -E\n")),
        ("env with a blank", "#!/usr/bin/env python3 -E\n".to_owned()),
        ("env without python", "#!/usr/bin/env python3.99\n".to_owned()),
        ("no interpreter", "#! \n".to_owned()),
        ("trampoline to nothing", "#!/bin/sh\n'''exec' /nonexistent/python \"$0\" \"$@\"\n' '''\n".to_owned()),
    ];
    for (index, (name, line)) in texts.into_iter().enumerate() {
        let script = room.write(&format!("dead/{index}"), format!("{line}{PROBE}"));
        room.row(name, script, &[], Truth::Fails);
    }
    room.link("broken/bin/python", "/nonexistent/python3");
    room.write("broken/pyvenv.cfg", "home = /nonexistent\n");
    let script = format!("#!{}\n{PROBE}", room.text("broken/bin/python"));
    let script = room.write("broken/bin/tool", script);
    room.row("script of a broken environment", script, &[], Truth::Fails);
}

fn shells(room: &mut Room) {
    let interpreter = room.text("env0/bin/python");
    let texts = [
        ("shell script", format!("#!/bin/sh\nexec {interpreter} \"$@\"\n")),
        ("script of bash", format!("#!/usr/bin/env bash\nexec {interpreter} \"$@\"\n")),
        ("nearly a trampoline", format!("#!/bin/sh\n'''exec' {interpreter} -c '' \"$@\"\n' '''\n")),
        (
            "shim with a line of its own",
            format!("#!/usr/bin/env bash\nexport PYENV_ROOT=\"/r\"\nPYTHONPATH=/x exec {interpreter}\n"),
        ),
        ("script of awk", "#!/usr/bin/awk -f\n".to_owned()),
    ];
    for (index, (name, text)) in texts.into_iter().enumerate() {
        let script = room.write(&format!("shells/{index}"), text);
        room.row(name, script, &[], Truth::NotSimulated);
    }
}

/// First lines as the kernel reads them, and few people write them.
fn odd_lines(room: &mut Room) {
    let python = room.text("env0/bin/python");
    let starting = [
        ("tabs", format!("#!\t{python}\t-E\n").into_bytes()),
        ("relative path", b"#!../env0/bin/python\n".to_vec()),
        ("path with two slashes", format!("#!{}\n", python.replace("/bin", "//bin")).into_bytes()),
        ("two hyphens", format!("#!{python} --\n").into_bytes()),
        ("option with a value", format!("#!{python} -Xdev\n").into_bytes()),
        ("value with a blank", format!("#!{python} -W ignore\n").into_bytes()),
        ("first line that is skipped", format!("#!{python} -x\n").into_bytes()),
        ("every line ends as on Windows, but the first", format!("#!{python}\n\r\n\r\n").into_bytes()),
    ];
    for (index, (name, line)) in starting.into_iter().enumerate() {
        let script = room.write(&format!("odd/{index}"), [line, PROBE.into()].concat());
        room.row(name, script, &[], Truth::Own);
    }
    room.write("textfile", "hello\n");
    room.write("emptyfile", "");
    let no_execution = room.write("no-execution", format!("#!{python}\n{PROBE}"));
    fs::set_permissions(room.at("no-execution"), PermissionsExt::from_mode(0o644)).unwrap();
    let failing = [
        ("byte order mark", format!("\u{feff}#!{python}\n")),
        ("blank before the line", format!(" #!{python}\n")),
        ("no line at all", String::new()),
        ("bare name", "#!python3\n".to_owned()),
        ("directory", format!("#!{}\n", room.text("env0"))),
        ("script that may not be executed", format!("#!{no_execution}\n")),
        ("text as an interpreter", format!("#!{}\n", room.text("textfile"))),
        ("empty file as an interpreter", format!("#!{}\n", room.text("emptyfile"))),
        ("other case", format!("#!{}\n", python.to_uppercase())),
        ("option that Python does not have", format!("#!{python} -Z\n")),
        ("more than a line may hold, in blanks", format!("#!{}{python}\n", " ".repeat(300))),
    ];
    for (index, (name, line)) in failing.into_iter().enumerate() {
        let script = room.write(&format!("odd-failing/{index}"), format!("{line}{PROBE}"));
        room.row(name, script, &[], Truth::Fails);
    }
}

/// What env understands beyond a name.
fn odd_env(room: &mut Room) {
    let bin = [room.text("env0/bin")];
    let dir = room.text("env0");
    let lines = [
        ("directory", format!("-S -C {dir} python3")),
        ("directory, relative program", format!("-S -C {dir} bin/python -I")),
        ("directory, long", format!("-S --chdir={dir} python3 -I")),
        ("long options, cut short", "-S --uns=PYTHONPATH --ignore-s=INT python3".to_owned()),
        ("signals", "-S --block-signal=INT --default-signal python3".to_owned()),
        ("variable without a value", "-S python3 ${PYTHONHOME} -E".to_owned()),
        ("variable in the path", "-S ${HOME}/../env0/bin/python3 -E".to_owned()),
        ("escaped blank", "-S python3\\_-E".to_owned()),
        ("quoted words", "-S \"python3\" '-E'".to_owned()),
        ("end of the words", "-S python3 -E\\c junk".to_owned()),
        ("comment", "-S python3 #comment".to_owned()),
        ("env again", "-S env -S PYTHONPATH=/again python3".to_owned()),
        ("verbose", "-vS python3 -E".to_owned()),
        ("hyphen", format!("-S - PATH={} python3", bin[0])),
        ("without PATH", format!("-S -u PATH {}/python3", bin[0])),
    ];
    for (index, (name, line)) in lines.into_iter().enumerate() {
        let script = room.write(&format!("odd-env/{index}"), format!("#!/usr/bin/env {line}\n{PROBE}"));
        let row = room.row(&format!("env {name}"), script, &bin, Truth::Own);
        row.variables.push(("PYTHONPATH", "/elsewhere".to_owned()));
    }
    let script = room.write("odd-env/one-word", format!("#!/usr/bin/env -i python3\n{PROBE}"));
    room.row("env several words in one", script, &bin, Truth::Fails);
}

/// Files that have the name of a Python, and are none.
fn unusable(room: &mut Room) {
    let python = room.text("env0/bin/python");
    fs::create_dir_all(room.at("unusable/directory/python3")).unwrap();
    let made = Command::new("mkfifo").arg(room.at("unusable/fifo")).status().unwrap();
    assert!(made.success());
    let directory = room.text("unusable/directory/python3");
    room.row("directory with the name of a Python", directory, &[], Truth::Fails);
    let fifo = room.text("unusable/fifo");
    room.row("pipe", fifo, &[], Truth::Fails);
    let wrapper = room.write("unusable/python3", format!("#!/bin/sh\nexport A=b\nexec -a x {python} \"$@\"\n"));
    room.row("wrapper with the name of a Python", wrapper, &[], Truth::NotSimulated);
    let nix = room.write(
        "unusable/nix/python3.12",
        format!("#! /nix/bash -e\nexport PYTHONNOUSERSITE='true'\nexec \"{python}\" \"$@\"\n")
            .replace("/nix/bash", "/bin/bash"),
    );
    room.row("wrapper as makeWrapper writes it", nix, &[], Truth::NotSimulated);
    let copy = room.text("unusable/python3.11");
    fs::copy("/bin/true", room.at("unusable/python3.11")).unwrap();
    room.row("another program with the name of a Python", copy, &[], Truth::NotSimulated);
}
