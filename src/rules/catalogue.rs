//! Every rule there is.

use super::code::Code;
use super::rule::Rule;
use super::{certainty, distributions, executable, extensions, places, prefix, scripts, startup_code, variables};

const FAMILIES: [&[Rule]; 9] = [
    executable::RULES,
    prefix::RULES,
    variables::RULES,
    startup_code::RULES,
    scripts::RULES,
    distributions::RULES,
    extensions::RULES,
    places::RULES,
    certainty::RULES,
];

/// All rules, in the order of their codes.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.into_iter().flatten()
}

/// The rule with this code.
pub fn rule(code: Code) -> &'static Rule {
    let found = all_rules().find(|rule| rule.code == code);
    found.unwrap_or_else(|| unreachable!("a test sees to it that every code has its rule"))
}
