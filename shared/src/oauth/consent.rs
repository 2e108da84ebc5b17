//! Consents: what users authorized clients to do. They are remembered, updated and revoked here.

use super::code;
use super::redirect;
use super::request::AuthorizationRequest;
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Scope, UserId};
use crate::store::oauth::ConsentItem;
use crate::store::outbox::{Notice, OutboxItem};
use crate::store::sessions::{OAuthPart, SessionItem};
use crate::store::users::UserItem;

/// How long a consent lasts, in seconds: a year.
const LIFETIME: i64 = 365 * 24 * 3600;

/// The user's consent to the client of a request, for the same resource and redirect URI. `None` if
/// there is none, it has expired, or all of the user's sessions have ended since.
///
/// # Errors
/// Where the database fails.
pub async fn previous_consent(
    cx: &Context,
    account: &UserItem,
    request: &AuthorizationRequest,
) -> Result<Option<ConsentItem>, Problem> {
    let (client, resource) = (&request.client.id, &request.resource);
    let consent = cx.store.oauth_consents().get(&account.user.id, client, resource).await?;
    let now = cx.clock.now().as_seconds();
    Ok(consent.filter(|consent| {
        consent.ttl > now
            && consent.token_version == account.token_version
            && redirect::matches(&consent.redirect_uri, &request.redirect_uri)
    }))
}

/// Authorizes the client for the scopes that the user has `chosen` of those they were `shown`. Returns a
/// code. The decision replaces earlier ones: a grant with a scope that is now left out ends.
///
/// # Errors
/// Where the database fails.
pub async fn authorize(
    cx: &Context,
    account: &UserItem,
    request: &AuthorizationRequest,
    shown: &[Scope],
    chosen: &[Scope],
) -> Result<String, Problem> {
    let previous = previous_consent(cx, account, request).await?;
    let (given, asked) =
        previous.map(|consent| (consent.scopes, consent.asked)).unwrap_or_default();
    let left_out = |scope: &Scope| shown.contains(scope) && !chosen.contains(scope);
    let is_given = |scope: &Scope| chosen.contains(scope) || given.contains(scope);
    let is_asked = |scope: &Scope| shown.contains(scope) || asked.contains(scope);
    let (user, now) = (&account.user, cx.clock.now());
    let (code, digest, item) = code::new(cx, account, request, chosen);
    let consent = ConsentItem {
        client_id: item.client_id.clone(),
        resource: item.resource.clone(),
        redirect_uri: item.redirect_uri.clone(),
        scopes: Scope::ALL.into_iter().filter(|s| is_given(s) && !left_out(s)).collect(),
        asked: Scope::ALL.into_iter().filter(is_asked).collect(),
        token_version: account.token_version,
        given_at: now,
        ttl: now.plus_seconds(LIFETIME).as_seconds(),
    };
    let entry = AuditEntry::new(cx, Event::ConsentGiven).by_user(user).about(&item.client_id);
    let entry = entry.named(&item.client_name);
    let entry = entry.with(format!("{} at {}", Scope::list(chosen), item.resource));
    let is_news = chosen.iter().any(|scope| !given.contains(scope));
    let notice = is_news.then(|| {
        OutboxItem::notice(now, cx.request.source_ip, user, Notice::AppAuthorized)
            .naming(request.client.name.as_str(), chosen)
    });
    let code_item = (digest.as_str(), &item);
    cx.store
        .oauth_consents()
        .put_with_code(&user.id, &consent, code_item, notice.as_ref(), &entry)
        .await?;
    if shown.iter().any(left_out) {
        let place = (item.client_id.as_str(), item.resource.as_str());
        end_grants(cx, &user.id, place, |grant| holds(grant, left_out)).await?;
    }
    Ok(code)
}

/// Forgets the user's earlier consent, because they now denied the request. Grants that the client
/// has stay until they are revoked.
///
/// # Errors
/// Where the database fails.
pub async fn deny(
    cx: &Context,
    account: &UserItem,
    request: &AuthorizationRequest,
) -> Result<(), Problem> {
    let (client, resource) = (&request.client.id, &request.resource);
    Ok(cx.store.oauth_consents().delete(&account.user.id, client, resource).await?)
}

/// Revokes all grants of a client at the resource of `grant`, with the consent and codes that are not
/// exchanged yet. The client has to ask the user again.
///
/// # Errors
/// Where the database fails. The named grant is then still there, so the call can be repeated.
pub(super) async fn revoke_client(
    cx: &Context,
    grant: &SessionItem,
    part: &OAuthPart,
) -> Result<(), Problem> {
    let user = &grant.user_id;
    // First, so that no code becomes another grant after the grants were listed.
    cx.store.oauth_consents().delete(user, &part.client_id, &part.resource).await?;
    // The named grant ends last, so that a failed call can be repeated.
    let place = (part.client_id.as_str(), part.resource.as_str());
    end_grants(cx, user, place, |other| other.id != grant.id).await?;
    let entry = AuditEntry::new(cx, Event::GrantRevoked).by(user).about(grant.grant_id());
    let entry = entry.named(&part.client_name);
    if !cx.store.oauth_grants().revoke(grant, &entry).await? {
        // A concurrent call for another grant of the client has ended it already.
        entry.record(cx).await;
    }
    Ok(())
}

fn holds(grant: &SessionItem, is_it: impl Fn(&Scope) -> bool) -> bool {
    grant.oauth.as_ref().is_some_and(|part| part.scopes.iter().any(is_it))
}

/// Ends the client's grants at a resource for which `ends` is true.
async fn end_grants(
    cx: &Context,
    user: &UserId,
    (client, resource): (&str, &str),
    ends: impl Fn(&SessionItem) -> bool,
) -> Result<(), Problem> {
    let mut page = PageParams { limit: 100, cursor: None };
    loop {
        let grants = cx.store.oauth_grants().list(user, &page).await?;
        let is_there = |part: &OAuthPart| part.client_id == client && part.resource == resource;
        let there = grants.items.iter().filter(|g| g.oauth.as_ref().is_some_and(is_there));
        for grant in there.filter(|grant| ends(grant)) {
            cx.store.sessions().delete(user, &grant.id).await?;
        }
        match grants.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}
