//! Which file an import gets, with the whole search that leads to it.

use bstr::BString;

use crate::finders::{Code, Hit};
use crate::host::HostError;

/// What an import gets, or what a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A module that is part of the interpreter's binary.
    Builtin,
    /// A module whose code is frozen into the binary.
    Frozen,
    /// The same, a package.
    FrozenPackage,
    /// A file with source code.
    Source,
    /// Compiled code without its source.
    Bytecode,
    /// An extension module.
    Extension,
    /// A package whose `__init__` is source code.
    Package,
    /// A package whose `__init__` is compiled code without its source.
    PackageBytecode,
    /// A package whose `__init__` is an extension module.
    PackageExtension,
    /// A namespace package, or one portion of it.
    Namespace,
    /// Source code in a zip file.
    ZipSource,
    /// Compiled code in a zip file.
    ZipBytecode,
    /// A package in a zip file.
    ZipPackage,
    /// The same, with compiled code.
    ZipPackageBytecode,
    /// Nothing: `ModuleNotFoundError`, perhaps because a parent is missing or no package.
    Missing,
    /// Only running code can decide.
    Unknown,
}

impl Kind {
    /// What something that an entry has is.
    pub(super) fn of(hit: &Hit) -> Self {
        let is_package = hit.location.is_some();
        match (hit.code, is_package, hit.is_zipped) {
            (None, ..) => Self::Namespace,
            (Some(Code::Extension), true, _) => Self::PackageExtension,
            (Some(Code::Extension), false, _) => Self::Extension,
            (Some(Code::Source), true, false) => Self::Package,
            (Some(Code::Source), false, false) => Self::Source,
            (Some(Code::Bytecode), true, false) => Self::PackageBytecode,
            (Some(Code::Bytecode), false, false) => Self::Bytecode,
            (Some(Code::Source), true, true) => Self::ZipPackage,
            (Some(Code::Source), false, true) => Self::ZipSource,
            (Some(Code::Bytecode), true, true) => Self::ZipPackageBytecode,
            (Some(Code::Bytecode), false, true) => Self::ZipBytecode,
        }
    }

    /// Every kind, in the order in which the documentation lists them.
    pub const ALL: [Self; 16] = [
        Self::Builtin,
        Self::Frozen,
        Self::FrozenPackage,
        Self::Source,
        Self::Bytecode,
        Self::Extension,
        Self::Package,
        Self::PackageBytecode,
        Self::PackageExtension,
        Self::Namespace,
        Self::ZipSource,
        Self::ZipBytecode,
        Self::ZipPackage,
        Self::ZipPackageBytecode,
        Self::Missing,
        Self::Unknown,
    ];

    /// The name used in the JSON document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Frozen => "frozen",
            Self::FrozenPackage => "frozen-package",
            Self::Source => "source",
            Self::Bytecode => "bytecode",
            Self::Extension => "extension",
            Self::Package => "package",
            Self::PackageBytecode => "package-bytecode",
            Self::PackageExtension => "package-extension",
            Self::Namespace => "namespace",
            Self::ZipSource => "zip-source",
            Self::ZipBytecode => "zip-bytecode",
            Self::ZipPackage => "zip-package",
            Self::ZipPackageBytecode => "zip-package-bytecode",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a module is found, whatever it is.
    pub fn is_found(self) -> bool {
        !matches!(self, Self::Missing | Self::Unknown)
    }

    /// Whether it is a package, so that it can have submodules.
    pub fn is_package(self) -> bool {
        matches!(
            self,
            Self::FrozenPackage
                | Self::Package
                | Self::PackageBytecode
                | Self::PackageExtension
                | Self::Namespace
                | Self::ZipPackage
                | Self::ZipPackageBytecode
        )
    }
}

/// Which finder answers, and for which entry of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBy {
    /// `builtin`, `frozen`, `path`, or the name of the module that defines the finder.
    pub finder: BString,
    /// The entry, exactly as Python holds it; none unless the finder is `path`.
    pub entry: Option<BString>,
}

/// Something else that the search meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What it is.
    pub kind: Kind,
    /// The file, of a portion its directory; none for what is in the binary.
    pub path: Option<BString>,
}

/// What is at one place of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum There {
    /// The entry does not exist, so that nothing is searched.
    NoEntry,
    /// The entry is neither a directory nor a zip file.
    NoFinder,
    /// The directory cannot be listed, so that nothing is found in it.
    Unlistable(HostError),
    /// Nothing of that name.
    Nothing,
    /// These, the first being what this place gives.
    Candidates(Vec<Candidate>),
}

/// What becomes of what one place gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It gives nothing.
    Nothing,
    /// It is what the import gets.
    Taken,
    /// It is one of the portions of the namespace package that the import gets.
    Portion,
    /// It is a portion, which a module of a later place replaces.
    PassedOver,
    /// It comes after what the import gets, and is not asked.
    Hidden,
    /// It comes first, but the module is in `sys.modules` already.
    TooLate,
    /// Nobody knows, because code comes before it that may give anything.
    Unknown,
}

/// One place of the search, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The finder, as in [`FoundBy`].
    pub finder: BString,
    /// The entry of `sys.path`, or of the locations of the parent; none unless the finder is `path`.
    pub entry: Option<BString>,
    /// What is there.
    pub there: There,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// Which file an import gets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Import {
    /// The full name.
    pub name: BString,
    /// What it is.
    pub kind: Kind,
    /// `spec.origin`, where that is a file.
    pub origin: Option<BString>,
    /// `spec.submodule_search_locations`; none where it is no package.
    pub locations: Option<Vec<BString>>,
    /// Who finds it.
    pub found_by: Option<FoundBy>,
    /// Every other candidate of the whole search, in its order, each path once.
    pub shadows: Vec<Candidate>,
    /// Whether it is in `sys.modules` before the first line of the launched code.
    pub loaded_at_startup: bool,
    /// Why it is missing or unknown.
    pub reason: Option<BString>,
    /// The search, place by place. Where a parent decides already, the search is empty.
    pub search: Vec<Place>,
}
