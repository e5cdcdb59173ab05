//! Whether a report tells what the catalogue knows.

use serde_json::Value;

use crate::catalogue::scene::{Case, Scene};
use crate::catalogue::table::{Row, Told};

/// Explains the case and collects everything that the report gets wrong.
pub fn judge(row: &Row, scene: &Scene<'_>, case: &Case) -> Result<(), Vec<String>> {
    let (code, stdout, stderr) = scene.run("explain", case, "json").map_err(|error| vec![error.to_string()])?;
    let report: Value = serde_json::from_slice(&stdout).map_err(|error| {
        vec![format!("no report: {error}; code {code:?}; standard error: {}", String::from_utf8_lossy(&stderr))]
    })?;
    let mut wrong = Vec::new();
    outcome(row, case, &report, &mut wrong);
    expect(&mut wrong, "exit code", &code.into(), &i32::from(!ends_well(&report)).into());
    for (pointer, value) in &case.betrayal {
        expect(&mut wrong, pointer, report.pointer(pointer).unwrap_or(&Value::Null), value);
    }
    match scene.run("explain", case, "text") {
        Ok((text_code, text, _)) if text_code == code && !text.is_empty() => {}
        other => wrong.push(format!("the text differs in its exit code, or is empty: {other:?}")),
    }
    verify(row, scene, case, &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Status, reason, the step that decided, and the finding.
fn outcome(row: &Row, case: &Case, report: &Value, wrong: &mut Vec<String>) {
    let outcome = &report["outcome"];
    let steps = report["steps"].as_array().map_or(&[][..], Vec::as_slice);
    if steps.is_empty() {
        wrong.push("no steps".to_owned());
    }
    let codes: Vec<&str> = findings(report).filter_map(|finding| finding["code"].as_str()).collect();
    match row.told {
        Told::NotSimulated(code) => {
            expect(wrong, "status", &outcome["status"], &"not-simulated".into());
            if !codes.contains(&code) {
                wrong.push(format!("no finding {code}, but {codes:?}"));
            }
        }
        Told::Starts(expected) => {
            expect(wrong, "status", &outcome["status"], &"starts".into());
            for code in expected {
                if !codes.contains(code) {
                    wrong.push(format!("no finding {code}, but {codes:?}"));
                }
            }
        }
        Told::Fails { status, rule, finding } => {
            expect(wrong, "status", &outcome["status"], &status.into());
            let decisive = steps.iter().find(|step| !step["id"].is_null() && step["id"] == outcome["step"]);
            expect(wrong, "rule of the step", decisive.map_or(&Value::Null, |step| &step["rule"]), &rule.into());
            if !codes.contains(&finding) {
                wrong.push(format!("no finding {finding}, but {codes:?}"));
            }
            let reason = outcome["reason"].as_str().unwrap_or_default();
            let culprit = case.culprit.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
            if culprit.is_empty() || !reason.contains(&culprit) {
                wrong.push(format!("the reason does not name {culprit:?}: {reason}"));
            }
        }
    }
}

/// Where a Python runs, it has the last word.
fn verify(row: &Row, scene: &Scene<'_>, case: &Case, wrong: &mut Vec<String>) {
    let is_python = !matches!(row.told, Told::NotSimulated(_) | Told::Fails { status: "fails-to-execute", .. });
    let is_imagined = case.arguments.iter().any(|argument| argument == "--python-version");
    if !is_python || is_imagined {
        return;
    }
    match scene.run("verify", case, "text") {
        Ok((Some(0), _, _)) => {}
        Ok((code, out, err)) => wrong.push(format!(
            "verify ends with {code:?}:\n{}{}",
            String::from_utf8_lossy(&out),
            String::from_utf8_lossy(&err)
        )),
        Err(error) => wrong.push(format!("verify: {error}")),
    }
}

/// Exit code 0 is for what is not known to fail, with no finding that is an error.
fn ends_well(report: &Value) -> bool {
    let status = report["outcome"]["status"].as_str();
    matches!(status, Some("starts" | "not-simulated")) && findings(report).all(|finding| finding["severity"] != "error")
}

fn findings(report: &Value) -> impl Iterator<Item = &Value> {
    report["findings"].as_array().into_iter().flatten()
}

fn expect(wrong: &mut Vec<String>, what: &str, found: &Value, expected: &Value) {
    if found != expected {
        wrong.push(format!("{what}: {found}, expected {expected}"));
    }
}
