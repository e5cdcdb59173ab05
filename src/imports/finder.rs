//! The search for a module: what startup has loaded, then the finders in their order.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::answer::{Candidate, Import, Kind};
use super::binary::Binary;
use super::importers::{Importer, Importers};
use super::loaded::{self, When};
use super::offer::{Offer, Spec};
use super::outcome::{Asked, Turn};
use super::parent::Parent;
use super::{alias, outcome, pypy, set_up};
use crate::finders::{self, Archives, Code, Rules, Searched, ZipRules};
use crate::host::path::{self, Flavor, module as arithmetic};
use crate::host::{Lookups, Platform};
use crate::interpreter::{self, Implementation, Version};
use crate::invocation::Launch;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::{HashChecks, MAY_BE_BUILT_IN, Origin, Resolution, Status, hash_checks};
use crate::text::sentence;

/// Follows imports in one interpreter, as it is when its startup is over.
pub struct Finder<'a> {
    resolution: &'a Resolution,
    ask: &'a Lookups<'a>,
    behaviors: Behaviors,
    /// Read once, also for the finder that reads the importers.
    binary: Rc<OnceCell<Binary<'a>>>,
    rules: OnceCell<Rules>,
    exact_rules: OnceCell<Rules>,
    archives: Archives,
    importers: OnceCell<Importers>,
    /// Whether the importers of startup code are left out: while they are read themselves.
    is_bare: bool,
    known: RefCell<HashMap<BString, Import>>,
}

/// The locations of a module that an importer finds.
pub(super) enum Given {
    /// These; none where it is no package.
    Known(Option<Vec<BString>>),
    /// A file named `__init__` is a package, and its directory the location.
    ByName,
}

/// A top-level module that an entry of `sys.path` provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provided {
    /// Its name.
    pub name: BString,
    /// What the entry gives, and any other candidate that the entry holds.
    pub candidates: Vec<Candidate>,
}

impl<'a> Finder<'a> {
    /// Follows the imports of an interpreter, asking the same machine with the same memory.
    pub fn new(resolution: &'a Resolution, ask: &'a Lookups<'a>) -> Self {
        let interpreter = &resolution.identification.interpreter;
        // Without a version, nothing is found.
        let version = interpreter.version.unwrap_or(Version::feature(3, 6));
        let is_pypy = interpreter.implementation == Implementation::PyPy;
        Self {
            resolution,
            ask,
            behaviors: if is_pypy { Behaviors::of_pypy(version) } else { Behaviors::of(version) },
            binary: Rc::default(),
            rules: OnceCell::new(),
            exact_rules: OnceCell::new(),
            archives: Archives::default(),
            importers: OnceCell::new(),
            is_bare: false,
            known: RefCell::default(),
        }
    }

    /// The same without a look into the binary: what is in it is assumed.
    pub(super) fn without_binary(resolution: &'a Resolution, ask: &'a Lookups<'a>) -> Self {
        let finder = Self::new(resolution, ask);
        let binary = Binary::assumed(resolution, ask, &finder.behaviors);
        Self { binary: Rc::new(OnceCell::from(binary)), ..finder }
    }

