//! Rules that hold for every operation. What breaks one is listed here with the reason; a listed
//! exception that no longer is one fails, so the lists only shrink.

use std::collections::BTreeSet;

use byline_shared::auth::requirement::Access;
use byline_shared::endpoint::Operation;
use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::App;
use crate::harness::events::{self, Sample};

/// Operations whose bodies, and refusals, are those of a protocol of its own.
const OTHER_BODIES: [&str; 6] = [
    "mcp",
    "oauth-authorize-submit",
    "oauth-introspect",
    "oauth-register",
    "oauth-revoke",
    "oauth-token",
];

/// The operations of the API that not everybody may call. Pages of the Desk take no token: their tests
/// are in `desk`.
pub(crate) fn restricted() -> impl Iterator<Item = Operation> {
    let operations = byline_local::operations().into_iter();
    operations.filter(|operation| !matches!(operation.access, Access::Public | Access::Desk(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_every_restricted_operation_is_401() {
    let app = App::unlimited().await;
    let mut seen = 0;
    for operation in restricted() {
        let Sample { method, path, body, .. } = Sample::of(&operation);
        let headers = [("content-type", "application/json")];
        let answer = app.anonymous().send_raw(method, &path, &headers, body, 401).await;
        if OTHER_BODIES.contains(&operation.name) {
            assert_eq!(answer.json["error"]["data"]["code"], "unauthenticated", "{}", answer.body);
        } else {
            answer.is_problem("unauthenticated");
        }
        seen += 1;
    }
    assert!(seen >= 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_role_every_restricted_operation_is_403() {
    let app = App::unlimited().await;
    for operation in restricted() {
        // One each: signing out is among the operations.
        let reader = app.user(Role::Reader).await;
        let sample = Sample::of(&operation);
        let (method, headers) = (sample.method.clone(), sample.headers());
        let answer = reader.try_send(method, &sample.path, &headers, sample.body.clone()).await;
        let refused = answer.unwrap().status == 403;
        let needs_more = match operation.access {
            Access::Scope(scope) | Access::Person { scope, .. } => scope.role() > Role::Reader,
            Access::Publish => true,
            Access::Public | Access::Desk(_) => unreachable!("only those with a token are asked"),
        };
        assert_eq!(refused, needs_more, "{}", operation.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_typed_operation_refuses_unknown_fields() {
    let app = App::unlimited().await;
    for operation in byline_local::operations().iter().filter(|operation| operation.input.is_some())
    {
        let admin = app.admin().await;
        let sample = Sample::of(operation);
        let answer = if operation.takes_body() {
            let mut body: Value = sample
                .body
                .as_deref()
                .map_or(json!({}), |body| serde_json::from_str(body).unwrap());
            body["no_such_field"] = json!(1);
            let if_match = sample.if_match.as_deref().map(|value| ("if-match", value));
            let headers: Vec<_> = if_match.into_iter().collect();
            let method = sample.method.clone();
            admin.send(method, &sample.path, &headers, Some(body), 422).await
        } else {
            let joint = if sample.path.contains('?') { '&' } else { '?' };
            let path = format!("{}{joint}no_such_field=1", sample.path);
            admin.send(sample.method.clone(), &path, &sample.headers(), None, 422).await
        };
        let fault = ("/no_such_field".to_owned(), "unknown_field".to_owned());
        assert!(answer.faults().contains(&fault), "{}: {}", operation.name, answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_with_a_body_refuses_what_it_cannot_read() {
    let app = App::unlimited().await;
    let with_body = byline_local::operations().into_iter().filter(Operation::takes_body);
    let (pages, with_body): (Vec<_>, Vec<_>) = with_body.partition(|operation| operation.forms);
    for page in pages {
        let path = Sample::of(&page).path;
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let form = "a".repeat(page.body_limit + 1);
        app.anonymous().send_raw(Method::POST, &path, &headers, Some(form), 413).await;
    }
    for operation in with_body {
        if OTHER_BODIES.contains(&operation.name) {
            continue;
        }
        let admin = app.admin().await;
        let path = Sample::of(&operation).path;
        for (content_type, body, status) in [
            ("application/json", "{".to_owned(), 400),
            ("text/plain", "{}".to_owned(), 415),
            ("application/json", " ".repeat(operation.body_limit + 1), 413),
        ] {
            let headers = [("content-type", content_type)];
            let method = operation.method.clone();
            admin.send_raw(method, &path, &headers, Some(body), status).await;
        }
    }
}

#[test]
fn every_function_has_its_event_binary_and_template_entry() {
    let template = std::fs::read_to_string(events::root().join("template.yaml")).unwrap();
    let api: Value = serde_json::from_str(
        &std::fs::read_to_string(events::root().join("openapi.json")).unwrap(),
    )
    .unwrap();
    let operations = byline_local::operations();
    let workers = byline_local::workers();
    let urls = byline_local::function_urls();
    let urls = urls.iter().map(|url| &url.fallback);
    let functions = operations.iter().chain(urls);
    let functions = functions.map(|operation| (operation.name, operation.module));
    for (name, module) in functions.chain(workers.iter().map(|worker| (worker.name, worker.module)))
    {
        assert!(events::path(module, name).is_file(), "{name} has no event");
        let domain = byline_local::generate::domain(module);
        let bin = format!("functions/{domain}/src/bin/{name}.rs");
        assert!(events::root().join(&bin).is_file(), "{bin} is missing");
        assert!(template.contains(&format!("CodeUri: target/lambda/{name}/\n")), "{name}");
    }
    for operation in &operations {
        let method = operation.method.as_str().to_lowercase();
        let described = &api["paths"][operation.path][method]["operationId"];
        let expected = operation.described.then_some(operation.name);
        assert_eq!(described.as_str(), expected, "{}", operation.name);
    }
    // Whether it is part of the API says each page itself.
    for operation in operations.iter().filter(|operation| !operation.is_default()) {
        let of_the_desk = operation.module.starts_with("byline_desk::");
        assert_eq!(operation.described, !of_the_desk, "{}", operation.name);
    }
}

/// Operations whose answer is described without an example: documents in other formats than JSON,
/// JSON that is described elsewhere, and streams of events.
const NO_EXAMPLE: [&str; 16] = [
    "chat-create",
    "chat-stream",
    "docs",
    "feed-atom",
    "feed-json",
    "home",
    "llms-txt",
    "oauth-authorize",
    "oauth-authorize-submit",
    "openapi",
    "post-markdown",
    "responses-create",
    "responses-get",
    "security-txt",
    "sitemap",
    "sitemap-part",
];

#[test]
fn every_operation_is_described_with_a_tag_and_examples() {
    let text = std::fs::read_to_string(events::root().join("openapi.json")).unwrap();
    let api: Value = serde_json::from_str(&text).unwrap();
    let tags: Vec<&Value> =
        api["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut without_example = Vec::new();
    let mut seen = 0;
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(tags.contains(&&operation["tags"][0]), "{at} has no group");
            assert!(operation["summary"].as_str().unwrap().len() > 3, "{at} has no summary");
            let description = operation["description"].as_str().unwrap_or_default();
            assert!(description.ends_with('.'), "{at} has no description: {description}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = &parameter["name"];
                assert!(!parameter["description"].as_str().unwrap().is_empty(), "{at} {name}");
                let needs_example = parameter["required"] == true;
                assert!(!needs_example || !parameter["example"].is_null(), "{at} {name}");
            }
            for (_, content) in
                operation["requestBody"]["content"].as_object().into_iter().flatten()
            {
                assert!(!content["example"].is_null(), "{at} has no example of its body");
            }
            let responses = operation["responses"].as_object().unwrap();
            let (_, success) =
                responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
            for (_, content) in success["content"].as_object().into_iter().flatten() {
                assert!(!content["schema"].is_null(), "{at} has no schema of its answer");
                if content["example"].is_null() {
                    without_example.push(operation["operationId"].as_str().unwrap());
                }
            }
            for response in responses.values() {
                let shared = response["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
                let response =
                    shared.map_or(Some(response), |pointer| api.pointer(pointer)).unwrap();
                assert!(!response["headers"]["X-Request-Id"].is_null(), "{at}");
            }
            seen += 1;
        }
    }
    without_example.sort_unstable();
    assert_eq!(without_example, NO_EXAMPLE);
    assert!(seen > 80, "only {seen} operations");
}

/// The members of every object, with the place where it is.
fn members<'a>(value: &'a Value, at: &str, found: &mut Vec<(String, &'a Value)>) {
    for (name, part) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        if name == "properties" {
            let all = part.as_object().unwrap().iter();
            found.extend(all.map(|(member, schema)| (format!("{at}/{member}"), schema)));
        }
        members(part, &at, found);
    }
    for (place, part) in value.as_array().into_iter().flatten().enumerate() {
        members(part, &format!("{at}/{place}"), found);
    }
}

#[test]
fn every_member_of_a_schema_is_described() {
    let text = std::fs::read_to_string(events::root().join("openapi.json")).unwrap();
    assert!(
        !["x-error", "x-visible", "x-url", "\"const\""].iter().any(|word| text.contains(word)),
        "a keyword for the code"
    );
    let api: Value = serde_json::from_str(&text).unwrap();
    let mut found = Vec::new();
    members(&api["components"]["schemas"], "", &mut found);
    members(&api["paths"], "", &mut found);
    assert!(found.len() > 300, "only {} members", found.len());
    for (at, schema) in found {
        let described = schema["description"].as_str().is_some_and(|text| !text.is_empty());
        assert!(described, "{at} has no description");
    }
}

#[test]
fn every_operation_has_a_name_and_a_route_of_its_own() {
    let operations = byline_local::operations();
    let mut names: Vec<&str> = operations.iter().map(|operation| operation.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), operations.len());
    let mut routes = BTreeSet::new();
    for operation in &operations {
        assert!(!operation.forms || operation.method == Method::GET, "{}", operation.name);
        for method in operation.methods() {
            assert!(routes.insert(format!("{method} {}", operation.path)), "{}", operation.name);
        }
    }
    let defaults = operations.iter().filter(|operation| operation.methods().is_empty()).count();
    assert_eq!(defaults, 1);
}

#[test]
fn public_reads_have_no_right_on_accounts() {
    use byline_shared::permission::{Permission, Table};
    for operation in byline_local::operations()
        .iter()
        .filter(|operation| operation.module.starts_with("byline_posts::"))
    {
        let identity = operation.permissions().into_iter().any(|grant| {
            // The buckets of rate limits, which name networks.
            if grant == byline_shared::auth::limits::LIMIT_PERMISSION {
                return false;
            }
            let on_accounts = matches!(
                grant,
                Permission::Table(Table::Identity, _)
                    | Permission::Items(Table::Identity, ..)
                    | Permission::Index(Table::Identity, _)
            );
            on_accounts || matches!(grant, Permission::TokenSecret | Permission::AccountSecret)
        });
        assert!(!identity, "{}", operation.name);
    }
}
