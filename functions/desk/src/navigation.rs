//! The navigation: the sections of the Desk, and the visitor's own account.

use byline_shared::Context;
use byline_shared::model::Role;
use maud::{Markup, html};

use crate::visit::Visit;
use crate::{next, parts};

/// The part of the Desk that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// What waits for a decision.
    Queue,
    /// Posts, and everything about one.
    Posts,
    /// Pictures and other files.
    Media,
    /// Conversations with the built-in agent.
    Agent,
    /// The tags of posts.
    Tags,
    /// Accounts.
    People,
    /// The publication's settings.
    Settings,
    /// The security log.
    Activity,
    /// The visitor's own account.
    Account,
    /// No part: an address that leads nowhere.
    None,
}

/// The sections in the navigation, with the role that opens each. The account is linked by the visitor's name.
const NAVIGATION: &[(Section, &str, &str, Role)] = &[
    (Section::Queue, "/desk", "Waiting", Role::Author),
    (Section::Posts, "/desk/posts", "Posts", Role::Author),
    (Section::Media, "/desk/media", "Media", Role::Author),
    (Section::Agent, "/desk/agent", "Agent", Role::Author),
    (Section::Tags, "/desk/tags", "Tags", Role::Editor),
    (Section::People, "/desk/people", "People", Role::Admin),
    (Section::Settings, "/desk/settings", "Settings", Role::Admin),
    (Section::Activity, "/desk/activity", "Activity", Role::Admin),
];

/// On narrow screens the menu opens as a popover, which needs no script; on wide ones it is always there.
pub(crate) fn top(cx: &Context, visit: &Visit, section: Section) -> Markup {
    let current = |other: Section| (other == section).then_some("true");
    let user = &visit.caller.user;
    html! {
        header.top {
            div.top-in {
                a.brand href=(next::home(user.role)) { (cx.settings.last().title) }
                button.button.slim.menu-button type="button" popovertarget="menu" { "Menu" }
                div #menu.menu popover {
                    nav aria-label="Desk" {
                        ul {
                            @for (part, path, label, role) in NAVIGATION {
                                @if user.role >= *role && is_there(cx, *part) {
                                    li { a href=(path) aria-current=[current(*part)] { (label) } }
                                }
                            }
                        }
                    }
                    div.me {
                        a href="/desk/account" aria-current=[current(Section::Account)] {
                            span.sr { "Your account: " } (user.name)
                        }
                        form method="post" action="/desk/sign-out" {
                            (parts::token(visit))
                            button.button.text type="submit" { "Sign out" }
                        }
                    }
                }
            }
        }
    }
}

/// Whether there is something in a section. While the agent is off, its pages are found by their address alone.
fn is_there(cx: &Context, section: Section) -> bool {
    section != Section::Agent || cx.config.agent.is_some()
}
