//! The page on which a person decides that a text goes live: what changes for readers, and the forms.

use byline_shared::http::problem::Problem;
use byline_shared::model::{PostSummary, Review, Schedule, listed};
use maud::{Markup, html};

use super::status;
use crate::parts;
use crate::review::{fields, findings, text};
use crate::visit::Visit;
use crate::when;

/// What the page shows.
pub(crate) struct GoingLive<'a> {
    pub(crate) post: &'a PostSummary,
    pub(crate) review: &'a Review,
    /// The text as readers will see it, where that was asked for.
    pub(crate) result: Option<Markup>,
    /// What did not work.
    pub(crate) problem: Option<&'a Problem>,
    /// Which parts of the review have changed since the visitor read it.
    pub(crate) changed: &'a [&'static str],
}

/// All of the page below its head.
pub(crate) fn main(now: &parts::Now, visit: &Visit, shown: &GoingLive<'_>) -> Markup {
    let GoingLive { post, review, problem, .. } = shown;
    let is_live = post.live_revision_id.as_ref() == Some(&review.revision_id);
    let is_latest = post.revision_id == review.revision_id;
    html! {
        a.back href=(super::path(&post.id)) { "Back to the editor" }
        (parts::head(&format!("Go live: {}", post.fields.title), None, None))
        @if let Some(problem) = problem { (parts::problem(problem)) }
        @if !shown.changed.is_empty() {
            p.note role="note" { "What has changed: " (listed(shown.changed)) "." }
        }
        @if !is_latest {
            p.note role="note" { "This is not the text that was saved last. "
                a href={ (super::path(&post.id)) "/go-live?revision=" (post.revision_id) } { "See the latest one" }
                "." }
        }
        div.review {
            div.stack { (what_changes(now, shown, is_live)) }
            aside.aside {
                dl.facts {
                    div { dt { "Status" } dd.meta { (status::words(now, post)) } }
                    div { dt { "Author" } dd { (review.author.name) } }
                    @if let Some(at) = review.published_at {
                        div { dt { "Date" } dd { (parts::time(now, at)) } }
                    }
                    div { dt { "Address" } dd { (lasting_address(post, review)) } }
                    @if let Some(made) = &review.made_excerpt {
                        div { dt { "Excerpt, made of the text" } dd { (text::visible(made.as_str())) } }
                    }
                    @if !changes_tags(review) && !review.tags.after.is_empty() {
                        div { dt { "Tags" } dd { (fields::tags(&review.tags.before, &review.tags.after)) } }
                    }
                    @if !changes_cover(review) && review.cover.is_some() {
                        div { dt { "Cover" } dd { "stays as it is" } }
                    }
                }
                @if post.trashed_at.is_some() {
                    p.note role="note" { "The post is in the trash. Restore it in the editor first." }
                } @else {
                    @if !is_live { (decide(now, visit, shown)) }
                    (undo(now, visit, post))
                }
            }
        }
    }
}

