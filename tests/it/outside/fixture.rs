//! The tools, resources and prompts that the conformance suite calls, behind the very endpoint of
//! `/mcp`: the same route, access check, limits and door, with another handler. What it answers
//! stands in `tests/outside/conformance/fixture.json`.
//!
//! An entry may send `progress` or `log` first, `need` a capability, or ask for input in `rounds`.

#![expect(deprecated, reason = "the suite tests of the older revisions what they had")]

use std::sync::{Arc, LazyLock};

use byline_shared::endpoint::Operation;
use byline_shared::http::{Request, Response};
use byline_shared::prelude::*;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities,
    GetPromptRequestParams, GetPromptResponse, InputRequiredResult, InputResponses,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    LoggingLevel, LoggingMessageNotificationParam, PaginatedRequestParams,
    ProgressNotificationParam, ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities,
    ServerConfig, SetLevelRequestParams, SubscribeRequestParams, Tool, UnsubscribeRequestParams,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Map, Value, json};

/// The fixture as an operation, to be served in place of the product's.
pub(crate) const OPERATION: Operation = Operation::raw::<Fixture>(module_path!());

/// What the fixture answers, with what is shared filled in.
static ANSWERS: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../outside/conformance/fixture.json");
    let mut all: Value = serde_json::from_str(text).unwrap();
    let shared = all["shared"].take();
    fill(&mut all, &|text| shared.get(text).cloned());
    all
});

pub(crate) struct Fixture;

impl RawEndpoint for Fixture {
    const NAME: &'static str = byline_mcp::mcp::Mcp::NAME;
    const METHOD: Method = byline_mcp::mcp::Mcp::METHOD;
    const PATH: &'static str = byline_mcp::mcp::Mcp::PATH;
    const SUMMARY: &'static str = "What the conformance suite calls";
    const PERMISSIONS: &'static [Permission] = byline_mcp::mcp::Mcp::PERMISSIONS;
    const LIMIT: Option<RateLimit> = byline_mcp::mcp::Mcp::LIMIT;
    const BODY_LIMIT: usize = byline_mcp::mcp::Mcp::BODY_LIMIT;
    const PRODUCES: &'static str = byline_mcp::mcp::Mcp::PRODUCES;

    type Auth = <byline_mcp::mcp::Mcp as RawEndpoint>::Auth;

    fn example() -> Option<Value> {
        None
    }

    fn refuse(cx: &Context, problem: Problem) -> Response {
        byline_mcp::mcp::Mcp::refuse(cx, problem)
    }

    async fn handle(cx: &Context, caller: Caller, request: Request) -> Result<Response, Problem> {
        byline_mcp::mcp::answer(cx, &caller, request, || Self).await
    }
}

/// A request of the older revisions that is answered and changes nothing.
macro_rules! accepted {
    ($method:ident($params:ty)) => {
        async fn $method(
            &self,
            _: $params,
            _: RequestContext<RoleServer>,
        ) -> Result<(), ErrorData> {
            Ok(())
        }
    };
}

