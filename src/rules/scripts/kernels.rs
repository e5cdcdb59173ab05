//! VD515 and VD523: Jupyter kernels that start a Python that does not exist, or one outside of the environment.

use bstr::{BStr, BString, ByteSlice};
use serde::Deserialize;

use super::MOVED;
use super::support::retarget;
use crate::environment::{EnvironmentKind, Survey, is_python};
use crate::host::Platform;
use crate::host::path::module;
use crate::rules::{
    Code, Confidence, Evidence, Finding, Fix, Judge, Part, Rule, Severity, Substitution, Topic, When, fixes,
};
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

pub(in crate::rules) static KERNEL_OUTSIDE: Rule = Rule {
    code: Code("VD523"),
    name: "kernel-outside",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "A Jupyter kernel of the environment starts a Python outside of it, such as that of the system.",
    why: "\
A notebook imports what the Python of its kernel can import, not what the Python that runs Jupyter can. A kernel that is \
registered in the environment, that has the name of the environment, or that takes the place of the environment's own \
kernel python3, is expected to start the environment's Python. If it was registered with another Python, the notebook \
says No module named … about packages that are installed in the environment, and %pip installs them elsewhere. For \
kernels with the name python3, JUPYTER_PATH comes first, then the directory of the user; jupyter-core 5 and later search \
the environment before that of the user.",
    example: "\
$ cat .venv/share/jupyter/kernels/python3/kernel.json
{\"argv\": [\"/usr/bin/python3\", \"-m\", \"ipykernel_launcher\", \"-f\", \"{connection_file}\"],
 \"display_name\": \"Python 3\", \"language\": \"python\"}",
    fix: "Register the kernel with the environment's Python, or write that into kernel.json.",
    sources: &["jupyter/notebook#2563", "jupyter/jupyter_core: paths.py, jupyter_path"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&KERNEL_SPEC_DANGLING, &KERNEL_OUTSIDE], judges: &[Judge { when: When::Environment(535), find }] };

/// The largest `kernel.json` that is read; they have a few lines.
const MOST: u64 = 64 << 10;
/// How many kernels of a directory are read.
const MOST_KERNELS: usize = 64;
/// How many directories of `JUPYTER_PATH` are searched.
const MOST_DIRS: usize = 16;
/// The kernel that every installation of `ipykernel` brings.
const NATIVE: &str = "python3";
/// Names of environments that say nothing about which one it is.
const GENERIC: [&str; 7] = [".venv", "venv", ".env", "env", "default", "python", "python3"];

#[derive(Deserialize)]
struct KernelSpec {
    #[serde(default)]
    argv: Vec<String>,
    #[serde(default)]
    language: String,
    #[serde(default)]
    display_name: String,
}

/// Whose kernels a directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Those of the environment.
    Own,
    /// Those of every Jupyter with this `JUPYTER_PATH`.
    SearchPath,
    /// Those of the user.
    User,
}

/// A kernel and the Python that it starts.
struct Kernel {
    place: Place,
    name: BString,
    shown: String,
    is_for_python: bool,
    file: BString,
    python: BString,
    line: usize,
    text: BString,
}

/// What is wrong with the Python of a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// It does not exist.
    Gone,
    /// It is that of another environment, and the kernel is registered in this one.
    OtherEnvironment,
    /// It is no environment's.
    Outside,
}

/// Checks the kernels that Jupyter finds if it is started with this Python or by this user.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let activations = if survey.is_environment() { survey.activations() } else { Vec::new() };
    let has_jupyter = ["jupyter-client", "ipykernel", "jupyter-core"].iter().any(|name| survey.has_distribution(name));
    for (place, dir) in dirs(survey) {
        for kernel in kernels(survey, place, dir.as_bstr()) {
            let Some(wrong) = judge(survey, &kernel, has_jupyter) else { continue };
            let was_here = activations.iter().any(|it| survey.is_below(kernel.python.as_bstr(), it.dir.as_bstr()))
                || survey.is_below(kernel.python.as_bstr(), survey.root());
            let is_ours = place == Place::Own || wrong != Wrong::Gone || was_here;
            let severity = if is_ours || has_jupyter { Severity::Warning } else { Severity::Info };
            let mut finding = finding(&kernel, wrong).severity(severity).fix(fix(survey, &kernel, is_ours));
            if place == Place::Own {
                finding = finding.follows_from_what_happened_to(&kernel.python, &MOVED);
            }
            findings.push(finding);
        }
    }
}

