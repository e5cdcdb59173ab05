//! VD4xx: `.pth` and `.start` files, and the customisation modules.

use venv_doctor::findings::Code;

use crate::cast::Role;
use crate::pair::{Cured, Made, Pair, Source};
use crate::stage::Stage;

/// The pairs, in the order of their codes.
pub const PAIRS: &[Pair] = &[Pair {
    code: Code::PthTargetMissing,
    source: Source::Made { plays: Role::Usual, fails: target_missing, passes: target_there },
    entry: Some(("8.1", Cured::NotHere("what the path held is not known"))),
}];

fn target_missing(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{}/plotlib.pth", stage.site()), format!("{}\n", stage.text("plotlib/src")))?;
    Ok(subject)
}

fn target_there(stage: &Stage<'_>) -> Made {
    stage.folder("plotlib/src")?;
    target_missing(stage)
}
