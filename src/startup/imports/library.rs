//! Whether the standard library has what startup needs, whole.

use bstr::{BStr, BString, ByteSlice};

use super::bytecode::{self, Cached};
use super::content::{self, Failing, Verdict};
use super::messages;
use super::table::{self, Module, Need, Stage};
use super::{Found, Imports, IncompleteStat};
use crate::finders::{self, Suffixes};
use crate::interpreter;
use crate::startup::MOST_BYTES;
use crate::startup::behaviors::Behavior;
use crate::startup::getpath::{Input, PathConfig};
use crate::startup::locale::{self, Encoding};
use crate::startup::python_code::{self, Grammar, Token};
use crate::startup::record::{Doubt, ImportFault, ImportProblem, Origin};
use crate::startup::site;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// What upstream's site module imports for itself. The libraries of old virtualenvs have no symlinks to these.
const OF_UPSTREAMS_SITE: [&str; 2] = ["_sitebuiltins", "sysconfig"];

/// A file of the standard library that startup needs: the module, and its path below the library without suffix.
struct Piece {
    module: Module,
    path: &'static str,
}

/// What is wrong with one of them.
struct Fault {
    kind: ImportFault,
    file: BString,
    exception: Option<BString>,
    /// Whether code of the module runs before.
    runs: bool,
    /// Whether the module itself is imported, and what it lacks is noticed later.
    is_silent: bool,
    /// Whether code of the module ends the process.
    ends: bool,
    /// Whether it raises `SystemExit`, of which there is no traceback.
    exits: bool,
}

impl Fault {
    fn new(kind: ImportFault, file: BString, exception: Option<BString>) -> Self {
        let runs = matches!(kind, ImportFault::CutBytecode | ImportFault::OfAnotherMicro);
        Self { kind, file, exception, runs, is_silent: false, ends: false, exits: false }
    }
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
    found: &mut Imports,
) -> Option<Found> {
    let stdlib = &config.path.iter().find(|entry| entry.origin == Origin::Stdlib)?.value;
    let exists = |name: &str| trace.ask.metadata(finders::join(&trace.ask, stdlib.as_bstr(), name).as_bstr()).is_ok();
    // Where the package was found elsewhere, such as in a zip file, so are the others.
    if !exists("encodings/__init__.py") && !exists("encodings/__init__.pyc") {
        return None;
    }
    let pieces = pieces(input, modules, is_early);
    let mut is_listed = !trace.ask.host().is_partial();
    let (mut first, mut late, mut torn) = (None, None, Vec::new());
    for piece in &pieces {
        match examine(trace, input, config, stdlib, piece, &mut torn) {
            // These were looked up before anything here was.
            None => is_listed |= !matches!(piece.path, "encodings/__init__" | "os" | "site"),
            Some(_) if is_unneeded(trace, input, stdlib.as_bstr(), piece) => {}
            Some(Fault { kind: ImportFault::Missing | ImportFault::BadMagic, .. }) if !piece.module.is_required => {}
            Some(Fault { kind, file, exception, runs, is_silent, ends, exits }) => {
                is_listed |= kind != ImportFault::Missing;
                let problem =
                    ImportProblem { module: piece.module.name, file, fault: kind, exception, entry: None, step: 0 };
                if is_silent && !ends && piece.module.is_taken_late() {
                    let is_blank = problem.exception.is_some();
                    late = Some(IncompleteStat { problem, is_blank, is_plain: true });
                    continue;
                }
                // The search for a codec says only that there is none.
                let is_silent = is_silent || piece.module.name == "encodings.utf_8";
                first = first.or(Some(Found { stage: piece.module.stage, problem, is_silent, runs, ends, exits }));
            }
        }
    }
    found.doubts.extend(torn.into_iter().map(|file| {
        let text = sentence!("the end of this source is missing, and startup imports it");
        Doubt::Code { file, line: None, text, step: trace.step() }
    }));
    found.stat = found.stat.take().or(late);
    first.filter(|_| is_listed)
}

