//! What the program gives to shells and manuals, read by the real ones; a shell that is missing is printed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::program::{json, run, scratch, stdout};

/// Whether a program is installed; where it is not, that is printed.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        println!("skipped: no {program} here");
    }
    found
}

/// What a shell prints of a script, with the completions in the file `completions` of the directory.
fn asked(shell: &str, arguments: &[&str], dir: &Path, script: &str) -> String {
    let file = dir.join("completions");
    fs::write(&file, run(dir, &["completions", shell]).stdout).unwrap();
    let mut command = Command::new(shell);
    command.args(arguments).arg("-c").arg(script).current_dir(dir).env("HOME", dir).stdin(Stdio::null());
    let output = command.output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn bash_completes_a_rule() {
    if has("bash") {
        let script = "source ./completions; COMP_WORDS=(venv-doctor rule VD10); COMP_CWORD=2; \
            _venv_doctor venv-doctor VD10 rule; printf '%s\\n' \"${COMPREPLY[@]}\"";
        let told = asked("bash", &["--norc"], scratch().path(), script);
        assert!(told.lines().any(|line| line == "VD102"), "{told}");
    }
}

#[test]
fn fish_completes_a_rule_and_an_option() {
    if has("fish") {
        let script = "source ./completions; complete -C 'venv-doctor rule VD10'; \
            complete -C 'venv-doctor check --select home-g'; complete -C 'pyvenv-doctor rule VD20'; \
            complete -C 'venv-doctor completions power'; complete -C 'venv-doctor man snap'";
        let told = asked("fish", &["--no-config"], scratch().path(), script);
        assert!(told.lines().any(|line| line.starts_with("VD102")), "{told}");
        for wanted in ["home-gone", "VD205", "powershell", "snapshot"] {
            assert!(told.lines().any(|line| line.starts_with(wanted)), "{wanted}: {told}");
        }
    }
}

/// zsh completes only where somebody types, so a terminal of its own is typed into.
const ZSH_TYPES: &str = r"
zmodload zsh/zpty
zpty shell 'zsh -f -i'
zpty -w shell 'PS1= PROMPT_EOL_MARK=; autoload -U compinit; compinit -u -D; source ./completions; compdef _venv-doctor venv-doctor; LISTMAX=10000; print read''y'
zpty -r shell told '*ready*'
zpty -w -n shell $'venv-doctor rule VD10\t\t'
sleep 2
zpty -w -n shell $'\C-u\nprint do''ne\n'
zpty -r shell told '*done*'
print -r -- $told
";

#[test]
fn zsh_completes_a_rule() {
    if has("zsh") {
        let told = asked("zsh", &["-f"], scratch().path(), ZSH_TYPES);
        assert!(told.contains("VD102"), "{told}");
    }
}

/// Neither is installed where the tests run: what they read is looked at.
#[test]
fn powershell_and_elvish_know_both_names_and_the_rules() {
    let dir = scratch();
    let of = |shell: &str| stdout(&run(dir.path(), &["completions", shell])).to_owned();
    let told = of("powershell");
    assert!(told.contains("-CommandName 'venv-doctor', 'pyvenv-doctor' -ScriptBlock"), "{told}");
    let rules = told.split("'venv-doctor;rule' {\n").nth(1).unwrap();
    let value = "[CompletionResult]::new('VD102', 'VD102', [CompletionResultType]::ParameterValue, 'dangling-symlink')";
    assert!(rules.split("break").next().unwrap().contains(value), "{rules}");
    assert!(of("elvish").contains("arg-completer[pyvenv-doctor]"));
    assert!(of("zsh").starts_with("#compdef venv-doctor pyvenv-doctor\n"));
}

#[test]
fn manual_pages_have_no_fault() {
    let dir = scratch();
    let written = run(dir.path(), &["man", "--output", "."]);
    assert!(written.status.success());
    let pages: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(pages.len() > 10, "{pages:?}");
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        assert!(text.contains(".SH EXAMPLES") || text.contains(".SH EXIT CODES"), "{}", page.display());
    }
    if has("mandoc") {
        let output = Command::new("mandoc").args(["-T", "lint", "-W", "warning"]).args(&pages).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && told.is_empty(), "{told}");
    }
    if has("groff") {
        for page in pages {
            let output = Command::new("groff").args(["-ww", "-man", "-Tutf8", "-z"]).arg(&page).output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && told.is_empty(), "{}: {told}", page.display());
        }
    }
}

#[test]
fn a_page_of_a_command_is_printed() {
    let dir = scratch();
    assert!(stdout(&run(dir.path(), &["man", "explain"])).contains("venv\\-doctor"));
    assert_eq!(run(dir.path(), &["man", "nosuch"]).status.code(), Some(2));
    assert!(json(&run(dir.path(), &["rule", "VD102", "--json"])).is_object());
}
