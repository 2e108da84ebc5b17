//! The status of a post in words.

use byline_shared::model::PostSummary;
use byline_shared::publishing::KEPT_IN_TRASH;
use maud::{Markup, html};

use crate::parts::{self, Tone};

/// Draft, live, changed since, scheduled, in the trash: as many as hold.
pub(crate) fn words(now: &parts::Now, post: &PostSummary) -> Markup {
    if let Some(at) = post.trashed_at {
        return html! {
            (parts::badge(Tone::Draft, "in the trash")) " "
            span { "will be deleted for good " (parts::time(now, at + KEPT_IN_TRASH)) }
        };
    }
    html! {
        @match &post.live_revision_id {
            None if post.schedule.is_none() => (parts::badge(Tone::Draft, "draft")),
            None => {}
            Some(live) if *live == post.revision_id => (parts::badge(Tone::Live, "live")),
            Some(_) => {
                (parts::badge(Tone::Live, "live")) " "
                (parts::badge(Tone::Draft, "with changes that are not live"))
            }
        }
        @if let Some(schedule) = &post.schedule {
            " " (parts::badge(Tone::Scheduled, "scheduled")) " "
            span { "goes live " (parts::time(now, schedule.publish_at)) }
        }
        @if post.waiting_approval().is_some() {
            " " (parts::badge(Tone::Waiting, "approved, not live yet"))
        }
        @if post.schedule_failed.is_some() {
            " " (parts::badge(Tone::Failed, "its schedule failed"))
        }
    }
}
