//! What to do about a file with startup code: that depends on who put it there.

use bstr::{BStr, BString};

use crate::environment::{Ownership, Survey};
use crate::rules::{Fix, fixes};
use crate::text::sentence;

/// ` of requests 2.34.2`, or nothing where the owner is not known.
pub fn whose(ownership: &Ownership<'_>) -> BString {
    ownership.owner().map_or_else(BString::default, |owner| sentence!(" of ", owner.distribution.title()))
}

/// Installs the owner again; without one, removes the file, and that is safe where nothing in it is alive.
pub fn reinstall_or_remove(survey: &Survey<'_>, file: &BStr, ownership: &Ownership<'_>, is_dead: bool) -> Fix {
    match ownership {
        Ownership::By(owner) => fixes::reinstall(survey, owner.distribution),
        Ownership::Nobody => {
            let fix = Fix::advice(sentence!("remove ", file, ", which belongs to no installed distribution"))
                .command(fixes::remove_file(survey, file));
            if is_dead { fix.safe() } else { fix }
        }
        Ownership::Unknown => {
            Fix::advice(sentence!("install again what put ", file, " there, or remove the file if nothing needs it"))
        }
    }
}

/// Puts a file out of Python's sight, and then installs its owner again, where it has one.
pub fn set_aside(survey: &Survey<'_>, file: &BStr, ownership: &Ownership<'_>) -> Fix {
    let line = fixes::rename(survey, file, sentence!(file, ".off"));
    match ownership.owner() {
        Some(owner) => {
            let again = fixes::reinstall(survey, owner.distribution);
            let advice = sentence!(
                "put ",
                file,
                " where Python does not look, and install ",
                owner.distribution.title(),
                " again"
            );
            Fix { advice, ..Fix { commands: [vec![line.into()], again.commands].concat(), ..again } }
        }
        None => Fix::advice(sentence!("put ", file, " where Python does not look, and read it")).command(line),
    }
}

/// Removes one line of a file.
pub fn delete_line(survey: &Survey<'_>, file: &BStr, number: usize) -> Fix {
    Fix::advice(sentence!("remove line ", number.to_string(), " of ", file)).commands(fixes::delete_lines(
        survey,
        file,
        &[number],
    ))
}
