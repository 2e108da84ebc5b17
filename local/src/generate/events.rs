//! `events/`: a sample event for each function, from its typed example. In API Gateway's payload format
//! 2.0: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.
//! Function URLs have the same: <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>.

use std::path::PathBuf;

use byline_shared::auth::requirement::Access;
use byline_shared::endpoint::{FunctionUrl, Location, Operation};
use byline_shared::examples::{ACCESS_TOKEN, SESSION_COOKIE};
use byline_shared::worker::Trigger;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::names::domain;
use super::source::{Files, Source};

pub(super) fn files(source: &Source<'_>) -> Files {
    let path = |module: &'static str, name: &str| {
        PathBuf::from(format!("events/{}/{name}.json", domain(module)))
    };
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    let http = source.operations.iter();
    let http =
        http.map(|operation| (path(operation.module, operation.name), pretty(&event(operation))));
    let urls = source.function_urls.iter();
    let urls = urls.map(|url| {
        let Operation { name, module, .. } = url.fallback;
        (path(module, name), pretty(&event_of_url(url)))
    });
    let streams = source.workers.iter().map(|worker| {
        let mut event = match worker.trigger {
            Trigger::NewItems(items) => serde_json::to_value((items.example)()).unwrap_or_default(),
            // The `Input` of the schedules in the template.
            Trigger::Every { .. } => json!({}),
            Trigger::Called { example, .. } => example(),
        };
        // The attributes of an item have no order.
        event.sort_all_objects();
        (path(worker.module, worker.name), pretty(&event))
    });
    http.chain(urls).chain(streams).collect()
}

/// The event of its first operation that may answer piece by piece: Function URLs know no routes.
fn event_of_url(url: &FunctionUrl) -> Value {
    let streams = |operation: &&Operation| operation.may_stream;
    let mut event = event(url.operations.iter().find(streams).unwrap_or(&url.fallback));
    let domain = "example.lambda-url.eu-central-1.on.aws";
    event["headers"]["host"] = domain.into();
    event["routeKey"] = Operation::DEFAULT_PATH.into();
    let context = &mut event["requestContext"];
    context["accountId"] = "anonymous".into();
    context["domainName"] = domain.into();
    context["domainPrefix"] = "example".into();
    context["requestId"] = "e1506fd5-9e7b-434f-bd42-4f8fa224b599".into();
    context["routeKey"] = Operation::DEFAULT_PATH.into();
    if let Some(members) = event.as_object_mut() {
        members.remove("pathParameters");
    }
    event
}

fn event(operation: &Operation) -> Value {
    let example = (operation.example)();
    let contract = operation.input_contract();
    let part = |location| -> Map<String, Value> {
        let fields = contract.iter().flat_map(|contract| contract.fields(location));
        let value = |name: &str| example.input.get(name).cloned().filter(|value| !value.is_null());
        fields.filter_map(|(name, _)| Some((name.to_owned(), value(name)?))).collect()
    };
    let (mut in_path, mut query) = (texts(part(Location::Path)), texts(part(Location::Query)));
    query.extend(example.query.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())));
    in_path.extend(example.path.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())));
    let body = match &contract {
        Some(_) => Value::Object(part(Location::Body)),
        None => example.input.clone(),
    };
    let has_body = operation.takes_body() && !operation.is_default() && !body.is_null();

    let mut path =
        if operation.is_default() { "/no/such/path".to_owned() } else { operation.path.to_owned() };
    for (name, value) in &in_path {
        path = path.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default());
    }
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let query_string: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value.as_str().unwrap_or(""))))
        .collect();

    let mut headers = json!({
        "accept": "application/json",
        "host": "api.example.com",
        "user-agent": "byline-example",
    });
    if has_body {
        headers["content-type"] = operation.consumes.into();
    }
    if let Access::Scope(_) | Access::Publish | Access::Person { .. } = operation.access {
        headers["authorization"] = format!("Bearer {ACCESS_TOKEN}").into();
    }
    for (_, value) in part(Location::Header) {
        headers["if-match"] = value;
    }
    let method: &Method = &operation.method;
    let route_key = if operation.is_default() {
        Operation::DEFAULT_PATH.to_owned()
    } else {
        format!("{method} {}", operation.path)
    };
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query_string.join("&"),
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "example",
            "domainName": "api.example.com",
            "domainPrefix": "api",
            "http": {
                "method": method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "byline-example",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": route_key,
            "stage": "$default",
            "time": "05/Jan/2026:09:00:00 +0000",
            "timeEpoch": 1_767_603_600_000_i64,
        },
        "isBase64Encoded": false,
    });
    // API Gateway hands the cookies of a browser on beside the headers.
    if let Access::Desk(_) = operation.access {
        event["cookies"] = json!([SESSION_COOKIE]);
    }
    if !in_path.is_empty() {
        event["pathParameters"] = in_path.into();
    }
    if !query.is_empty() {
        event["queryStringParameters"] = query.into();
    }
    if has_body {
        // A body that is not JSON is plain text.
        event["body"] = match body {
            Value::String(text) => text.into(),
            json => json.to_string().into(),
        };
    }
    event
}

/// The values of fields as they are written in a path or query.
fn texts(fields: Map<String, Value>) -> Map<String, Value> {
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    fields.into_iter().map(|(name, value)| (name, Value::String(text(value)))).collect()
}
