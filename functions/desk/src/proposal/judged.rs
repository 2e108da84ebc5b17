//! The text that a decision was about. It is told from what was proposed, and from what the post became since.

use byline_shared::model::{Markdown, PostFields, Proposal, RevisionId, Time};
use byline_shared::publishing::Judged;
use maud::{Markup, html};

use crate::parts;
use crate::post;
use crate::review::text::{visible, whole};

/// What was judged, where it is another text than the one that was proposed.
pub(super) fn text(now: &parts::Now, proposal: &Proposal, judged: &Judged) -> Markup {
    let summary = &proposal.summary;
    let base = summary.base_revision_id.as_ref();
    let history = base.zip(judged.onto.as_ref()).filter(|(base, onto)| base != onto);
    let why = html! {
        p.padded.quiet {
            @if let Some((base, onto)) = history {
                "The post was changed after this was proposed. What was judged is the proposal together with the text \
                 that was saved " (parts::time(now, saved(onto))) ", and no later one. "
                a href={ (post::path(&summary.post_id)) "/history?from=" (base) "&to=" (onto) } {
                    "See what was changed in between"
                } "."
            } @else {
                "It is not quite as it was proposed."
            }
        }
    };
    section("The text that was judged", &why, &judged.fields, &judged.body)
}

/// A text that was handed in as it is.
pub(super) fn handed_in(proposal: &Proposal) -> Markup {
    let decision = proposal.summary.decision.as_ref();
    let is_judged = decision.is_some_and(|decision| decision.head_revision_id.is_some());
    let title = match is_judged {
        true => "The text that was handed in, and judged",
        false => "The text that was handed in",
    };
    section(title, &html! {}, &proposal.fields, &proposal.body)
}

fn section(title: &str, why: &Markup, fields: &PostFields, body: &Markdown) -> Markup {
    html! {
        section.sheet aria-labelledby="judged" {
            header { h2 #judged { (title) } }
            (why)
            h3.padded { (visible(fields.title.as_str())) }
            (whole(body.as_str()))
        }
    }
}

fn saved(revision: &RevisionId) -> Time {
    Time::from_millis(i64::try_from(revision.ulid().timestamp_ms()).unwrap_or(i64::MAX))
}
