//! The forms of conversations.

use byline_shared::Context;
use byline_shared::agent;
use byline_shared::http::problem::Problem;
use byline_shared::model::{AgentMode, Conversation, ConversationId, ResponseId};
use maud::{Markup, html};

use super::{MODES, NEW, PATH, path, title};
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
            form.form.padded method="post" action={ (PATH) "/" (NEW) "#say" } {
                (parts::token(visit))
                (once_field(cx, visit, problem))
                (message(visit, "Your message", 4, problem))
                (mode(visit, chosen, problem))
                div.row { button.button.go type="submit" name="action" value="ask" { "Send" } }
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
                form.stack method="post" action={ (path(id)) "#say" } {
                    (parts::token(visit))
                    (once_field(cx, visit, problem))
                    (message(visit, "Your message", 3, problem))
                    div.row {
                        button.button.go type="submit" name="action" value="ask" { "Send" }
                        @if is_running {
                            span.quiet.small { "You can send it when the agent has answered." }
                        } @else {
                            span.quiet.small { "The answer appears when it is complete. That may take a minute." }
                        }
                    }
                }
            }
        }
    }
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

/// That the agent answers, perhaps in another tab, and how to stop it.
pub(crate) fn running(visit: &Visit, id: &ConversationId, response: &ResponseId) -> Markup {
    html! {
        form.note.stack #running method="post" action=(path(id)) {
            (parts::token(visit))
            input type="hidden" name="response" value=(response);
            p role="status" { strong { "The agent is answering." } " Load the page again to see how far it is." }
            div.row {
                a.button href=(path(id)) { "Load again" }
                button.button type="submit" name="action" value="stop" { "Stop the agent" }
            }
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
        details.more open[is_sent] {
            summary { "Title, and what the agent may do" }
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