fn what_changes(now: &parts::Now, shown: &GoingLive<'_>, is_live: bool) -> Markup {
    let GoingLive { review, .. } = shown;
    let (has_tags, has_cover) = (changes_tags(review), changes_cover(review));
    let new = &review.new_hosts;
    let has_hosts = ![&new.links, &new.images, &new.frames].into_iter().all(Vec::is_empty);
    let has_rows = has_tags || has_cover || has_hosts;
    let is_same = !has_rows && !fields::has_rows(&review.changes.fields);
    let more = has_rows.then(|| {
        html! {
            @if has_tags {
                tr {
                    th scope="row" { "Tags" }
                    td { (fields::tags(&review.tags.before, &review.tags.before)) }
                    td { (fields::tags(&review.tags.before, &review.tags.after)) }
                }
            }
            @if has_cover { tr { th scope="row" { "Cover" } td colspan="2" { (cover(review)) } } }
            @if !new.links.is_empty() {
                tr { th scope="row" { "New sites that it links to" } td colspan="2" { (hosts(&new.links)) } }
            }
            @if !new.frames.is_empty() {
                tr { th scope="row" { "New sites that are shown in the text" } td colspan="2" { (hosts(&new.frames)) } }
            }
            @if !new.images.is_empty() {
                tr { th scope="row" { "New sites that pictures come from" } td colspan="2" { (hosts(&new.images)) } }
            }
        }
    });
    html! {
        @if is_live {
            p.note role="note" { "Readers see exactly this text." }
        } @else if review.live_revision_id.is_none() {
            p { "Readers see nothing of this post now. They would see all of it." }
        } @else {
            p { "This is what changes for readers." }
        }
        (findings::pending(&review.pending_files))
        (findings::list("Before it goes live: what an eye could miss", &review.findings))
        (findings::unreviewed(now, &review.unreviewed, review.unreviewed_truncated))
        @if let Some(schedule) = &review.schedule { (other_schedule(now, schedule)) }
        section.sheet aria-labelledby="changes" {
            header { h2 #changes { "What changes" } }
            (fields::table_and(&review.changes.fields, ("Now", "Then"), more))
            @if is_same { p.padded.quiet { @if is_live { "Nothing." } @else { "Nothing beside the text." } } }
        }
        section.sheet aria-labelledby="text" {
            header { h2 #text { "The text" } }
            nav.views aria-label="Views" {
                @let path = format!("{}/go-live?revision={}", super::path(&review.post_id), review.revision_id);
                a href=(path) aria-current=[shown.result.is_none().then_some("page")] { "Text" }
                a href={ (path) "&view=result#text" } aria-current=[shown.result.is_some().then_some("page")] { "Result" }
            }
            @match &shown.result {
                Some(result) => (result),
                None => (text::of_review(review)),
            }
        }
    }
}

fn changes_tags(review: &Review) -> bool {
    review.tags.before != review.tags.after
}

fn changes_cover(review: &Review) -> bool {
    review.live_cover.as_ref() != review.cover.as_ref().map(|cover| &cover.shown)
}

fn lasting_address(post: &PostSummary, review: &Review) -> Markup {
    let slug = review.changes.fields.iter().find(|change| change.field == "slug");
    let moved = slug.filter(|change| !change.from.is_null());
    html! {
        @match moved.and_then(|change| change.to.as_str().zip(change.from.as_str())) {
            Some((to, from)) => { (to) ". The old one, " (from) ", leads there." }
            None if review.revision_id == post.revision_id => (post.fields.slug),
            None => "stays as it is",
        }
    }
}

fn cover(review: &Review) -> Markup {
    html! {
        @match &review.cover {
            None => { del { "The present cover goes away" } }
            Some(cover) => {
                ins { "new. " }
                @if cover.shown.alt.as_str().is_empty() {
                    strong { "It has no alternative text." }
                } @else {
                    "Alternative text: “" (text::visible(cover.shown.alt.as_str())) "”"
                }
                @if !cover.caption.as_str().is_empty() {
                    br; "Caption: “" (text::visible(cover.caption.as_str())) "”"
                }
                p { img src=(cover.shown.url) alt="" loading="lazy" width=[cover.shown.width] height=[cover.shown.height]; }
            }
        }
    }
}

fn hosts(hosts: &[String]) -> Markup {
    html! { ul.bare { @for host in hosts { li { ins { (host) } } } } }
}

fn other_schedule(now: &parts::Now, schedule: &Schedule) -> Markup {
    html! {
        div.findings role="note" {
            h2 { "Another text of this post is scheduled" }
            p { "It goes live " (parts::time(now, schedule.publish_at)) ", and then replaces this one. \
                If you schedule this one, it takes its place." }
        }
    }
}

/// The forms that make it live. Each names the revision and the review that was shown.
fn decide(now: &parts::Now, visit: &Visit, shown: &GoingLive<'_>) -> Markup {
    let GoingLive { post, review, problem, .. } = shown;
    let path = format!("{}/go-live", super::path(&post.id));
    let hidden = html! {
        (parts::token(visit))
        input type="hidden" name="revision_id" value=(review.revision_id);
        input type="hidden" name="reviewed" value=(review.etag);
    };
    let own = post.schedule.as_ref().filter(|own| own.revision_id == review.revision_id);
    html! {
        div.decide {
            form.form method="post" action=(path) {
                (hidden)
                button.button.go.full type="submit" name="action" value="publish" { "Publish" }
            }
            details open[parts::fault(*problem, "publish_at").is_some()] {
                summary { @if own.is_some() { "Schedule for another time" } @else { "Schedule" } }
                form.form method="post" action=(path) {
                    (hidden)
                    (when::fields(&visit.form, *problem, &now.zone))
                    button.button.full type="submit" name="action" value="schedule" { "Schedule" }
                }
            }
        }
    }
}

/// The forms that take it back.
fn undo(now: &parts::Now, visit: &Visit, post: &PostSummary) -> Markup {
    let path = format!("{}/go-live", super::path(&post.id));
    let hidden = html! {
        (parts::token(visit))
        input type="hidden" name="version" value=(post.version);
        input type="hidden" name="revision_id" value=(post.revision_id);
    };
    html! {
        @if let Some(schedule) = &post.schedule {
            form.decide method="post" action=(path) {
                (hidden)
                p { "It is scheduled: it goes live " (parts::time(now, schedule.publish_at)) "." }
                button.button type="submit" name="action" value="unschedule" { "Cancel the schedule" }
            }
        }
        @if post.live_revision_id.is_some() {
            details.more {
                summary { "Take it down" }
                form.form method="post" action=(path) {
                    (hidden)
                    p { "Readers no longer find it, at once; shared caches keep it for up to a minute. It \
                        becomes a draft, its schedule is cancelled, and its address stays reserved." }
                    button.button.risk type="submit" name="action" value="unpublish" { "Take down" }
                }
            }
        }
    }
}
