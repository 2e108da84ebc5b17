//! Asks a person to confirm a call before it publishes something. A client that supports elicitation
//! shows the question itself (multi round-trip requests, revision 2026-07-28). For any other client,
//! the model has to state with an argument that the person agreed.
//!
//! `requestState` is a handle of 256 random bits. Its digest is stored with the account, the
//! credential and a digest of the call. It is valid for five minutes and one answer, so it cannot be
//! forged, used for another call, or used twice.

use std::collections::BTreeMap;

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::context::Context;
use byline_shared::crypto::{digest, random};
use byline_shared::http::problem::Problem;
use byline_shared::store::confirmations::ConfirmationItem;
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ElicitRequest, ElicitRequestParams, ElicitResult,
    ElicitationAction, ElicitationSchema, InputRequest, InputRequiredResult, InputResponses,
};
use serde_json::Value;

/// The argument with which a model states that the person agreed.
pub(crate) const ARGUMENT: &str = "confirm";

/// The key of the elicitation request, and the name of its only field.
const QUESTION: &str = "confirm";

/// How long `requestState` is valid, in seconds.
const STATE_TTL: i64 = 5 * 60;

/// Whether a person confirmed a call.
pub(crate) enum Confirmation {
    /// The call may be executed.
    Confirmed,
    /// The client has to ask; the result to send.
    InputRequired(Box<InputRequiredResult>),
    /// The person declined, or was not asked; a message for the model.
    NotConfirmed(String),
    /// `requestState` is unknown, expired, or belongs to another call.
    InvalidState,
}

/// Whether a client supports elicitation with a form.
pub(crate) fn supports_forms(capabilities: Option<&ClientCapabilities>) -> bool {
    let elicitation = capabilities.and_then(|capabilities| capabilities.elicitation.as_ref());
    // A client that declares no mode supports forms (2025-11-25).
    elicitation.is_some_and(|modes| modes.form.is_some() || modes.url.is_none())
}

/// Checks whether a person confirmed this call, and asks if not.
pub(crate) async fn check(
    cx: &Context,
    actor: &Actor,
    request: &CallToolRequestParams,
    supports_forms: bool,
    question: &str,
) -> Result<Confirmation, Problem> {
    let tool = &request.name;
    let arguments = request.arguments.clone().unwrap_or_default();
    if !supports_forms {
        return Ok(match arguments.get(ARGUMENT) {
            Some(Value::Bool(true)) => Confirmation::Confirmed,
            _ => Confirmation::NotConfirmed(format!(
                "Nothing was done.\nNext: ask the user the question below. If they agree, call {tool} \
                 again with the same arguments and \"{ARGUMENT}\": true. Do not agree for \
                 them.\n{question}"
            )),
        });
    }
    let digest = digest(tool, arguments.into_iter().collect());
    let expected = ConfirmationItem {
        user_id: actor.caller.user.id.clone(),
        credential: limits::credential(&actor.caller).to_string(),
        request: digest,
        ttl: cx.clock.now().plus_seconds(STATE_TTL).as_seconds(),
    };
    let Some(state) = &request.request_state else { return ask(cx, &expected, question).await };
    let digest = digest::sha256(state);
    let stored = cx.store.confirmations().take(&digest, &expected).await?;
    let is_valid = stored.is_some_and(|stored| {
        let live = stored.is_live(cx.clock.now());
        live && ConfirmationItem { ttl: expected.ttl, ..stored } == expected
    });
    if !is_valid {
        return Ok(Confirmation::InvalidState);
    }
    match user_answer(request.input_responses.as_ref()) {
        Some(true) => Ok(Confirmation::Confirmed),
        Some(false) => Ok(Confirmation::NotConfirmed(format!(
            "The user declined, and nothing was done.\nNext: ask them what they want instead. Do not \
             call {tool} again unless they ask for it."
        ))),
        // The specification asks to repeat the request if the answer is missing.
        None => ask(cx, &expected, question).await,
    }
}

async fn ask(
    cx: &Context,
    expected: &ConfirmationItem,
    question: &str,
) -> Result<Confirmation, Problem> {
    let handle = random::token();
    cx.store.confirmations().create(&digest::sha256(&handle), expected).await?;
    let schema = ElicitationSchema::builder()
        .required_bool_property(QUESTION, |field| {
            field.title("Publish").description("Readers will see this revision.")
        })
        .build()
        .map_err(Problem::internal)?;
    let form = ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: question.to_owned(),
        requested_schema: schema,
    };
    let request = InputRequest::Elicitation(ElicitRequest::new(form));
    let requests = BTreeMap::from([(QUESTION.to_owned(), request)]);
    Ok(Confirmation::InputRequired(Box::new(InputRequiredResult::new(
        Some(requests),
        Some(handle),
    ))))
}

/// Whether the person agreed; `None` if the request has no answer.
fn user_answer(responses: Option<&InputResponses>) -> Option<bool> {
    let result: ElicitResult = serde_json::from_value(responses?.get(QUESTION)?.clone()).ok()?;
    let agreed = result.content.and_then(|content| content.get(QUESTION)?.as_bool());
    Some(result.action == ElicitationAction::Accept && agreed == Some(true))
}

/// The digest of a call, independent of the order of its arguments.
fn digest(tool: &str, arguments: BTreeMap<String, Value>) -> String {
    let arguments: BTreeMap<&String, &Value> =
        arguments.iter().filter(|(name, _)| *name != ARGUMENT).collect();
    let arguments = serde_json::to_string(&arguments).expect("JSON can be written as JSON");
    digest::sha256(format!("{tool}\n{arguments}"))
}
