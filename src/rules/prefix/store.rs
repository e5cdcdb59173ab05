//! VD227: a base from the Microsoft Store, whose programs and files Windows redirects.

use bstr::ByteSlice;

use super::support::base;
use super::support::cfg;
use crate::environment::{Cfg, Survey};
use crate::host::Platform;
use crate::rules::{Code, Confidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::StepId;
use crate::text::{python, sentence};

pub(in crate::rules) static STORE_PYTHON: Rule = Rule {
    code: Code("VD227"),
    name: "store-python",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The base comes from the Microsoft Store, and the next update removes it or Windows redirects its files.",
    why: "\
The directory below Program Files\\WindowsApps has the version of the package in its name, is removed by its next \
update, and its programs cannot be started directly: Unable to create process. What such a Python writes below AppData \
is redirected to a directory of the package, where no other program finds it: Actual environment location may have moved.",
    example: "home = C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.11_3.11.2544.0_x64__qbz5n2kfra8p0",
    fix: "Recreate the environment with a Python from python.org or from uv.",
    sources: &["python/cpython#89947", "python/cpython#90329", "pypa/virtualenv#1362"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&STORE_PYTHON], judges: &[] };

/// Judges where `home` is on Windows.
pub fn find(survey: &Survey<'_>, cfg: &Cfg, findings: &mut Vec<Finding>) {
    let Some(line) = cfg.last("home").filter(|_| survey.platform() == Platform::Windows) else { return };
    let home = python::lower(&line.value).replace("/", "\\");
    let is_versioned = home.contains_str(r"\program files\windowsapps\");
    let is_alias = home.contains_str(r"\microsoft\windowsapps");
    let is_redirected = is_alias && python::lower(survey.root()).contains_str(r"\appdata\");
    let (message, effect) = if is_versioned {
        (
            sentence!(
                "home in ",
                cfg.path,
                " is the directory of one version of a Microsoft Store package: ",
                line.value
            ),
            "the next update of the package removes the directory, and programs in it cannot be started directly",
        )
    } else if is_redirected {
        (
            sentence!(
                "the environment ",
                survey.root(),
                " is below AppData, and its base comes from the Microsoft Store"
            ),
            "Windows redirects what Store programs write below AppData to a private directory of the package, where no other program finds it",
        )
    } else {
        return;
    };
    findings.push(
        Finding::new(&STORE_PYTHON, message)
            .evidence(cfg::value_evidence(cfg, line))
            .effect(effect)
            .fix(Fix {
                advice: "recreate the environment with a Python from python.org or from uv".into(),
                ..fixes::recreate(survey)
            })
            .step(base::step(survey, StepId::RedirectorHome)),
    );
}