fn pieces(input: &Input<'_>, modules: &[Module], is_early: bool) -> Vec<Piece> {
    use Need::{Attribute, Other};
    let piece = |name, path, stage, needs: &[Need]| {
        let module = Module { name, needs: needs.to_vec(), stage, is_package: false, is_required: true };
        Piece { module, path }
    };
    let mut pieces = Vec::new();
    if is_early {
        pieces.push(piece("encodings", "encodings/__init__", Stage::Codec, &[Other("register")]));
        pieces.push(piece("encodings.aliases", "encodings/aliases", Stage::Codec, &[Attribute("aliases")]));
        pieces.push(piece("encodings.utf_8", "encodings/utf_8", Stage::Codec, &[Other("getregentry")]));
        // PyPy looks it up, but does without; the others only import it.
        if input.behaviors.is_pypy() {
            pieces.push(piece("encodings.latin_1", "encodings/latin_1", Stage::Streams, &[Other("getregentry")]));
        } else if !input.behaviors.has(Behavior::StreamsWithoutLatin1) {
            pieces.push(piece("encodings.latin_1", "encodings/latin_1", Stage::Streams, &[]));
        }
    }
    for module in modules {
        // A package that is whole has its submodules, whether it names them or not.
        let is_whole = |need: &&Need| module.is_package && matches!(need, Need::Submodule(_));
        let needs = module.needs.iter().filter(|need| !is_whole(need));
        // It makes the frozen import system its submodules, without which a second one is loaded from files, and fails.
        let own = (module.name == "importlib").then_some(&Other("_bootstrap"));
        let needs = needs.chain(own).copied().collect();
        pieces.push(Piece { module: Module { needs, ..module.clone() }, path: module.name });
        let submodules = table::submodules(input, module).into_iter();
        pieces.extend(submodules.map(|(name, path, needs)| piece(name, path, Stage::Launch, &needs)));
    }
    if is_early && modules.iter().any(|module| module.stage == Stage::Site) {
        pieces.push(piece("site", "site", Stage::Site, &[]));
    }
    pieces
}

/// Whether startup does not import a piece: the site module of old virtualenvs imports less, and the codec of another
/// locale may be needed in place of UTF-8's.
fn is_unneeded(trace: &Trace<'_>, input: &Input<'_>, stdlib: &BStr, piece: &Piece) -> bool {
    OF_UPSTREAMS_SITE.contains(&piece.module.name) && site::is_virtualenv(trace, input, stdlib)
        || piece.module.name == "encodings.utf_8"
            && !input.behaviors.is_pypy()
            && locale::encoding(trace.ask.host(), input.invocation, input.behaviors) != Encoding::Utf8
}

fn examine(
    trace: &Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    stdlib: &BString,
    piece: &Piece,
    torn: &mut Vec<BString>,
) -> Option<Fault> {
    let stem = if piece.module.is_package { format!("{}/__init__", piece.path) } else { piece.path.to_owned() };
    let in_stdlib = |suffix: &str| finders::join(&trace.ask, stdlib.as_bstr(), &format!("{stem}{suffix}"));
    let in_library = |name: &str| finders::join(&trace.ask, stdlib.as_bstr(), name);
    let source = in_stdlib(".py");
    if trace.ask.is_file(source.as_bstr()) {
        if piece.module.name == "linecache" && is_later_linecache(trace, input, &source) {
            let exception = Some("AttributeError: 'str' object has no attribute 'co_consts'".into());
            return Some(Fault::new(ImportFault::OfAnotherMicro, source, exception));
        }
        return match bytecode::cached(trace, input, &source) {
            Cached::Cut(file, cut) => {
                Some(Fault::new(ImportFault::CutBytecode, file, cut.exception().map(BString::from)))
            }
            Cached::Unused => damaged_source(trace, input, piece, source, torn),
            // What is left of a file may have been compiled, too.
            Cached::Used if is_tiny(trace, &source) => damaged_source(trace, input, piece, source, torn),
            Cached::Used | Cached::Unknown => None,
        };
    }
    // A package of that name comes before a module without source.
    if !piece.module.is_package && trace.ask.is_file(in_stdlib("/__init__.py").as_bstr()) {
        return None;
    }
    let compiled = in_stdlib(".pyc");
    if trace.ask.is_file(compiled.as_bstr()) {
        let magic = interpreter::magic(input.interpreter)?;
        let content = trace.read(compiled.as_bstr()).ok()?;
        let exception = (!is_of_encodings(piece)).then(|| messages::bad_magic(piece.module.name, &content));
        let exception = exception.or_else(|| unknown_codec(input, piece));
        let fault = Fault::new(ImportFault::BadMagic, compiled, exception);
        return (!content.starts_with(&magic.to_le_bytes())).then_some(fault);
    }
    if piece.path.contains('/') {
        let exception = match piece.module.name {
            // It is imported as a name of the package.
            "importlib.abc" => messages::lacks(
                input.behaviors,
                "importlib",
                Need::Import("abc"),
                &in_library("importlib/__init__.py"),
                true,
            ),
            _ if is_of_encodings(piece) => unknown_codec(input, piece),
            module => Some(format!("ModuleNotFoundError: No module named '{module}'").into()),
        };
        return Some(Fault::new(ImportFault::Missing, source, exception));
    }
    let suffixes = Suffixes::of(input.invocation.platform, input.interpreter, input.behaviors.version());
    let is_elsewhere = config.path.iter().any(|entry| {
        super::place(input, entry.value.as_bstr())
            .is_some_and(|place| finders::find_module(&trace.ask, place.as_bstr(), piece.path, &suffixes).is_some())
    });
    let exception = messages::no_module(piece.module.name, piece.module.is_package);
    (!is_elsewhere).then(|| Fault::new(ImportFault::Missing, source, exception))
}