    /// The resolution.
    pub fn resolution(&self) -> &'a Resolution {
        self.resolution
    }

    /// What puts questions to the machine.
    pub fn ask(&self) -> &'a Lookups<'a> {
        self.ask
    }

    /// Which file `import NAME` gets; the name may have dots.
    pub fn find(&self, name: &BStr) -> Import {
        if let Some(known) = self.known.borrow().get(name.as_bytes()) {
            return known.clone();
        }
        let mut import = self.search(name);
        let launch = &self.resolution.invocation.launch;
        // What is launched is another module, but the package that contains it is imported.
        import.loaded_at_startup |=
            import.kind.is_package() && matches!(launch, Launch::Module(module) if module.as_bstr() == name);
        self.known.borrow_mut().insert(name.to_owned(), import.clone());
        import
    }

    /// What distinguishes the release.
    pub(super) fn behaviors(&self) -> &Behaviors {
        &self.behaviors
    }

    pub(super) fn has(&self, behavior: Behavior) -> bool {
        self.behaviors.has(behavior)
    }

    pub(super) fn flavor(&self) -> Flavor {
        Flavor::of(self.platform())
    }

    pub(super) fn platform(&self) -> Platform {
        self.resolution.invocation.platform
    }

    pub(super) fn binary(&self) -> &Binary<'a> {
        self.binary.get_or_init(|| Binary::of(self.resolution, self.ask, &self.behaviors))
    }

    /// The importers that startup code adds.
    pub(super) fn importers(&self) -> &Importers {
        self.importers.get_or_init(|| {
            if self.is_bare {
                return Importers::default();
            }
            let binary = Rc::clone(&self.binary);
            let bare = Finder { is_bare: true, binary, ..Finder::new(self.resolution, self.ask) };
            Importers::of(&bare)
        })
    }

    /// How entries are searched.
    pub(super) fn rules(&self) -> &Rules {
        self.rules.get_or_init(|| self.make_rules(false))
    }

    /// The number with which compiled code of the release begins; none where it is not known.
    pub(super) fn magic(&self) -> Option<u32> {
        if self.behaviors.is_pypy() {
            return pypy::magic(&self.behaviors);
        }
        interpreter::magic(&self.resolution.identification.interpreter)
    }

    fn make_rules(&self, is_exact: bool) -> Rules {
        let invocation = &self.resolution.invocation;
        let has = |behavior| self.has(behavior);
        let is_variable_set = invocation.variable("PYTHONCASEOK").is_some();
        let ignores = invocation.flags.ignore_environment || invocation.flags.isolated;
        let is_ignored = ignores && has(Behavior::CaseVariableIgnored);
        Rules {
            suffixes: self.binary().suffixes(self.platform(), &self.behaviors, is_exact),
            ignores_case: self.platform() != Platform::Linux && is_variable_set && !is_ignored,
            zip: ZipRules {
                magic: self.magic(),
                has_flags: has(Behavior::BytecodeFlags),
                compares_size: has(Behavior::ZipImportInPython),
                ends_at_short: !has(Behavior::ZipImportInPython),
                allows_comments: has(Behavior::ZipImportInPython),
                infers_directories: has(Behavior::ZipDirectoriesInferred),
                checks_hashes: match hash_checks(invocation) {
                    HashChecks::Default => None,
                    HashChecks::Always => Some(true),
                    HashChecks::Never => Some(false),
                },
                has_fewer_rounds: has(Behavior::SourceHashSipHash13),
            },
        }
    }

    /// Searches for a name that is not known yet.
    fn search(&self, name: &BStr) -> Import {
        if let Some(reason) = self.unavailable() {
            return Import::without(name, Kind::Unknown, reason);
        }
        if name.split_str(".").any(<[u8]>::is_empty) {
            return Import::without(name, Kind::Missing, sentence!(name, " is not the name of a module"));
        }
        let when = self.when(name);
        let is_loaded = when.is_some();
        if let Some(import) = alias::of(self, name, is_loaded).or_else(|| set_up::of(self, name)) {
            return import;
        }
        // Those of PyPy have dots in their names.
        let is_below = name.contains(&b'.');
        if is_below && self.binary().is_builtin(name) {
            return self.decide(name, Some(&[]), when);
        }
        match name.rsplit_once_str(".").map(|(parent, _)| self.parent(parent.as_bstr(), name, is_loaded)) {
            None => self.decide(name, None, when),
            Some(Parent::Locations(path)) => self.decide(name, Some(&path), when),
            Some(Parent::Without(kind, reason)) => {
                Import { loaded_at_startup: is_loaded, ..Import::without(name, kind, reason) }
            }
            Some(Parent::Changed(path, reason)) => {
                let import = self.decide(name, Some(&path), when);
                if is_loaded { import } else { import.made_unknown(reason) }
            }
        }
    }

    /// Why nothing can be said about imports.
    fn unavailable(&self) -> Option<BString> {
        let outcome = &self.resolution.outcome;
        if self.resolution.sys.is_none() || self.resolution.identification.interpreter.version.is_none() {
            let reason = outcome.reason.clone().unwrap_or_else(|| "its startup is not simulated".into());
            return Some(sentence!("nothing is known about the imports of this interpreter: ", reason));
        }
        let ends = outcome.status == Status::FailsToInitialize || outcome.status == Status::FailsToExecute;
        ends.then(|| {
            let reason = outcome.reason.clone().unwrap_or_else(|| "its startup fails".into());
            sentence!("Python fails to start: ", reason)
        })
    }

    /// When startup loads a module, if it does.
    fn when(&self, name: &BStr) -> Option<When> {
        if let Some(when) = loaded::when(self.resolution, self.ask, &self.behaviors, name) {
            return Some(when);
        }
        // Who reads startup code asks what that code imports, while the launch has put nothing on the path yet.
        let is_loaded = self.is_bare || self.importers().has_loaded(name, self.behaviors.version());
        is_loaded.then_some(When::Site)
    }

    /// Asks every finder, and chooses.
    fn decide(&self, name: &BStr, path: Option<&[BString]>, when: Option<When>) -> Import {
        let turns = self.turns(name, path, when);
        let choice = outcome::choose(&turns);
        let import = outcome::import(Asked { name, is_loaded: when.is_some() }, turns, &choice);
        match self.importers().code.as_ref().filter(|_| when.is_none()) {
            Some(code) => import.made_unknown(code.clone()),
            None if when.is_none()
                && let Some(reason) = self.importers().building(name) =>
            {
                import.made_unknown(reason)
            }
            None if when.is_none() && self.may_be_inside(name) => {
                import.made_unknown(sentence!("whether ", name, " is part of the interpreter's binary is not known"))
            }
            None => import,
        }
    }

    /// What every finder offers, in their order.
    pub(super) fn turns(&self, name: &BStr, path: Option<&[BString]>, when: Option<When>) -> Vec<Turn> {
        let offer = |importer: &Importer| {
            Turn::of(importer.module(), Offer::from_specs(importer.offer(self, name, path)), when.is_none())
        };
        let importers = self.importers();
        let mut turns: Vec<Turn> = importers.front.iter().map(offer).collect();
        turns.extend(self.inside(name));
        if let Some(path) = path {
            turns.extend(self.along(path.iter().map(|entry| (entry, true)), name));
        } else {
            let entries = self.resolution.sys.iter().flat_map(|sys| &sys.path);
            let is_there = |origin| when.is_none_or(|when| is_there(origin, when));
            turns.extend(self.along(entries.map(|entry| (&entry.value, is_there(entry.origin))), name));
        }
        turns.extend(importers.back.iter().map(offer));
        turns
    }

    /// Whether nobody knows if a module is built in, because the tables of the binary could not be read.
    fn may_be_inside(&self, name: &BStr) -> bool {
        !self.binary().is_certain && MAY_BE_BUILT_IN.iter().any(|module| name == *module)
    }

    /// What is in the interpreter itself.
    fn inside(&self, name: &BStr) -> [Turn; 2] {
        let binary = self.binary();
        let builtin = binary.is_builtin(name).then(|| Spec::inside(Kind::Builtin, None));
        let frozen = binary.frozen(name).map(|is_package| {
            let kind = if is_package { Kind::FrozenPackage } else { Kind::Frozen };
            Spec::inside(kind, is_package.then(|| self.frozen_locations(name)))
        });
        [("builtin", builtin), ("frozen", frozen)]
            .map(|(finder, spec)| Turn::of(finder.into(), Offer::from_specs(spec.into_iter().collect()), true))
    }

    /// The directory of the same name in the standard library, since 3.11. A second name for the same code has none.
    fn frozen_locations(&self, name: &BStr) -> Vec<BString> {
        let library = self.resolution.sys.as_ref().and_then(|sys| sys.stdlib_dir.as_ref());
        let is_alias = name.contains_str("alias");
        let separator = self.flavor().separator();
        let below = |library: &BString| {
            let relative = name.bytes().map(|byte| if byte == b'.' { separator } else { byte });
            library.iter().copied().chain([separator]).chain(relative).collect::<Vec<u8>>().into()
        };
        library.filter(|_| !is_alias).map(below).into_iter().collect()
    }

    /// Searches entries of a path, each with whether it was there when the module was imported.
    fn along<'e>(&self, path: impl Iterator<Item = (&'e BString, bool)>, name: &BStr) -> Vec<Turn> {
        let tail = name.rsplit_once_str(".").map_or(name, |(_, tail)| tail.as_bstr());
        let offer = |entry: &BString| {
            let placeholder = self.importers().placeholder(entry.as_bstr(), name);
            placeholder.unwrap_or_else(|| self.searched(entry.as_bstr(), tail).into())
        };
        path.map(|(entry, is_allowed)| Turn::of_entry(entry.clone(), offer(entry), is_allowed)).collect()
    }

    /// What one directory offers for a name.
    pub(super) fn along_one(&self, entry: &BStr, name: &BStr) -> Vec<Spec> {
        let tail = name.rsplit_once_str(".").map_or(name, |(_, tail)| tail.as_bstr());
        Offer::from(self.searched(entry, tail)).specs().to_vec()
    }

    /// Searches one entry. Where a file has a suffix that only some builds know, those of this build are read.
    pub(super) fn searched(&self, entry: &BStr, tail: &BStr) -> Searched {
        let Some(place) = self.place(entry) else { return Searched::NoEntry };
        let search = |rules: &Rules| finders::candidates(self.ask, &self.archives, place.as_bstr(), tail, rules);
        let found = search(self.rules());
        if self.is_suffix_doubtful(place.as_bstr(), tail) {
            return search(self.exact_rules.get_or_init(|| self.make_rules(true)));
        }
        found
    }

    fn is_suffix_doubtful(&self, place: &BStr, tail: &BStr) -> bool {
        let Some(names) = self.ask.known_listing(place) else { return false };
        let known = &self.rules().suffixes;
        let is_doubtful = |name: &BString| {
            let suffix = name.strip_prefix(tail.as_bytes()).unwrap_or_default();
            (suffix.starts_with(b".abi3") || suffix.starts_with(b".cpython-"))
                && (suffix == b".abi3.so" || known.iter().all(|(known, _)| known != suffix))
        };
        names.iter().any(is_doubtful)
    }

    /// What the finder of an entry has as its path; none where there is no finder.
    pub(super) fn place(&self, entry: &BStr) -> Option<BString> {
        let cwd = self.resolution.invocation.cwd.as_ref();
        if entry.is_empty() {
            return cwd.cloned();
        }
        if entry.contains(&0) {
            return None;
        }
        let is_relative = !arithmetic::is_absolute(self.flavor(), entry);
        if !is_relative || !self.has(Behavior::FinderPathsAbsolute) || !self.ask.is_dir(entry) {
            return Some(entry.to_owned());
        }
        let cwd = cwd?;
        if entry == "." && self.has(Behavior::DotIsCwd) {
            return Some(cwd.clone());
        }
        Some(path::concatenate(self.platform(), cwd.as_bstr(), entry))
    }

    /// `spec_from_file_location`: what a file is by its suffix; none where no loader knows it. Nobody asks whether it exists.
    pub(super) fn spec_of_file(&self, name: &BStr, file: &BStr, given: Given) -> Option<Spec> {
        let suffixes = &self.rules().suffixes;
        let (_, code) = suffixes.iter().find(|(suffix, _)| file.ends_with(suffix))?;
        let base = arithmetic::basename(self.flavor(), file);
        let stem = base.rfind_byte(b'.').map_or(base.as_slice(), |at| &base[..at]);
        let is_package = match &given {
            Given::Known(known) => known.is_some(),
            Given::ByName => stem == b"__init__" && !name.ends_with(b".__init__"),
        };
        let hit = finders::Hit {
            code: Some(*code),
            path: file.to_owned(),
            location: is_package.then(|| arithmetic::dirname(self.flavor(), file)),
            is_zipped: false,
            is_readable: true,
        };
        let spec = Spec::of(hit);
        match given {
            Given::Known(locations) => Some(Spec { locations, ..spec }),
            Given::ByName => Some(spec),
        }
    }

    /// The portions of a namespace package that the path has.
    pub(super) fn native_portions(&self, name: &BStr, path: Option<&[BString]>) -> Vec<BString> {
        let entries: Vec<BString> = match path {
            Some(path) => path.to_vec(),
            None => self.resolution.sys.iter().flat_map(|sys| &sys.path).map(|entry| entry.value.clone()).collect(),
        };
        let turns = self.along(entries.iter().map(|entry| (entry, true)), name);
        match outcome::choose(&turns) {
            choice @ outcome::Choice::Portions(_) => {
                let found = outcome::import(Asked { name, is_loaded: false }, turns, &choice);
                found.locations.unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The locations in which the submodules of a package are searched for, as its code leaves them.
    fn parent(&self, parent: &BStr, name: &BStr, is_loaded: bool) -> Parent {
        super::parent::of(self, parent, name, is_loaded)
    }

    /// Every top-level module that an entry of `sys.path` provides, sorted by name; the entry is listed once.
    pub fn provided(&self, entry: &BStr) -> Vec<Provided> {
        super::provided::by(self, entry)
    }

    pub(super) fn archives(&self) -> &Archives {
        &self.archives
    }

    /// What a file of that code is called where a suffix says so.
    pub(super) fn code_of(&self, suffix: &[u8]) -> Option<Code> {
        self.rules().suffixes.iter().find(|(known, _)| known == suffix).map(|(_, code)| *code)
    }
}

/// Whether an entry was on `sys.path` when startup loaded a module.
fn is_there(origin: Origin, when: When) -> bool {
    match when {
        When::Launch => true,
        When::Site => origin != Origin::Launch,
        When::Early => !matches!(origin, Origin::Launch | Origin::SitePackages | Origin::UserSite | Origin::PthFile),
    }
}
