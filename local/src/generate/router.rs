//! The routes of `cargo lambda watch`, in the manifest of the workspace.

use std::collections::BTreeMap;

use http::Method;

use super::source::{GenerateError, Source};

const BEGIN: &str = "# BEGIN routes: written by `cargo gen` from the operations; do not edit";
const END: &str = "# END routes";

pub(super) fn manifest(source: &Source<'_>) -> Result<String, GenerateError> {
    let mut by_path: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let routed = source.operations.iter().filter(|operation| !operation.is_default());
    for operation in routed {
        let (method, name) = (&operation.method, operation.name);
        let route = |method: &Method| format!("{{ method = \"{method}\", function = \"{name}\" }}");
        let routes = by_path.entry(operation.path).or_default();
        routes.push(route(method));
        if *method == Method::GET {
            routes.push(route(&Method::HEAD));
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
