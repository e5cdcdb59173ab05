//! The importers that startup code adds, as far as they are data: those of editable installs, and that of setuptools for
//! `distutils`. The modules that define them are read and never run.

mod distutils;
mod editables;
mod harmless;
mod literal;
mod meson;
mod scikit_build;
mod setuptools;

pub(super) use distutils::COPY as DISTUTILS_COPY;

use bstr::{BStr, BString, ByteSlice};

use super::closures;
use super::finder::Finder;
use super::offer::{Offer, Spec};
use crate::interpreter::Version;
use crate::startup::{Doubt, Effect, Grammar, Hook, HookKind, Line, Namespace, Source, recognize_line};
use crate::text::sentence;

/// The largest module with an importer that is read.
const MOST_BYTES: u64 = 8 << 20;

/// What the lines of setuptools import to set up a namespace package.
const FOR_NAMESPACES: [&str; 3] = ["types", "importlib.util", "importlib.machinery"];

/// An importer.
pub(super) enum Importer {
    /// Of a project that setuptools installed in editable mode.
    Setuptools(setuptools::Editable),
    /// Of projects that the package editables maps.
    Editables(editables::Mapped),
    /// Of setuptools, which replaces `distutils`.
    Distutils,
    /// Of a project that scikit-build-core installed in editable mode.
    ScikitBuild(scikit_build::Redirected),
    /// Of a project that scikit-build-core builds in its own directory.
    InPlace(scikit_build::InPlace),
    /// Of a project that meson-python installed in editable mode.
    Meson(meson::Built),
}

impl Importer {
    /// The module that defines it.
    pub fn module(&self) -> BString {
        match self {
            Self::Setuptools(editable) => editable.module.clone(),
            Self::Editables(_) => editables::MODULE.into(),
            Self::Distutils => distutils::MODULE.into(),
            Self::ScikitBuild(redirected) => redirected.module.clone(),
            Self::InPlace(project) => project.module.clone(),
            Self::Meson(built) => built.module.clone(),
        }
    }

    /// What it offers for a name; `path` are the locations of the parent.
    pub fn offer(&self, finder: &Finder<'_>, name: &BStr, path: Option<&[BString]>) -> Vec<Spec> {
        match self {
            Self::Setuptools(editable) => editable.offer(finder, name),
            Self::Editables(mapped) => mapped.offer(finder, name, path),
            Self::Distutils => distutils::offer(finder, name, path).into_iter().collect(),
            Self::ScikitBuild(redirected) => redirected.offer(finder, name, path),
            Self::InPlace(project) => project.offer(finder, name, path),
            Self::Meson(_) => Vec::new(),
        }
    }

    /// Whether it runs the build of a project before it answers for a name.
    fn builds(&self, name: &BStr) -> bool {
        match self {
            Self::ScikitBuild(redirected) => redirected.builds(name),
            Self::InPlace(project) => project.builds(name),
            Self::Meson(built) => built.builds(name),
            _ => false,
        }
    }
}

/// What startup code does to imports.
#[derive(Default)]
pub(super) struct Importers {
    /// The importers in front of all others, in order.
    pub front: Vec<Importer>,
    /// Those behind all others.
    pub back: Vec<Importer>,
    /// Modules that startup code has loaded.
    pub loaded: Vec<BString>,
    /// Modules that these import outside of functions.
    pub imported: Vec<String>,
    /// Namespace packages that lines of setuptools set up, each with the file of the line.
    pub namespaces: Vec<(Namespace, BString)>,
    /// Code that may do anything to imports, as a clause.
    pub code: Option<BString>,
}

impl Importers {
    /// Reads what the startup code of a resolution adds. The finder is one that knows no importers.
    pub fn of(finder: &Finder<'_>) -> Self {
        let mut found = Self::default();
        let resolution = finder.resolution();
        let mut read: Vec<(&BString, Option<usize>)> = Vec::new();
        for hook in &resolution.startup {
            let is_failed =
                resolution.failures.iter().any(|failure| failure.file == hook.file && failure.line == hook.line);
            if !is_failed && found.read_hook(finder, hook) {
                read.push((&hook.file, hook.line));
            }
        }
        // The site module prints what goes wrong with a line.
        if resolution.failures.iter().any(|failure| failure.line.is_some()) {
            found.imported.push("traceback".to_owned());
        }
        found.code = resolution.doubts.iter().find_map(|doubt| match doubt {
            Doubt::Code { file, line, .. } if !read.contains(&(file, *line)) => Some(clause(file, *line)),
            _ => None,
        });
        for module in
            resolution.site.iter().flat_map(|site| [&site.customize.sitecustomize, &site.customize.usercustomize])
        {
            let imports = module.as_ref().and_then(|file| harmless::of_file(finder, file.as_bstr()));
            found.imported.extend(imports.unwrap_or_default());
        }
        found
    }

