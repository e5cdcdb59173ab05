//! The importer that scikit-build-core writes for a project in editable mode: a table of source files, one of built files, and
//! in newer versions one of directories.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use super::literal::{self, Literal};
use crate::host::path::module as arithmetic;
use crate::imports::answer::Kind;
use crate::imports::finder::{Finder, Given};
use crate::imports::offer::Spec;
use crate::startup::{Token, Tokens};

/// The class that makes a module one of scikit-build-core.
const CLASS: &str = "ScikitBuildRedirectingFinder";

/// The importer of a project that is built in its own directory: it searches as the path search does.
pub(in crate::imports) struct InPlace {
    /// The module that defines the importer.
    pub module: BString,
    packages: Vec<BString>,
    dirs: Vec<BString>,
    rebuilds: bool,
}

impl InPlace {
    /// Reads the arguments of the importer; none where the module is another kind of module.
    pub fn read(module: &str, found: &Tokens) -> Option<Self> {
        let arguments = literal::calls(found, "install_inplace").into_iter().next_back()?;
        let (packages, dirs) = (arguments.first()?.texts()?, arguments.get(1)?.texts()?);
        let rebuilds = matches!(arguments.get(3), Some(Literal::True));
        Some(Self { module: module.into(), packages, dirs, rebuilds })
    }

    fn is_own(&self, name: &BStr) -> bool {
        let top = name.split_str(".").next().unwrap_or_default();
        self.packages.iter().any(|package| package == top)
    }

    /// Whether importing a name builds the project.
    pub fn builds(&self, name: &BStr) -> bool {
        self.rebuilds && self.is_own(name)
    }

    /// What the path search finds, but for namespace packages.
    pub fn offer(&self, finder: &Finder<'_>, name: &BStr, path: Option<&[BString]>) -> Vec<Spec> {
        if !self.is_own(name) {
            return Vec::new();
        }
        let found = path.unwrap_or(&self.dirs).iter().flat_map(|dir| finder.along_one(dir.as_bstr(), name));
        let specs: Vec<Spec> = found.collect();
        let has_module = specs.iter().any(|spec| spec.candidate.kind != Kind::Namespace);
        specs.into_iter().filter(|spec| has_module && spec.candidate.kind != Kind::Namespace).collect()
    }
}

/// The tables of a project.
pub(in crate::imports) struct Redirected {
    /// The module that defines the importer.
    pub module: BString,
    /// Its directory, to which the built files are relative.
    dir: BString,
    sources: HashMap<BString, BString>,
    built: HashMap<BString, BString>,
    /// The locations of packages, in order.
    locations: HashMap<BString, Vec<BString>>,
    /// Whether the importer tells locations at all: the first versions leave them to the import system.
    has_locations: bool,
    /// Whether only packages with a file `__init__` have locations, and directories without one are namespace packages.
    has_directories: bool,
    /// Whether the project is built when a built file is imported.
    rebuilds: bool,
}

impl Redirected {
    /// Reads the tables of a module; none where it is another kind of module.
    pub fn read(finder: &Finder<'_>, module: &str, file: &BStr, found: &Tokens) -> Option<Self> {
        if !literal::defines_class(found, CLASS) {
            return None;
        }
        let arguments = literal::calls(found, "install").into_iter().next_back()?;
        let (sources, built) = (arguments.first()?.paths()?, arguments.get(1)?.paths()?);
        let directories = arguments.get(2).and_then(Literal::entries);
        let rest = if directories.is_some() { 4 } else { 2 };
        let is_built_again = matches!(arguments.get(rest + 1), Some(Literal::True));
        let has_path = arguments.get(rest).and_then(Literal::text).is_some();
        let cwd = finder.resolution().invocation.cwd.as_ref().map(|cwd| cwd.as_bstr());
        let file = arithmetic::abspath(finder.flavor(), cwd, file);
        let mut redirected = Self {
            module: module.into(),
            dir: arithmetic::dirname(finder.flavor(), file.as_bstr()),
            sources: sources.iter().cloned().collect(),
            built: built.iter().cloned().collect(),
            locations: HashMap::new(),
            has_locations: found
                .list
                .iter()
                .any(|token| matches!(token, Token::Name(name) if name == "submodule_search_locations")),
            has_directories: directories.is_some(),
            rebuilds: is_built_again && has_path,
        };
        match directories {
            Some(directories) => {
                let packages = arguments.get(3).and_then(Literal::texts).unwrap_or_default();
                redirected.rank(finder, &directories, packages);
            }
            None => redirected.collect(finder, sources.iter().chain(&built)),
        }
        Some(redirected)
    }

