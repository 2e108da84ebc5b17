//! The apps that a person authorized, as they see and revoke them.

use super::consent::revoke_client;
use crate::auth::Person;
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::{GrantId, SessionId};
use crate::store::sessions::SessionItem;

/// The grants of a person that are not over, newest first. A page can be shorter than its limit.
///
/// # Errors
/// Where the database fails.
pub async fn list_grants(
    cx: &Context,
    who: &Person,
    page: &PageParams,
) -> Result<Page<SessionItem>, Problem> {
    let mut grants = cx.store.oauth_grants().list(&who.user.id, page).await?;
    let now = cx.clock.now();
    let version = who.token_version;
    grants.items.retain(|item| item.is_live(now) && item.token_version == version);
    Ok(grants)
}

/// Revokes an app's access at once: this grant, the app's other grants at the same resource, and the
/// consent.
///
/// # Errors
/// 404 if there is no such grant.
pub async fn revoke_grant(cx: &Context, who: &Person, grant: &GrantId) -> Result<(), Problem> {
    let id = SessionId::from_ulid(grant.ulid());
    let missing = || Problem::not_found("grant");
    let session = cx.store.sessions().get(&who.user.id, &id).await?.ok_or_else(missing)?;
    let part = session.oauth.as_ref().ok_or_else(missing)?;
    revoke_client(cx, &session, part).await
}
