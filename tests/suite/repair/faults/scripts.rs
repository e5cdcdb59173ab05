//! Faults of scripts, and of what else is next to the interpreter.

use std::fs;
use std::io;

use super::Fault;
use crate::support::stage::Stage;

/// In the order in which they can be combined.
pub const FAULTS: [Fault; 13] = [
    ("a script starts the Python of the old place", |stage| installed(stage, "three", "#!/old/env/bin/python")),
    ("a script starts the Python of the old place through /bin/sh", |stage| {
        installed(stage, "four", "#!/bin/sh\n'''exec' \"/old env/bin/python\" \"$0\" \"$@\"\n' '''")
    }),
    ("a script starts the base", |stage| installed(stage, "five", &format!("#!{}", stage.installed().display()))),
    ("a script may not be executed", |stage| {
        installed(stage, "six", &format!("#!{}", stage.text("env/bin/python")))?;
        stage.mode("env/bin/six", 0o644)
    }),
    ("a script of the old place may not be written and has another name", |stage| {
        installed(stage, "seven", "#!/old/env/bin/python")?;
        fs::hard_link(stage.at("env/bin/seven"), stage.at("cached-seven"))?;
        stage.mode("env/bin/seven", 0o555)
    }),
    ("a script of the old place is a symlink out of the environment", |stage| {
        installed(stage, "eight", "#!/old/env/bin/python")?;
        fs::rename(stage.at("env/bin/eight"), stage.at("shared-eight"))?;
        stage.link("env/bin/eight", stage.text("shared-eight")).map(drop)
    }),
    ("a script has lost its module", |stage| {
        installed(stage, "nine", &format!("#!{}", stage.text("env/bin/python")))?;
        stage.remove(format!("{}/nine_main.py", stage.site()))?;
        stage.remove(format!("{}/nine-1.0.dist-info", stage.site()))
    }),
    ("a script ends its first line with a carriage return, and RECORD says so", |stage| {
        installed(stage, "ten", &format!("#!{}\r", stage.text("env/bin/python")))
    }),
    ("a script of the old place has a byte-order mark and a carriage return", |stage| {
        installed(stage, "eleven", "\u{feff}#!/old/env/bin/python\r")
    }),
    ("a Jupyter kernel starts a Python that is gone", |stage| {
        let argv = "\"/old/env/bin/python\", \"-m\", \"ipykernel_launcher\", \"-f\", \"{connection_file}\"";
        let spec = format!("{{\"argv\": [{argv}], \"display_name\": \"Plots\", \"language\": \"python\"}}\n");
        stage.write("env/share/jupyter/kernels/plots/kernel.json", spec).map(drop)
    }),
    ("one activation script names another directory", |stage| {
        let (path, root) = (stage.at("env/bin/activate"), stage.text("env"));
        let text = fs::read_to_string(&path)?;
        if !text.contains(&root) {
            return Err(io::ErrorKind::NotFound.into());
        }
        fs::write(path, text.replace(&root, "/old place/env"))
    }),
    ("the activation scripts may not be written", |stage| stage.mode("env/bin/activate", 0o444)),
    ("the activation script is gone", |stage| stage.remove("env/bin/activate")),
];

/// Installs a distribution with a script of this name and these first lines, which `RECORD` knows as it is.
fn installed(stage: &Stage<'_>, name: &str, first: &str) -> io::Result<()> {
    let body = format!("{first}\nimport sys\nfrom {name}_main import main\nsys.exit(main())\n");
    let module = format!("def main():\n    print('{name} runs')\n");
    let entry = format!("[console_scripts]\n{name} = {name}_main:main\n");
    let files = [
        (format!("{name}_main.py"), module),
        (format!("../../../bin/{name}"), body),
        (format!("{name}-1.0.dist-info/entry_points.txt"), entry),
    ];
    stage.install(name, "1.0", &files.each_ref().map(|(path, content)| (path.as_str(), content.as_str())))
}
