//! The template as CloudFormation gets it: one function and one role per operation, nothing
//! allowed that no permission declares, and room for more.

mod bucket;
mod callers;
mod circles;
mod function_url;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

use byline_local::generate::domain;
use byline_shared::permission::{Objects, Permission};
use byline_shared::worker::{Trigger, Worker};
use serde_json::{Map, Value};

use crate::harness::{events::root, tools};

/// The resources, translated once per run, unless the tools are missing.
fn resources() -> Option<&'static Map<String, Value>> {
    static TRANSLATED: LazyLock<Map<String, Value>> = LazyLock::new(translate);
    tools::there_is("python3", &["-c", "import samtranslator"]).then(|| &*TRANSLATED)
}

fn translate() -> Map<String, Value> {
    let output = Command::new("python3")
        .arg(root().join("tests/tools/translate_template.py"))
        .arg(root().join("template.yaml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let template: Value = serde_json::from_slice(&output.stdout).unwrap();
    template["Resources"].as_object().unwrap().clone()
}

/// A function's name, its domain and its permissions.
fn functions() -> Vec<(&'static str, &'static str, Vec<Permission>)> {
    let operations = byline_local::operations()
        .into_iter()
        .map(|operation| (operation.name, domain(operation.module), operation.permissions()));
    let workers = byline_local::workers().into_iter();
    let workers =
        workers.map(|worker| (worker.name, domain(worker.module), worker.permissions.to_vec()));
    let urls = byline_local::function_urls().into_iter();
    let urls = urls.map(|url| (url.fallback.name, domain(url.fallback.module), url.permissions()));
    operations.chain(workers).chain(urls).collect()
}

fn pascal_case(name: &str) -> String {
    name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// What a role allows: action → the resources it is allowed on, each as compact JSON.
type Allowed = BTreeMap<String, BTreeSet<String>>;

fn allowed(role: &Value) -> Allowed {
    let mut allowed = Allowed::new();
    assert!(role["Properties"].get("ManagedPolicyArns").is_none(), "a managed policy: {role}");
    for policy in role["Properties"]["Policies"].as_array().unwrap() {
        for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
            // There, or not there at all.
            let statement = match statement["Fn::If"].as_array() {
                Some(choice) => {
                    assert_eq!(choice[2], serde_json::json!({ "Ref": "AWS::NoValue" }));
                    &choice[1]
                }
                None => statement,
            };
            assert_eq!(statement["Effect"], "Allow");
            let several = |value: &Value| match value {
                Value::Array(values) => values.clone(),
                one => vec![one.clone()],
            };
            let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
            let on = keys[0].as_str().map(|prefix| format!(" on {prefix}")).unwrap_or_default();
            for action in several(&statement["Action"]) {
                let resources = several(&statement["Resource"]).into_iter();
                let resources = resources.map(|resource| resource.to_string());
                let action = format!("{}{on}", action.as_str().unwrap());
                allowed.entry(action).or_default().extend(resources);
            }
        }
    }
    allowed
}

fn attribute(id: &str, name: &str) -> String {
    serde_json::json!({ "Fn::GetAtt": [id, name] }).to_string()
}

/// The schedules of the stack's own group: each has a name of its own.
const SCHEDULES: &str =
    "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${ScheduleGroup}/*";

/// What a function's permissions amount to.
fn expected(name: &str, domain: &str, permissions: &[Permission]) -> Allowed {
    let mut allowed = Allowed::new();
    let mut allow = |action: String, resource: String| {
        allowed.entry(action).or_default().insert(resource);
    };
    for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
        let group = format!("{}LogGroup", pascal_case(domain));
        allow(action.to_owned(), attribute(&group, "Arn"));
    }
    for permission in permissions {
        match permission {
            Permission::Table(table, actions) => {
                for action in *actions {
                    let action = format!("dynamodb:{}", action.as_str());
                    allow(action, attribute(table.logical_id(), "Arn"));
                }
            }
            Permission::Items(table, prefix, actions) => {
                for action in *actions {
                    let action = format!("dynamodb:{} on {prefix}*", action.as_str());
                    allow(action, attribute(table.logical_id(), "Arn"));
                }
            }
            Permission::Index(table, index) => {
                let arn = format!("${{{}.Arn}}/index/{index}", table.logical_id());
                allow(
                    "dynamodb:Query".to_owned(),
                    serde_json::json!({ "Fn::Sub": arn }).to_string(),
                );
            }
            Permission::Objects(objects, actions) => {
                for action in *actions {
                    let arn = format!("${{MediaBucket.Arn}}/{}*", objects.prefix());
                    let arn = serde_json::json!({ "Fn::Sub": arn }).to_string();
                    allow(format!("s3:{}", action.as_str()), arn);
                }
            }
            Permission::ListObjects => {
                allow("s3:ListBucket".to_owned(), attribute("MediaBucket", "Arn"));
            }
            Permission::TokenSecret | Permission::AccountSecret => {
                let name = match permission {
                    Permission::TokenSecret => "token-secret",
                    _ => "account-secret",
                };
                let arn = format!(
                    "arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/byline/${{IdentityTable}}/{name}"
                );
                for action in ["ssm:GetParameter", "ssm:PutParameter"] {
                    let arn = serde_json::json!({ "Fn::Sub": arn }).to_string();
                    allow(action.to_owned(), arn);
                }
            }
            Permission::ModelKey => {
                let arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/byline/${AgentTable}/model-key";
                let arn = serde_json::json!({ "Fn::Sub": arn }).to_string();
                allow("ssm:GetParameter".to_owned(), arn);
            }
            Permission::Model => {
                let listed = serde_json::json!({ "Fn::Split": [",", { "Ref": "AgentModelArns" }] });
                let arn =
                    "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/${AgentModel}";
                let own = serde_json::json!({ "Fn::Sub": arn });
                let models = serde_json::json!({ "Fn::If": ["HasModelArns", listed, own] });
                allow("bedrock:InvokeModelWithResponseStream".to_owned(), models.to_string());
            }
            Permission::Schedules => {
                let arn = serde_json::json!({ "Fn::Sub": SCHEDULES }).to_string();
                for action in ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"] {
                    allow(action.to_owned(), arn.clone());
                }
                allow("iam:PassRole".to_owned(), attribute("ScheduleRole", "Arn"));
            }
            Permission::RotateTokenSecret | Permission::SendMail => {}
        }
    }
    let worker = byline_local::workers().into_iter().find(|worker| worker.name == name);
    if let Some(Worker { trigger: Trigger::NewItems(items), .. }) = worker {
        for action in ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"] {
            let stream = attribute(items.table.logical_id(), "StreamArn");
            allow(format!("dynamodb:{action}"), stream);
        }
    }
    if worker.is_some_and(|worker| !matches!(worker.trigger, Trigger::Every { .. })) {
        allow("sqs:SendMessage".to_owned(), attribute("WorkerFailures", "Arn"));
    }
    allowed
}

