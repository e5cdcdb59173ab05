//! VD9xx: where certainty ends.

use crate::cast::Role;
use crate::pair::{Made, Pair, Source};
use crate::stage::Stage;

// The pairs, in the order of their codes: each is a test of its own.
crate::pairs! {
    vd901_unknown_code => Pair {
        code: "VD901",
        source: Source::Made { plays: Role::Usual, fails: unknown_code, passes: known_code },
        entry: None,
    };
    vd902_unknown_compiled_value => Pair {
        code: "VD902",
        source: Source::Written("what is compiled in can be learnt of every interpreter here"),
        entry: None,
    };
    vd903_unknown_micro_release => Pair {
        code: "VD903",
        source: Source::Written("the micro release can be learnt of every interpreter here"),
        entry: None,
    };
    vd904_unanswered_question => Pair { code: "VD904", source: Source::Written("only a snapshot has no answer"), entry: None };
    vd905_not_examined => Pair {
        code: "VD905",
        source: Source::Written("who may do anything, as tests often are, is refused nothing"),
        entry: None,
    };
}

fn unknown_code(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{}/hook.pth", stage.site()), "import os; os.environ.setdefault('HOOK', '1')\n")?;
    Ok(subject)
}

/// As virtualenv leaves it: the module that is imported is known to leave `sys.path` alone.
fn known_code(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{}/_virtualenv.pth", stage.site()), "import _virtualenv")?;
    stage.write(format!("{}/_virtualenv.py", stage.site()), "")?;
    Ok(subject)
}
