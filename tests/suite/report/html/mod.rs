//! The pages for a browser: golden pages, hostile text in all of them, their bounds, and a real browser.

mod bounds;
mod browser;
mod corpus;
mod golden;
mod hostile;
mod markup;
mod pages;
