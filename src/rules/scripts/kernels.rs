//! Jupyter kernels that start a Python that does not exist, or that of another environment.

use bstr::{BStr, BString, ByteSlice};
use serde::Deserialize;

use super::support::retarget;
use crate::environment::{Activation, Survey, is_python};
use crate::host::path::{Flavor, module};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static KERNEL_SPEC_DANGLING: Rule = Rule {
    code: Code("VD515"),
    name: "kernel-spec-dangling",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A Jupyter kernel starts a Python that does not exist, or that of another environment.",
    why: "\
kernel.json contains the command that starts the kernel, and Jupyter uses its first word unchanged. After the \
environment was moved or removed, Jupyter still offers the kernel, but it fails to start; in a copied environment it \
starts the Python of the original, and notebooks see other packages than the kernel's name suggests. Jupyter replaces \
a bare python with its own interpreter, so such kernels are not checked.",
    example: "\
$ jupyter lab
FileNotFoundError: [Errno 2] No such file or directory: '/w/old/.venv/bin/python'",
    fix: "Write the environment's Python into kernel.json, re-register the kernel, or remove its directory.",
    sources: &["jupyter/jupyter_client#269", "jupyter/notebook#5956"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&KERNEL_SPEC_DANGLING], judges: &[] };

/// The largest `kernel.json` that is read; they have a few lines.
const MOST: u64 = 64 << 10;
/// How many kernels of a directory are read.
const MOST_KERNELS: usize = 64;

#[derive(Deserialize)]
struct KernelSpec {
    #[serde(default)]
    argv: Vec<String>,
}

/// A kernel and the Python that it starts.
struct Kernel {
    file: BString,
    python: BString,
    line: usize,
    text: BString,
}

/// Checks the kernels that are registered in the environment, and those of the user that were registered from it.
pub fn find(survey: &Survey<'_>, activations: &[Activation], findings: &mut Vec<Finding>) {
    let own =
        ["share", "jupyter", "kernels"].iter().fold(survey.root().to_owned(), |path, name| survey.join(path, name));
    for kernel in kernels(survey, own.as_bstr()) {
        judge(survey, &kernel, findings);
    }
    let Some(users) = users(survey) else { return };
    let was_here = |python: &BStr| {
        let is_former = activations.iter().any(|it| survey.is_below(python, it.dir.as_bstr()));
        is_former || survey.is_below(python, survey.root())
    };
    for kernel in kernels(survey, users.as_bstr()).iter().filter(|kernel| was_here(kernel.python.as_bstr())) {
        judge(survey, kernel, findings);
    }
}

/// The directory of the user's kernels.
fn users(survey: &Survey<'_>) -> Option<BString> {
    let invocation = &survey.resolution.invocation;
    let set = |name| invocation.variable(name).filter(|value| !value.is_empty());
    let data = match set("XDG_DATA_HOME") {
        Some(data) => data.to_owned(),
        None => survey.join(survey.join(set("HOME")?, ".local"), "share"),
    };
    (survey.flavor() == Flavor::Posix).then(|| survey.join(survey.join(data, "jupyter"), "kernels"))
}

fn kernels(survey: &Survey<'_>, dir: &BStr) -> Vec<Kernel> {
    let names = survey.list(dir).into_iter().take(MOST_KERNELS);
    names.filter_map(|name| kernel(survey, survey.join(survey.join(dir, name), "kernel.json"))).collect()
}

/// A kernel that names its Python by an absolute path. Jupyter replaces a bare name with its own interpreter.
fn kernel(survey: &Survey<'_>, file: BString) -> Option<Kernel> {
    let content = survey.ask.read(file.as_bstr(), MOST).ok()?;
    let spec: KernelSpec = serde_json::from_slice(&content).ok()?;
    let python = BString::from(spec.argv.into_iter().next()?);
    let is_path = module::is_absolute(survey.flavor(), python.as_bstr());
    if !is_path || !is_python(survey.base_name(python.as_bstr()).as_bstr()) {
        return None;
    }
    let mut lines = content.lines().enumerate();
    let written = python.replace("\\", "\\\\");
    let (index, text) = lines.find(|(_, line)| line.contains_str(&written))?;
    Some(Kernel { file, python, line: index + 1, text: text.into() })
}

fn judge(survey: &Survey<'_>, kernel: &Kernel, findings: &mut Vec<Finding>) {
    let root = survey.parent(survey.parent(kernel.python.as_bstr()).as_bstr());
    let is_gone = survey.is_missing(kernel.python.as_bstr());
    let is_other = !survey.same_file(root.as_bstr(), survey.root())
        && survey.exists(survey.join(&root, "pyvenv.cfg").as_bstr())
        && survey.exists(kernel.python.as_bstr());
    let (ending, effect) = if is_gone {
        (", which does not exist", "Jupyter cannot start the kernel, and reports No such file or directory")
    } else if is_other {
        (", the Python of another environment", "notebooks with this kernel use the packages of that environment")
    } else {
        return;
    };
    findings.push(
        Finding::new(&KERNEL_SPEC_DANGLING, sentence!(kernel.file, " starts ", kernel.python, ending))
            .evidence(Evidence::line(kernel.file.clone(), kernel.line, kernel.text.clone()).marking(&kernel.python))
            .effect(effect)
            .fix(fix(survey, kernel)),
    );
}

fn fix(survey: &Survey<'_>, kernel: &Kernel) -> Fix {
    let python = retarget::python(survey);
    let advice = "have the kernel start the Python of this environment, or remove the kernel's directory";
    let program = sentence!("s|\"", fixes::pattern(&kernel.python), "\"|\"", fixes::replacement(&python), "\"|");
    match fixes::sed(survey, &[program], [&kernel.file]).filter(|_| retarget::is_plain(python.as_bstr())) {
        Some(sed) => Fix::advice(advice).command(sed).safe(),
        None => Fix::advice(advice),
    }
}