/// The directories in which Jupyter looks, but for those of the system.
fn dirs(survey: &Survey<'_>) -> Vec<(Place, BString)> {
    let invocation = &survey.resolution.invocation;
    let set = |name| invocation.variable(name).filter(|value| !value.is_empty());
    let below = |dir: &BStr, names: &[&str]| names.iter().fold(dir.to_owned(), |path, name| survey.join(path, name));
    let mut dirs = vec![(Place::Own, below(survey.root(), &["share", "jupyter", "kernels"]))];
    let listed = set("JUPYTER_PATH").unwrap_or_default();
    let listed = listed.split(|&byte| byte == survey.flavor().delimiter()).filter(|dir| !dir.is_empty());
    dirs.extend(listed.take(MOST_DIRS).map(|dir| (Place::SearchPath, below(dir.as_bstr(), &["kernels"]))));
    let home = set("HOME");
    let user = match (set("JUPYTER_DATA_DIR"), survey.platform()) {
        (Some(data), _) => Some(below(data, &["kernels"])),
        (None, Platform::Macos) => home.map(|home| below(home, &["Library", "Jupyter", "kernels"])),
        (None, Platform::Linux) => set("XDG_DATA_HOME")
            .map(|data| below(data, &["jupyter", "kernels"]))
            .or_else(|| home.map(|home| below(home, &[".local", "share", "jupyter", "kernels"]))),
        (None, Platform::Windows) => set("APPDATA").map(|data| below(data, &["jupyter", "kernels"])),
    };
    dirs.extend(user.filter(|dir| dirs[0].1 != *dir).map(|dir| (Place::User, dir)));
    dirs
}

fn kernels(survey: &Survey<'_>, place: Place, dir: &BStr) -> Vec<Kernel> {
    let names = survey.list(dir).into_iter().take(MOST_KERNELS);
    names
        .filter_map(|name| {
            let file = survey.join(survey.join(dir, &name), "kernel.json");
            kernel(survey, place, name, file)
        })
        .collect()
}

/// A kernel that names its Python by an absolute path. Jupyter replaces a bare name with its own interpreter.
fn kernel(survey: &Survey<'_>, place: Place, name: BString, file: BString) -> Option<Kernel> {
    let content = survey.ask.read(file.as_bstr(), MOST).ok()?;
    let spec: KernelSpec = serde_json::from_slice(&content).ok()?;
    let is_for_python = spec.language.eq_ignore_ascii_case("python");
    let shown = spec.display_name;
    let python = BString::from(spec.argv.into_iter().next()?);
    let is_path = module::is_absolute(survey.flavor(), python.as_bstr());
    if !is_path || !is_python(survey.base_name(python.as_bstr()).as_bstr()) {
        return None;
    }
    let mut lines = content.lines().enumerate();
    let written = python.replace("\\", "\\\\");
    let (index, text) = lines.find(|(_, line)| line.contains_str(&written))?;
    Some(Kernel { place, name, shown, is_for_python, file, python, line: index + 1, text: text.into() })
}

/// What is wrong with a kernel, if anything is known to be.
fn judge(survey: &Survey<'_>, kernel: &Kernel, has_jupyter: bool) -> Option<Wrong> {
    if survey.is_missing(kernel.python.as_bstr()) {
        return Some(Wrong::Gone);
    }
    let root = survey.parent(survey.parent(kernel.python.as_bstr()).as_bstr());
    let is_own = survey.same_file(root.as_bstr(), survey.root()) || kernel.python == *survey.executable();
    // Kernels of an installation are for all who use it, and of any environment.
    if is_own || !is_isolated(survey) || !survey.exists(kernel.python.as_bstr()) {
        return None;
    }
    let is_environment = survey.exists(survey.join(&root, "pyvenv.cfg").as_bstr());
    if is_environment {
        return (kernel.place == Place::Own).then_some(Wrong::OtherEnvironment);
    }
    let is_expected_here =
        kernel.place == Place::Own || is_named_like(survey, kernel) || has_jupyter && hides_own(survey, kernel);
    (kernel.is_for_python && is_expected_here).then_some(Wrong::Outside)
}