#[test]
fn every_function_has_a_role_with_exactly_its_permissions() {
    let Some(resources) = resources() else { return };
    let functions = functions();
    let mut domains = BTreeSet::new();
    for (name, domain, permissions) in &functions {
        domains.insert(domain);
        let id = pascal_case(name);
        let function = &resources[&format!("{id}Function")];
        let role = format!("{id}Role");
        let own = serde_json::json!({ "Fn::GetAtt": [role, "Arn"] });
        assert_eq!(function["Properties"]["Role"], own, "{name}");
        assert_eq!(function["Properties"]["Architectures"], serde_json::json!(["arm64"]));
        let mut actual = allowed(&resources[&role]);
        if let Some(identities) = actual.remove("ses:SendEmail") {
            assert!(permissions.contains(&Permission::SendMail), "{name} may send mail");
            assert!(identities.iter().all(|arn| arn.contains(":identity/")), "{identities:?}");
        }
        assert_eq!(actual, expected(name, domain, permissions), "{name}");
        let logs = format!("{}LogGroup", pascal_case(domain));
        let group = &function["Properties"]["LoggingConfig"]["LogGroup"];
        assert_eq!(*group, serde_json::json!({ "Ref": logs }), "{name}");
    }
    let count = |kind: &str| resources.values().filter(|resource| resource["Type"] == kind).count();
    assert_eq!(count("AWS::Lambda::Function"), functions.len());
    assert_eq!(count("AWS::IAM::Role"), functions.len() + callers::ROLES.len());
    // One more is the API's.
    assert_eq!(count("AWS::Logs::LogGroup"), domains.len() + 1);
}

