//! The page as a whole.

use byline_shared::Context;
use byline_shared::http::Response;
use byline_shared::http::problem::Problem;
use byline_shared::model::{Conflict, Cover, NewHosts, Proposal, ProposalStatus, Review};
use byline_shared::publishing::{KEPT_IN_TRASH, Reviewed};
use maud::{Markup, html};

use super::decision;
use super::facts::{effects, facts};
use super::judged;
use super::outcome;
use super::told::{Told, status_word};
use super::views::{View, shows_all, views};
use crate::assets;
use crate::layout::{Section, Sheet, sheet};
use crate::parts::{self, Tone};
use crate::review::text::{lines, visible};
use crate::review::{fields, findings};
use crate::visit::Visit;

/// The page of a proposal.
///
/// # Errors
/// As any computation.
pub(crate) async fn page(
    cx: &Context,
    visit: &Visit,
    reviewed: &Reviewed,
    told: &Told,
) -> Result<Response, Problem> {
    let now = &parts::Now::of(cx);
    let Proposal { summary, review, conflict, .. } = &reviewed.proposal;
    let is_pending = summary.status == ProposalStatus::Pending;
    let path = format!("/desk/proposals/{}", summary.id);
    let (content, action, can_be_approved) = match review {
        Some(review) => {
            let view = View::of(&visit.query, review);
            let shown = views(cx, &path, view, reviewed, review).await?;
            let content = html! {
                (before_reading(now, review))
                (changed_draft(&reviewed.proposal, review))
                (changed_fields(review))
                (shown)
            };
            let is_shown = shows_all(view, review) && !review.lacks_files();
            (content, format!("{path}?view={}", view.name()), is_shown)
        }
        None => (without_review(now, reviewed, conflict.as_deref()), path.clone(), false),
    };
    let review = review.as_ref();
    let main = html! {
        p { a.back href="/desk" data-key="u" { "Waiting" } }
        header.head {
            div {
                h1 { (visible(reviewed.fields.title.as_str())) }
                p.lede { (lede(&reviewed.proposal)) }
                @if let Some(note) = &summary.note { p.keep { "\u{201c}" (visible(note.as_str())) "\u{201d}" } }
            }
        }
        (told.words(now, reviewed))
        (outcome::next(now, visit, reviewed))
        div.review {
            div.stack { (content) }
            aside.aside aria-label="Decision" {
                @if is_pending {
                    (decision::forms(visit, &action, reviewed, review.filter(|_| can_be_approved), (told, &now.zone)))
                    @if let Some(review) = review {
                        @if review.changes.truncated && !can_be_approved && !review.lacks_files() {
                            p { "There is more text than fits this view. "
                                a href={ (path) "?view=text" } { "Read the whole text" } " to approve it." }
                        }
                        (effects(cx, visit, reviewed, review))
                    }
                }
                (facts(cx, now, reviewed))
            }
        }
        (assets::scripts(&["queue.js"]))
    };
    let title = format!("Review: {}", reviewed.fields.title);
    let frame = Sheet::new(&title, Section::Queue).wide().status(told.status());
    Ok(sheet(cx, visit, frame, &main))
}

/// What kind of proposal it is, and what became of it.
fn lede(proposal: &Proposal) -> Markup {
    let summary = &proposal.summary;
    let tone = match summary.status {
        ProposalStatus::Pending => Tone::Waiting,
        ProposalStatus::Approved => Tone::Live,
        ProposalStatus::Rejected => Tone::Failed,
        ProposalStatus::Withdrawn => Tone::Plain,
    };
    html! {
        (summary.kind().words()) ", proposed by "
        (parts::by(&summary.created_by)) " "
        (parts::badge(tone, status_word(summary.status)))
    }
}

/// What has to be known before the text is read.
fn before_reading(now: &parts::Now, review: &Review) -> Markup {
    let new = review.findings.iter().filter(|finding| finding.new).count();
    let title = match new {
        0 => "What readers do not see, and what is live already".to_owned(),
        1 => "Before you read: 1 thing that an eye would miss".to_owned(),
        new => format!("Before you read: {new} things that an eye would miss"),
    };
    html! {
        (findings::pending(&review.pending_files))
        (findings::list(&title, &review.findings))
        (findings::unreviewed(now, &review.unreviewed, review.unreviewed_truncated))
        (hosts(&review.new_hosts))
    }
}

fn hosts(hosts: &NewHosts) -> Markup {
    let list = |title: &str, hosts: &[String]| {
        html! {
            @if !hosts.is_empty() {
                p { strong { (title) } " " @for host in hosts { code { (host) } " " } }
            }
        }
    };
    html! {
        @if ![&hosts.links, &hosts.images, &hosts.frames].into_iter().all(Vec::is_empty) {
            div.note role="note" {
                (list("Links lead to new sites:", &hosts.links))
                (list("Pictures come from new sites:", &hosts.images))
                (list("Frames in the text show new sites:", &hosts.frames))
            }
        }
    }
}

