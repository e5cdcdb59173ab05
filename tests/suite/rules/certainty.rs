//! VD9xx: what venv-doctor could not determine.

use crate::rules::cast::Role;
use crate::rules::pair::{Made, Pair, Source};
use crate::support::stage::Stage;

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd901_unknown_code => Pair {
        code: "VD901",
        source: Source::Made { plays: Role::Usual, fails: unknown_code, passes: known_code },
        fixed: None,
    };
    vd902_unknown_compiled_value => Pair {
        code: "VD902",
        source: Source::Written("all compiled values of the installed interpreters can be determined"),
        fixed: None,
    };
    vd903_unknown_micro_version => Pair {
        code: "VD903",
        source: Source::Written("the micro version of every installed interpreter can be determined"),
        fixed: None,
    };
    vd904_unanswered_lookup => Pair { code: "VD904", source: Source::Written("only lookups in a snapshot can have no answer"), fixed: None };
    vd905_not_examined => Pair {
        code: "VD905",
        source: Source::Written("root, who may run the tests, may read everything"),
        fixed: None,
    };
    vd906_newer_than_known => Pair {
        code: "VD906",
        source: Source::Written("there is no release that is newer than the newest known one"),
        fixed: None,
    };
}

fn unknown_code(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{}/hook.pth", stage.site()), "import os; os.environ.setdefault('HOOK', '1')\n")?;
    Ok(subject)
}

/// As virtualenv creates it: the imported module is known not to change `sys.path`.
fn known_code(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{}/_virtualenv.pth", stage.site()), "import _virtualenv")?;
    stage.write(format!("{}/_virtualenv.py", stage.site()), "")?;
    Ok(subject)
}