#[test]
fn no_action_and_no_resource_is_a_wildcard() {
    let Some(resources) = resources() else { return };
    // The API's role names the functions by how their names begin: `callers` looks at it.
    let roles = resources
        .iter()
        .filter(|(id, resource)| resource["Type"] == "AWS::IAM::Role" && *id != callers::API_ROLE);
    for (action, resources) in roles.flat_map(|(_, role)| allowed(role)) {
        // Behind " on " stand the keys that it is limited to.
        let action = action.split(" on ").next().unwrap();
        assert!(!action.contains('*'), "{action}");
        // An object has no name before it is made: its permission is one for a folder of a bucket.
        let objects = |resource: &str| {
            let folders = Objects::ALL.map(|objects| {
                let arn = format!("${{MediaBucket.Arn}}/{}*", objects.prefix());
                serde_json::json!({ "Fn::Sub": arn }).to_string()
            });
            folders.iter().any(|folder| folder == resource)
        };
        assert!(
            resources.iter().all(|resource| {
                !resource.contains('*') || resource.contains(SCHEDULES) || objects(resource)
            }),
            "{action}: {resources:?}"
        );
    }
}

/// CloudFormation takes 500 resources in a stack; 50 are kept free for owners who add their own. An
/// operation may use two: function and role. A worker may use one more, for what calls it, and a function
/// with a URL three: the URL, and two permissions to call it. A domain has a log group.
#[test]
fn a_stack_has_room() {
    // Three tables; API, stage, log group and role of the API; the role and the group of schedules; the
    // queue of failures; of media the bucket and its policy, and the distribution with its access,
    // cache and headers.
    const OTHERS: usize = 16;
    const LIMIT: usize = 450;
    let Some(resources) = resources() else { return };
    let (operations, workers) = (byline_local::operations().len(), byline_local::workers().len());
    let urls = byline_local::function_urls().len();
    let domains: BTreeSet<_> = functions().into_iter().map(|(_, domain, _)| domain).collect();
    let budget = 2 * operations + 3 * workers + 5 * urls + domains.len() + OTHERS;
    let count = resources.len();
    assert!(count <= budget, "{count} resources, but the functions need {budget} at most");
    assert!(count < LIMIT, "{count} resources; a stack of Byline has fewer than {LIMIT}");
    // A template may have 1 MB, as it is written and as it is translated: enough for 160 functions.
    let functions = operations + workers + urls;
    let template = std::fs::metadata(root().join("template.yaml")).unwrap().len();
    let translated = Value::Object(resources.clone()).to_string().len();
    for size in [usize::try_from(template).unwrap(), translated] {
        assert!(size / functions * 160 < 1_000_000, "{size} bytes for {functions} functions");
    }
}

#[test]
fn the_linters_have_nothing_to_say() {
    if !tools::full_tier_has("cfn-lint", &["--version"])
        || !tools::full_tier_has("sam", &["--version"])
    {
        return;
    }
    let lint = Command::new("cfn-lint").arg(root().join("template.yaml")).output().unwrap();
    assert!(lint.status.success(), "{}", String::from_utf8_lossy(&lint.stdout));
    let sam = Command::new("sam")
        .args(["validate", "--lint", "--template"])
        .arg(root().join("template.yaml"))
        .env("AWS_DEFAULT_REGION", "eu-central-1")
        .env("SAM_CLI_TELEMETRY", "0")
        .output()
        .unwrap();
    assert!(sam.status.success(), "{}", String::from_utf8_lossy(&sam.stderr));
}
