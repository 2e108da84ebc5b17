//! What the list says that has nothing to show.

use byline_shared::Context;
use byline_shared::model::{AgentPublishing, Role};
use maud::{Markup, html};

use super::entry::Filter;
use crate::parts;

/// Nothing has been written yet: how to begin. Importing needs the machine that Byline is installed from, so
/// admins alone are told how.
pub(crate) fn first_run(cx: &Context, role: Role) -> Markup {
    let is_admin = role == Role::Admin;
    html! {
        section.sheet aria-labelledby="begin" {
            header { h2 #begin { "Nothing is here yet. " @if is_admin { "Three" } @else { "Two" } " ways to begin" } }
            ol.padded.stack {
                li {
                    strong { a href="/desk/posts#title" { "Write a post" } }
                    p.quiet { "Give it a title. Readers do not see it before it is published. Editors do." }
                }
                li {
                    details {
                        summary { strong { "Connect an agent" } }
                        (connect(cx))
                    }
                }
                @if is_admin {
                    li {
                        details {
                            summary { strong { "Import a site" } }
                            (import())
                        }
                    }
                }
            }
        }
    }
}

/// How an agent gets in.
pub(crate) fn connect(cx: &Context) -> Markup {
    let mcp = format!("{}/mcp", cx.config.public_url);
    // Apps on the web reach no address of this machine, and take no other kind of address than https.
    let is_on_the_web = cx.config.public_url.starts_with("https://");
    html! {
        div.stack {
            p.quiet { "Agents come in over MCP, at this address:" }
            p { code { (mcp) } }
            ul.bare.stack {
                @if is_on_the_web {
                    li { "Claude, ChatGPT and other apps: add a custom connector with this address." }
                }
                li { "Claude Code: " code { "claude mcp add --transport http byline " (mcp) } }
                li { "Cursor, VS Code and others: add a server of the kind " code { "http" } " with this address." }
            }
            @if !is_on_the_web {
                p.note role="note" { "Apps on this machine reach this address. Claude, ChatGPT and other apps on the web do \
                    not: they need Byline at an https address, on AWS or behind a proxy of yours." }
            }
            p.quiet { "The app opens a page of this site, where you sign in and choose what it may do. A script \
                without a browser takes an " a href="/desk/account/keys" { "API key" } " instead. What agents \
                propose waits for a person. " (may_publish(cx.settings.last().agent_publishing)) }
        }
    }
}

/// What agents may do that readers see, by the setting. Every page has read it.
fn may_publish(setting: AgentPublishing) -> &'static str {
    match setting {
        AgentPublishing::Never => "No agent publishes anything: people do.",
        AgentPublishing::Approved => {
            "Agents publish only what a person has approved, and only if you let them publish."
        }
        AgentPublishing::Allowed => {
            "But an agent that you let publish needs no approval: by the settings of this publication, agents \
             do everything that their role and scopes allow."
        }
    }
}

/// How posts of another system come over.
fn import() -> Markup {
    html! {
        div.stack {
            p.quiet { "Posts come over with their tags, pictures and dates, and nothing private goes public. In \
                the folder of Byline, run one of these:" }
            ul.bare.stack {
                li { "Markdown, as Hugo, Jekyll and others have it: " code { "cargo import ~/blog" } }
                li { "Ghost: " code { "cargo import ghost.json --source-url https://old.example" } }
                li { "WordPress: " code { "cargo import wordpress.xml" } }
            }
            p.quiet { "Stop " code { "cargo dev" } " first. " code { "--dry-run" } " reports what would come over, and \
                writes nothing; " code { "--stack" } " imports into a stack on AWS." }
        }
    }
}

/// Nothing of this kind waits, among what was looked at.
pub(crate) fn nothing(filter: Filter, has_more: bool) -> Markup {
    match filter {
        _ if has_more && !filter.is_decided() => parts::empty(
            "Nothing here among what is newest",
            "There are more posts or proposals than this page looks at.",
            Some(("/desk/posts", "Look at all posts")),
        ),
        Filter::All => parts::empty(
            "Nothing waits",
            "Everything is decided, and readers see the latest text of every post.",
            Some(("/desk/posts", "Write a post")),
        ),
        Filter::Proposals => parts::empty(
            "No proposals wait",
            "What agents and writers propose is shown here until somebody decides.",
            None,
        ),
        Filter::Approved => parts::empty(
            "Nothing waits to be published",
            "A text that is approved and not live yet is shown here.",
            None,
        ),
        Filter::Scheduled => parts::empty(
            "Nothing is scheduled",
            "Approve a proposal with a time, or schedule a post from its page.",
            Some(("/desk/posts", "Go to the posts")),
        ),
        Filter::NotLive => parts::empty(
            "Readers see everything",
            "Drafts, and changes that are saved and not published, are shown here.",
            Some(("/desk/posts", "Write a post")),
        ),
        Filter::Failed => parts::empty(
            "No schedule has failed",
            "A post that could not go live at its time is shown here with the reason.",
            None,
        ),
        Filter::Decided => parts::empty(
            "Nothing was decided lately",
            "What is proposed is shown here once it is approved or sent back.",
            None,
        ),
        Filter::Mine => parts::empty(
            "No decision of yours, and none on what you proposed",
            "What you and your agents propose, and what you decide, is shown here.",
            Some(("/desk?show=decided", "See all decisions")),
        ),
    }
}
