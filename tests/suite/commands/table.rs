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
