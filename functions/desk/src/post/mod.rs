//! What the pages of one post share.

pub(crate) mod conflict;
pub(crate) mod cover;
pub(crate) mod date_author;
mod details;
pub(crate) mod editor;
pub(crate) mod facts;
pub(crate) mod going_live;
pub(crate) mod notes;
pub(crate) mod revisions;
pub(crate) mod share;
pub(crate) mod status;
pub(crate) mod tag_list;
pub(crate) mod values;

use byline_shared::http::Response;
use byline_shared::http::if_match::IfMatch;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{PostId, Scope};
use byline_shared::{Context, publishing};

use crate::answers::done;
use crate::notice::Done;
use crate::visit::Visit;

/// Where the editor of a post is.
pub(crate) fn path(id: &PostId) -> String {
    format!("/desk/posts/{id}")
}

/// Whether a problem is told on the page that the form is on, with what was entered.
pub(crate) fn is_for_the_form(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::InvalidInput
            | Code::SlugTaken
            | Code::PostTrashed
            | Code::EditConflict
            | Code::PreconditionFailed
            | Code::PayloadTooLarge
            | Code::Forbidden
            | Code::TooManyRequests
    )
}

/// The version in a form, as the rules take it.
pub(crate) fn seen(visit: &Visit) -> IfMatch {
    IfMatch(format!("\"v{}\"", visit.form.text("version")))
}

/// Moves a post to the trash, and leads to the list.
///
/// # Errors
/// As [`publishing::trash`]; 412 where the post is not as the form showed it.
pub(crate) async fn trash(cx: &Context, visit: &Visit, id: &PostId) -> Result<Response, Problem> {
    visit.caller.require(Scope::PostsDelete)?;
    publishing::trash(cx, &visit.actor(), id, &seen(visit)).await?;
    Ok(done("/desk/posts", Done::Trashed))
}

/// Takes a post out of the trash, and leads to its editor.
///
/// # Errors
/// As [`publishing::restore`].
pub(crate) async fn restore(cx: &Context, visit: &Visit, id: &PostId) -> Result<Response, Problem> {
    visit.caller.require(Scope::PostsDelete)?;
    publishing::restore(cx, &visit.actor(), id).await?;
    Ok(done(&path(id), Done::Restored))
}
