//! VD424: the `site.py` that setuptools before 49 wrote.

use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::ImportFault;
use crate::text::sentence;

pub(in crate::rules) static SETUPTOOLS_SITE: Rule = Rule {
    code: Code("VD424"),
    name: "setuptools-site",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "A site.py that setuptools before 49 wrote runs in place of Python's own site module.",
    why: "\
easy_install and `setup.py develop` of setuptools before 49 wrote a site.py into directories of PYTHONPATH. Up to 3.10, \
Python imports it in place of its own site module. It loads that, processes the .pth files of PYTHONPATH, which Python \
itself does not do, and moves what they add in front of the standard library. From 3.11 on, Python does not read the file, \
so these packages are not found.",
    example: "\
$ ls ~/lib/python
easy-install.pth  plotlib-1.0-py3.8.egg  site.py
$ PYTHONPATH=~/lib/python python3.8 -c 'import plotlib'",
    fix: "Install the packages into an environment with pip, and remove the directory from PYTHONPATH.",
    sources: &["pypa/setuptools#2295"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&SETUPTOOLS_SITE], judges: &[Judge { when: When::Startup(462), find }] };

/// Judges the file that startup imports in place of the site module.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut replaced = survey.resolution.imports.iter();
    let Some(problem) = replaced.find(|problem| problem.module == "site" && problem.fault == ImportFault::Replaces)
    else {
        return;
    };
    let message =
        sentence!(problem.file, " is that of setuptools before 49, and runs in place of Python's site module");
    findings.push(
        Finding::new(&SETUPTOOLS_SITE, message)
            .evidence(Evidence::about(problem.file.clone(), "is imported as site"))
            .effect("the .pth files of PYTHONPATH count, and what they add comes before the standard library; from Python 3.11 on, they do not count")
            .fix(Fix::advice("install the packages into an environment with pip, and remove the directory from PYTHONPATH"))
            .step(problem.step),
    );
}
