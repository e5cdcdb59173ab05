//! What the renderers make of resolutions written out by hand.

mod json;
mod sample;
mod text;
