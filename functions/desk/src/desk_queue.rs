//! `/desk`: what waits for a decision, and what became of the visitor's own proposals.

use byline_shared::http::Response;
use byline_shared::model::PostId;
use byline_shared::prelude::*;
use byline_shared::publishing::{self, POSTS, PROPOSALS};
use maud::{Markup, html};

use crate::answers::see_other;
use crate::assets;
use crate::layout::{Section, Sheet, sheet};
use crate::next;
use crate::notice::{Done, Notice};
use crate::page::{self, Page};
use crate::parts;
use crate::post;
use crate::queue::{Filter, entries, first_run, nothing, row};
use crate::visit::Visit;

/// Shows what waits.
struct Queue;

/// The operation.
pub const OPERATION: Operation = page::operation::<Queue>(module_path!());

impl Page for Queue {
    const NAME: &'static str = "desk-queue";
    const PATH: &'static str = "/desk";
    const SUMMARY: &'static str = "Show what waits for a decision";
    const PERMISSIONS: &'static [Permission] = &[
        publishing::REVIEW,
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
    ];
    const DONE: &'static [Done] = &[
        Done::Confirmed,
        Done::Joined,
        Done::Approved,
        Done::Published,
        Done::Scheduled,
        Done::SentBack,
        Done::Withdrawn,
    ];

    // The address of the Desk leads everybody on, also those for whom nothing waits.
    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let home = next::home(visit.caller.user.role);
        if home != Self::PATH {
            return Ok(see_other(home));
        }
        let queue = publishing::queue(cx, &visit.actor()).await?;
        let filter = Filter::of(visit.query.text("show"));
        let me = &visit.caller.user.id;
        let entries_of = |filter| entries(&queue, filter, me);
        let entries = entries_of(filter);
        let now = &parts::Now::of(cx);
        let main = html! {
            (parts::head("Waiting", Some(lede(visit)), None))
            @if let Some(post) = approved(visit) { (next_step(visit, &queue, &post)) }
            @if queue.is_new {
                (first_run(cx, visit.caller.user.role))
            } @else {
                nav aria-label="Show" {
                    ul.filters {
                        @for other in Filter::ALL {
                            li {
                                @let is_shown = other == filter || other == Filter::Decided && filter.is_decided();
                                a href=(other.path()) aria-current=[is_shown.then_some("true")] {
                                    (other.label()) " " span.num { (entries_of(other).len()) }
                                }
                            }
                        }
                    }
                }
                @if filter.is_decided() { (whose(filter)) }
                @if entries.is_empty() {
                    (nothing(filter, queue.more))
                } @else {
                    ul.list data-queue { @for entry in &entries { (row(now, &queue, entry)) } }
                }
                @if filter.is_decided() {
                    @if queue.more_decided {
                        p.quiet { "Of what was approved and of what was sent back, this page looks at the "
                            (PROPOSALS) " newest proposals. The history of a post has older ones." }
                    }
                } @else if queue.more {
                    p.quiet { "This page looks at the " (POSTS) " posts that were changed last and at the "
                        (PROPOSALS) " newest proposals. There are more: " a href="/desk/posts" { "Posts" }
                        " lists every one, and finds drafts and scheduled ones." }
                }
            }
            (assets::scripts(&["queue.js"]))
        };
        Ok(sheet(cx, visit, Sheet::new("Waiting", Section::Queue), &main))
    }
}

/// The post that was approved just now.
fn approved(visit: &Visit) -> Option<PostId> {
    visit.notice?;
    visit.query.text("post").parse().ok()
}

/// Where to go on with what was approved just now.
fn next_step(visit: &Visit, queue: &publishing::Queue, id: &PostId) -> Markup {
    let is_waiting = visit.notice == Some(Notice::Done(Done::Approved));
    let post = post::path(id);
    html! {
        p {
            @if is_waiting && queue.may_publish {
                a href={ (post) "/go-live" } { "See what changes for readers, and publish it" } ", or "
                a href=(post) { "open the post" } "."
            } @else {
                a href=(post) { "Open the post" } " to see its text, its state and its address."
            }
        }
    }
}

/// All decisions, or those of the visitor and on what they proposed.
fn whose(filter: Filter) -> Markup {
    html! {
        nav aria-label="Whose decisions" {
            ul.filters {
                @for (other, label) in [(Filter::Decided, "All"), (Filter::Mine, "Mine")] {
                    li { a href=(other.path()) aria-current=[(other == filter).then_some("true")] { (label) } }
                }
            }
        }
    }
}

/// What the page is for, depending on what the visitor may do.
fn lede(visit: &Visit) -> &'static str {
    match visit.caller.may(byline_shared::model::Scope::PostsPublish) {
        true => "What needs a decision, and what readers do not see yet. The newest comes first.",
        false => "Your posts that readers do not see yet, and what is proposed for them.",
    }
}
