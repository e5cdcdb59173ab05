//! Plain statements whose effect is certain: imports of loaded modules, and calls with literal arguments.

use std::collections::HashMap;

use bstr::{BString, ByteSlice};

use super::{Effect, First};
use crate::startup::python_code::{Argument, Expression, Statement};

/// Modules that are loaded before the first line runs.
const LOADED: &[&str] = &["sys", "os", "os.path", "site", "builtins", "io", "codecs", "abc", "stat"];
/// Exceptions that the site module does not catch.
const UNCAUGHT: &[&str] = &["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"];
/// Exceptions that it catches and prints.
const CAUGHT: &[&str] = &[
    "Exception",
    "RuntimeError",
    "ValueError",
    "TypeError",
    "KeyError",
    "ImportError",
    "OSError",
    "NameError",
    "AttributeError",
    "NotImplementedError",
    "AssertionError",
    "MemoryError",
    "RecursionError",
    "SyntaxError",
    "StopIteration",
];

/// The names that code can use: what modules they mean, or which literal.
struct Names {
    modules: HashMap<String, String>,
    values: HashMap<String, BString>,
    has_quit: bool,
}

impl Names {
    /// A line runs among the names of the site module, which has imported `os` and `sys`.
    fn of_line(has_quit: bool) -> Self {
        let modules = ["os", "sys", "builtins"].map(|name| (name.to_owned(), name.to_owned())).into();
        Self { modules, values: HashMap::new(), has_quit }
    }

    /// A name means something else from here on.
    fn forget(&mut self, name: &str) {
        self.modules.remove(name);
        self.values.remove(name);
    }
}

/// The effects of statements; none if one is not recognized. What follows the end of the process does not matter.
pub(super) fn effects(statements: &[Statement], has_quit: bool) -> Option<Vec<Effect>> {
    let mut names = Names::of_line(has_quit);
    let mut effects = Vec::new();
    for statement in statements {
        let effect = statement_effect(statement, &mut names)?;
        let is_last = matches!(effect, Some(Effect::Exits(_) | Effect::Ends(_) | Effect::Raises(_)));
        effects.extend(effect);
        if is_last {
            break;
        }
    }
    Some(effects)
}

/// What the first statements of a module do, up to the first that is not certain. A module has to import what it uses.
pub(super) fn beginning(statements: &[Statement]) -> Vec<First> {
    let mut names = Names { modules: HashMap::new(), values: HashMap::new(), has_quit: true };
    let mut firsts = Vec::new();
    for statement in statements {
        match statement {
            Statement::Import(modules) => {
                for (module, alias) in modules {
                    let one = Statement::Import(vec![(module.clone(), alias.clone())]);
                    if statement_effect(&one, &mut names).is_none() {
                        let bound = alias.as_deref().unwrap_or(module.split('.').next().unwrap_or_default());
                        names.forget(bound);
                        firsts.push(First::Imports(module.clone()));
                    }
                }
            }
            // Names that are not known as modules mean nothing here, whatever it binds.
            Statement::From(module) => {
                firsts.push(First::Imports(module.clone()));
            }
            Statement::Assign(name, Expression::Integer(_) | Expression::Constant | Expression::Bytes(_)) => {
                names.forget(name);
            }
            statement => match statement_effect(statement, &mut names) {
                Some(Some(effect @ (Effect::Exits(_) | Effect::Ends(_) | Effect::Raises(_)))) => {
                    firsts.push(First::Ends(effect));
                    break;
                }
                Some(_) => {}
                None => break,
            },
        }
    }
    firsts
}

/// The effect of one statement, if it has one; none outside if it is not recognized.
#[expect(clippy::option_option, reason = "recognized or not, and with an effect or without")]
fn statement_effect(statement: &Statement, names: &mut Names) -> Option<Option<Effect>> {
    match statement {
        Statement::Import(modules) => {
            for (module, alias) in modules {
                if !LOADED.contains(&module.as_str()) {
                    return None;
                }
                let top = module.split('.').next().unwrap_or_default();
                let (name, meant) = alias.as_ref().map_or((top, top), |alias| (alias.as_str(), module.as_str()));
                names.values.remove(name);
                names.modules.insert(name.to_owned(), meant.to_owned());
            }
            Some(None)
        }
        Statement::Assign(name, value) if !LOADED.contains(&name.as_str()) => {
            let value = text(value, names)?;
            names.modules.remove(name);
            names.values.insert(name.clone(), value);
            Some(None)
        }
        Statement::Pass
        | Statement::Expression(Expression::Text(_) | Expression::Integer(_) | Expression::Constant) => Some(None),
        Statement::Expression(Expression::Call(function, arguments)) => call(function, arguments, names),
        Statement::Raise(Some(exception)) => raise(exception, names).map(Some),
        _ => None,
    }
}

