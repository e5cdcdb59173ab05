//! Pages for a browser: what is found out, drawn and told in one file that loads nothing and runs nothing.
//!
//! A page is made in two halves. The files of this directory turn the results into what is shown: plain text without
//! anything that a terminal would obey, and drawings made of places and classes (`drawing/`). The templates turn that into
//! HTML and escape it; no text of the machine reaches a page by another way, and [`frame`] forbids whatever could be done
//! with it all the same.

mod about;
mod check;
mod diff;
mod drawing;
mod entries;
mod explain;
mod filters;
mod findings;
mod frame;
mod marked;
mod more;
mod path;
mod places;
mod scan;
mod startup;
mod steps;
mod way;
mod what_if;
mod which;
mod words;

use askama::Template;

pub use check::check;
pub use diff::diff;
pub use explain::explain;
pub use scan::scan;
pub use what_if::what_if;
pub use which::which;

/// Writes a page.
fn written(page: &impl Template) -> String {
    // Writing to a string cannot fail, and nothing else in a template can.
    page.render().unwrap_or_default()
}