    /// Reads what one piece of startup code adds; whether it is understood, although startup itself does not know it.
    fn read_hook(&mut self, finder: &Finder<'_>, hook: &Hook) -> bool {
        let Some(code) = &hook.code else { return harmless::of_file(finder, hook.file.as_bstr()).is_some() };
        if hook.kind == HookKind::StartEntryPoint {
            let module = code.split_str(":").next().and_then(|module| module.to_str().ok());
            return module.is_some_and(|module| self.add_project(finder, module.trim()));
        }
        match recognize_line(code, finder.behaviors()) {
            Line::Known(known) => {
                for effect in known.effects {
                    self.add(finder, effect, &hook.file);
                }
                false
            }
            Line::Unknown { imports, only_imports } => {
                let module = imports.first().filter(|_| imports.len() == 1);
                let module = module.filter(|module| only_imports || is_start(code, module));
                if module.is_some_and(|module| self.add_project(finder, module)) {
                    return true;
                }
                let of_imports = || harmless::of_imports(finder, code, &imports).filter(|_| only_imports);
                let imports = harmless::of_code(finder, code).or_else(of_imports);
                let is_harmless = imports.is_some();
                self.imported.extend(imports.unwrap_or_default());
                is_harmless
            }
            Line::Invalid => false,
        }
    }

    fn add(&mut self, finder: &Finder<'_>, effect: Effect, file: &BString) {
        match effect {
            Effect::Imports { module, .. } => self.add_module(finder, &module),
            Effect::ImportsWhen { module, variable, value, default, .. } => {
                let set = finder.resolution().invocation.variable(variable);
                if set.unwrap_or(default.as_bytes().as_bstr()) == value {
                    self.add_module(finder, &module);
                }
            }
            Effect::Namespace(namespace) => {
                let modules = if namespace.is_found { &FOR_NAMESPACES[..] } else { &FOR_NAMESPACES[..1] };
                self.imported.extend(modules.iter().map(|module| (*module).to_owned()));
                self.namespaces.push((namespace, file.clone()));
            }
            _ => {}
        }
    }

    fn add_module(&mut self, finder: &Finder<'_>, module: &str) {
        self.loaded.push(module.into());
        let source = source(finder, module);
        self.imported.extend(source.as_ref().map(Source::imports).unwrap_or_default());
        let tokens = source.as_ref().and_then(Source::tokens);
        if module == distutils::MODULE {
            self.front.insert(0, Importer::Distutils);
        } else if module.starts_with("__editable__") {
            let editable = tokens.and_then(|tokens| setuptools::Editable::read(module, tokens));
            self.back.extend(editable.map(Importer::Setuptools));
        } else if module.starts_with("_editable_impl_")
            && let Some(tokens) = tokens
        {
            self.loaded.push(editables::MODULE.into());
            self.loaded.push("editables".into());
            self.imported.extend(editables::IMPORTS.map(ToOwned::to_owned));
            self.add_mapped(editables::mapped(tokens));
        }
    }

    /// Adds the importer of a project that is built; false where the module has none.
    fn add_project(&mut self, finder: &Finder<'_>, module: &str) -> bool {
        let Some(file) = finder.find(module.into()).origin else { return false };
        let Some(source) = source(finder, module) else { return false };
        let Some(tokens) = source.tokens() else { return false };
        // A module with the code of both importers of scikit-build-core calls one of them.
        let importer = scikit_build::InPlace::read(module, tokens)
            .map(Importer::InPlace)
            .or_else(|| {
                scikit_build::Redirected::read(finder, module, file.as_bstr(), tokens).map(Importer::ScikitBuild)
            })
            .or_else(|| meson::Built::read(module, tokens).map(Importer::Meson));
        let Some(importer) = importer else { return false };
        self.front.insert(0, importer);
        self.loaded.push(module.into());
        self.imported.extend(source.imports());
        true
    }

    /// Why nobody knows what an import gets: the importer that builds a project first.
    pub fn building(&self, name: &BStr) -> Option<BString> {
        let importer = self.front.iter().find(|importer| importer.builds(name))?;
        Some(sentence!("the importer of ", importer.module(), " builds the project when it is asked"))
    }

    /// Whether startup code has loaded a module, by itself or with what it imports.
    pub fn has_loaded(&self, name: &BStr, version: Version) -> bool {
        let Ok(name) = name.to_str() else { return false };
        self.loaded.iter().any(|module| module == name)
            || self.imported.iter().any(|module| closures::loads(module, name, version))
    }

    /// All projects share one importer.
    fn add_mapped(&mut self, mapped: Vec<(BString, BString)>) {
        let known = self.back.iter_mut().find_map(|importer| match importer {
            Importer::Editables(known) => Some(known),
            _ => None,
        });
        match known {
            Some(known) => known.extend(mapped),
            None => self.back.push(Importer::Editables(editables::Mapped::new(mapped))),
        }
    }

    /// What the placeholder of setuptools' importer on a path offers; none where the entry is none.
    pub fn placeholder(&self, entry: &BStr, name: &BStr) -> Option<Offer> {
        let editable = self.back.iter().find_map(|importer| match importer {
            Importer::Setuptools(editable) if editable.placeholder == entry => Some(editable),
            _ => None,
        })?;
        let locations = editable.namespace(name).into_iter();
        Some(Offer::Specs(locations.map(Spec::portions).collect()))
    }
}

/// The code of the module of a recognized line.
fn source(finder: &Finder<'_>, module: &str) -> Option<Source> {
    let import = finder.find(module.into());
    let content = finder.ask().read(import.origin?.as_bstr(), MOST_BYTES).ok()?;
    Some(Source::read(&content, Grammar::of(finder.behaviors())))
}

/// Whether a line imports a module and starts it, as meson-python does.
fn is_start(line: &BString, module: &str) -> bool {
    line.trim() == format!("import {module}; {module}.init()").as_bytes()
}

fn clause(file: &BString, line: Option<usize>) -> BString {
    let place = line.map(|line| format!("line {line} of ")).unwrap_or_default();
    sentence!(place, file, " is startup code that may change what imports find")
}
