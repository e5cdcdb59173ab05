//! VD311: variables by which launchers name themselves.

use bstr::ByteSlice;

use super::settings;
use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::{Code, Finding, Severity, fixes};
use crate::startup::Status;
use crate::startup::StepId;
use crate::text::sentence;

/// The variables, in the order in which the path configuration asks for them.
const VARIABLES: [&str; 2] = ["PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"];

/// Judges a variable that makes Python believe to be another executable. The redirector of Windows sets one for its
/// own child, and there it is the right one.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let Some(step) = settings::step(survey, StepId::Launcher) else { return };
    let given = VARIABLES.into_iter().find_map(|name| Some((name, settings::set(survey, name)?)));
    let (Some((name, value)), false) = (given, survey.platform() == Platform::Windows) else { return };
    let Some(sys) = resolution.sys.as_ref().filter(|sys| sys.executable == value) else { return };
    let dir = survey.parent(survey.absolute(value).as_bstr());
    if dir == survey.bin() || survey.same_file(dir.as_bstr(), survey.bin()) {
        return;
    }
    let message = sentence!(name, " makes ", survey.executable(), " believe that it is ", value);
    let effect = sentence!(
        "sys.executable is ",
        sys.executable,
        " and sys.prefix ",
        sys.prefix,
        ", so that packages are looked for and installed there"
    );
    let severity = if resolution.outcome.status == Status::Starts { Severity::Warning } else { Severity::Error };
    findings.push(
        Finding::new(Code::LauncherVariable, message)
            .severity(severity)
            .evidence(settings::evidence(name, value))
            .effect(effect)
            .fix(fixes::unset(survey, name))
            .step(step),
    );
}
