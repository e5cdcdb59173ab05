//! What the renderers make of resolutions written out by hand.
#![allow(clippy::unwrap_used, reason = "a failure ends the test")]

mod comparison;
mod documents;
mod json;
mod machine;
mod readme;
mod sample;
mod text;
