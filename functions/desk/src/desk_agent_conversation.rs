//! `/desk/agent/{conversation_id}`: a conversation with the built-in agent. At `/desk/agent/new` one begins with
//! its first message. It is the one page that asks the model. Scripts send its forms, too, and read JSON: where the
//! form leads to (`href`), or why nothing was done (`detail`).

use byline_shared::agent::{self, FormPlace, Opened, TurnRequest};
use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{AgentMode, ConversationId, ConversationTitle, Patch, ResponseId};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_tools::{AGENT_PERMISSIONS, AGENT_TOOLS};
use http::StatusCode;
use maud::{Markup, html};

use crate::agent::{
    LATEST, NEW, PATH, again, answering, delete, mode, new_conversation, path, running, say,
    settings, thread, title, up_to_date,
};
use crate::answers::{json, or_gone, refusal, saying, see_other};
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::typed::{self, agreed};
use crate::visit::Visit;
use crate::{assets, once, parts, refusals};

/// Shows a conversation, and asks the agent.
struct Conversation;

/// The operation.
pub const OPERATION: Operation = page::operation::<Conversation>(module_path!());

/// The permissions of a turn, and to delete a conversation.
const PERMISSIONS: [Permission; AGENT_PERMISSIONS.len() + 1] = {
    let delete = Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[DeleteItem]);
    let mut all = [delete; AGENT_PERMISSIONS.len() + 1];
    let mut at = 0;
    while at < AGENT_PERMISSIONS.len() {
        all[at] = AGENT_PERMISSIONS[at];
        at += 1;
    }
    all
};

impl Page for Conversation {
    const NAME: &'static str = "desk-agent-conversation";
    const PATH: &'static str = "/desk/agent/{conversation_id}";
    const SUMMARY: &'static str = "Talk with the agent";
    const PERMISSIONS: &'static [Permission] = &PERMISSIONS;
    const ERRORS: &'static [Code] = &agent::TURN_ERRORS;
    // It renders what the agent said.
    const LIMIT: Option<RateLimit> = Some(limits::PREVIEW_ACCOUNT);
    const SECONDS: Option<u16> = Some(29);
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("conversation_id", byline_shared::examples::CONVERSATION_ID)];
    const DONE: &'static [Done] = &[Done::ConversationChanged];

    type Needs = scope::Conversations;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match place(visit)? {
            Some(id) => view(cx, visit, &id, None).await,
            None => Ok(beginning(cx, visit, None, &html! {})),
        }
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let id = place(visit)?;
        if visit.is_script {
            return for_script(cx, visit, id.as_ref()).await;
        }
        match (act(cx, visit, id.as_ref()).await, id) {
            (Ok(href), _) => Ok(see_other(&href)),
            (Err(problem), None) if is_told(&problem) => {
                // Without them it is told, too.
                let elsewhere = answering(cx, visit, Some(&problem)).await.unwrap_or_default();
                Ok(beginning(cx, visit, Some(&problem), &elsewhere))
            }
            (Err(problem), Some(id)) if is_told(&problem) => {
                // What was written is kept also where the conversation cannot be read.
                let shown = view(cx, visit, &id, Some(&problem)).await;
                Ok(shown.unwrap_or_else(|_| unread(cx, visit, &id, &problem)))
            }
            (Err(problem), Some(_)) if is_gone(visit, &problem) => Ok(gone(cx, visit)),
            (Err(problem), _) => Err(problem),
        }
    }
}

/// The conversation; `None` for one that begins.
fn place(visit: &Visit) -> Result<Option<ConversationId>, Problem> {
    match visit.parameter("conversation_id") {
        NEW => Ok(None),
        _ => visit.id("conversation_id").map(Some),
    }
}

/// Whether the page tells a problem, beside what was entered.
fn is_told(problem: &Problem) -> bool {
    matches!(problem.code.status(), 409 | 422 | 429 | 503)
}

/// Whether somebody wrote to a conversation that is not there any more.
fn is_gone(visit: &Visit, problem: &Problem) -> bool {
    problem.code == Code::NotFound && visit.form.text("action") == "ask"
}