/// The dotted name of a function, with the module that its first name means.
fn dotted(function: &Expression, names: &Names) -> Option<String> {
    match function {
        Expression::Name(name) => names.modules.get(name).cloned(),
        Expression::Attribute(object, name) => Some(format!("{}.{name}", dotted(object, names)?)),
        Expression::Call(function, arguments) => match (&**function, arguments.as_slice()) {
            (Expression::Name(import), [Argument::Value(Expression::Text(module))]) if import == "__import__" => {
                let module = module.to_str().ok()?;
                LOADED.contains(&module).then(|| module.split('.').next().unwrap_or_default().to_owned())
            }
            _ => None,
        },
        _ => None,
    }
}

fn values(arguments: &[Argument]) -> Option<Vec<&Expression>> {
    arguments
        .iter()
        .map(|argument| match argument {
            Argument::Value(value) => Some(value),
            Argument::Other => None,
        })
        .collect()
}

#[expect(clippy::option_option, reason = "recognized or not, and with an effect or without")]
fn call(function: &Expression, arguments: &[Argument], names: &Names) -> Option<Option<Effect>> {
    let arguments = values(arguments)?;
    if let Expression::Name(name) = function {
        return builtin(name, &arguments, names);
    }
    let effect = match (dotted(function, names)?.as_str(), arguments.as_slice()) {
        ("sys.path.append", [path]) => Effect::Append(text(path, names)?),
        ("sys.path.insert", [Expression::Integer(at), path]) => {
            Effect::Insert(usize::try_from(*at).ok()?, text(path, names)?)
        }
        ("site.addsitedir", [path]) => Effect::AddSiteDir(text(path, names)?),
        ("sys.exit", []) => Effect::Exits("SystemExit".to_owned()),
        ("sys.exit", [status]) => Effect::Exits(shown("SystemExit", status)?),
        ("os._exit", [Expression::Integer(status)]) => Effect::Ends(format!("os._exit({status})")),
        ("os.abort", []) => Effect::Ends("os.abort()".to_owned()),
        _ => return None,
    };
    Some(Some(effect))
}

#[expect(clippy::option_option, reason = "recognized or not, and with an effect or without")]
fn builtin(name: &str, arguments: &[&Expression], names: &Names) -> Option<Option<Effect>> {
    let is_literal = |value: &&Expression| matches!(value, Expression::Text(_) | Expression::Integer(_));
    match name {
        _ if names.modules.contains_key(name) || names.values.contains_key(name) => None,
        "print" if arguments.iter().all(is_literal) => Some(None),
        "exit" | "quit" if !names.has_quit => {
            Some(Some(Effect::Raises(format!("NameError: name '{name}' is not defined"))))
        }
        _ => None,
    }
}

/// `raise NAME` or `raise NAME(ARGUMENT)`.
fn raise(exception: &Expression, names: &Names) -> Option<Effect> {
    let (class, arguments) = match exception {
        Expression::Call(class, arguments) => (&**class, values(arguments)?),
        class => (class, Vec::new()),
    };
    let Expression::Name(class) = class else { return None };
    if names.modules.contains_key(class) || names.values.contains_key(class) {
        return None;
    }
    let shown = match arguments.as_slice() {
        [] => class.clone(),
        [argument] => shown(class, argument)?,
        _ => return None,
    };
    match class.as_str() {
        class if UNCAUGHT.contains(&class) => Some(Effect::Exits(shown)),
        class if CAUGHT.contains(&class) => Some(Effect::Raises(shown)),
        _ => None,
    }
}

/// An exception as a traceback shows it.
fn shown(class: &str, argument: &Expression) -> Option<String> {
    match argument {
        Expression::Integer(number) => Some(format!("{class}: {number}")),
        // KeyError shows its argument in quotes.
        Expression::Text(text) if class != "KeyError" && !text.is_empty() => {
            Some(format!("{class}: {}", text.to_str().ok()?))
        }
        _ => None,
    }
}

/// A text that is certain.
fn text(expression: &Expression, names: &Names) -> Option<BString> {
    match expression {
        Expression::Text(text) => Some(text.clone()),
        Expression::Name(name) => names.values.get(name).cloned(),
        Expression::Sum(left, right) => {
            let mut whole = text(left, names)?;
            whole.extend_from_slice(&text(right, names)?);
            Some(whole)
        }
        Expression::Call(function, arguments) if dotted(function, names).as_deref() == Some("os.fsdecode") => {
            match values(arguments)?.as_slice() {
                [Expression::Bytes(bytes) | Expression::Text(bytes)] => Some(bytes.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}
