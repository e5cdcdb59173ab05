//! `venv-doctor-bindgen MODULE.wasm DIR`: writes the module and what JavaScript needs to call it into a directory, as
//! `wasm-bindgen --target web --no-typescript --remove-name-section --remove-producers-section` does.

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, directory] = arguments.as_slice() else {
        eprintln!("usage: venv-doctor-bindgen MODULE.wasm DIR");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    let made = bindgen
        .input_path(module)
        .remove_name_section(true)
        .remove_producers_section(true)
        .typescript(false)
        .out_name("simulator")
        .web(true)
        .and_then(|bindgen| bindgen.generate(directory));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