/// Where a form leads to that a script sent; null if the conversation has not begun.
async fn for_script(
    cx: &Context,
    visit: &Visit,
    id: Option<&ConversationId>,
) -> Result<Response, Problem> {
    let led = match (visit.form.text("action"), id) {
        ("begun", None) => begun(cx, visit).await,
        _ => act(cx, visit, id).await.map(Some),
    };
    match led {
        Ok(href) => Ok(json(200, &serde_json::json!({ "href": href }))),
        // Its cause is to be logged.
        Err(problem) if problem.code == Code::Internal => Err(problem),
        Err(problem) => {
            let (title, detail) = (refusals::title(&problem), refusals::detail(&problem));
            let mut refused = refusal(problem.code.status(), &format!("{title}. {detail}"));
            tell_when(&mut refused, Some(&problem));
            Ok(refused)
        }
    }
}

/// The conversation that the form has begun: a script follows it before the answer to the form is there.
async fn begun(cx: &Context, visit: &Visit) -> Result<Option<String>, Problem> {
    let request = request(cx, visit, None).await?;
    Ok(agent::begun(cx, &visit.caller, &request).await?.map(|id| latest(&id)))
}

/// Does what a form says. Returns where it leads to.
async fn act(cx: &Context, visit: &Visit, id: Option<&ConversationId>) -> Result<String, Problem> {
    let (action, caller) = (visit.form.text("action"), &visit.caller);
    if action == "ask" {
        visit.count(cx, &limits::RESPOND_ACCOUNT).await?;
        return ask(cx, visit, id).await;
    }
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let id = id.ok_or_else(|| Problem::not_found("conversation"))?;
    match action {
        "stop" => {
            let response: Result<ResponseId, _> = visit.form.text("response").parse();
            let response = response.ok().filter(|response| response.conversation() == *id);
            let response = response.ok_or_else(|| Problem::not_found("response"))?;
            agent::cancel(cx, caller, &response).await?;
            Ok(latest(id))
        }
        "change" => {
            let title = match visit.form.text("title").trim() {
                "" => Patch::Clear,
                _ => Patch::Set(typed::line::<ConversationTitle>(&visit.form, "title")?),
            };
            agent::adjust(cx, caller, id, &title, Some(chosen(visit)?)).await?;
            Ok(saying(&path(id), Done::ConversationChanged))
        }
        "delete" => {
            agreed(&visit.form, "delete")?;
            or_gone(agent::delete(cx, caller, id).await)?;
            Ok(saying(PATH, Done::ConversationDeleted))
        }
        _ => Err(Problem::new(Code::MalformedRequest, "The form has no known button.")),
    }
}

/// Asks the agent, and leads to its answer.
async fn ask(cx: &Context, visit: &Visit, id: Option<&ConversationId>) -> Result<String, Problem> {
    let request = request(cx, visit, id).await?;
    let response = agent::respond_whole(cx, &visit.caller, &request, &AGENT_TOOLS).await?;
    Ok(latest(&response.conversation.id))
}

/// What a form asks. One that is sent twice asks once; with another text it is another message.
async fn request(
    cx: &Context,
    visit: &Visit,
    id: Option<&ConversationId>,
) -> Result<TurnRequest, Problem> {
    let message = visit.form.text("message");
    let place = match id {
        Some(id) => FormPlace::In(id.clone()),
        None => FormPlace::New(Some(chosen(visit)?)),
    };
    let what = format!("message {} {message}", visit.form.text("mode"));
    let key = once::ulid(cx, visit, &what).await?.to_string();
    TurnRequest::of_form(place, message, key)
}

/// Where the last message of a conversation is.
fn latest(id: &ConversationId) -> String {
    format!("{}#{LATEST}", path(id))
}

/// The mode that was chosen.
fn chosen(visit: &Visit) -> Result<AgentMode, Problem> {
    let sent = visit.form.text("mode");
    let mode = AgentMode::ALL.into_iter().find(|mode| mode.as_str() == sent);
    mode.ok_or_else(|| Problem::invalid_field("mode", "invalid", "Choose what the agent may do."))
}

