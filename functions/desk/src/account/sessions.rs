//! Sessions as a person sees them.

use byline_shared::Context;
use byline_shared::store::sessions::SessionItem;
use maud::{Markup, html};

use super::device;
use crate::parts::{self, Tone, badge};
use crate::visit::Visit;

/// The sessions, each with the way to end it.
pub(crate) fn list(cx: &Context, visit: &Visit, sessions: &[SessionItem]) -> Markup {
    html! {
        ul.list {
            @for session in sessions {
                @let is_current = session.id == visit.session.id;
                li {
                    div.main {
                        p.name { (device::words(session.user_agent.as_deref())) }
                        (facts(cx, session))
                    }
                    div.side {
                        @if is_current {
                            (badge(Tone::Live, "This browser"))
                        } @else {
                            a.button.slim href={ "/desk/account/sessions?end=" (session.id) } {
                                "End" span.sr { " the session of " (device::words(session.user_agent.as_deref())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where and when somebody signed in.
pub(crate) fn facts(cx: &Context, session: &SessionItem) -> Markup {
    let now = cx.clock.now();
    let what = if session.browser { "Pages of Byline" } else { "API" };
    html! {
        p.meta {
            span { (what) }
            span { "signed in " (parts::time(now, session.created_at)) }
            span { "last seen " (parts::time(now, session.refreshed_at)) }
            @if let Some(ip) = &session.ip {
                span { "from " (ip) }
            }
        }
    }
}
