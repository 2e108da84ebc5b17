//! A person's word before something goes live. Where the client can ask its person, it is made to
//! (multi round-trip requests, 2026-07-28); where it cannot, the model has to say that it did.
//!
//! What the client brings back is nothing but a handle: 256 random bits, of which the digest is
//! kept with the account, the credential and the request that they are good for. It ends after five
//! minutes and after one answer, so it can be neither forged, nor moved to another request, nor
//! used twice.

use std::collections::BTreeMap;

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::context::Context;
use byline_shared::crypto::{digest, random};
use byline_shared::http::problem::Problem;
use byline_shared::model::Title;
use byline_shared::store::confirmations::ConfirmationItem;
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ElicitRequest, ElicitRequestParams, ElicitResult,
    ElicitationAction, ElicitationSchema, InputRequest, InputRequiredResult, InputResponses,
};
use serde_json::Value;

/// The argument by which a model says that its person agreed.
pub(crate) const ARGUMENT: &str = "confirm";

/// The name of the question, and of its one field.
const QUESTION: &str = "confirm";

/// How long an answer is waited for, in seconds.
const PATIENCE: i64 = 5 * 60;

/// How a confirmation stands.
pub(crate) enum Word {
    /// It is given.
    Given,
    /// The client has to ask for it.
    Asked(Box<InputRequiredResult>),
    /// It is not given; in words for the model.
    Missing(String),
    /// What came back is no answer to a question of ours.
    Foreign,
}

/// Whether a client can show its person a form.
pub(crate) fn can_ask(capabilities: Option<&ClientCapabilities>) -> bool {
    let elicitation = capabilities.and_then(|capabilities| capabilities.elicitation.as_ref());
    // Without a mode, it is the form.
    elicitation.is_some_and(|modes| modes.form.is_some() || modes.url.is_none())
}

/// How much of a title a question shows, in characters.
const MAX_TITLE: usize = 80;

/// A question about a post. Its title comes last, on a line of its own, as it may have been written
/// to change the question: nothing of ours follows it, and no quotation mark in it ends anything.
pub(crate) fn about(question: &str, title: &Title) -> String {
    let plain = |char: char| if is_quote(char) || char.is_control() { ' ' } else { char };
    let title: String = title.as_str().chars().map(plain).collect();
    let title: String =
        title.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_TITLE).collect();
    format!("{question}\nThe post's own title, as its author wrote it: {title}")
}

fn is_quote(char: char) -> bool {
    let quotes = ['"', '\'', '`', '\u{ab}', '\u{bb}', '\u{b4}', '\u{2039}', '\u{203a}'];
    quotes.contains(&char)
        || matches!(
            char,
            '\u{2018}'..='\u{201f}' | '\u{2028}' | '\u{2029}' | '\u{2032}'..='\u{2037}'
                | '\u{300a}'..='\u{300f}' | '\u{301d}'..='\u{301f}' | '\u{ff02}' | '\u{ff07}'
        )
}

/// The word of the person to `question`, about a call with these arguments.
///
/// # Errors
/// As any call.
pub(crate) async fn word(
    cx: &Context,
    actor: &Actor,
    request: &CallToolRequestParams,
    can_ask: bool,
    question: &str,
) -> Result<Word, Problem> {
    let tool = &request.name;
    let arguments = request.arguments.clone().unwrap_or_default();
    if !can_ask {
        return Ok(match arguments.get(ARGUMENT) {
            Some(Value::Bool(true)) => Word::Given,
            _ => Word::Missing(format!(
                "Nothing was done.\nNext: ask the person you work for what stands below, and if they \
                 agree, call {tool} again with the same arguments and \"{ARGUMENT}\": true. Do not \
                 agree in their place.\n{question}"
            )),
        });
    }
    let digest = digest(tool, arguments.into_iter().collect());
    let wanted = ConfirmationItem {
        user_id: actor.caller.user.id.clone(),
        credential: limits::credential(&actor.caller).to_string(),
        request: digest,
        ttl: cx.clock.now().plus_seconds(PATIENCE).as_seconds(),
    };
    let Some(state) = &request.request_state else { return ask(cx, &wanted, question).await };
    let digest = digest::sha256(state);
    let asked = cx.store.confirmations().take(&digest, &wanted).await?;
    let is_ours = asked.is_some_and(|asked| {
        let live = asked.is_live(cx.clock.now());
        live && ConfirmationItem { ttl: wanted.ttl, ..asked } == wanted
    });
    if !is_ours {
        return Ok(Word::Foreign);
    }
    match answer(request.input_responses.as_ref()) {
        Some(true) => Ok(Word::Given),
        Some(false) => Ok(Word::Missing(format!(
            "The person said no, and nothing was done.\nNext: ask them what they want instead. Do not \
             call {tool} again unless they ask for it."
        ))),
        // An answer that is missing is asked for again.
        None => ask(cx, &wanted, question).await,
    }
}

async fn ask(cx: &Context, wanted: &ConfirmationItem, question: &str) -> Result<Word, Problem> {
    let handle = random::token();
    cx.store.confirmations().create(&digest::sha256(&handle), wanted).await?;
    let schema = ElicitationSchema::builder()
        .required_bool_property(QUESTION, |field| {
            field.title("Go ahead").description("Readers will see it.")
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
    Ok(Word::Asked(Box::new(InputRequiredResult::new(Some(requests), Some(handle)))))
}

/// What the person said; `None` where they were not asked.
fn answer(responses: Option<&InputResponses>) -> Option<bool> {
    let result: ElicitResult = serde_json::from_value(responses?.get(QUESTION)?.clone()).ok()?;
    let agreed = result.content.and_then(|content| content.get(QUESTION)?.as_bool());
    Some(result.action == ElicitationAction::Accept && agreed == Some(true))
}

/// The digest of a call, whatever order its arguments stand in.
fn digest(tool: &str, arguments: BTreeMap<String, Value>) -> String {
    let arguments: BTreeMap<&String, &Value> =
        arguments.iter().filter(|(name, _)| *name != ARGUMENT).collect();
    let arguments = serde_json::to_string(&arguments).expect("JSON can be written as JSON");
    digest::sha256(&format!("{tool}\n{arguments}"))
}
