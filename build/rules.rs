//! Declares the files of each family of rules and collects their topics, so that adding a rule touches one file.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

const RULES: &str = "src/rules";
/// What the files of a family share; it holds no rules.
const SUPPORT: &str = "support";

/// Writes `$OUT_DIR/rules/FAMILY.rs` for every directory of `src/rules` that includes such a file.
pub fn generate() -> io::Result<()> {
    println!("cargo:rerun-if-changed={RULES}");
    let out = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("rules");
    fs::create_dir_all(&out)?;
    let rules = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join(RULES);
    for family in names(&rules)? {
        let root = rules.join(&family).join("mod.rs");
        let is_family = fs::read_to_string(root).is_ok_and(|text| text.contains("include!(concat!(env!(\"OUT_DIR\")"));
        if is_family {
            fs::write(out.join(format!("{family}.rs")), topics(&rules.join(&family))?)?;
        }
    }
    Ok(())
}

/// A module for every file of the directory, and the table of their topics.
fn topics(family: &Path) -> io::Result<String> {
    let (mut modules, mut table) = (String::new(), String::new());
    for name in names(family)? {
        let module = name.strip_suffix(".rs").unwrap_or(&name);
        if module == "mod" || module == SUPPORT {
            continue;
        }
        let file = if name == module { family.join(module).join("mod.rs") } else { family.join(&name) };
        // Writing to a string cannot fail.
        let file = file.display().to_string();
        let _ = write!(modules, "#[path = {file:?}]\npub(in crate::rules) mod {module};\n");
        let _ = write!(table, "&{module}::TOPIC, ");
    }
    Ok(format!("{modules}\nconst TOPICS: &[&Topic] = &[{table}];\n"))
}

/// The names in a directory, sorted, so that the same sources always give the same program.
fn names(directory: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    let mut names: Vec<String> = entries.iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    Ok(names)
}
