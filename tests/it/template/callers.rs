//! What calls the functions: the routes of the API and the schedules, each in a role that reaches
//! those functions and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use byline_shared::endpoint::Operation;
use byline_shared::worker::Trigger;
use http::Method;
use serde_json::{Map, Value, json};

use super::{allowed, attribute, pascal_case, resources};

pub(super) const API_ROLE: &str = "ApiRole";
pub(super) const ROLES: [&str; 2] = [API_ROLE, "ScheduleRole"];

/// Of the 64 characters of a function's name, those that are the stack's: docs/OPERATIONS.md.
const STACK_NAME: usize = 30;

fn lambda_arn(name: &str) -> String {
    format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}")
}

fn function_name(operation: &Operation) -> String {
    format!("${{AWS::StackName}}_{}", operation.name)
}

/// The routes that API Gateway makes of the body: key → integration.
fn routes(paths: &Map<String, Value>) -> BTreeMap<String, &Value> {
    let mut routes = BTreeMap::new();
    for (path, item) in paths {
        // What the import wants said, or warns: <https://spec.openapis.org/oas/v3.0.1>.
        assert!(path.starts_with('/'), "{path}");
        let declared: BTreeSet<&str> = item["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| {
                assert_eq!(
                    (&parameter["in"], &parameter["required"]),
                    (&json!("path"), &json!(true))
                );
                assert_eq!(parameter["schema"], json!({ "type": "string" }));
                parameter["name"].as_str().unwrap()
            })
            .collect();
        let named: BTreeSet<&str> =
            path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        assert_eq!(declared, named, "{path}");
        for (method, operation) in item.as_object().unwrap() {
            if method == "parameters" {
                continue;
            }
            assert!(operation["responses"]["default"]["description"].is_string(), "{path}");
            let key = if operation["isDefaultRoute"] == true {
                assert_eq!(
                    (path.as_str(), method.as_str()),
                    ("/$default", "x-amazon-apigateway-any-method")
                );
                "$default".to_owned()
            } else {
                format!("{} {path}", method.to_uppercase())
            };
            routes.insert(key, &operation["x-amazon-apigateway-integration"]);
        }
    }
    routes
}

/// The keys of an operation's routes. A route of GET does not take HEAD.
fn route_keys(operation: &Operation) -> Vec<String> {
    if operation.is_default() {
        return vec!["$default".to_owned()];
    }
    let mut methods = vec![operation.method.as_str()];
    methods.extend((operation.method == Method::GET).then_some("HEAD"));
    methods.extend(operation.forms.then_some("POST"));
    methods.into_iter().map(|method| format!("{method} {}", operation.path)).collect()
}

#[test]
fn every_operation_has_its_route() {
    let Some(resources) = resources() else { return };
    let api = &resources["Api"]["Properties"];
    assert_eq!(api["FailOnWarnings"], true);
    assert_eq!(api["Body"]["openapi"], "3.0.1");
    let routes = routes(api["Body"]["paths"].as_object().unwrap());
    let operations = byline_local::operations();
    let mut keys = 0;
    for operation in &operations {
        let arn = lambda_arn(&function_name(operation));
        let uri = format!(
            "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{arn}/invocations"
        );
        let integration = json!({
            "type": "aws_proxy",
            "httpMethod": "POST",
            "payloadFormatVersion": "2.0",
            "credentials": { "Fn::GetAtt": [API_ROLE, "Arn"] },
            "uri": { "Fn::Sub": uri },
        });
        for key in route_keys(operation) {
            assert_eq!(routes.get(&key), Some(&&integration), "{key}");
            keys += 1;
        }
    }
    assert_eq!(routes.len(), keys);
    // API Gateway takes 300 routes and as many integrations.
    assert!(routes.len() <= 300);
}

/// The API names its functions, so each must have that name, and nothing else one that begins so.
#[test]
fn the_api_reaches_its_functions_and_nothing_else() {
    let Some(mut resources) = resources().cloned() else { return };
    let all = lambda_arn("${AWS::StackName}_*");
    let expected =
        [("lambda:InvokeFunction".to_owned(), [json!({ "Fn::Sub": all }).to_string()].into())];
    assert_eq!(allowed(&resources[API_ROLE]), expected.into());
    for operation in byline_local::operations() {
        let name = function_name(&operation);
        let function = resources.remove(&format!("{}Function", pascal_case(operation.name)));
        let function = function.unwrap();
        assert_eq!(function["Properties"]["FunctionName"], json!({ "Fn::Sub": name }));
        let length = STACK_NAME + "_".len() + operation.name.len();
        assert!(length <= 64, "{name} can have {length} characters");
    }
    for (id, resource) in &resources {
        if resource["Type"] == "AWS::Lambda::Function" {
            // CloudFormation names it: the stack's name, a hyphen, and more.
            assert!(resource["Properties"].get("FunctionName").is_none(), "{id}");
        }
        // Who may call a function stands in a role, unless it is everybody: `function_url`.
        let is_url = byline_local::function_urls()
            .iter()
            .any(|url| id.starts_with(&format!("{}Function", pascal_case(url.fallback.name))));
        assert!(is_url || resource["Type"] != "AWS::Lambda::Permission", "{id}");
    }
}

#[test]
fn every_schedule_calls_its_worker() {
    let Some(resources) = resources() else { return };
    let mut arns = BTreeSet::new();
    for worker in byline_local::workers() {
        let id = pascal_case(worker.name);
        if let Trigger::Called { .. } = worker.trigger {
            // Its schedules are made while the stack runs.
            arns.insert(attribute(&format!("{id}Function"), "Arn"));
        }
        let Trigger::Every { minutes, .. } = worker.trigger else { continue };
        let schedule = &resources[&format!("{id}Schedule")]["Properties"];
        assert_eq!(schedule["ScheduleExpression"], format!("rate({minutes} minutes)"));
        let function = format!("{id}Function");
        assert_eq!(schedule["Target"]["Arn"], json!({ "Fn::GetAtt": [function, "Arn"] }));
        assert_eq!(schedule["Target"]["RoleArn"], json!({ "Fn::GetAtt": ["ScheduleRole", "Arn"] }));
        let input = schedule["Target"]["Input"].as_str().unwrap();
        let event = crate::harness::events::read(worker.module, worker.name);
        assert_eq!(serde_json::from_str::<Value>(input).unwrap(), event, "{id}");
        arns.insert(attribute(&function, "Arn"));
    }
    let expected = [("lambda:InvokeFunction".to_owned(), arns)];
    assert_eq!(allowed(&resources["ScheduleRole"]), expected.into());
    // No other account's schedule may use the role.
    let trust =
        &resources["ScheduleRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0];
    let account = json!({ "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } } });
    assert_eq!(trust["Condition"], account);
}

#[test]
fn scripts_of_listed_origins_may_fetch_media() {
    let Some(resources) = resources() else { return };
    let headers = &resources["MediaHeadersPolicy"]["Properties"]["ResponseHeadersPolicyConfig"];
    let [condition, cors, _] = &headers["CorsConfig"]["Fn::If"].as_array().unwrap()[..] else {
        panic!("{headers}");
    };
    assert_eq!(condition, "HasCorsOrigins");
    assert_eq!(cors["AccessControlAllowMethods"]["Items"], json!(["GET", "HEAD"]));
    assert_eq!(cors["AccessControlAllowCredentials"], false);
    let origins = &cors["AccessControlAllowOrigins"]["Items"];
    let listed = json!({ "Fn::Split": [",", { "Ref": "CorsOrigins" }] });
    assert_eq!(*origins, listed);
}