impl ServerHandler for Fixture {
    fn get_info(&self) -> ServerConfig {
        let offers = ServerCapabilities::builder();
        ServerConfig::new(
            offers.enable_completions().enable_prompts().enable_resources().enable_tools().build(),
        )
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = entries("tools").keys().map(|name| self.get_tool(name).unwrap());
        Ok(ListToolsResult::with_all_items(tools.collect()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let tool = entries("tools").get(name)?;
        let input = tool.get("input").cloned().unwrap_or_else(|| json!({ "type": "object" }));
        Some(Tool::new(
            name.to_owned(),
            "A tool of the suite.",
            Arc::new(typed::<Map<_, _>>(input)),
        ))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        cx: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let tool = entry("tools", &request.name)?;
        let can = capabilities(&cx);
        if let Some(needed) = tool.get("needs")
            && needed.as_object().unwrap().keys().any(|name| can.get(name).is_none())
        {
            let needed = typed::<ClientCapabilities>(needed.clone());
            return Err(ErrorData::missing_required_client_capability(needed));
        }
        notify(tool, &cx).await;
        let asked = ask(tool, &can, request.request_state, request.input_responses)?;
        if let Some(asked) = asked {
            return Ok(asked.into());
        }
        let done = json!({ "content": [{ "type": "text", "text": "Done." }] });
        let mut answer = tool.get("answer").cloned().unwrap_or(done);
        answer["resultType"] = json!("complete");
        Ok(typed::<CallToolResult>(answer).into())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let resources = entries("resources").keys();
        let resources: Vec<_> = resources.map(|uri| json!({ "uri": uri, "name": uri })).collect();
        Ok(ListResourcesResult::with_all_items(typed(json!(resources))))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let (before, after) = template();
        let template = json!([{ "uriTemplate": format!("{before}{{id}}{after}"), "name": "data" }]);
        Ok(ListResourceTemplatesResult::with_all_items(typed(template)))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let (before, after) = template();
        let id = request.uri.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        let mut content = match (entries("resources").get(&request.uri), id) {
            (Some(content), _) => content.clone(),
            (None, Some(id)) => {
                json!({ "mimeType": "text/plain", "text": format!("Data of {id}.") })
            }
            (None, None) => {
                let data = json!({ "uri": request.uri });
                return Err(ErrorData::resource_not_found(
                    "There is no such resource.",
                    Some(data),
                ));
            }
        };
        content["uri"] = json!(request.uri);
        let result = json!({ "resultType": "complete", "contents": [content] });
        Ok(ReadResourceResponse::Complete(typed(result)))
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let prompts = entries("prompts").iter().map(|(name, prompt)| {
            let arguments = prompt["arguments"].as_array().into_iter().flatten();
            let arguments = arguments.map(|name| json!({ "name": name, "required": true }));
            let arguments: Vec<_> = arguments.collect();
            json!({ "name": name, "description": "A prompt of the suite.", "arguments": arguments })
        });
        Ok(ListPromptsResult::with_all_items(typed(prompts.collect())))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        cx: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let prompt = entry("prompts", &request.name)?;
        let can = capabilities(&cx);
        if let Some(asked) = ask(prompt, &can, request.request_state, request.input_responses)? {
            return Ok(asked.into());
        }
        let mut messages = prompt["messages"].clone();
        for (name, value) in request.arguments.unwrap_or_default() {
            let value = value.as_str().unwrap_or_default().to_owned();
            let placeholder = format!("{{{name}}}");
            fill(&mut messages, &|text| Some(json!(text.replace(&placeholder, &value))));
        }
        let result = json!({ "resultType": "complete", "messages": messages });
        Ok(GetPromptResponse::Complete(typed(result)))
    }

    accepted!(set_level(SetLevelRequestParams));
    accepted!(subscribe(SubscribeRequestParams));
    accepted!(unsubscribe(UnsubscribeRequestParams));
}

/// Sends what the tool sends before its answer, where the client wants it.
async fn notify(tool: &Value, cx: &RequestContext<RoleServer>) {
    let list = |field: &str| tool[field].as_array().cloned().unwrap_or_default();
    if let Some(token) = cx.meta.get_progress_token() {
        for step in list("progress") {
            let progress = ProgressNotificationParam::new(token.clone(), step.as_f64().unwrap());
            let _ = cx.peer.notify_progress(progress.with_total(100.0)).await;
        }
    }
    let is_modern = cx.meta.protocol_version().is_some();
    if !is_modern || cx.meta.log_level().is_some() {
        for line in list("log") {
            let line = LoggingMessageNotificationParam::new(LoggingLevel::Info, line);
            let _ = cx.peer.notify_logging_message(line).await;
        }
    }
}

/// What the client still has to say, if anything: the first round that it has not answered.
/// Where the tool keeps state, the state names the round; one that was not given out is refused.
fn ask(
    entry: &Value,
    can: &Value,
    state: Option<String>,
    responses: Option<InputResponses>,
) -> Result<Option<InputRequiredResult>, ErrorData> {
    let Some(rounds) = entry["rounds"].as_array() else { return Ok(None) };
    let state_of = |round: usize| format!("round-{round}");
    let round = match &state {
        Some(state) => (0..rounds.len()).find(|round| state_of(*round) == *state),
        None => Some(0),
    };
    let round =
        round.ok_or_else(|| ErrorData::invalid_params("That is no state of ours.", None))?;
    let responses = responses.unwrap_or_default();
    let requests = rounds[round].as_object().unwrap();
    let answered = requests.keys().all(|key| responses.get(key).is_some_and(Value::is_object));
    let is_next = answered && (state.is_some() || entry["state"].is_null());
    let open = round + usize::from(is_next);
    let Some(requests) = rounds.get(open) else { return Ok(None) };
    let mut requests = requests.as_object().unwrap().clone();
    requests.retain(|_, request| {
        let capability = request["method"].as_str().unwrap().split('/').next().unwrap();
        can.get(capability).is_some()
    });
    let mut result = json!({ "resultType": "input_required", "inputRequests": requests });
    if !entry["state"].is_null() {
        result["requestState"] = json!(state_of(open));
    }
    Ok(Some(typed(result)))
}

fn capabilities(cx: &RequestContext<RoleServer>) -> Value {
    serde_json::to_value(cx.client_capabilities()).unwrap()
}

fn template() -> (&'static str, &'static str) {
    let part = |name: &str| ANSWERS["template"][name].as_str().unwrap();
    (part("before"), part("after"))
}

fn entries(kind: &str) -> &'static Map<String, Value> {
    ANSWERS[kind].as_object().unwrap()
}

fn entry(kind: &str, name: &str) -> Result<&'static Value, ErrorData> {
    let entry = entries(kind).get(name);
    entry.ok_or_else(|| ErrorData::invalid_params("There is nothing of that name.", None))
}

/// Puts in what `new` says for every text of a value.
fn fill(value: &mut Value, new: &impl Fn(&str) -> Option<Value>) {
    match value {
        Value::String(text) => {
            if let Some(filled) = new(text) {
                *value = filled;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, new)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, new)),
        _ => {}
    }
}

/// A value as a type of the protocol.
fn typed<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}
