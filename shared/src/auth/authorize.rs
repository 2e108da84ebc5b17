//! The check before every operation: is there a valid credential, and does it meet the requirement?

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};

use super::caller::{Caller, Credential};
use super::requirement::{Access, Audience, SignIn};
use super::{api_key, audit, challenge, limits, token};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::Time;
use crate::permission::{Action, Permission, Table};
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

/// How long ago a sign-in may be that still counts as just now, in seconds: 15 minutes.
const JUST_NOW: i64 = 15 * 60;

/// The caller of a request, if they may call.
///
/// # Errors
/// 401 without a valid token of a live session or a live API key, 403 without the scope or role.
pub async fn authorize(
    cx: &Context,
    headers: &HeaderMap,
    access: Access,
    audience: Audience,
) -> Result<Option<Caller>, Problem> {
    if access == Access::Public {
        return Ok(None);
    }
    let token = bearer(headers)?;
    let (caller, signed_in_at) = if token.starts_with(api_key::PREFIX) {
        (api_key::authenticate(cx, token).await?, None)
    } else {
        let (caller, at) = authenticate(cx, token, audience).await?;
        (caller, Some(at))
    };
    if let Err(refusal) = permit(cx, &caller, signed_in_at, access) {
        if refusal.code == Code::Forbidden {
            audit::record_denied(cx, &caller, &refusal.detail).await;
        }
        return Err(refusal);
    }
    Ok(Some(caller))
}

fn permit(
    cx: &Context,
    caller: &Caller,
    signed_in_at: Option<Time>,
    access: Access,
) -> Result<(), Problem> {
    match access {
        Access::Public => Ok(()),
        Access::Scope(scope) => caller.require(scope),
        Access::Person { scope, sign_in } => {
            // First, so that no key is told to get a scope that would not help.
            caller.person()?;
            caller.require(scope)?;
            let recently = |at: Time| at.plus_seconds(JUST_NOW) >= cx.clock.now();
            let is_recent = signed_in_at.is_some_and(recently);
            if sign_in == SignIn::JustNow && !is_recent { Err(sign_in_again()) } else { Ok(()) }
        }
    }
}

/// The caller of an access token, and when they signed in.
async fn authenticate(
    cx: &Context,
    token: &str,
    audience: Audience,
) -> Result<(Caller, Time), Problem> {
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
            if part.client_id != claims.client_id || part.resource != claims.aud {
                return Err(refused());
            }
            scopes.retain(|scope| part.scopes.contains(scope));
            let (client_id, client_name) = (part.client_id.clone(), part.client_name.clone());
            Credential::Grant { id: session.grant_id(), client_id, client_name }
        }
        None => Credential::Session { id: session.id, token_version },
    };
    Ok((Caller { user, credential, scopes }, session.created_at))
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
