//! Whether the report on a situation says what its row expects.

use serde_json::Value;

use crate::situations::case::Case;
use crate::situations::table::{Expected, Row};
use crate::support::stage::Stage;
use crate::support::world::Ended;

/// Explains the case, and returns everything that is wrong with the report.
pub fn judge(row: &Row, stage: &Stage<'_>, case: &Case) -> Result<(), Vec<String>> {
    let Ended { code, stdout, stderr } =
        stage.doctor("explain", case, "json").map_err(|error| vec![error.to_string()])?;
    let report: Value = serde_json::from_slice(&stdout).map_err(|error| {
        vec![format!("no report: {error}; code {code:?}; standard error: {}", String::from_utf8_lossy(&stderr))]
    })?;
    let mut wrong = Vec::new();
    outcome(row, case, &report, &mut wrong);
    expect(&mut wrong, "exit code", &code.into(), &i32::from(!ends_well(&report)).into());
    for (pointer, value) in &case.values {
        expect(&mut wrong, pointer, report.pointer(pointer).unwrap_or(&Value::Null), value);
    }
    match stage.doctor("explain", case, "text") {
        Ok(text) if text.code == code && !text.stdout.is_empty() => {}
        other => wrong.push(format!("the text differs in its exit code, or is empty: {other:?}")),
    }
    verify(row, stage, case, &mut wrong);
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
    match row.expected {
        Expected::NotSimulated(code) => {
            expect(wrong, "status", &outcome["status"], &"not-simulated".into());
            if !codes.contains(&code) {
                wrong.push(format!("no finding {code}, but {codes:?}"));
            }
        }
        Expected::Starts(expected) => {
            expect(wrong, "status", &outcome["status"], &"starts".into());
            for code in expected {
                if !codes.contains(code) {
                    wrong.push(format!("no finding {code}, but {codes:?}"));
                }
            }
        }
        Expected::Fails { status, rule, finding } => {
            expect(wrong, "status", &outcome["status"], &status.into());
            let decisive = steps.iter().find(|step| !step["id"].is_null() && step["id"] == outcome["step"]);
            expect(wrong, "rule of the step", decisive.map_or(&Value::Null, |step| &step["rule"]), &rule.into());
            if !codes.contains(&finding) {
                wrong.push(format!("no finding {finding}, but {codes:?}"));
            }
            let reason = outcome["reason"].as_str().unwrap_or_default();
            let named = case.named.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
            if named.is_empty() || !reason.contains(&named) {
                wrong.push(format!("the reason does not contain {named:?}: {reason}"));
            }
        }
    }
}

/// Where Python can be started, `verify` compares the prediction with it.
fn verify(row: &Row, stage: &Stage<'_>, case: &Case, wrong: &mut Vec<String>) {
    let is_python =
        !matches!(row.expected, Expected::NotSimulated(_) | Expected::Fails { status: "fails-to-execute", .. });
    let is_pretended = case.arguments.iter().any(|argument| argument == "--python-version");
    if !is_python || is_pretended {
        return;
    }
    match stage.doctor("verify", case, "text") {
        Ok(Ended { code: Some(0), .. }) => {}
        Ok(Ended { code, stdout, stderr }) => wrong.push(format!(
            "verify ends with {code:?}:\n{}{}",
            String::from_utf8_lossy(&stdout),
            String::from_utf8_lossy(&stderr)
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
