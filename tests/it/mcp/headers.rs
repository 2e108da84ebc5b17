//! Request headers against the body: `basic/transports/streamable-http` of the specification,
//! section Request Metadata.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use base64::prelude::{BASE64_STANDARD, Engine};
use byline_shared::model::Role;
use serde_json::json;

use super::protocol::{meta, raw};
use super::{MODERN, able, code, modern, pair, request};
use crate::harness::App;
use crate::outside::conformance::with_fixture;

const VERSION: (&str, &str) = ("mcp-protocol-version", MODERN);

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_contradict_the_body_must_not_pass() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for (method, mut params, right, wrong) in [
        ("tools/call", json!({ "name": "whoami", "arguments": {} }), "whoami", "site_get"),
        (
            "prompts/get",
            json!({ "name": "draft_post", "arguments": { "topic": "x" } }),
            "draft_post",
            "revise_post",
        ),
        (
            "resources/read",
            json!({ "uri": "site://settings" }),
            "site://settings",
            "site://style-guide",
        ),
    ] {
        params["_meta"] = meta();
        let encode = |text: &str| format!("=?base64?{}?=", BASE64_STANDARD.encode(text));
        let (encoded, other, method_in_capitals) =
            (encode(right), encode(wrong), method.to_uppercase());
        let no_marker = encoded.replace("base64", "BASE64");
        let says = ("mcp-method", method);
        for name in [right, encoded.as_str()] {
            let headers = [VERSION, says, ("mcp-name", name)];
            let answer = raw(&agent, &headers, method, params.clone(), 200).await;
            assert_eq!(answer.json["result"]["resultType"], "complete", "{}", answer.body);
        }
        let named = |name| vec![VERSION, says, ("mcp-name", name)];
        for headers in [
            vec![VERSION, says],
            named(wrong),
            named(other.as_str()),
            named("=?base64?!?="),
            // The marker is case-sensitive.
            named(no_marker.as_str()),
            vec![VERSION, ("mcp-method", method_in_capitals.as_str()), ("mcp-name", right)],
            vec![VERSION, ("mcp-name", right)],
            vec![VERSION, says, ("mcp-name", right), ("mcp-name", right)],
            vec![VERSION, says, says, ("mcp-name", right)],
            vec![says, ("mcp-name", right)],
            vec![VERSION, VERSION, says, ("mcp-name", right)],
            vec![VERSION, ("mcp-protocol-version", "2025-11-25"), says, ("mcp-name", right)],
        ] {
            let answer = raw(&agent, &headers, method, params.clone(), 400).await;
            assert_eq!(code(&answer), -32020, "{headers:?}: {}", answer.body);
            assert_eq!(answer.json["id"], 7);
        }
    }
}

/// Calls `whoami` with header names in mixed case, which no client library would send, and returns
/// the whole response.
async fn with_mixed_case(address: SocketAddr, token: String, name: &'static str) -> String {
    let params = json!({ "name": "whoami", "arguments": {}, "_meta": meta() });
    let body = request("tools/call", params).to_string();
    let text = format!(
        "POST /mcp HTTP/1.1\r\nHOST: {address}\r\naUTHORIZATION: bEARER {token}\r\n\
         CONTENT-type: application/json\r\ncontent-LENGTH: {}\r\nConnection: close\r\n\
         mCP-pROTOCOL-vERSION: {MODERN}\r\nMCP-METHOD: tools/call\r\nmcp-NAME: {name}\r\n\r\n{body}",
        body.len()
    );
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    answer.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn header_names_are_case_insensitive() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let (address, token) = (app.byline.address, agent.token.clone().unwrap());
    // A local server listens on this machine only.
    assert!(address.ip().is_loopback());
    let right = with_mixed_case(address, token.clone(), "whoami").await;
    assert!(right.starts_with("HTTP/1.1 200 "), "{right}");
    let wrong = with_mixed_case(address, token, "site_get").await;
    assert!(wrong.starts_with("HTTP/1.1 400 ") && wrong.contains("-32020"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn param_headers_must_match_the_arguments() {
    // Byline's tools have none, so a tool of the conformance suite runs behind the real endpoint.
    let app = with_fixture().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let eu = || json!({ "region": "eu" });
    let region = |value| vec![("mcp-param-region", value)];
    let cases = [
        (eu(), region("eu"), 200),
        (eu(), region("=?base64?ZXU=?="), 200),
        (json!({ "region": null }), vec![], 200),
        (eu(), vec![], 400),
        (eu(), region("us"), 400),
        (eu(), region("EU"), 400),
        (eu(), region("=?base64?!?="), 400),
        (json!({ "region": null }), region("eu"), 400),
    ];
    for (arguments, more, status) in cases {
        let params =
            json!({ "name": "test_x_mcp_header", "arguments": arguments, "_meta": meta() });
        let mut headers =
            vec![VERSION, ("mcp-method", "tools/call"), ("mcp-name", "test_x_mcp_header")];
        headers.extend(more);
        let answer = raw(&agent, &headers, "tools/call", params, status).await;
        if status == 400 {
            assert_eq!(code(&answer), -32020, "{headers:?}: {}", answer.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn undeclared_capabilities_must_not_be_used() {
    // Byline's tools require no client capability; this tool of the conformance suite does.
    let app = with_fixture().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let params = json!({ "name": "test_missing_capability", "arguments": {} });
    let answer = modern(&agent, "tools/call", params.clone(), 400).await;
    assert_eq!(code(&answer), -32021, "{}", answer.body);
    let lacking = &answer.json["error"]["data"]["requiredCapabilities"];
    assert!(lacking["sampling"].is_object(), "{}", answer.body);
    let sampling = json!({ "sampling": {} });
    let answer = able(&agent, sampling, "tools/call", params, 200).await;
    assert_eq!(answer.json["result"]["resultType"], "complete", "{}", answer.body);
}
