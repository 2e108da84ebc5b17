//! The routes of the API, as the paths of an OpenAPI document in the form that API Gateway exports. They
//! route requests but do not describe them:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html>.

use std::collections::BTreeMap;
use std::fmt::Write;

use byline_shared::endpoint::Operation;

use crate::generate::listing;

/// The name of a function in a stack. The name of a stack cannot contain an underscore, so no other stack
/// has a function whose name begins with this stack's name and an underscore. The role that calls the
/// functions relies on this.
///
/// The API refers to its functions by name: they depend on its URL, so a reference would be a circular
/// dependency.
pub(super) fn function_name(operation: &Operation) -> String {
    format!("${{AWS::StackName}}_{}", operation.name)
}

/// What leads to an operation: `GET, POST /desk`.
pub(super) fn route(operation: &Operation) -> String {
    if operation.is_default() {
        return Operation::DEFAULT_PATH.to_owned();
    }
    format!("{} {}", listing::methods(operation), operation.path)
}

/// The paths of the API, sorted.
pub(super) fn paths(operations: &[Operation]) -> String {
    let mut by_path: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in operations {
        by_path.entry(operation.path).or_default().push(operation);
    }
    let mut yaml = String::new();
    for (path, operations) in by_path {
        // Without the slash, the import warns, and a warning fails the deployment.
        let slash = if path.starts_with('/') { "" } else { "/" };
        let _ = writeln!(yaml, "          {slash}{path}:");
        yaml += &parameters(path);
        for operation in operations {
            if operation.is_default() {
                yaml += ANY_METHOD;
                yaml += &integration(operation);
            }
            // In an HTTP API, a route of GET does not take HEAD.
            for method in operation.methods() {
                let _ = writeln!(yaml, "            {}:", method.as_str().to_lowercase());
                yaml += &integration(operation);
            }
        }
    }
    yaml
}

const ANY_METHOD: &str = "            x-amazon-apigateway-any-method:
              isDefaultRoute: true
";

/// The parameters of a path. Without them, the import warns.
fn parameters(path: &str) -> String {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let each = names.map(|name| {
        format!(
            "              - {{name: {name}, in: path, required: true, schema: {{type: string}}}}\n"
        )
    });
    let list: String = each.collect();
    if list.is_empty() { list } else { format!("            parameters:\n{list}") }
}

fn integration(operation: &Operation) -> String {
    let name = function_name(operation);
    format!(
        "              responses: {{default: {{description: the response of the function}}}}
              x-amazon-apigateway-integration:
                type: aws_proxy
                httpMethod: POST
                payloadFormatVersion: \"2.0\"
                credentials: !GetAtt ApiRole.Arn
                uri: !Sub arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}/invocations
"
    )
}
