//! Shims of version managers, laid out as these do. pyenv itself is asked where it is installed. For asdf and mise, the
//! truth is the program that their documentation names.

use std::fs;
use std::path::{Path, PathBuf};

use super::{PROBE, Room, Truth};

/// Lays out the version managers, and adds their rows.
pub(super) fn fill(room: &mut Room) {
    match pyenv() {
        Some(program) => of_pyenv(room, &program),
        None => println!("skipped: pyenv is not installed"),
    }
    of_asdf(room);
    of_mise(room);
}

/// The program of pyenv.
fn pyenv() -> Option<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".pyenv")))?;
    Some(root.join("libexec/pyenv")).filter(|program| program.exists())
}

/// A directory of versions: symlinks to installations.
fn versions(room: &Room, dir: &str) -> [String; 2] {
    let pythons = [room.pythons[0], room.pythons[room.pythons.len() - 1]];
    pythons.map(|python| {
        let version = format!("3.{}.{}", python.minor, python.micro);
        room.link(&format!("{dir}/{version}"), python.prefix.to_string());
        version
    })
}

fn of_pyenv(room: &mut Room, program: &Path) {
    let root = room.text("pyenv");
    let [old, new] = versions(room, "pyenv/versions");
    // As pyenv-virtualenv makes one.
    room.environment(&format!("pyenv/versions/{old}-env"), room.pythons[0]);
    fs::rename(room.at(&format!("pyenv/versions/{old}-env")), room.at("pyenv/versions/project-env")).unwrap();
    room.write("pyenv/versions/project-env/bin/tool", format!("#!/usr/bin/env python3\n{PROBE}"));
    let text = format!(
        "#!/usr/bin/env bash\nset -e\n[ -n \"$PYENV_DEBUG\" ] && set -x\n\nprogram=\"${{0##*/}}\"\n\nexport PYENV_ROOT=\"{root}\"\nexec \"{}\" exec \"$program\" \"$@\"\n",
        program.display()
    );
    for name in ["python", "python3", "tool"] {
        room.write(&format!("pyenv/shims/{name}"), &text);
    }
    room.write("pyenv/version", format!("{new}\n"));
    room.write("local/.python-version", format!("# chosen\n{old}\n"));
    fs::create_dir_all(room.at("local/deep/er")).unwrap();
    room.write("two/.python-version", format!("9.9.9 ignored\n{new}\n{old}\n"));
    room.write("system/.python-version", "system\n");
    room.write("named/.python-version", "project-env\n");
    room.write("prefixed/.python-version", format!("python-{old}\n"));
    let minor = old.rsplit_once('.').unwrap().0.to_owned();
    let cases: [(&str, &str, &str, Option<String>); 11] = [
        ("global", "work", "python3", None),
        ("local", "local", "python3", None),
        ("local, deeper", "local/deep/er", "python", None),
        ("several", "two", "python3", None),
        ("system", "system", "python3", None),
        ("environment", "named", "python", None),
        ("tool of an environment", "named", "tool", None),
        ("with python- in front", "prefixed", "python", None),
        ("variable", "local", "python3", Some(new.clone())),
        ("variable with several", "local", "python3", Some(format!("{old}:{new}"))),
        ("minor version", "work", "python3", Some(minor)),
    ];
    let shims = room.text("pyenv/shims");
    for (name, dir, command, version) in cases {
        let cwd = room.at(dir);
        let row = room.row(&format!("pyenv {name}"), command, std::slice::from_ref(&shims), Truth::Own);
        row.cwd = cwd;
        row.passes = command != "tool";
        row.variables.extend(version.map(|version| ("PYENV_VERSION", version)));
    }
    let row = room.row("pyenv without such a program", "tool", std::slice::from_ref(&shims), Truth::Fails);
    row.variables.push(("PYENV_VERSION", new.clone()));
    more_of_pyenv(room, &shims, [&old, &new]);
}

