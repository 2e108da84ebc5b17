//! What the list says that has nothing to show.

use byline_shared::Context;
use maud::{Markup, html};

use super::entry::Filter;
use crate::parts;

/// Nothing has been written yet: how to begin.
pub(crate) fn first_run(cx: &Context) -> Markup {
    html! {
        section.sheet aria-labelledby="begin" {
            header { h2 #begin { "Nothing is here yet. Three ways to begin" } }
            ol.padded.stack {
                li {
                    strong { a href="/desk/posts" { "Write a post" } }
                    p.quiet { "Give it a title. Nobody sees it before you publish it." }
                }
                li {
                    strong { a href="/docs" { "Connect an agent" } }
                    p.quiet {
                        "Give your agent the address " code { (cx.config.public_url) "/mcp" }
                        ". It signs in through your browser. What it proposes waits here for you."
                    }
                }
                li {
                    strong { a href="/docs" { "Import a site" } }
                    p.quiet { "Posts of another system come over with their tags, pictures and dates." }
                }
            }
        }
    }
}

/// Nothing of this kind waits.
pub(crate) fn nothing(filter: Filter) -> Markup {
    match filter {
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
            "None of your proposals was decided lately",
            "What you and your agents propose is shown here once it is approved or sent back.",
            None,
        ),
    }
}
