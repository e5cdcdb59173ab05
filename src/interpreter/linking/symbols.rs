//! Whether the loader finds every symbol that it looks up before the program runs.

use std::ops::Range;

use bstr::{BString, ByteSlice};

use super::objects::Objects;
use super::{Linking, Loaded, Stop, definitions, definitions_of_loader, holds_python, is_of_system, references};
use crate::interpreter::Problem;
use crate::interpreter::elf::{Definitions, NeededVersion, Reference, build_id};
use crate::interpreter::image::Image;
use crate::interpreter::links::{join, parent};

/// What `main` of a Python calls first, whatever else it calls, in the order of these calls.
const FIRST_CALLS: [&[u8]; 4] = [b"_PyMem_SetupAllocators", b"Py_BytesMain", b"_Py_UnixMain", b"Py_Main"];
/// The C library, which the loader of another build cannot work with.
const C_LIBRARY: &[u8] = b"libc.so.6";

/// Looks up the symbols of all objects, the last first, as the loader does.
pub(super) fn check(linking: &Linking<'_, '_>, objects: &Objects<'_, '_>) -> Loaded<()> {
    if !(1..objects.all.len()).any(|index| objects.is_foreign(index)) {
        return Ok(());
    }
    check_c_library(linking, objects)?;
    let mut scope = Vec::new();
    for object in &objects.all {
        scope.push(definitions(&object.elf, objects.image(object))?);
    }
    // The loader has symbols for the C library, and is the last that is asked.
    scope.push(definitions_of_loader(linking.lookups, linking.elf)?);
    let mut uncertain = None;
    for index in order(objects) {
        let object = &objects.all[index];
        let references = references(&object.elf, objects.image(object))?;
        let is_lazy = linking.variables.bind_now.is_none() && !object.elf.binds_now;
        for reference in &references {
            match look_up(objects, &scope, reference) {
                Found::Yes => {}
                Found::Mismatched(library) => {
                    return Err(Stop::Unknown(library, "it defines symbols without the versions that are asked for"));
                }
                Found::No if is_lazy && reference.is_lazy => {
                    uncertain.get_or_insert(index);
                }
                Found::No => return Err(missing(objects, index, reference)),
            }
        }
    }
    called(objects, &scope, uncertain)
}

/// A function that is missing ends the process when it is called: of the program, that is known of some.
fn called(objects: &Objects<'_, '_>, scope: &[Definitions], uncertain: Option<usize>) -> Loaded<()> {
    let Some(index) = uncertain else { return Ok(()) };
    let program = &objects.all[0];
    let references = program.elf.references(objects.image(program)).unwrap_or_default();
    let first = FIRST_CALLS.iter().find_map(|name| references.iter().find(|reference| reference.name == *name));
    match first {
        Some(first) if !matches!(look_up(objects, scope, first), Found::Yes) => Err(missing(objects, 0, first)),
        _ => Err(Stop::Unknown(
            objects.all[index].path.clone(),
            "it needs functions that no library defines, and whether startup calls them is not known",
        )),
    }
}

/// A library that is loaded before all others may have what the program takes from Python's own: then that one runs.
pub(super) fn check_preloaded(objects: &Objects<'_, '_>, preloaded: Range<usize>) -> Loaded<()> {
    if preloaded.is_empty() {
        return Ok(());
    }
    let program = &objects.all[0];
    let Some(own) = program.elf.definitions(objects.image(program)) else { return Ok(()) };
    let references = program.elf.references(objects.image(program)).unwrap_or_default();
    let is_first = |reference: &&Reference| FIRST_CALLS.contains(&reference.name.as_bytes()) && !own.satisfy(reference);
    let calls: Vec<&Reference> = references.iter().filter(is_first).collect();
    for index in preloaded.filter(|index| !program.needs.contains(index)) {
        let library = &objects.all[index];
        let image = objects.image(library);
        let defined = library.elf.definitions(image);
        let is_called = defined.is_some_and(|defined| calls.iter().any(|call| defined.satisfy(call)));
        // The library of another release may lack what is called first, and has most of what is called then.
        if is_called || !calls.is_empty() && holds_python(&library.elf, image) {
            let why = "it is loaded before all others, and has functions of the same names as Python's own library";
            return Err(Stop::Unknown(library.path.clone(), why));
        }
    }
    Ok(())
}

enum Found {
    Yes,
    No,
    /// In this library, which has no versions, though a version of this library is asked for.
    Mismatched(BString),
}

fn look_up(objects: &Objects<'_, '_>, scope: &[Definitions], reference: &Reference) -> Found {
    let from = usize::from(reference.is_copy);
    let Some(index) = (from..scope.len()).find(|&index| scope[index].satisfy(reference)) else { return Found::No };
    let Some(library) = objects.all.get(index) else { return Found::Yes };
    let is_named = |version: &NeededVersion| library.names.contains(&version.library);
    if !scope[index].has_versions() && reference.version.as_ref().is_some_and(is_named) {
        return Found::Mismatched(library.path.clone());
    }
    Found::Yes
}

fn missing(objects: &Objects<'_, '_>, index: usize, reference: &Reference) -> Stop {
    Stop::Fails(Problem::MissingSymbol {
        symbol: reference.name.clone(),
        version: reference.version.as_ref().map(|version| version.name.clone()),
        needed_by: objects.all[index].path.clone(),
        is_musl: false,
    })
}

/// The order in which the loader relocates: what others need comes first (`_dl_sort_maps`, by depth).
fn order(objects: &Objects<'_, '_>) -> Vec<usize> {
    let mut found = Vec::with_capacity(objects.all.len());
    let mut seen = vec![false; objects.all.len()];
    for start in (0..objects.all.len()).rev() {
        let mut stack = vec![(start, 0)];
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        while let Some((index, next)) = stack.pop() {
            match objects.all[index].needs.get(next) {
                Some(&needed) => {
                    stack.push((index, next + 1));
                    if !std::mem::replace(&mut seen[needed], true) {
                        stack.push((needed, 0));
                    }
                }
                None => found.push(index),
            }
        }
    }
    found
}

/// The loader and the C library are one program in two files: another build of the library may end in any way.
fn check_c_library(linking: &Linking<'_, '_>, objects: &Objects<'_, '_>) -> Loaded<()> {
    let library = objects.all.iter().find(|object| object.names.iter().any(|name| name == C_LIBRARY));
    let Some(library) = library.filter(|library| !is_of_system(library.path.as_bstr())) else { return Ok(()) };
    let loader = linking.elf.loader.as_ref();
    let dir = loader.and_then(|loader| linking.lookups.real_path(loader.as_bstr()).ok());
    let own = dir.as_ref().and_then(|path| parent(path.as_bstr()));
    let own = own.and_then(|dir| Image::open(linking.lookups, join(dir, C_LIBRARY).as_bstr()).ok());
    let is_same = own.is_some_and(|own| {
        let known = build_id(&own);
        known.is_some() && known == build_id(objects.image(library))
    });
    // A library that is none at all shows in its symbols.
    let is_c_library = library.elf.symbol(objects.image(library), b"__libc_start_main").is_some();
    if is_same || !is_c_library {
        return Ok(());
    }
    Err(Stop::Unknown(library.path.clone(), "it is a C library of another build than the dynamic loader"))
}
