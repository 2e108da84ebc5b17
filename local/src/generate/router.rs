//! The routes of `cargo lambda watch`, in the manifest of the workspace, and of the fallback.

use std::collections::BTreeMap;

use byline_shared::endpoint::Operation;

use super::source::{GenerateError, Source};

const BEGIN: &str = "# BEGIN routes: written by `cargo gen` from the operations; do not edit";
const END: &str = "# END routes";

/// Each path with its methods, for the fallback: `/desk GET HEAD POST`.
pub(super) fn list(operations: &[Operation]) -> String {
    let mut by_path: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for operation in operations {
        let methods = operation.methods();
        let methods = methods.iter().map(ToString::to_string);
        by_path.entry(operation.path).or_default().extend(methods);
    }
    let mut text = "# Every path and its methods. Written by `cargo gen`.\n".to_owned();
    for (path, methods) in by_path.into_iter().filter(|(_, methods)| !methods.is_empty()) {
        text.push_str(&format!("{path} {}\n", methods.join(" ")));
    }
    text
}

pub(super) fn manifest(source: &Source<'_>) -> Result<String, GenerateError> {
    let mut by_path: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for operation in &source.operations {
        for method in operation.methods() {
            let route = format!("{{ method = \"{method}\", function = \"{}\" }}", operation.name);
            by_path.entry(operation.path).or_default().push(route);
        }
    }
    let mut block = "[workspace.metadata.lambda.watch.router]\n".to_owned();
    for (path, methods) in by_path {
        block.push_str(&format!("\"{path}\" = [{}]\n", methods.join(", ")));
    }
    // All other paths lead to the operation of API Gateway's $default route.
    for operation in source.operations.iter().filter(|operation| operation.is_default()) {
        block.push_str(&format!("\"/{{*path}}\" = \"{}\"\n", operation.name));
    }
    source.with_block("Cargo.toml", BEGIN, END, &block)
}
