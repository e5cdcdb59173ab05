//! What the renderers make of resolutions written out by hand.
#![allow(clippy::unwrap_used, reason = "a failure ends the test")]
#![allow(clippy::disallowed_methods, reason = "tests compare committed documents with what the program makes")]

mod check;
mod comparison;
mod documents;
mod json;
mod readme;
mod sample;
mod text;