/// Version files and shims in unusual places.
fn more_of_pyenv(room: &mut Room, shims: &str, [old, new]: [&str; 2]) {
    room.link("pyenv/versions/3.99.1-dev", old);
    room.write("crlf/.python-version", format!("{old}\r\n"));
    room.write("colons/.python-version", format!("9.9.9:{old}\n"));
    room.write("unsafe/.python-version", format!("../versions/{old}/../../x\n{new}\n"));
    room.write("deeper-name/.python-version", format!("x/../{old}\n"));
    room.write("major/.python-version", "3\n");
    room.write("gone/.python-version", "9.9.9\n");
    fs::create_dir_all(room.at("colons/here")).unwrap();
    let elsewhere = room.text("crlf");
    room.write("slash/.python-version", format!("{old}/\n"));
    let cases = [
        ("carriage return", "crlf", None),
        ("colons in the file", "colons/here", None),
        ("a version outside of the root", "unsafe", None),
        ("a version deeper below the root", "deeper-name", None),
        ("a slash after the version", "slash", None),
        ("major version", "major", None),
        ("not installed, system instead", "gone", None),
        ("empty variable", "crlf", Some(("PYENV_VERSION", String::new()))),
        ("another directory", "work", Some(("PYENV_DIR", elsewhere))),
        ("system before a version", "work", Some(("PYENV_VERSION", format!("system:{old}")))),
    ];
    for (name, dir, variable) in cases {
        let cwd = room.at(dir);
        let row = room.row(&format!("pyenv {name}"), "python3", &[shims.to_owned()], Truth::Own);
        row.cwd = cwd;
        row.passes = true;
        row.variables.extend(variable);
    }
    let failing = [
        ("not installed, and no system", "PYENV_VERSION", "9.9.9".to_owned(), "python3.98"),
        ("a directory that does not exist", "PYENV_DIR", "/nonexistent".to_owned(), "python3"),
    ];
    for (name, variable, value, command) in failing {
        let text = fs::read(room.at("pyenv/shims/tool")).unwrap();
        room.write(&format!("pyenv/shims/{command}"), text);
        let row = room.row(&format!("pyenv {name}"), command, &[shims.to_owned()], Truth::Fails);
        row.variables.push((variable, value));
    }
    // As people make environments with the Python that they find on PATH.
    room.environment("of-shim", room.pythons[0]);
    fs::remove_file(room.at("of-shim/bin/python")).unwrap();
    let python = room.link("of-shim/bin/python", format!("{shims}/python"));
    let row = room.row("pyenv shim in an environment", python, &[shims.to_owned()], Truth::Misleads("VD110"));
    row.passes = true;
    let python = room.text("of-shim/bin/python3");
    let row = room.row("pyenv shim in an environment, second name", python, &[], Truth::Misleads("VD110"));
    row.passes = true;
    let script = format!("#!{}\n{PROBE}", room.text("of-shim/bin/python"));
    let script = room.write("of-shim/bin/tool", script);
    room.row("script of an environment with a shim", script, &[], Truth::Misleads("VD110"));
}

fn of_asdf(room: &mut Room) {
    let [old, new] = versions(room, "home/.asdf/installs/python");
    let lines = format!("# asdf-plugin: python {old}\n# asdf-plugin: python {new}\n");
    let text =
        format!("#!/usr/bin/env bash\n{lines}exec /opt/asdf/bin/asdf exec \"python3\" \"$@\" # asdf_allow: ' asdf '\n");
    room.write("home/.asdf/shims/python3", text);
    room.write("home/.tool-versions", format!("ruby 3.3.0\npython {new}\n"));
    room.write("asdf-local/.tool-versions", format!("python {old} # chosen\n"));
    room.write("asdf-two/.tool-versions", format!("python 9.9.9 {old} {new}\n"));
    room.write("asdf-system/.tool-versions", "python system\n");
    room.write("asdf-legacy/.python-version", format!("{old}\n"));
    room.write("asdfrc", "legacy_version_file = yes\n");
    let shims = room.text("home/.asdf/shims");
    let program = |version: &str| room.at(&format!("home/.asdf/installs/python/{version}/bin/python3"));
    let system = PathBuf::from("/usr/bin/python3");
    let config = ("ASDF_CONFIG_FILE", room.text("asdfrc"));
    let cases = [
        ("at home", "work", program(&new), None),
        ("local", "asdf-local", program(&old), None),
        ("several", "asdf-two", program(&old), None),
        ("system", "asdf-system", system, None),
        ("variable", "asdf-local", program(&new), Some(("ASDF_PYTHON_VERSION", new.clone()))),
        ("legacy file", "asdf-legacy", program(&old), Some(config)),
        ("legacy file that does not count", "asdf-legacy", program(&new), None),
    ];
    let variables = [("HOME", room.text("work")), ("ASDF_DATA_DIR", room.text("home/.asdf"))];
    let row = room.row("asdf without a choice", "python3", std::slice::from_ref(&shims), Truth::Idle(126));
    row.variables.extend(variables);
    for (name, dir, truth, variable) in cases {
        let cwd = room.at(dir);
        let row = room.row(&format!("asdf {name}"), "python3", std::slice::from_ref(&shims), Truth::Of(truth));
        row.cwd = cwd;
        row.variables.extend(variable);
    }
}