async fn view(
    cx: &Context,
    visit: &Visit,
    id: &ConversationId,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let before = visit.query.get("before").and_then(|before| before.parse().ok());
    let opened = agent::open(cx, &visit.caller, id, before.as_ref()).await?;
    let opened = up_to_date(cx, visit, opened).await?;
    let is_ask = visit.form.text("action") == "ask";
    let (of_ask, of_others) = if is_ask { (problem, None) } else { (None, problem) };
    let (title, turn) = (title(&opened.conversation), opened.running.as_ref());
    let main = html! {
        a.back href=(PATH) { "All conversations" }
        (parts::head(title, Some(mode(opened.mode)), None))
        @if let Some(problem) = of_others { (parts::problem(problem)) }
        (earlier(id, &opened))
        (thread(cx, &opened, turn.map(|turn| running(visit, turn, true))).await?)
        @if before.is_some() {
            p { a.button href=(latest(id)) { "Show the latest messages" } }
        } @else {
            (say(cx, visit, id, (turn.is_some(), of_ask)))
        }
        div.stack {
            (answering(cx, visit, of_ask).await?)
            @if before.is_none() { (again(cx, visit, &opened)) }
            (settings(visit, &opened.conversation, (opened.mode, of_others)))
            (delete(visit, &opened.conversation, of_others))
        }
        // What was said before stays as it is.
        @if before.is_none() { (assets::scripts(&["agent.js"])) }
    };
    let frame = Sheet::new(title, Section::Agent).telling(problem);
    let mut response = sheet(cx, visit, frame, &main);
    tell_when(&mut response, problem);
    Ok(response)
}

/// The way to what was said before.
fn earlier(id: &ConversationId, opened: &Opened) -> Markup {
    let first = opened.items.first().filter(|_| opened.has_earlier);
    html! {
        @if let Some(first) = first {
            p { a.button href={ (path(id)) "?before=" (first.id()) } { "Show earlier messages" } }
        }
    }
}

/// The page on which a conversation begins.
fn beginning(
    cx: &Context,
    visit: &Visit,
    problem: Option<&Problem>,
    elsewhere: &Markup,
) -> Response {
    let main = html! {
        a.back href=(PATH) { "All conversations" }
        (parts::head("New conversation", None, None))
        @if let Some(problem) = problem { (parts::problem(problem)) }
        (elsewhere)
        (new_conversation(cx, visit, problem))
        (assets::scripts(&["agent.js"]))
    };
    let frame = Sheet::new("New conversation", Section::Agent).telling(problem);
    let mut response = sheet(cx, visit, frame, &main);
    tell_when(&mut response, problem);
    response
}

/// What was written, where its conversation cannot be read now.
fn unread(cx: &Context, visit: &Visit, id: &ConversationId, problem: &Problem) -> Response {
    let main = html! {
        a.back href=(path(id)) { "The conversation" }
        (parts::head("Your message was not sent", None, None))
        (say(cx, visit, id, (false, Some(problem))))
    };
    let frame = Sheet::new("Your message was not sent", Section::Agent).telling(Some(problem));
    sheet(cx, visit, frame, &main)
}

/// What was written to a conversation that was deleted meanwhile: another one can begin with it.
fn gone(cx: &Context, visit: &Visit) -> Response {
    let title = "This conversation was deleted";
    let lede = "Your message was not sent. It is below: another conversation can begin with it.";
    let main = html! {
        a.back href=(PATH) { "All conversations" }
        (parts::head(title, Some(lede), None))
        (new_conversation(cx, visit, None))
    };
    sheet(cx, visit, Sheet::new(title, Section::Agent).status(StatusCode::CONFLICT), &main)
}

/// Says in a header when to try again, as the API does.
fn tell_when(response: &mut Response, problem: Option<&Problem>) {
    let headers = problem.map(|problem| problem.headers.clone()).unwrap_or_default();
    response.headers_mut().extend(headers);
}
