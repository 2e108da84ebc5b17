//! The forms of conversations.

use byline_shared::Context;
use byline_shared::agent::{self, Opened};
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{
    AgentMode, Conversation, ConversationId, ConversationItem, MessageRole, ResponseId, TurnStatus,
};
use maud::{Markup, html};

use super::{MAY_DO, MODES, NEW, PATH, SETTINGS, path, title};
use crate::once;
use crate::parts::{self, Field, Kind, fault};
use crate::visit::Visit;

/// The form that begins a conversation, with what was sent.
pub(crate) fn new_conversation(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Markup {
    let usual = agent::default_mode(&visit.caller);
    let chosen = visit.form.get("mode").unwrap_or(usual.as_str());
    html! {
        section.sheet #say {
            header { h2 { "New conversation" } }
            form.form.padded method="post" action={ (PATH) "/" (NEW) "#say" } data-ask {
                (parts::token(visit))
                (once_field(cx, visit, problem))
                (message(visit, "Your message", 4, problem))
                (mode(visit, chosen, problem))
                (send(""))
            }
        }
    }
}

/// The form for the next message, with what was sent. Without scripts, the answer comes whole.
pub(crate) fn say(
    cx: &Context,
    visit: &Visit,
    id: &ConversationId,
    (is_running, problem): (bool, Option<&Problem>),
) -> Markup {
    html! {
        section.ask #say aria-label="Your next message" {
            @if let Some(problem) = problem { (parts::problem(problem)) }
            @if cx.config.agent.is_none() {
                p.note role="note" { "The agent is off, so it does not answer. You can read, rename and delete this conversation." }
            }
            @if cx.config.agent.is_some() || !visit.form.text("message").is_empty() {
                form.stack method="post" action={ (path(id)) "#say" } data-ask {
                    (parts::token(visit))
                    (once_field(cx, visit, problem))
                    (message(visit, "Your message", 3, problem))
                    (send(match is_running {
                        true => "You can send it when the agent has answered.",
                        false => "The answer appears when it is complete. That may take a minute.",
                    }))
                }
            }
        }
    }
}

/// The button, what a script says beside it, and what is true without one.
fn send(plain: &str) -> Markup {
    html! {
        p.alert role="alert" data-fault hidden {}
        div.row {
            button.button.go type="submit" name="action" value="ask" { "Send" }
            span.quiet.small role="status" data-say { (plain) }
        }
    }
}

/// The field for the next message of a page whose message was taken.
pub(crate) fn fresh(cx: &Context) -> Markup {
    once::field(cx.clock.now())
}

/// What names the message. After a failure it may have been said: then the same form says it no second time.
fn once_field(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Markup {
    match problem {
        Some(problem) if problem.code.status() >= 500 => once::same_field(visit),
        _ => once::field(cx.clock.now()),
    }
}

fn message(visit: &Visit, label: &str, rows: u8, problem: Option<&Problem>) -> Markup {
    parts::field(Field {
        name: "message",
        label,
        value: visit.form.text("message"),
        kind: Kind::Area(rows),
        required: true,
        max: Some(agent::MAX_MESSAGE_BYTES),
        fault: fault(problem, "message"),
        ..Field::default()
    })
}

/// The modes that the visitor may give.
fn mode(visit: &Visit, chosen: &str, problem: Option<&Problem>) -> Markup {
    let may = agent::modes(&visit.caller);
    let modes = MODES.iter().filter(|(mode, _)| may.contains(mode));
    let choices: Vec<(&str, &str)> = modes.map(|(mode, words)| (mode.as_str(), *words)).collect();
    parts::field(Field {
        name: "mode",
        label: "What the agent may do",
        value: chosen,
        hint: Some("It never publishes, and never does more than you may."),
        kind: Kind::Choice(&choices),
        fault: fault(problem, "mode"),
        ..Field::default()
    })
}

/// That the agent answers, perhaps in another tab, and how to stop it. A page whose script shows how far it is says that
/// it does, too: `is_plain` is for one without scripts.
pub(crate) fn running(visit: &Visit, response: &ResponseId, is_plain: bool) -> Markup {
    let again = path(&response.conversation());
    html! {
        form.stack #running method="post" action=(again) {
            (parts::token(visit))
            input type="hidden" name="response" value=(response);
            @if is_plain {
                div.note data-plain {
                    p role="status" { strong { "The agent is answering." } " Load the page again to see how far it is." }
                    p { a.button href=(again) { "Load again" } }
                }
            }
            div.row { button.button type="submit" name="action" value="stop" { "Stop the agent" } }
        }
    }
}

