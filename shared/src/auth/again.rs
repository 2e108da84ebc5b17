//! The rights of a caller, read anew: for work that goes on after its request was authorized.

use super::caller::{Caller, Credential};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Scope, SessionId};

/// The caller as they are now, with no more scopes than before; `None` if what they authenticated with is
/// over, or their account is disabled or gone. The same call as that of an access check.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn again(cx: &Context, caller: &Caller) -> Result<Option<Caller>, Problem> {
    let (user, now) = (&caller.user.id, cx.clock.now());
    let session = match &caller.credential {
        Credential::ApiKey { id, .. } => {
            let found = cx.store.api_keys().get_with_user(user, id).await?;
            let live =
                found.filter(|(key, account)| key.expires_at > now && !account.user.disabled);
            return Ok(live.map(|(key, account)| with(caller, account.user, Some(&key.scopes))));
        }
        Credential::Session { id, .. } => id.clone(),
        // A grant is a session.
        Credential::Grant { id, .. } => SessionId::from_ulid(id.ulid()),
    };
    let found = cx.store.sessions().get_with_user(user, &session).await?;
    let live = found.filter(|(session, account)| {
        session.is_live(now)
            && session.token_version == account.token_version
            && !account.user.disabled
    });
    Ok(live.map(|(session, account)| {
        let granted = session.oauth.as_ref().map(|part| part.scopes.as_slice());
        with(caller, account.user, granted)
    }))
}

fn with(caller: &Caller, user: crate::model::User, granted: Option<&[Scope]>) -> Caller {
    let mut scopes = caller.scopes.clone();
    scopes.retain(|scope| granted.is_none_or(|granted| granted.contains(scope)));
    Caller { user, credential: caller.credential.clone(), scopes }
}
