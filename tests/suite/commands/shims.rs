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
    let row = room.row("pyenv without such a program", "tool", &[shims], Truth::NotSimulated);
    row.variables.push(("PYENV_VERSION", new));
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
    for (name, dir, truth, variable) in cases {
        let cwd = room.at(dir);
        let row = room.row(&format!("mise {name}"), "python3", std::slice::from_ref(&shims), truth);
        row.cwd = cwd;
        row.variables.extend(variable);
    }
}