    /// Up to 0.11: the directories of all files of a package. Their order is not fixed where there are several.
    fn collect<'f>(&mut self, finder: &Finder<'_>, files: impl Iterator<Item = &'f (BString, BString)>) {
        for (name, file) in files {
            let is_package = file.contains_str("__init__.py");
            let parent = name.rsplit_once_str(".").map_or(&b""[..], |(parent, _)| parent);
            let package = if is_package { name.as_slice() } else { parent };
            if package.is_empty() {
                continue;
            }
            let dir = self.absolute(finder, arithmetic::dirname(finder.flavor(), file.as_bstr()).as_bstr());
            let known = self.locations.entry(package.into()).or_default();
            if !known.contains(&dir) {
                known.push(dir);
            }
        }
    }

    /// Newer versions: the directories of each package, the built ones first.
    fn rank(&mut self, finder: &Finder<'_>, directories: &[(BString, &Literal)], mut packages: Vec<BString>) {
        let mut ranked: HashMap<BString, Vec<(bool, BString)>> = HashMap::new();
        for (package, dirs) in directories {
            let known = ranked.entry(package.clone()).or_default();
            for dir in dirs.texts().unwrap_or_default() {
                let is_source = arithmetic::is_absolute(finder.flavor(), dir.as_bstr());
                let dir = self.absolute(finder, dir.as_bstr());
                if !known.iter().any(|(_, own)| *own == dir) {
                    known.push((is_source, dir));
                }
            }
        }
        packages.sort_by_key(|package| package.find_iter(".").count());
        for package in packages {
            let Some((parent, last)) = package.rsplit_once_str(".") else { continue };
            for (is_source, dir) in ranked.get(parent.as_bstr()).cloned().unwrap_or_default() {
                let below = arithmetic::join(finder.flavor(), &[dir.as_bstr(), last.as_bstr()]);
                let known = ranked.entry(package.clone()).or_default();
                if finder.ask().is_dir(below.as_bstr()) && !known.iter().any(|(_, own)| *own == below) {
                    known.push((is_source, below));
                }
            }
        }
        for (package, mut dirs) in ranked.into_iter().filter(|(_, dirs)| !dirs.is_empty()) {
            dirs.sort();
            self.locations.insert(package, dirs.into_iter().map(|(_, dir)| dir).collect());
        }
    }

    fn absolute(&self, finder: &Finder<'_>, path: &BStr) -> BString {
        arithmetic::join(finder.flavor(), &[self.dir.as_bstr(), path])
    }

    /// Whether importing a name builds the project.
    pub fn builds(&self, name: &BStr) -> bool {
        self.rebuilds && self.built.contains_key(name.as_bytes())
    }

    /// The built file, else the source file; else a namespace package.
    pub fn offer(&self, finder: &Finder<'_>, name: &BStr, path: Option<&[BString]>) -> Vec<Spec> {
        let locations = self.locations.get(name.as_bytes());
        let built = self.built.get(name.as_bytes()).map(|file| self.absolute(finder, file.as_bstr()));
        let file = built.or_else(|| self.sources.get(name.as_bytes()).cloned());
        if let Some(file) = file {
            let is_package = file.ends_with(b"__init__.py") || file.ends_with(b"__init__.pyc");
            let locations = locations.filter(|_| is_package || !self.has_directories).cloned();
            let given = if self.has_locations { Given::Known(locations) } else { Given::ByName };
            return finder.spec_of_file(name, file.as_bstr(), given).into_iter().collect();
        }
        let Some(locations) = locations.filter(|_| self.has_directories) else { return Vec::new() };
        let mut all = locations.clone();
        for location in finder.native_portions(name, path) {
            if !all.contains(&location) {
                all.push(location);
            }
        }
        vec![Spec::portions(all)]
    }
}
