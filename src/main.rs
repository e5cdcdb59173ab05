//! The command `venv-doctor`.

fn main() {}
