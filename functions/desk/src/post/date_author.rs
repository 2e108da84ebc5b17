//! The form for the date and the author of a post.

use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{Author, PostId, PostSummary};
use maud::{Markup, html};

use crate::parts::{self, Field, Kind, fault};
use crate::visit::Visit;
use crate::when;

/// The title of the page.
pub(crate) const TITLE: &str = "Date and author";

/// The names of the fields.
pub(crate) const DATE: &str = "published_at";
pub(crate) const AUTHOR: &str = "author_id";

/// Where the page is.
pub(crate) fn path(post: &PostId) -> String {
    format!("{}/date-and-author", super::path(post))
}

/// All of the page. `authors` are the accounts to choose from.
pub(crate) fn main(
    now: &parts::Now,
    visit: &Visit,
    post: &PostSummary,
    authors: &[Author],
    problem: Option<&Problem>,
) -> Markup {
    let lede = match post.live_revision_id {
        Some(_) => "Readers see both with the post, as soon as you save.",
        None => "Readers see both with the post, once it is published.",
    };
    html! {
        a.back href=(super::path(&post.id)) { "Back to the editor" }
        (parts::head(TITLE, Some(lede), None))
        @if let Some(problem) = problem { (parts::problem(problem)) }
        @if post.trashed_at.is_some() {
            p.note role="note" { "The post is in the trash. Restore it in the editor first." }
        } @else {
            section.sheet {
                header { h2 { "“" (post.fields.title) "”" } }
                div.padded { (form(now, visit, post, authors, problem)) }
            }
        }
    }
}

fn form(
    now: &parts::Now,
    visit: &Visit,
    post: &PostSummary,
    authors: &[Author],
    problem: Option<&Problem>,
) -> Markup {
    // After another change, the form has what the post has now.
    let is_stale = problem.is_some_and(|problem| problem.code == Code::PreconditionFailed);
    let sent = |name| visit.form.get(name).filter(|_| !is_stale);
    let zone = when::zone_of(&visit.form, &now.zone);
    let date = post.published_at.map(|at| when::shown(at, &zone)).unwrap_or_default();
    let hint = match post.live_revision_id {
        Some(_) => "When the post was first published. Lists and feeds have it in this place.",
        None => "Empty: the time at which it is published.",
    };
    let own = &post.author;
    let others = authors.iter().filter(|author| author.id != own.id);
    let choices: Vec<(&str, String)> = std::iter::once((own.id.as_str(), own.name.to_string()))
        .chain(others.map(|author| (author.id.as_str(), in_words(author, authors))))
        .collect();
    let choices: Vec<(&str, &str)> =
        choices.iter().map(|(id, name)| (*id, name.as_str())).collect();
    html! {
        form.form method="post" action=(path(&post.id)) {
            (parts::token(visit))
            input type="hidden" name="version" value=(post.version);
            (when::field(
                (DATE, "Date"),
                (&visit.form, sent(DATE).unwrap_or(&date), Some(hint)),
                problem,
                &now.zone,
            ))
            (parts::field(Field {
                name: AUTHOR,
                label: "Author",
                value: sent(AUTHOR).unwrap_or(own.id.as_str()),
                hint: Some("The post is theirs: an author who had it before can no longer work on it."),
                kind: Kind::Choice(&choices),
                fault: fault(problem, AUTHOR),
                ..Field::default()
            }))
            div.row { button.button.go type="submit" { "Save" } }
        }
    }
}

/// The name of an author, with their slug where another one is called the same.
fn in_words(author: &Author, all: &[Author]) -> String {
    let is_alone = all.iter().filter(|other| other.name == author.name).count() < 2;
    if is_alone { author.name.to_string() } else { format!("{} ({})", author.name, author.slug) }
}
