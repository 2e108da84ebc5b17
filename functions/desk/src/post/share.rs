//! The preview links of a post as the Desk shows them.

use byline_shared::http::page::Page;
use byline_shared::http::problem::Problem;
use byline_shared::model::{PostId, PostSummary, PreviewLink};
use maud::{Markup, html};

use crate::once;
use crate::parts::{self, Field, Kind, fault};
use crate::visit::Visit;

/// The title of the page.
pub(crate) const TITLE: &str = "Share a preview";

/// What the form says of a link that shows the latest draft.
pub(crate) const LATEST: &str = "latest";

/// How long a link can work, in hours, and in words.
const LIVES: [(&str, &str); 4] =
    [("1", "An hour"), ("24", "A day"), ("168", "A week"), ("720", "30 days")];

/// Where the page is.
pub(crate) fn path(post: &PostId) -> String {
    format!("{}/share", super::path(post))
}

/// All of the page.
pub(crate) fn main(
    now: &parts::Now,
    visit: &Visit,
    post: &PostSummary,
    links: &Page<PreviewLink>,
    problem: Option<&Problem>,
) -> Markup {
    let lede = "Anyone with such a link sees this post as readers would, without an account. It opens \
                nothing else of the site, and publishes nothing.";
    html! {
        a.back href=(super::path(&post.id)) { "Back to the editor" }
        (parts::head(TITLE, Some(lede), None))
        @if let Some(problem) = problem { (parts::problem(problem)) }
        @if post.trashed_at.is_some() {
            p.note role="note" { "The post is in the trash. Its links show nothing until it is restored." }
        } @else {
            section.sheet {
                header { h2 { "New link to “" (post.fields.title) "”" } }
                div.padded { (form(now, visit, post, problem)) }
            }
        }
        section.stack aria-labelledby="links" {
            h2 #links { "Links" }
            @if links.items.is_empty() {
                p.quiet { "There is no active link. Make one above to show this post to somebody." }
            } @else {
                ul.list { @for link in &links.items { (row(now, visit, post, link)) } }
            }
            (parts::pager(&path(&post.id), links.next_cursor.as_deref()))
        }
    }
}

fn form(now: &parts::Now, visit: &Visit, post: &PostSummary, problem: Option<&Problem>) -> Markup {
    let revision = post.revision_id.to_string();
    let shows = [
        (LATEST, "Always the latest draft"),
        (revision.as_str(), "The text as it is saved now, without later changes"),
    ];
    html! {
        form.form method="post" action=(path(&post.id)) {
            (parts::token(visit))
            (once::field(now.time))
            (parts::field(Field {
                name: "shows",
                label: "It shows",
                value: visit.form.get("shows").unwrap_or(LATEST),
                kind: Kind::Listed(&shows),
                fault: fault(problem, "shows"),
                ..Field::default()
            }))
            (parts::field(Field {
                name: "hours",
                label: "It works for",
                value: visit.form.get("hours").unwrap_or("168"),
                kind: Kind::Choice(&LIVES),
                fault: fault(problem, "hours"),
                ..Field::default()
            }))
            div.row { button.button.go type="submit" name="action" value="create" { "Make a link" } }
        }
    }
}

fn row(now: &parts::Now, visit: &Visit, post: &PostSummary, link: &PreviewLink) -> Markup {
    let what = match &link.revision_id {
        None => "The latest draft",
        Some(revision) if *revision == post.revision_id => "The text that was saved last",
        Some(_) => "An earlier text",
    };
    html! {
        li {
            div.main {
                p.name { (what) }
                p.meta {
                    span { "by " (parts::by(&link.created_by)) }
                    span { "made " (parts::time(now, link.created_at)) }
                    span { "works until " (parts::time(now, link.expires_at)) }
                }
            }
            form.side method="post" action=(path(&post.id)) {
                (parts::token(visit))
                input type="hidden" name="link" value=(link.id);
                button.button.slim type="submit" name="action" value="revoke" { "Revoke" }
            }
        }
    }
}

/// The link itself, this once.
pub(crate) fn created(now: &parts::Now, url: &str, link: &PreviewLink) -> Markup {
    html! {
        section.sheet {
            header { h1 { "Your preview link" } }
            div.padded.stack {
                p { "Copy it now. It is not stored, and cannot be shown again. It works until "
                    (parts::time(now, link.expires_at)) "." }
                p.once { code #link { (url) } }
                p { "Anyone who has it can pass it on. Revoke it when it is not needed any more." }
                p.row { a.button.go href=(path(&link.post_id)) { "I have copied the link" } }
            }
        }
    }
}
