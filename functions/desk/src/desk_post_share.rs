//! `/desk/posts/{id}/share`: the preview links of a post. A new link is on the page that answers its form, and
//! on no other.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{PostId, PreviewLinkId};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, MAX_PREVIEW_HOURS, NewPreviewLink};
use maud::Markup;

use crate::answers::{done, or_gone};
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::post::share;
use crate::visit::Visit;
use crate::{once, parts, post};

/// Makes, lists and revokes preview links.
struct Share;

/// The operation.
pub const OPERATION: Operation = page::operation::<Share>(module_path!());

/// How many links a page shows.
const LIMIT: u8 = 20;

impl Page for Share {
    const NAME: &'static str = "desk-post-share";
    const PATH: &'static str = "/desk/posts/{id}/share";
    const SUMMARY: &'static str = "Share a preview of a post";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(
            Content,
            byline_shared::store::keys::POST_PREFIX,
            &[BatchGetItem, GetItem, PutItem, Query, UpdateItem],
        ),
        HOLD_RIGHT,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::PostTrashed, Code::EditConflict];
    const DONE: &'static [Done] = &[Done::PreviewLinkRevoked];
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("id", byline_shared::examples::POST_ID)];

    type Needs = scope::PostsWrite;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        visit.count(cx, &limits::WRITE_ACCOUNT).await?;
        let id: PostId = visit.id("id")?;
        if visit.form.text("action") == "revoke" {
            let link: PreviewLinkId =
                visit.form.text("link").parse().map_err(|_| Problem::not_found("preview link"))?;
            or_gone(publishing::revoke_preview_link(cx, &visit.actor(), &id, &link).await)?;
            return Ok(done(&share::path(&id), Done::PreviewLinkRevoked));
        }
        match create(cx, visit, &id).await {
            Ok(main) => Ok(sheet(cx, visit, Sheet::new(share::TITLE, Section::Posts), &main)),
            Err(problem) if post::is_for_the_form(&problem) => {
                view(cx, visit, Some(&problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

async fn create(cx: &Context, visit: &Visit, post: &PostId) -> Result<Markup, Problem> {
    let hours = visit.form.text("hours").parse::<u16>().ok();
    let Some(hours) = hours.filter(|hours| (1..=MAX_PREVIEW_HOURS).contains(hours)) else {
        let message = "Choose how long the link works.";
        return Err(Problem::invalid_field("hours", "invalid", message));
    };
    let revision_id = match visit.form.text("shows") {
        share::LATEST => None,
        revision => Some(revision.parse().map_err(|_| {
            Problem::invalid_field("shows", "invalid", "Choose what the link shows.")
        })?),
    };
    // Known before, so that a form that is sent twice makes one link. Another choice is another link.
    let what = format!("preview link {hours} {}", visit.form.text("shows"));
    let id = PreviewLinkId::from_ulid(once::ulid(cx, visit, &what).await?);
    let new = NewPreviewLink { id, revision_id, hours };
    let (actor, seed) = (visit.actor(), once::seed(cx, visit).await?);
    let (token, link) = publishing::create_preview_link(cx, &actor, post, Some(&seed), new).await?;
    let url = publishing::preview_page(&cx.config.public_url, &token);
    Ok(share::created(&parts::Now::of(cx), &url, &link))
}

async fn view(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Result<Response, Problem> {
    let id: PostId = visit.id("id")?;
    let cursor = visit.query.get("cursor").map(str::to_owned);
    let params = PageParams { limit: LIMIT, cursor };
    let (post, links) = publishing::preview_links_of_post(cx, &visit.actor(), &id, &params).await?;
    let main = share::main(&parts::Now::of(cx), visit, &post, &links, problem);
    let frame = Sheet::new(share::TITLE, Section::Posts).telling(problem);
    Ok(sheet(cx, visit, frame, &main))
}
