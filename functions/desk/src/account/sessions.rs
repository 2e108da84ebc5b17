//! Sessions as a person sees them.

use byline_shared::Context;
use byline_shared::auth::sessions::VISIT;
use byline_shared::store::sessions::SessionItem;
use maud::{Markup, html};

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
                        p.name { (parts::device(session.user_agent.as_deref())) }
                        (facts(cx, session))
                    }
                    div.side {
                        @if is_current {
                            (badge(Tone::Live, "This browser"))
                        } @else {
                            a.button.slim href={ "/desk/account/sessions?end=" (session.id) } {
                                "End" span.sr { " the session of " (parts::device(session.user_agent.as_deref())) }
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
    let now = &parts::Now::of(cx);
    let what = if session.browser { "Pages of Byline" } else { "API" };
    html! {
        p.meta {
            span { (what) }
            span { "signed in " (parts::time(now, session.created_at)) }
            @if session.browser && session.refreshed_at.plus_seconds(VISIT) > cx.clock.now() {
                span { "seen within the last hour" }
            } @else {
                span { "last seen " (parts::time(now, session.refreshed_at)) }
            }
            @if let Some(ip) = &session.ip {
                span { "from " (ip) }
            }
        }
    }
}
