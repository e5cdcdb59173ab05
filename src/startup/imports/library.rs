//! Whether the standard library has what startup needs, whole.

use bstr::{BStr, BString, ByteSlice};

use super::Found;
use super::bytecode;
use super::messages;
use super::table::{Module, Stage};
use crate::finders::{self, Suffixes};
use crate::interpreter;
use crate::startup::MOST_BYTES;
use crate::startup::behaviors::Behavior;
use crate::startup::getpath::{Input, PathConfig};
use crate::startup::locale::{self, Encoding};
use crate::startup::python_code::{self, Grammar, Token};
use crate::startup::record::{ImportFault, ImportProblem, Origin};
use crate::startup::site;
use crate::startup::trace::Trace;

/// What upstream's site module imports for itself. The libraries of old virtualenvs have no symlinks to these.
const OF_UPSTREAMS_SITE: [&str; 2] = ["_sitebuiltins", "sysconfig"];

/// A file of the standard library that startup needs: the module, its path below the library without suffix, and who
/// imports it.
struct Piece {
    module: &'static str,
    path: &'static str,
    stage: Stage,
    is_package: bool,
    is_required: bool,
}

/// What is wrong with one of them.
struct Fault {
    kind: ImportFault,
    file: BString,
    exception: Option<BString>,
}

/// The first piece that is missing or damaged.
///
/// A host that knows only part of a machine has a piece missing only where it has another: what was written down by
/// hand seldom lists more than the landmark. With `is_early`, this is what is imported before anything else.
pub fn damage(
    trace: &Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    modules: &[Module],
    is_early: bool,
) -> Option<Found> {
    let stdlib = &config.path.iter().find(|entry| entry.origin == Origin::Stdlib)?.value;
    let exists = |name: &str| trace.ask.metadata(finders::join(&trace.ask, stdlib.as_bstr(), name).as_bstr()).is_ok();
    // Where the package was found elsewhere, such as in a zip file, so are the others.
    if !exists("encodings/__init__.py") && !exists("encodings/__init__.pyc") {
        return None;
    }
    let pieces = pieces(input, modules, is_early);
    let mut is_listed = !trace.ask.host().is_partial();
    let mut first = None;
    for piece in &pieces {
        match examine(trace, input, config, stdlib, piece) {
            // These were looked up before anything here was.
            None => is_listed |= !matches!(piece.path, "encodings/__init__" | "os" | "site"),
            Some(Fault { kind: ImportFault::Missing | ImportFault::BadMagic, .. })
                if is_optional(trace, input, stdlib.as_bstr(), piece) => {}
            Some(Fault { kind, file, exception }) => {
                is_listed |= kind != ImportFault::Missing;
                let problem =
                    ImportProblem { module: piece.module, file, fault: kind, exception, entry: None, step: 0 };
                let is_silent = piece.module == "encodings.utf_8";
                let runs = matches!(kind, ImportFault::CutBytecode | ImportFault::OfAnotherMicro);
                first = first.or(Some(Found { stage: piece.stage, problem, is_silent, runs }));
            }
        }
    }
    first.filter(|_| is_listed)
}

fn pieces(input: &Input<'_>, modules: &[Module], is_early: bool) -> Vec<Piece> {
    let piece = |module, path, stage| Piece { module, path, stage, is_package: false, is_required: true };
    let mut pieces = Vec::new();
    if is_early {
        pieces.push(piece("encodings", "encodings/__init__", Stage::Codec));
        pieces.push(piece("encodings.aliases", "encodings/aliases", Stage::Codec));
        pieces.push(piece("encodings.utf_8", "encodings/utf_8", Stage::Codec));
        // PyPy looks it up, but does without.
        if !input.behaviors.has(Behavior::StreamsWithoutLatin1) || input.behaviors.is_pypy() {
            pieces.push(piece("encodings.latin_1", "encodings/latin_1", Stage::Streams));
        }
    }
    pieces.extend(modules.iter().map(|module| Piece {
        module: module.name,
        path: module.name,
        stage: module.stage,
        is_package: module.is_package,
        is_required: module.is_required,
    }));
    if is_early && modules.iter().any(|module| module.stage == Stage::Site) {
        pieces.push(piece("site", "site", Stage::Site));
    }
    pieces
}