/// The title, and what the agent may do.
pub(crate) fn settings(
    visit: &Visit,
    conversation: &Conversation,
    (current, problem): (AgentMode, Option<&Problem>),
) -> Markup {
    let is_sent = visit.form.text("action") == "change";
    let value = |name: &str, stored: &str| match is_sent {
        true => visit.form.text(name).to_owned(),
        false => stored.to_owned(),
    };
    let stored = conversation.metadata.get("title").map_or("", String::as_str);
    let (named, chosen) = (value("title", stored), value("mode", current.as_str()));
    html! {
        details.more #(SETTINGS) open[is_sent] {
            summary { (MAY_DO) }
            form.form method="post" action=(path(&conversation.id)) {
                (parts::token(visit))
                (parts::field(Field {
                    name: "title",
                    label: "Title (optional)",
                    value: &named,
                    hint: Some("Without one, the beginning of your next message is the title."),
                    max: Some(200),
                    fault: fault(problem, "title"),
                    ..Field::default()
                }))
                (mode(visit, &chosen, problem))
                div.row { button.button type="submit" name="action" value="change" { "Save" } }
            }
        }
    }
}

/// The end of a conversation.
pub(crate) fn delete(
    visit: &Visit,
    conversation: &Conversation,
    problem: Option<&Problem>,
) -> Markup {
    html! {
        details.more open[visit.form.text("action") == "delete"] {
            summary { "Delete this conversation" }
            form.form method="post" action=(path(&conversation.id)) {
                (parts::token(visit))
                p.quiet { "\u{201c}" (title(conversation)) "\u{201d} is gone at once, with all that was said in it. Drafts and proposals that the agent made stay." }
                (parts::agree("delete", "Delete it for good", fault(problem, "delete")))
                div.row { button.button.risk type="submit" name="action" value="delete" { "Delete conversation" } }
            }
        }
    }
}

/// The last message once more, where its answer failed.
pub(crate) fn again(cx: &Context, visit: &Visit, opened: &Opened) -> Markup {
    let last = opened.turns.iter().max_by_key(|turn| turn.places.start);
    let failed = last.filter(|turn| turn.status == TurnStatus::Failed);
    let said = opened.items.iter().rev().find_map(|item| match item {
        ConversationItem::Message(message) if message.role == MessageRole::User => Some(message),
        _ => None,
    });
    let said = failed.and(said).filter(|_| cx.config.agent.is_some());
    html! {
        @if let Some(message) = said {
            form.stack method="post" action={ (path(&opened.conversation.id)) "#say" } {
                (parts::token(visit))
                (once_field(cx, visit, None))
                input type="hidden" name="message" value=(message.text());
                div.row {
                    button.button type="submit" name="action" value="ask" { "Ask again" }
                    span.quiet.small { "This sends your last message once more." }
                }
            }
        }
    }
}

/// Where the agent answers already, if a message was refused because of that.
///
/// # Errors
/// 503 while the database does not answer.
pub(crate) async fn answering(
    cx: &Context,
    visit: &Visit,
    problem: Option<&Problem>,
) -> Result<Markup, Problem> {
    let found = match problem {
        Some(problem) if problem.code == Code::TooManyRequests => {
            agent::answering(cx, &visit.caller).await?
        }
        _ => Vec::new(),
    };
    Ok(html! {
        @if !found.is_empty() {
            div.note role="note" {
                p { "The agent is answering here. Open one to read it or to stop it:" }
                ul { @for one in &found { li { a href=(path(&one.id)) { (title(one)) } } } }
            }
        }
    })
}
