//! Every string of a document that comes from the machine.

use super::super::document::{Document, ProblemDocument, ResultDocument};
use super::super::text::{Base64, Text};
use super::encoded;

/// Every string of the document that comes from the machine.
pub(super) fn each_string(document: &Document, visit: &mut dyn FnMut(&[u8])) {
    each_text(&mut document.clone(), &mut |text| visit(&text.0));
    for file in &document.files {
        if let Some(text) = &file.text {
            visit(text.as_bytes());
        }
        if let Some(Base64(bytes)) = &file.base64 {
            match encoded::decode(bytes) {
                Some((text, _)) => visit(text.as_bytes()),
                None => visit(bytes),
            }
        }
    }
}

pub(super) fn each_text(document: &mut Document, visit: &mut dyn FnMut(&mut Text)) {
    visit(&mut document.executable);
    document.cwd.iter_mut().for_each(&mut *visit);
    document.removed_cwd.iter_mut().for_each(&mut *visit);
    document.options.iter_mut().for_each(&mut *visit);
    document.switches.iter_mut().for_each(&mut *visit);
    document.launch.target.iter_mut().for_each(&mut *visit);
    document.environment.0.values_mut().for_each(&mut *visit);
    document.process.home.iter_mut().for_each(&mut *visit);
    document.notes.iter_mut().for_each(&mut *visit);
    let hives = [&mut document.registry.current_user, &mut document.registry.local_machine];
    hives.into_iter().flatten().flat_map(|hive| hive.0.values_mut()).for_each(&mut *visit);
    for file in &mut document.files {
        visit(&mut file.path);
        file.target.iter_mut().for_each(&mut *visit);
    }
    each_text_of_interpreter(document, visit);
}

fn each_text_of_interpreter(document: &mut Document, visit: &mut dyn FnMut(&mut Text)) {
    let interpreter = &mut document.interpreter;
    let compiled = &mut interpreter.compiled;
    let facts = [
        &mut compiled.prefix,
        &mut compiled.exec_prefix,
        &mut compiled.platlibdir,
        &mut compiled.pythonpath,
        &mut compiled.vpath,
        &mut interpreter.library,
        &mut interpreter.real_executable,
    ];
    facts.into_iter().flatten().for_each(&mut *visit);
    for evidence in &mut interpreter.evidence {
        visit(&mut evidence.value);
        visit(&mut evidence.from);
    }
    for lookup in &mut interpreter.checks {
        visit(&mut lookup.path);
        if let ResultDocument::Resolved { path } = &mut lookup.result {
            visit(path);
        }
    }
    match &mut interpreter.problem {
        Some(
            ProblemDocument::TextLink { target: text }
            | ProblemDocument::MissingLoader { loader: text }
            | ProblemDocument::BadLoader { loader: text, .. }
            | ProblemDocument::LoadingUnknown { object: text, .. }
            | ProblemDocument::MissingSymbol { needed_by: text, .. },
        ) => visit(text),
        Some(ProblemDocument::Script { interpreter, real, .. }) => {
            visit(interpreter);
            real.iter_mut().for_each(visit);
        }
        Some(ProblemDocument::MissingVersion { library, needed_by, .. }) => {
            visit(library);
            visit(needed_by);
        }
        Some(ProblemDocument::ForbiddenLibrary { library, found, .. }) => {
            visit(library);
            visit(found);
        }
        Some(ProblemDocument::MissingLibrary { library, searched, needed_by, .. }) => {
            visit(library);
            searched.iter_mut().for_each(&mut *visit);
            needed_by.iter_mut().for_each(visit);
        }
        Some(ProblemDocument::BadLibrary { library, wanted, .. }) => {
            visit(library);
            wanted.iter_mut().flat_map(|wanted| [&mut wanted.name, &mut wanted.needed_by]).for_each(visit);
        }
        _ => {}
    }
}
