//! What follows from another finding is a part of it: one cause, one finding, one fix.

use std::fs;

use venv_doctor::Depth;
use venv_doctor::internals::host::LiveHost;
use venv_doctor::internals::rules::Severity;
use venv_doctor::internals::startup::Options;

use crate::rules::cast::{self, Role};
use crate::rules::judge::invocation;
use crate::rules::pair::Subject;
use crate::support::stage::Stage;

/// An environment whose scripts, activation scripts, `lib64` and kernel name its directory, as `(code, commands)` of each
/// finding that is more than an info after it has been moved, or copied.
fn findings(stage: &Stage<'_>, is_copied: bool, has_script: bool) -> Vec<(&'static str, usize)> {
    stage.sound().expect("an environment can be made");
    let python = stage.text("env/bin/python");
    if has_script {
        let script = format!("#!{python}\nfrom plots import main\nmain()\n");
        let files = [("plots/__init__.py", "def main(): pass\n"), ("../../../bin/plots", script.as_str())];
        stage.install("plots", "1.0", &files).expect("it can be installed");
    }
    let kernel = format!("{{\"argv\": [\"{python}\", \"-m\", \"ipykernel_launcher\"], \"language\": \"python\"}}\n");
    stage.write("env/share/jupyter/kernels/python3/kernel.json", kernel).expect("it can be written");
    stage.link("env/lib64", stage.at("env/lib")).expect("it can be linked");
    fs::rename(stage.at("env"), stage.at("moved")).expect("it can be moved");
    if is_copied {
        stage.sound().expect("another one can be made in its place");
    }
    let invocation = invocation(stage, &Subject::of(stage.at("moved/bin/python")));
    let explanation = venv_doctor::examine(&LiveHost, &invocation, &Options::default(), Depth::Environment);
    let findings = explanation.findings.iter().filter(|finding| finding.severity > Severity::Info);
    findings.map(|it| (it.code().text(), it.fix.as_ref().map_or(0, |fix| fix.commands.len()))).collect()
}

#[test]
fn an_environment_of_windows_is_one_finding() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    let stage = Stage::new(python).expect("a stage can be made");
    let cfg = "home = C:\\Python312\r\ninclude-system-site-packages = false\r\nversion = 3.12.1\r\n";
    stage.write("env/pyvenv.cfg", cfg).expect("it can be written");
    stage.write("env/Scripts/python.exe", "MZ").expect("it can be written");
    let invocation = invocation(&stage, &Subject::of(stage.at("env/bin/python")));
    let explanation = venv_doctor::examine(&LiveHost, &invocation, &Options::default(), Depth::Environment);
    let findings = explanation.findings.iter().filter(|finding| finding.severity > Severity::Info);
    assert_eq!(findings.map(|finding| finding.code().text()).collect::<Vec<_>>(), ["VD512"]);
}

#[test]
fn a_moved_environment_is_one_finding() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    for (is_copied, has_script, expected) in
        [(false, true, ("VD501", 4)), (true, true, ("VD502", 4)), (false, false, ("VD503", 3))]
    {
        let stage = Stage::new(python).expect("a stage can be made");
        assert_eq!(findings(&stage, is_copied, has_script), [expected], "{is_copied} {has_script}");
    }
}
