//! What to do about a file with startup code, which depends on the distribution that owns it.

use bstr::{BStr, BString};

use crate::environment::{Ownership, Survey};
use crate::rules::{Fix, fixes};
use crate::text::sentence;

/// ` (from requests 2.34.2)`, or nothing if the owner is not known.
pub fn origin(ownership: &Ownership<'_>) -> BString {
    ownership.owner().map_or_else(BString::default, |owner| sentence!(" (from ", owner.distribution.title(), ")"))
}

/// Reinstalls the owner. If the file has none, removes the file; that is safe if nothing in it has an effect.
pub fn reinstall_or_remove(survey: &Survey<'_>, file: &BStr, ownership: &Ownership<'_>, is_useless: bool) -> Fix {
    match ownership {
        Ownership::By(owner) => fixes::reinstall(survey, owner.distribution),
        Ownership::Nobody => {
            let fix = Fix::advice(sentence!("remove ", file, ", which no installed distribution owns"))
                .command(fixes::remove_file(survey, file));
            if is_useless { fix.safe() } else { fix }
        }
        Ownership::Unknown => {
            Fix::advice(sentence!("reinstall what installed ", file, ", or remove the file if nothing needs it"))
        }
    }
}

/// Renames a file so that Python ignores it, and then reinstalls its owner, if it has one.
pub fn disable(survey: &Survey<'_>, file: &BStr, ownership: &Ownership<'_>) -> Fix {
    let rename = fixes::rename(survey, file, fixes::unused(survey, file, ".off"));
    match ownership.owner() {
        Some(owner) => {
            let reinstall = fixes::reinstall(survey, owner.distribution);
            let title = owner.distribution.title();
            let advice = sentence!("rename ", file, " so that Python ignores it, and reinstall ", title);
            let is_alone = reinstall.commands.is_empty();
            Fix { advice, ..if is_alone { reinstall.command(rename) } else { reinstall.preceded_by(rename) } }
        }
        None => Fix::advice(sentence!("rename ", file, " so that Python ignores it, and read it")).command(rename),
    }
}

/// Removes one line of a file.
pub fn delete_line(survey: &Survey<'_>, file: &BStr, number: usize) -> Fix {
    let advice = sentence!("remove line ", number.to_string(), " of ", file);
    Fix::advice(advice).commands(fixes::delete_lines(survey, file, &[number]))
}
