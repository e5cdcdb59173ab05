//! What the renderers make of resolutions written out by hand.

mod check;
mod comparison;
mod documents;
mod examples;
mod html;
mod json;
mod sample;
mod text;
