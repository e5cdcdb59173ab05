macro_rules! rooms {
    ($($room:ident),+) => { $(pub mod $room { pub use crate::$room::*; })+ };
}

rooms!(
    difference,
    environment,
    explanation,
    finders,
    host,
    imports,
    interpreter,
    invocation,
    report,
    rules,
    scan,
    snapshot,
    startup,
    text,
    what_if,
    which
);
