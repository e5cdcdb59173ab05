//! Does it start, and what does it say first? Predictions next to real starts, over generated situations.

mod loaders;
mod loading;
mod musl;
mod spoken;
