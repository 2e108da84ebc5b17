//! What users agreed to: kept, so that they are not asked twice, and taken back.

use super::code;
use super::redirect;
use super::request::AuthorizationRequest;
use crate::auth::audit::{Entry, Event};
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::{Scope, UserId};
use crate::store::oauth::ConsentItem;
use crate::store::outbox::{Message, Notice, OutboxItem};
use crate::store::sessions::{OAuthPart, SessionItem};
use crate::store::users::UserItem;

/// How long a user is taken at their word, in seconds: a year.
const LIFETIME: i64 = 365 * 24 * 3600;

/// What the user said before to the program of a request, at the same resource and with the answer
/// going to the same place; none where they never agreed to that, so long ago that they are asked
/// again, or before all their sessions were ended.
///
/// # Errors
/// As any call to the database.
pub async fn consent_before(
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

/// A code for what the user has `chosen` of what they were `shown`. Their word is kept, and holds for
/// what the program got before, too: a grant with more than they now let it have ends.
///
/// # Errors
/// As any call to the database.
pub async fn agree(
    cx: &Context,
    account: &UserItem,
    request: &AuthorizationRequest,
    shown: &[Scope],
    chosen: &[Scope],
) -> Result<String, Problem> {
    let before = consent_before(cx, account, request).await?;
    let (given, asked) = before.map(|before| (before.scopes, before.asked)).unwrap_or_default();
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
    let entry = Entry::new(cx, Event::ConsentGiven).by(&user.id).about(&item.client_id);
    let entry = entry.with(format!("{} at {}", Scope::list(chosen), item.resource));
    let is_news = chosen.iter().any(|scope| !given.contains(scope));
    let notice = is_news.then(|| {
        let message = Message::Notice { name: user.name.clone(), notice: Notice::ClientAuthorized };
        OutboxItem::new(now, user.email.clone(), message)
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

/// Takes back what a user agreed to before: they said no. What the program has stays until it is
/// shut out.
///
/// # Errors
/// As any call to the database.
pub async fn decline(
    cx: &Context,
    account: &UserItem,
    request: &AuthorizationRequest,
) -> Result<(), Problem> {
    let (client, resource) = (&request.client.id, &request.resource);
    Ok(cx.store.oauth_consents().delete(&account.user.id, client, resource).await?)
}

/// Shuts the program of a grant out, at once: all that its user granted it at the same resource ends,
/// with the codes that are under way, and it has to ask again.
///
/// # Errors
/// As any call to the database; what was done stays done, and the grant is there for another attempt.
pub async fn shut_out(cx: &Context, grant: &SessionItem, part: &OAuthPart) -> Result<(), Problem> {
    let user = &grant.user_id;
    // First, so that no code begins another grant behind the list.
    cx.store.oauth_consents().delete(user, &part.client_id, &part.resource).await?;
    // The one that is named comes last: it is there for another attempt.
    let place = (part.client_id.as_str(), part.resource.as_str());
    end_grants(cx, user, place, |other| other.id != grant.id).await?;
    let entry = Entry::new(cx, Event::GrantRevoked).by(user).about(grant.grant_id());
    if !cx.store.oauth_grants().revoke(grant, &entry).await? {
        // Somebody else shut it out at the same moment, by another of its grants.
        entry.record(cx).await;
    }
    Ok(())
}

fn holds(grant: &SessionItem, is_it: impl Fn(&Scope) -> bool) -> bool {
    grant.oauth.as_ref().is_some_and(|part| part.scopes.iter().any(is_it))
}

/// Ends those of a program's grants at a resource that `is_over` names.
async fn end_grants(
    cx: &Context,
    user: &UserId,
    (client, resource): (&str, &str),
    is_over: impl Fn(&SessionItem) -> bool,
) -> Result<(), Problem> {
    let mut page = PageParams { limit: 100, cursor: None };
    loop {
        let grants = cx.store.oauth_grants().list(user, &page).await?;
        let is_there = |part: &OAuthPart| part.client_id == client && part.resource == resource;
        let there = grants.items.iter().filter(|g| g.oauth.as_ref().is_some_and(is_there));
        for grant in there.filter(|grant| is_over(grant)) {
            cx.store.sessions().delete(user, &grant.id).await?;
        }
        match grants.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}
