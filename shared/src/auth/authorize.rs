//! The check before every operation: is there a valid credential, and does it meet the requirement?

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};

use super::actor::Actor;
use super::caller::{Caller, Credential};
use super::requirement::{Access, Audience, SignIn};
use super::{api_key, audit, browser, challenge, limits, token};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::Scope;
use crate::permission::{Action, Permission, Table};
use crate::store::ahead::Named;
use crate::store::keys;
use crate::store::users::UserItem;

/// What every access check may do: read the account with its session or API key, read the public
/// signing keys, note that an API key is used, and count and write down who was refused.
pub const ACCESS_PERMISSIONS: [Permission; 5] = [
    audit::AUDIT_PERMISSION,
    limits::LIMIT_PERMISSION,
    Permission::Table(Table::Identity, &[Action::BatchGetItem]),
    Permission::Items(Table::Identity, keys::SIGNING_KEYS, &[Action::Query]),
    Permission::Items(Table::Identity, keys::API_KEY_USE_PREFIX, &[Action::UpdateItem]),
];

/// What the check before a page of the Desk may do: read the account with its session and the settings, note
/// the visit, and count and write down who was refused.
pub const DESK_PERMISSIONS: [Permission; 6] = [
    audit::AUDIT_PERMISSION,
    limits::LIMIT_PERMISSION,
    Permission::Table(Table::Identity, &[Action::BatchGetItem]),
    Permission::Items(Table::Identity, keys::SESSIONS_PREFIX, &[Action::UpdateItem]),
    browser::PAGE_SETTINGS,
    Permission::AccountSecret,
];

/// How long ago a sign-in may be that still counts as just now, in seconds: 15 minutes.
const JUST_NOW: i64 = 15 * 60;

/// The caller of a request, if they may call. What the path of a page names is read with the session, and kept for
/// the handler if they may.
///
/// # Errors
/// 401 without a valid token of a live session or a live API key, 403 without the scope or role. For a
/// page of the Desk, `None` without a session.
pub async fn authorize(
    cx: &Context,
    headers: &HeaderMap,
    (access, audience): (Access, Audience),
    named: Option<Named>,
) -> Result<Option<Caller>, Problem> {
    let (caller, found) = match access {
        Access::Public => return Ok(None),
        Access::Desk(_) => match browser::visitor(cx, headers, named).await? {
            Some(visitor) => visitor,
            None => return Ok(None),
        },
        Access::Scope(_) | Access::Publish | Access::Person { .. } => {
            let token = bearer(headers)?;
            let caller = if token.starts_with(api_key::PREFIX) {
                api_key::authenticate(cx, token).await?
            } else {
                authenticate(cx, token, audience).await?
            };
            (caller, None)
        }
    };
    if let Err(refusal) = permit(cx, &caller, access) {
        if refusal.code == Code::Forbidden {
            audit::record_denied(cx, &Actor::rest(caller), &refusal.detail).await;
        }
        return Err(refusal);
    }
    if let Some(found) = found {
        cx.ahead.keep(found);
    }
    Ok(Some(caller))
}

fn permit(cx: &Context, caller: &Caller, access: Access) -> Result<(), Problem> {
    match access {
        Access::Public => Ok(()),
        Access::Scope(scope) | Access::Desk(scope) => caller.require(scope),
        // What a person with a lower role may publish is a question of the post.
        Access::Publish if caller.person().is_ok() && caller.may(Scope::PostsWrite) => Ok(()),
        Access::Publish => caller.require(Scope::PostsPublish),
        Access::Person { scope, sign_in } => {
            // First, so that no key is told to get a scope that would not help.
            caller.person()?;
            caller.require(scope)?;
            if sign_in == SignIn::JustNow { require_recent(cx, caller) } else { Ok(()) }
        }
    }
}

/// Checks that a person signed in a moment ago, for what a stolen session must not do.
///
/// # Errors
/// 401 `recent_sign_in_required`.
pub fn require_recent(cx: &Context, caller: &Caller) -> Result<(), Problem> {
    match &caller.credential {
        Credential::Session { signed_in_at, .. }
            if signed_in_at.plus_seconds(JUST_NOW) >= cx.clock.now() =>
        {
            Ok(())
        }
        _ => Err(sign_in_again()),
    }
}

/// The caller of an access token.
async fn authenticate(cx: &Context, token: &str, audience: Audience) -> Result<Caller, Problem> {
    let refused = || Problem::unauthenticated(true);
    let resources = Audience::ALL.map(|audience| audience.resource(&cx.config.public_url));
    let known = resources.each_ref().map(String::as_str);
    let claims = token::verify(cx, token, &known).await?.ok_or_else(refused)?;
    let wanted = audience.resource(&cx.config.public_url);
    if claims.aud != wanted {
        return Err(challenge::for_other_resource(&claims.aud, &wanted));
    }
    let found = cx.store.sessions().get_with_user(&claims.sub, &claims.sid).await?;
    let (session, account) = found.ok_or_else(refused)?;
    let UserItem { user, token_version, .. } = account;
    let over = !session.is_live(cx.clock.now()) || session.token_version != token_version;
    if over || user.disabled {
        return Err(refused());
    }
    let mut scopes = claims.scopes();
    let credential = match &session.oauth {
        Some(part) => {
            if (&part.client_id, &part.resource) != (&claims.client_id, &claims.aud) {
                return Err(refused());
            }
            scopes.retain(|scope| part.scopes.contains(scope));
            let (client_id, client_name) = (part.client_id.clone(), part.client_name.clone());
            Credential::Grant { id: session.grant_id(), client_id, client_name }
        }
        None => {
            let signed_in_at = session.created_at;
            Credential::Session { id: session.id, token_version, signed_in_at }
        }
    };
    Ok(Caller { user, credential, scopes })
}

/// RFC 9470 §3: the token is fine, the sign-in behind it too old.
fn sign_in_again() -> Problem {
    let challenge = format!(
        "Bearer error=\"insufficient_user_authentication\", \
         error_description=\"A more recent sign-in is needed\", max_age=\"{JUST_NOW}\""
    );
    let challenge = HeaderValue::try_from(challenge).expect("the challenge is plain ASCII");
    let detail = "This needs a sign-in of the last 15 minutes: sign in again, then repeat it.";
    Problem::new(Code::RecentSignInRequired, detail).with_header(WWW_AUTHENTICATE, challenge)
}

/// The token of the `Authorization` header (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or_else(|| Problem::unauthenticated(false))?;
    if values.next().is_some() {
        return Err(Problem::unauthenticated(true));
    }
    let text = value.to_str().map_err(|_| Problem::unauthenticated(true))?;
    let (scheme, token) = text.split_once(' ').ok_or_else(|| Problem::unauthenticated(false))?;
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Problem::unauthenticated(false));
    }
    Ok(token.trim())
}
