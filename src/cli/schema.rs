//! `venv-doctor schema`: the JSON Schema of a document.

use crate::report::{check, diff, difference, fix, json, scan, which};
use crate::snapshot;

use super::args::{Document, JsonFormat, SchemaArguments};
use super::exit::Exit;
use super::output;

/// Prints the schema of the document that was named.
pub fn run(arguments: &SchemaArguments) -> Exit {
    let JsonFormat::Json = arguments.format.format();
    let schema = match arguments.document {
        Document::Explain => json::v1::schema(),
        Document::Check => check::schema(),
        Document::Scan => scan::schema(),
        Document::Snapshot => snapshot::schema(),
        Document::Fix => fix::schema(),
        Document::Undo => fix::schema_of_list(),
        Document::Diff => diff::schema(),
        Document::Which => which::schema(),
        Document::WhatIf => difference::json::schema(),
    };
    output::print(schema.as_bytes(), Exit::Success)
}
