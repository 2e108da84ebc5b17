//! Who is calling, and what they may do.

pub mod one_time;
pub mod password;
pub mod random;
pub mod refresh;
mod secret;
mod token;

pub use secret::TokenSecret;
pub use token::{AccessToken, VerifyingKeys, issue};

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};

use crate::context::Context;
use crate::endpoint::{Access, Action, Grant, Table};
use crate::http::problem::{Code, Problem};
use crate::model::{Scope, SessionId, User};

/// What every access check reads: the signing key, once per process, and on each request the
/// session and its user.
pub const ACCESS_GRANT: Grant =
    Grant::Table(Table::Identity, &[Action::BatchGetItem, Action::GetItem]);

/// Who may call an endpoint, as a type. What it proves is handed to the handler, so that no
/// handler can forget to ask.
pub trait Auth: 'static {
    /// The rule.
    const ACCESS: Access;
    /// What the handler receives.
    type Caller: Send;

    /// Hands over what the pipeline proved.
    fn hand_over(caller: Option<Caller>) -> Self::Caller;
}

/// Everybody may call; the handler learns nothing about them.
#[derive(Debug)]
pub struct Public;

impl Auth for Public {
    const ACCESS: Access = Access::Public;
    type Caller = ();

    fn hand_over(_: Option<Caller>) {}
}

pub mod scope {
    //! One type per scope: those whose role and token both hold it may call.

    use super::{Access, Auth, Caller, Scope};

    macro_rules! scopes {
        ($($name:ident),*) => {$(
            #[doc = concat!("Needs [`Scope::", stringify!($name), "`].")]
            #[derive(Debug)]
            pub struct $name;

            impl Auth for $name {
                const ACCESS: Access = Access::Scope(Scope::$name);
                type Caller = Caller;

                fn hand_over(caller: Option<Caller>) -> Caller {
                    caller.expect("the pipeline authorizes before it calls the handler")
                }
            }
        )*};
    }

    scopes!(Profile, PostsRead, PostsWrite, PostsPublish, Admin);
}

/// A signed-in user, as they are now.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub user: User,
    /// By which sign-in.
    pub session_id: SessionId,
    /// What their token may be used for.
    pub scopes: Vec<Scope>,
}

impl Caller {
    /// Whether their role and their token both hold `scope`.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.user.role >= scope.role() && self.scopes.contains(&scope)
    }

    /// # Errors
    /// 403 that says what is missing.
    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        let name = scope.as_str();
        if !self.scopes.contains(&scope) {
            let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{name}\"");
            let challenge = HeaderValue::try_from(challenge).expect("scope names are plain ASCII");
            let detail = format!("The access token lacks the scope {name}. Ask for one with it.");
            return Err(
                Problem::new(Code::Forbidden, detail).with_header(WWW_AUTHENTICATE, challenge)
            );
        }
        if self.user.role < scope.role() {
            let (needed, role) = (scope.role().as_str(), self.user.role.as_str());
            let detail = format!(
                "This needs the role {needed}; your role is {role}. An admin can change it."
            );
            return Err(Problem::new(Code::Forbidden, detail));
        }
        Ok(())
    }
}

/// The caller of a request, if they may do what `scope` allows.
///
/// # Errors
/// 401 without a valid token of a live session, 403 without the scope or role.
pub async fn authorize(cx: &Context, headers: &HeaderMap, scope: Scope) -> Result<Caller, Problem> {
    let token = bearer(headers)?;
    let refused = || Problem::unauthenticated(true);
    let claims = token::verify(cx, token).await?.ok_or_else(refused)?;
    let now = cx.clock.now();
    let found = cx.store.session_and_user(&claims.sub, &claims.sid).await?;
    let (session, account) = found.ok_or_else(refused)?;
    let over = session.expires_at <= now
        || session.idle_at <= now
        || session.token_version != account.token_version;
    if over {
        return Err(refused());
    }
    let scopes = claims.scopes();
    let caller = Caller { user: account.user, session_id: session.id, scopes };
    caller.require(scope)?;
    Ok(caller)
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
