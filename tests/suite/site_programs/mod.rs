//! Whose `site.py` it is: environments of virtualenv before 20, and files that distributions changed, next to real starts.

mod changed;
mod start;
mod virtualenv16;
