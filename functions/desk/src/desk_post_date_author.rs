//! `/desk/posts/{id}/date-and-author`: the date and the author that readers see with a post.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{Patch, PostId, PostSummary, Zone};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, DateAndAuthor};

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::post::date_author::{self, AUTHOR, DATE};
use crate::visit::Visit;
use crate::{parts, post, when};

/// Changes the date or the author of a post.
struct DateAuthor;

/// The operation.
pub const OPERATION: Operation = page::operation::<DateAuthor>(module_path!());

impl Page for DateAuthor {
    const NAME: &'static str = "desk-post-date-author";
    const PATH: &'static str = "/desk/posts/{id}/date-and-author";
    const SUMMARY: &'static str = "Change the date or the author of a post";
    const PERMISSIONS: &'static [Permission] =
        &[publishing::PUBLISH, publishing::HOLD_RIGHTS, Permission::Index(Identity, "gsi1")];
    const ERRORS: &'static [Code] =
        &[Code::NotFound, Code::PostTrashed, Code::EditConflict, Code::PreconditionFailed];
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("id", byline_shared::examples::POST_ID)];

    type Needs = scope::PostsPublish;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        answer(cx, visit, &visit.id("id")?, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let id: PostId = visit.id("id")?;
        match change(cx, visit, &id).await {
            Ok(response) => Ok(response),
            Err(problem) if post::is_for_the_form(&problem) => {
                answer(cx, visit, &id, Some(&problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

async fn change(cx: &Context, visit: &Visit, id: &PostId) -> Result<Response, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let actor = visit.actor();
    let before = publishing::get(cx, &actor, id).await?.summary;
    let changes = sent(visit, &before, &parts::Now::of(cx).zone)?;
    let seen = post::seen(visit);
    match publishing::set_date_and_author(cx, &actor, id, &seen, &changes).await {
        Ok(after) if after.summary.version == before.version => {
            Ok(done(&post::path(id), Done::Unchanged))
        }
        // A form that was sent twice has done its work already.
        Ok(_) => Ok(done(&post::path(id), Done::DateOrAuthorChanged)),
        Err(problem) if problem.code == Code::PreconditionFailed && is_done(&changes, &before) => {
            Ok(done(&post::path(id), Done::DateOrAuthorChanged))
        }
        Err(problem) => Err(problem),
    }
}

/// What the form asks for. Its field is to the minute: the time that it showed is the one that the post has.
fn sent(visit: &Visit, before: &PostSummary, site: &Zone) -> Result<DateAndAuthor, Problem> {
    let form = &visit.form;
    let zone = when::zone_of(form, site);
    let date = form.text(DATE).trim();
    let published_at = match before.published_at {
        Some(at) if when::shown(at, &zone) == date => Patch::Keep,
        None if date.is_empty() => Patch::Keep,
        _ if date.is_empty() => Patch::Clear,
        _ => Patch::Set(when::time_in(form, DATE)?),
    };
    let author_id = form.text(AUTHOR).parse();
    let author_id = author_id
        .map_err(|_| Problem::invalid_field(AUTHOR, "invalid", "Choose one of the accounts."))?;
    Ok(DateAndAuthor { published_at, author_id: Some(author_id) })
}

/// Whether the post is as the form asks for.
fn is_done(changes: &DateAndAuthor, now: &PostSummary) -> bool {
    changes.published_at.is_keep() && changes.author_id.as_ref() == Some(&now.author.id)
}

async fn answer(
    cx: &Context,
    visit: &Visit,
    id: &PostId,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let post = publishing::get(cx, &visit.actor(), id).await?.summary;
    let authors = publishing::possible_authors(cx).await?;
    let main = date_author::main(&parts::Now::of(cx), visit, &post, &authors, problem);
    let frame = Sheet::new(date_author::TITLE, Section::Posts).telling(problem);
    Ok(sheet(cx, visit, frame, &main))
}
