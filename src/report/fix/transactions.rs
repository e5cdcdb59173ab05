//! The transactions that can be undone.

use std::fmt::Write;

use bstr::ByteSlice;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use crate::repair::{Transaction, rfc_3339};
use crate::report::json::v1::{Text, texts};
use crate::text::document::{line, schema_of};
use crate::text::escape::escape;

const SCHEMA: &str = "venv-doctor/undo/1";
/// So many paths of a transaction are listed for people.
const MOST_PATHS: usize = 3;

/// The transactions that can be undone, the newest first.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "venv-doctor transactions, version 1")]
struct List<'a> {
    /// The name and version of this document.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    transactions: Vec<TransactionReport<'a>>,
}

/// A transaction.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Transaction")]
struct TransactionReport<'a> {
    id: &'a str,
    /// When it was begun, as RFC 3339 writes it.
    time: String,
    /// What it changed.
    paths: Vec<Text<'a>>,
}

/// The JSON Schema of the list, indented.
pub fn schema_of_list() -> String {
    schema_of::<List<'_>>(SchemaSettings::draft2020_12().for_serialize())
}

impl<'a> From<&'a Transaction> for TransactionReport<'a> {
    fn from(Transaction { id, time, paths }: &'a Transaction) -> Self {
        Self { id, time: rfc_3339(*time), paths: texts(paths) }
    }
}

/// One line of JSON.
pub fn list_to_json(transactions: &[Transaction]) -> Vec<u8> {
    line(&List { schema: SCHEMA, transactions: transactions.iter().map(Into::into).collect() })
}

/// One line for each.
pub fn list_to_text(transactions: &[Transaction]) -> String {
    let mut text = String::new();
    for Transaction { id, time, paths } in transactions {
        let mut shown: Vec<String> = paths.iter().take(MOST_PATHS).map(|path| escape(path.as_bstr())).collect();
        if paths.len() > MOST_PATHS {
            shown.push(format!("and {} more", paths.len() - MOST_PATHS));
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{id}  {}  {}", rfc_3339(*time), shown.join(", "));
    }
    if text.is_empty() { "There is nothing to undo.\n".to_owned() } else { text }
}
