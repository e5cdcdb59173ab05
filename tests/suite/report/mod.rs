//! What the renderers make of resolutions written out by hand.

mod check;
mod comparison;
mod documents;
mod html;
mod json;
mod readme;
mod sample;
mod text;