fn of_mise(room: &mut Room) {
    let [old, new] = versions(room, "mise/installs/python");
    let minor = old.rsplit_once('.').unwrap().0.to_owned();
    room.link(&format!("mise/installs/python/{minor}"), format!("./{old}"));
    fs::create_dir_all(room.at("opt")).unwrap();
    fs::copy("/bin/true", room.at("opt/mise")).unwrap();
    room.link("mise/shims/python3", room.at("opt/mise"));
    room.write(
        "home/.config/mise/config.toml",
        format!("[settings]\nquiet = true\n\n[tools]\nnode = \"22\"\npython = \"{new}\"\n"),
    );
    room.write("mise-local/mise.toml", format!("[tools]\npython = \"{minor}\"\n"));
    room.write("mise-hidden/.mise.toml", format!("tools.python = [\"{old}\", \"{new}\"]\n"));
    room.write("mise-table/mise.toml", format!("[tools]\npython = {{ version = \"{old}\" }}\n"));
    room.write("mise-tools/.tool-versions", format!("python {old}\n"));
    room.write("mise-template/mise.toml", "[tools]\npython = \"{{ env.VERSION }}\"\n");
    let shims = room.text("mise/shims");
    let program = |version: &str| Truth::Of(room.at(&format!("mise/installs/python/{version}/bin/python3")));
    let cases = [
        ("global", "work", program(&new), None),
        ("minor version", "mise-local", program(&old), None),
        ("list", "mise-hidden", program(&old), None),
        ("table", "mise-table", program(&old), None),
        ("tool-versions", "mise-tools", program(&old), None),
        ("variable", "mise-local", program(&new), Some(("MISE_PYTHON_VERSION", new.clone()))),
        ("template", "mise-template", Truth::NotSimulated, None),
    ];
    more_of_mise(room, &shims, [&old, &new]);
    for (name, dir, truth, variable) in cases {
        let cwd = room.at(dir);
        let row = room.row(&format!("mise {name}"), "python3", std::slice::from_ref(&shims), truth);
        row.cwd = cwd;
        row.variables.extend(variable);
    }
}

/// Fragments, environments, and files of other tools.
fn more_of_mise(room: &mut Room, shims: &str, [old, new]: [&str; 2]) {
    let tools = |version: &str| format!("[tools]\npython = \"{version}\"\n");
    let minor = new.rsplit_once('.').unwrap().0.to_owned();
    room.write("mise-fragments/.config/mise/conf.d/10-first.toml", tools(new));
    room.write("mise-fragments/.config/mise/conf.d/20-second.toml", tools(old));
    room.write("mise-fragments/.config/mise/conf.d/30-other.toml", "[tools]\nnode = \"22\"\n");
    room.write("mise-env/mise.toml", tools(new));
    room.write("mise-env/mise.ci.toml", tools(old));
    room.write("mise-env/.mise.local.toml", tools(new));
    room.write("mise-local/sub/.tool-versions", format!("python {new}\n"));
    room.write("mise-both/.tool-versions", format!("python {new}\n"));
    room.write("mise-both/mise.toml", tools(old));
    room.write("mise-idiomatic/.python-version", format!("{old}\n"));
    room.write("mise-setting/.python-version", format!("python-{old}\n"));
    room.write("mise-setting/mise.toml", "[settings]\nidiomatic_version_file_enable_tools = [\"python\"]\n");
    room.write("mise-disabled/.python-version", format!("{old}\n"));
    room.write("mise-disabled/mise.toml", "[settings]\nidiomatic_version_file_enable_tools = [\"node\"]\n");
    room.write("mise-prefix/mise.toml", tools(&minor));
    room.write("mise-tables/mise.toml", format!("[tools]\npython = [{{ version = \"{old}\" }}, \"{new}\"]\n"));
    room.write("mise-missing/mise.toml", tools("9.9.9"));
    room.write("mise-system/mise.toml", tools("system"));
    let program = |version: &str| Truth::Of(room.at(&format!("mise/installs/python/{version}/bin/python3")));
    let enable = "MISE_IDIOMATIC_VERSION_FILE_ENABLE_TOOLS";
    let cases = [
        ("fragments", "mise-fragments", program(old), None),
        ("environment", "mise-env", program(old), Some(("MISE_ENV", "ci".to_owned()))),
        ("without the environment", "mise-env", program(new), None),
        ("nearer tool-versions", "mise-local/sub", program(new), None),
        ("mise.toml before tool-versions", "mise-both", program(old), None),
        ("python-version that may count", "mise-idiomatic", Truth::NotSimulated, None),
        ("python-version by a variable", "mise-idiomatic", program(old), Some((enable, "node,python".to_owned()))),
        ("python-version without", "mise-idiomatic", program(new), Some((enable, "node".to_owned()))),
        ("python-version by a setting", "mise-setting", program(old), None),
        ("python-version against a setting", "mise-disabled", program(new), None),
        ("minor version without a symlink", "mise-prefix", program(new), None),
        ("list of tables", "mise-tables", program(old), None),
        ("not installed", "mise-missing", Truth::NotSimulated, None),
        ("system", "mise-system", Truth::Of(PathBuf::from("/usr/bin/python3")), None),
        ("other names", "mise-local", Truth::NotSimulated, Some(("MISE_OVERRIDE_CONFIG_FILENAMES", "x".to_owned()))),
    ];
    for (name, dir, truth, variable) in cases {
        let cwd = room.at(dir);
        let row = room.row(&format!("mise {name}"), "python3", &[shims.to_owned()], truth);
        row.cwd = cwd;
        row.variables.extend(variable);
    }
    room.link("mise/shims/python3.98", room.at("opt/mise"));
    let cwd = room.at("mise-system");
    let row = room.row("mise without such a program", "python3.98", &[shims.to_owned()], Truth::Idle(1));
    row.cwd = cwd;
}