/// Startup does without some, and the codec of another locale may be needed in place of UTF-8's.
fn is_optional(trace: &Trace<'_>, input: &Input<'_>, stdlib: &BStr, piece: &Piece) -> bool {
    !piece.is_required
        || OF_UPSTREAMS_SITE.contains(&piece.module) && site::is_virtualenv(trace, input, stdlib)
        || piece.module == "encodings.utf_8"
            && !input.behaviors.is_pypy()
            && locale::encoding(trace.ask.host(), input.invocation, input.behaviors) != Encoding::Utf8
}

fn examine(
    trace: &Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    stdlib: &BString,
    piece: &Piece,
) -> Option<Fault> {
    let stem = if piece.is_package { format!("{}/__init__", piece.path) } else { piece.path.to_owned() };
    let in_stdlib = |suffix: &str| finders::join(&trace.ask, stdlib.as_bstr(), &format!("{stem}{suffix}"));
    let source = in_stdlib(".py");
    if trace.ask.is_file(source.as_bstr()) {
        if piece.module == "linecache" && is_later_linecache(trace, input, &source) {
            let exception = Some("AttributeError: 'str' object has no attribute 'co_consts'".into());
            return Some(Fault { kind: ImportFault::OfAnotherMicro, file: source, exception });
        }
        let (file, cut) = bytecode::cut(trace, input, &source)?;
        let exception = cut.exception().map(BString::from);
        return Some(Fault { kind: ImportFault::CutBytecode, file, exception });
    }
    // A package of that name comes before a module without source.
    if !piece.is_package && trace.ask.is_file(in_stdlib("/__init__.py").as_bstr()) {
        return None;
    }
    let compiled = in_stdlib(".pyc");
    if trace.ask.is_file(compiled.as_bstr()) {
        let magic = interpreter::magic(input.interpreter)?;
        let content = trace.read(compiled.as_bstr()).ok()?;
        // The search for a codec catches the ImportError.
        let exception = (!piece.path.contains('/')).then(|| messages::bad_magic(piece.module, &content));
        let exception = exception.or_else(|| unknown_codec(input, piece));
        let fault = Fault { kind: ImportFault::BadMagic, file: compiled, exception };
        return (!content.starts_with(&magic.to_le_bytes())).then_some(fault);
    }
    if piece.path.contains('/') {
        return Some(Fault { kind: ImportFault::Missing, file: source, exception: unknown_codec(input, piece) });
    }
    let suffixes = Suffixes::of(input.invocation.platform, input.interpreter, input.behaviors.version());
    let is_elsewhere = config.path.iter().any(|entry| {
        super::place(input, entry.value.as_bstr())
            .is_some_and(|place| finders::find_module(&trace.ask, place.as_bstr(), piece.path, &suffixes).is_some())
    });
    let exception = messages::no_module(piece.module, piece.is_package);
    (!is_elsewhere).then_some(Fault { kind: ImportFault::Missing, file: source, exception })
}

/// Whether `linecache` is one that wants code objects, and the interpreter gives it names.
fn is_later_linecache(trace: &Trace<'_>, input: &Input<'_>, source: &BString) -> bool {
    if input.behaviors.has(Behavior::LinecacheTakesCode) {
        return false;
    }
    let grammar = Grammar::of(input.behaviors);
    let takes_code = |content: &[u8]| {
        let outline = python_code::outline(content, grammar);
        outline.is_some_and(|outline| outline.tokens.contains(&Token::Name("co_consts".into())))
    };
    trace.ask.host().read_if(source.as_bstr(), MOST_BYTES, &takes_code).is_some()
}

/// The exception for a codec that cannot be imported.
fn unknown_codec(input: &Input<'_>, piece: &Piece) -> Option<BString> {
    let name = if input.behaviors.has(Behavior::NormalizedCodecNames) { "utf-8" } else { "UTF-8" };
    (piece.module == "encodings.utf_8").then(|| format!("LookupError: unknown encoding: {name}").into())
}