/// Whether it is an environment, of which more than one uses the same base.
fn is_isolated(survey: &Survey<'_>) -> bool {
    survey.is_environment() || survey.identity().is_some_and(|identity| identity.kind == EnvironmentKind::Conda)
}

/// Whether a kernel has the name of the environment: that of its directory, of its prompt, or of the project.
fn is_named_like(survey: &Survey<'_>, kernel: &Kernel) -> bool {
    let root = survey.root();
    let dir = survey.base_name(root);
    let is_hidden = [".venv", "venv", ".env", "env"].iter().any(|name| dir == *name);
    let project = is_hidden.then(|| survey.base_name(survey.parent(root).as_bstr()));
    let prompt = survey.identity().and_then(|identity| identity.prompt.clone());
    let names = [Some(dir), project, prompt];
    let names = names.into_iter().flatten().filter(|name| !GENERIC.iter().any(|known| name == *known));
    names
        .filter(|name| !name.is_empty())
        .any(|name| kernel.name.eq_ignore_ascii_case(&name) || kernel.shown.as_bytes().eq_ignore_ascii_case(&name))
}

/// Whether Jupyter in this environment takes the kernel for the environment's own.
fn hides_own(survey: &Survey<'_>, kernel: &Kernel) -> bool {
    if !kernel.name.eq_ignore_ascii_case(NATIVE.as_bytes()) {
        return false;
    }
    let core = survey.distributions().iter().find(|it| it.normalized() == "jupyter-core");
    let major = core.and_then(|core| core.version.as_ref()?.split_str(".").next()?.to_str().ok()?.parse::<u32>().ok());
    // From 5 on, an environment's own directory comes before that of the user.
    kernel.place == Place::SearchPath || major.is_some_and(|major| major < 5)
}

fn finding(kernel: &Kernel, wrong: Wrong) -> Finding {
    let (rule, ending, effect) = match wrong {
        Wrong::Gone => (
            &KERNEL_SPEC_DANGLING,
            ", which does not exist",
            "Jupyter cannot start the kernel, and reports No such file or directory",
        ),
        Wrong::OtherEnvironment => (
            &KERNEL_SPEC_DANGLING,
            ", the Python of another environment",
            "notebooks with this kernel use the packages of that environment",
        ),
        Wrong::Outside => (
            &KERNEL_OUTSIDE,
            ", a Python outside of the environment",
            "notebooks with this kernel cannot import the packages of this environment",
        ),
    };
    Finding::new(rule, sentence!(kernel.file, " starts ", kernel.python, ending))
        .evidence(Evidence::line(kernel.file.clone(), kernel.line, kernel.text.clone()).marking(&kernel.python))
        .effect(effect)
}

/// The kernel of somebody else is not made one of this environment.
fn fix(survey: &Survey<'_>, kernel: &Kernel, is_ours: bool) -> Fix {
    let python = retarget::python(survey);
    if !is_ours {
        let advice = sentence!(
            "register the kernel with the Python that it is for, or remove ",
            survey.parent(kernel.file.as_bstr())
        );
        return Fix::advice(advice);
    }
    let advice = "have the kernel start the Python of this environment, or remove the kernel's directory";
    let quoted = |path: &BString| sentence!("\"", path, "\"");
    let edit = Substitution::everywhere(Part::Text(quoted(&kernel.python)), quoted(&python));
    match fixes::substitute(survey, [edit], [&kernel.file]).filter(|_| retarget::is_plain(python.as_bstr())) {
        Some(line) => Fix::advice(advice).command(line).safe(),
        None => Fix::advice(advice),
    }
}
