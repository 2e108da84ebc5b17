//! `/desk/agent`: the visitor's conversations with the built-in agent, and the form that begins one.
//! [`crate::desk_agent_conversation`] takes the form: no other page may ask the model.

use byline_shared::agent::{self, Budget, Status};
use byline_shared::http::{Response, page::Page as PageOf};
use byline_shared::model::{AgentMode, Conversation, Scope, Time};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use maud::{Markup, html};

use crate::agent::{PATH, mode, new_conversation, number, path, title};
use crate::assets;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::parts;
use crate::visit::Visit;

/// Lists conversations.
struct Conversations;

/// The operation.
pub const OPERATION: Operation = page::operation::<Conversations>(module_path!());

/// How many conversations a page shows.
const LIMIT: u8 = 20;

impl Page for Conversations {
    const NAME: &'static str = "desk-agent";
    const PATH: &'static str = PATH;
    const SUMMARY: &'static str = "List your conversations with the agent";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Index(Agent, "gsi1"),
        Permission::Items(Agent, keys::USAGE_PREFIX, &[BatchGetItem]),
    ];
    const DONE: &'static [Done] = &[Done::ConversationDeleted];

    type Needs = scope::Conversations;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let cursor = visit.query.get("cursor").map(str::to_owned);
        let params = PageParams { limit: LIMIT, cursor };
        let caller = &visit.caller;
        let (found, status) = futures_util::future::try_join(
            agent::conversations(cx, caller, &params),
            agent::status(cx, caller),
        )
        .await?;
        let lede = "It answers in conversations that only you can read. Nothing that it does goes live by itself.";
        let main = html! {
            (parts::head("Agent", Some(lede), None))
            @match status.how {
                Some(how) => (off(visit, how)),
                None => (new_conversation(cx, visit, None)),
            }
            (conversations(cx, &found))
            (facts(&status))
            (assets::scripts(&["agent.js"]))
        };
        Ok(sheet(cx, visit, Sheet::new("Agent", Section::Agent), &main))
    }
}

/// The agent is off: admins learn how to turn it on.
fn off(visit: &Visit, how: &str) -> Markup {
    html! {
        section.sheet {
            header { h2 { "The agent is off" } }
            div.padded.stack {
                @if visit.caller.may(Scope::Admin) {
                    p { (how) }
                } @else {
                    p { "An admin can turn it on. Meanwhile you can read, rename and delete your conversations." }
                }
            }
        }
    }
}

fn conversations(cx: &Context, found: &PageOf<Conversation>) -> Markup {
    html! {
        section.stack aria-labelledby="conversations" {
            h2 #conversations { "Your conversations" }
            @if found.items.is_empty() {
                p.quiet { "There are none yet." }
            } @else {
                ul.list { @for conversation in &found.items { (row(cx, conversation)) } }
            }
            (parts::pager(PATH, found.next_cursor.as_deref()))
        }
    }
}

fn row(cx: &Context, conversation: &Conversation) -> Markup {
    let now = &parts::Now::of(cx);
    let used = Time::from_millis(conversation.last_used_at.saturating_mul(1000));
    let given = conversation.metadata.get("mode").map(String::as_str);
    let given = AgentMode::ALL.into_iter().find(|mode| Some(mode.as_str()) == given);
    html! {
        li {
            div.main {
                a.main-link.name href=(path(&conversation.id)) { (title(conversation)) }
                @if let Some(given) = given { p.small { (mode(given)) } }
            }
            div.side { (parts::time(now, used)) }
        }
    }
}

fn facts(status: &Status) -> Markup {
    html! {
        p.quiet.small.num {
            @if let Some(usage) = &status.usage {
                "This month (UTC), your conversations took " (taken(usage.own)) ", those of all people "
                (taken(usage.publication)) ". "
            }
            "Conversations that you did not use for " (status.retention_days) " days are deleted."
        }
    }
}

fn taken(budget: Budget) -> Markup {
    html! {
        (number(budget.tokens))
        @if let Some(limit) = budget.limit { " of " (number(limit)) }
        " tokens"
    }
}
