//! The Lambda binaries, of one line each, and their entries in the manifests.

use std::path::PathBuf;

use super::names::domain;
use super::source::{Files, GenerateError, Source};

const BEGIN: &str = "# BEGIN binaries: written by `cargo gen` from the operations; do not edit";
const END: &str = "# END binaries";

pub(super) fn files(source: &Source<'_>) -> Result<Files, GenerateError> {
    let operations = source.operations.iter();
    let operations = operations.map(|operation| (operation.name, operation.module, "serve"));
    let workers = source.workers.iter();
    let workers = workers.map(|worker| (worker.name, worker.module, "work"));
    let urls = source.function_urls.iter().map(|url| &url.fallback);
    let urls = urls.map(|fallback| (fallback.name, fallback.module, "serve_url"));
    let binaries: Vec<(&str, &'static str, &str)> = operations.chain(urls).chain(workers).collect();

    let mut files = Files::new();
    for (name, module, function) in &binaries {
        let path = format!("functions/{}/src/bin/{name}.rs", domain(module));
        let constant = match *function {
            "serve" => "OPERATION",
            "serve_url" => "FUNCTION_URL",
            _ => "WORKER",
        };
        let text = format!(
            "//! The Lambda function `{name}`. Written by `cargo gen`.\n\n\
             fn main() -> std::process::ExitCode {{\n    \
             byline_shared::lambda::{function}({module}::{constant})\n}}\n"
        );
        files.insert(PathBuf::from(path), text);
    }
    for crate_name in source.crates() {
        let path = format!("functions/{crate_name}/Cargo.toml");
        let mut block = String::new();
        for (name, ..) in binaries.iter().filter(|binary| domain(binary.1) == crate_name) {
            block.push_str(&format!(
                "[[bin]]\nname = \"{name}\"\npath = \"src/bin/{name}.rs\"\ntest = false\n\
                 bench = false\ndoc = false\n\n"
            ));
        }
        let manifest = source.with_block(&path, BEGIN, END, &block)?;
        files.insert(path.into(), manifest);
    }
    Ok(files)
}