/// Whether a source is shorter than nearly all of the standard library.
fn is_tiny(trace: &Trace<'_>, source: &BString) -> bool {
    trace.ask.metadata(source.as_bstr()).is_ok_and(|found| found.len < 256)
}

/// Whether the search for a codec imports a piece: it catches an ImportError.
fn is_of_encodings(piece: &Piece) -> bool {
    piece.path.starts_with("encodings/")
}

/// What is wrong with a source that Python compiles. It is noted as read only where it is damaged, as a whole one has no
/// place in a snapshot.
fn damaged_source(
    trace: &Trace<'_>,
    input: &Input<'_>,
    piece: &Piece,
    file: BString,
    torn: &mut Vec<BString>,
) -> Option<Fault> {
    let host = trace.ask.host();
    let failing = |content: &[u8]| match content::judge(&piece.module, content::read(content, input.behaviors)) {
        Verdict::Fails(Failing::Raises(raised)) if !piece.module.is_required && raised.is_import_error() => None,
        Verdict::Fails(failing) => Some(failing),
        Verdict::Works | Verdict::Unknown => None,
    };
    // Every source of the standard library ends with the end of a line.
    let is_torn = |content: &[u8]| !content.is_empty() && !content.ends_with(b"\n");
    // What was written down by hand seldom has the content of these files, and then it is empty.
    let is_known = |content: &[u8]| !content.is_empty() || !host.is_partial();
    let is_wanted = |content: &[u8]| is_known(content) && (failing(content).is_some() || is_torn(content));
    let content = host.read_if(file.as_bstr(), MOST_BYTES, &is_wanted)?;
    let Some(failing) = failing(&content) else {
        torn.push(file);
        return None;
    };
    let (ends, exits) = (failing == Failing::Ends, failing == Failing::Exits);
    let (exception, runs, is_silent) = match failing {
        Failing::Raises(raised) if is_of_encodings(piece) && raised.is_import_error() => {
            (unknown_codec(input, piece), false, false)
        }
        Failing::Raises(raised) => (raised.exception, raised.runs, false),
        Failing::LacksFirst(need) => {
            (messages::lacks(input.behaviors, piece.module.name, need, &file, piece.module.is_package), false, true)
        }
        Failing::Lacks | Failing::Ends => (None, false, true),
        Failing::Exits => (None, false, false),
    };
    Some(Fault { kind: ImportFault::DamagedSource, file, exception, runs, is_silent, ends, exits })
}

/// Whether `linecache` is one that wants code objects, and the interpreter gives it names.
fn is_later_linecache(trace: &Trace<'_>, input: &Input<'_>, source: &BString) -> bool {
    if input.behaviors.has(Behavior::LinecacheTakesCode) {
        return false;
    }
    let grammar = Grammar::of(input.behaviors);
    let takes_code = |content: &[u8]| {
        // A file that has the word nowhere is not taken apart.
        let outline = memchr::memmem::find(content, b"co_consts").and_then(|_| python_code::outline(content, grammar));
        outline.is_some_and(|outline| outline.tokens.contains(&Token::Name("co_consts".into())))
    };
    trace.ask.host().read_if(source.as_bstr(), MOST_BYTES, &takes_code).is_some()
}

/// The exception for a codec that cannot be imported.
fn unknown_codec(input: &Input<'_>, piece: &Piece) -> Option<BString> {
    let name = if input.behaviors.has(Behavior::NormalizedCodecNames) { "utf-8" } else { "UTF-8" };
    (piece.module.name == "encodings.utf_8").then(|| format!("LookupError: unknown encoding: {name}").into())
}