/// What changes in a draft that readers never saw: the rest of the page shows all of it as new, as it is to them.
fn changed_draft(proposal: &Proposal, review: &Review) -> Markup {
    let diff = proposal.diff_from_head.as_ref().unwrap_or(&proposal.diff);
    let is_draft = review.live_revision_id.is_none() && proposal.summary.base_revision_id.is_some();
    let changes = !diff.fields.is_empty() || !diff.hunks.is_empty();
    html! {
        @if is_draft && changes {
            section.sheet aria-labelledby="draft" {
                header { h2 #draft { "What this changes in the draft" } }
                (fields::table_and(&diff.fields, ("The draft now", "Proposed"), fields::others(&diff.fields)))
                @if !diff.hunks.is_empty() { (lines(diff)) }
            }
        }
    }
}

/// Fields, tags and the cover, before and after.
fn changed_fields(review: &Review) -> Markup {
    let covers = (review.live_cover.as_ref(), review.cover.as_ref().map(|cover| &cover.shown));
    let is_same_cover = covers.0 == covers.1;
    html! {
        section.sheet aria-labelledby="fields" {
            header { h2 #fields { "Title, address, tags and cover" } }
            @if review.live_revision_id.is_some() {
                (fields::table(&review.changes.fields, "Live now", "Proposed"))
            }
            dl.facts.across.padded {
                @if review.live_revision_id.is_none() { (fields::new(&review.changes.fields)) }
                @if let Some(made) = &review.made_excerpt {
                    div { dt { "Excerpt, made of the text" } dd { (visible(made.as_str())) } }
                }
                div { dt { "Tags" } dd { (fields::tags(&review.tags.before, &review.tags.after)) } }
                @if !is_same_cover {
                    div { dt { "Cover now" } dd { (cover(covers.0)) } }
                    div { dt { "New cover" } dd { (cover(covers.1)) } }
                } @else {
                    div { dt { "Cover" } dd { @if covers.1.is_none() { "none" } @else { "unchanged: " (cover(covers.1)) } } }
                }
                @if let Some(cover) = &review.cover {
                    @if !cover.caption.as_str().is_empty() {
                        div { dt { "Its caption" } dd { (visible(cover.caption.as_str())) } }
                    }
                }
            }
        }
    }
}

/// A cover with its words.
fn cover(cover: Option<&Cover>) -> Markup {
    html! {
        @match cover {
            None => "none",
            Some(cover) => {
                a href=(cover.url) rel="noopener" { "the picture" }
                @if cover.alt.as_str().is_empty() { ", without an alternative text" }
                @else { ", alternative text \u{201c}" (visible(cover.alt.as_str())) "\u{201d}" }
            }
        }
    }
}

/// A proposal that cannot be approved: decided, in conflict, or for a post that is in the trash or gone.
fn without_review(now: &parts::Now, reviewed: &Reviewed, conflict: Option<&Conflict>) -> Markup {
    let Proposal { summary, diff, post_trashed_at, .. } = &reviewed.proposal;
    html! {
        @if let Some(conflict) = conflict {
            div.alert role="alert" {
                h2 { "The post and the proposal changed the same part" }
                p { "It cannot be approved as it is. Send it back, so that it is proposed again from the \
                     latest text, or "
                    a href={ "/desk/posts/" (summary.post_id) } { "make the change by hand" }
                    " and send it back." }
            }
            (side("theirs", "What others changed since", &conflict.theirs))
            (side("proposed", "What is proposed", &conflict.proposed))
        } @else {
            @if let Some(at) = post_trashed_at.filter(|_| summary.status == ProposalStatus::Pending) {
                div.alert role="alert" {
                    h2 { "The post is in the trash" }
                    p { "Nothing can be decided before it is restored. It will be deleted for good "
                        (parts::time(now, at + KEPT_IN_TRASH)) "." }
                }
            } @else if summary.status == ProposalStatus::Pending {
                div.alert role="alert" {
                    h2 { "The post is gone" }
                    p { "It was deleted after this was proposed, so there is nothing to approve." }
                }
            }
            // A person hands in a text as it is: there is nothing that it differs from.
            @let is_whole = diff.fields.is_empty() && diff.hunks.is_empty();
            @if let Some(judged) = &reviewed.judged {
                (judged::text(now, &reviewed.proposal, judged))
            } @else if is_whole {
                (judged::handed_in(&reviewed.proposal))
            }
            @if !is_whole {
                (side("proposed", "What was proposed", diff))
            }
        }
    }
}

fn side(id: &str, title: &str, diff: &byline_shared::model::Diff) -> Markup {
    html! {
        section.sheet aria-labelledby=(id) {
            header { h2 id=(id) { (title) } }
            (fields::table(&diff.fields, "Before", "After"))
            (lines(diff))
        }
    }
}
