//! Whether the standard library has what startup needs, whole.

use bstr::{BString, ByteSlice};

use super::bytecode;
use super::table::{Module, Stage};
use crate::finders::{self, Suffixes};
use crate::interpreter;
use crate::startup::behaviors::Behavior;
use crate::startup::getpath::{Input, PathConfig};
use crate::startup::locale::{self, Encoding};
use crate::startup::record::{ImportFault, ImportProblem, Origin};
use crate::startup::trace::Trace;

/// A file of the standard library that startup needs: the module, its path below the library without suffix, and who
/// imports it.
struct Piece {
    module: &'static str,
    path: &'static str,
    stage: Stage,
    is_package: bool,
}

/// The first piece that is missing or damaged.
///
/// A host that knows only part of a machine has a piece missing only where it has another: what was written down by
/// hand seldom lists more than the landmark.
pub fn damage(
    trace: &Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    modules: &[Module],
) -> Option<(Stage, ImportProblem)> {
    let stdlib = &config.path.iter().find(|entry| entry.origin == Origin::Stdlib)?.value;
    let exists = |name: &str| trace.ask.metadata(finders::join(&trace.ask, stdlib.as_bstr(), name).as_bstr()).is_ok();
    // Where the package was found elsewhere, such as in a zip file, so are the others.
    if !exists("encodings/__init__.py") && !exists("encodings/__init__.pyc") {
        return None;
    }
    let pieces = pieces(input, modules);
    let mut is_listed = !trace.ask.host().is_partial();
    let mut first = None;
    for piece in &pieces {
        match examine(trace, input, config, stdlib, piece) {
            // These were looked up before anything here was.
            None => is_listed |= !matches!(piece.path, "encodings/__init__" | "os" | "site"),
            Some((ImportFault::Missing, _)) if is_optional(trace, input, piece) => {}
            Some((fault, file)) if first.is_none() => {
                is_listed |= fault != ImportFault::Missing;
                let problem = ImportProblem { module: piece.module, file, fault, entry: None, step: 0 };
                first = Some((piece.stage, problem));
            }
            Some((fault, _)) => is_listed |= fault != ImportFault::Missing,
        }
    }
    first.filter(|_| is_listed)
}

fn pieces(input: &Input<'_>, modules: &[Module]) -> Vec<Piece> {
    let piece = |module, path, stage| Piece { module, path, stage, is_package: false };
    let mut pieces = Vec::new();
    let is_launch = modules.iter().any(|module| module.stage == Stage::Launch);
    if !is_launch {
        pieces.push(piece("encodings", "encodings/__init__", Stage::Codec));
        pieces.push(piece("encodings.aliases", "encodings/aliases", Stage::Codec));
        pieces.push(piece("encodings.utf_8", "encodings/utf_8", Stage::Codec));
        if !input.behaviors.has(Behavior::StreamsWithoutLatin1) {
            pieces.push(piece("encodings.latin_1", "encodings/latin_1", Stage::Streams));
        }
    }
    let required = modules.iter().filter(|module| module.is_required);
    pieces.extend(required.map(|module| Piece {
        module: module.name,
        path: module.name,
        stage: module.stage,
        is_package: module.is_package,
    }));
    if !is_launch && modules.iter().any(|module| module.stage == Stage::Site) {
        pieces.push(piece("site", "site", Stage::Site));
    }
    pieces
}

/// The codec of another locale may be needed in place of UTF-8's.
fn is_optional(trace: &Trace<'_>, input: &Input<'_>, piece: &Piece) -> bool {
    piece.module == "encodings.utf_8"
        && locale::encoding(trace.ask.host(), input.invocation, input.behaviors) != Encoding::Utf8
}

fn examine(
    trace: &Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    stdlib: &BString,
    piece: &Piece,
) -> Option<(ImportFault, BString)> {
    let stem = if piece.is_package { format!("{}/__init__", piece.path) } else { piece.path.to_owned() };
    let in_stdlib = |suffix: &str| finders::join(&trace.ask, stdlib.as_bstr(), &format!("{stem}{suffix}"));
    let source = in_stdlib(".py");
    if trace.ask.is_file(source.as_bstr()) {
        let cut = bytecode::cut(trace, input, &source)?;
        return Some((ImportFault::CutBytecode, cut));
    }
    let compiled = in_stdlib(".pyc");
    if trace.ask.is_file(compiled.as_bstr()) {
        let magic = interpreter::magic(input.interpreter)?;
        let content = trace.read(compiled.as_bstr()).ok()?;
        return (!content.starts_with(&magic.to_le_bytes())).then_some((ImportFault::BadMagic, compiled));
    }
    if piece.path.contains('/') {
        return Some((ImportFault::Missing, source));
    }
    let suffixes = Suffixes::of(input.invocation.platform, input.interpreter, input.behaviors.version());
    let is_elsewhere = config.path.iter().any(|entry| {
        super::place(input, entry.value.as_bstr())
            .is_some_and(|place| finders::find_module(&trace.ask, place.as_bstr(), piece.path, &suffixes).is_some())
    });
    (!is_elsewhere).then_some((ImportFault::Missing, source))
}
