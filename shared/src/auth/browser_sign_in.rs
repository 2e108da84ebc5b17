//! The steps of signing in on a page, at `/desk/sign-in` and at `/oauth/authorize`. [`super::sign_in`] has
//! the rules, and the pages have the forms.

use http::HeaderMap;
use http::header::HeaderValue;

use super::browser::{self, SignedIn};
use super::limits::{self, MailKind};
use super::sign_in::{Credentials, by_mail, refused, sign_in, spent};
use super::{device, mailed_token, sessions};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Email, Secret};
use crate::store::outbox::{Message, OutboxItem};
use crate::store::tokens::Purpose;

/// The longest password that is looked at: the one that the API takes.
const MAX_PASSWORD: usize = 1024;

/// What somebody entered to sign in, as it was sent. An empty text is a field that was left out.
#[derive(Clone, Copy)]
pub struct Entered<'a> {
    /// The e-mail address.
    pub email: &'a str,
    /// The password.
    pub password: &'a str,
    /// A one-time code or a recovery code.
    pub code: &'a str,
}

/// Signs a browser in with a password.
///
/// # Errors
/// As [`super::sign_in::sign_in`].
pub async fn with_password(
    cx: &Context,
    headers: &HeaderMap,
    entered: Entered<'_>,
) -> Result<SignedIn, Problem> {
    if entered.password.is_empty() || entered.password.len() > MAX_PASSWORD {
        return Err(refused());
    }
    let credentials = Credentials {
        email: entered.email.trim().parse().map_err(|_| refused())?,
        password: Secret::new(entered.password),
        code: one_time_code(entered.code),
        device_token: browser::device_token(cx, headers),
    };
    let account = sign_in(cx, &credentials).await?;
    let session = sessions::create_for_browser(cx, &account).await?.ok_or_else(refused)?;
    Ok(SignedIn { account, session })
}

/// Sends a code to sign in with to an address, if it has an account. The work is the same for every
/// address.
///
/// # Errors
/// 401 if it cannot be an address; 429 after too many mails.
pub async fn request_code(cx: &Context, email: &str) -> Result<(), Problem> {
    let email: Email = email.trim().parse().map_err(|_| {
        let detail = "Enter the e-mail address of your account.";
        Problem::new(Code::InvalidCredentials, detail)
    })?;
    limits::acquire(cx, &limits::MAIL_NETWORK, &limits::network(cx.request.source_ip)).await?;
    limits::acquire_mail(cx, MailKind::SignInCode, &email).await?;
    let entry = AuditEntry::new(cx, Event::SignInLinkRequested).about(limits::address(&email));
    let mail = OutboxItem::new(cx.clock.now(), email, Message::SignInCode);
    cx.store.outbox().create(&mail).await?;
    entry.record(cx).await;
    Ok(())
}

/// Signs a browser in with the code of a mail, as it was typed.
///
/// # Errors
/// As [`super::sign_in::by_mail`].
pub async fn with_mailed_code(cx: &Context, typed: &str, code: &str) -> Result<SignedIn, Problem> {
    with_mailed_token(cx, &mailed_token::from_code(typed), code).await
}

/// A mailed link that signs in.
#[derive(Clone, Copy, Debug)]
pub struct WorkingLink {
    /// Whether its account also asks for a one-time code.
    pub needs_code: bool,
}

/// Looks whether the token of a mailed link would sign in, without using it up; `None` if it would not.
///
/// # Errors
/// 429 after too many links that do not exist; 503 while the database does not answer.
pub async fn look(cx: &Context, token: &Secret) -> Result<Option<WorkingLink>, Problem> {
    let token = mailed_token::look(cx, token).await?;
    let Some(Purpose::SignIn { user_id, token_version }) = token.map(|it| it.purpose) else {
        return Ok(None);
    };
    let account = cx.store.users().get(&user_id).await?;
    let account = account.filter(|it| it.token_version == token_version && !it.user.disabled);
    Ok(account.map(|account| WorkingLink { needs_code: account.user.two_factor }))
}

/// Signs a browser in with the token of a mailed link.
///
/// # Errors
/// As [`super::sign_in::by_mail`].
pub async fn with_mailed_token(
    cx: &Context,
    token: &Secret,
    code: &str,
) -> Result<SignedIn, Problem> {
    let who = by_mail(cx, token, one_time_code(code).as_ref()).await?;
    let session = sessions::create_for_browser_by_mail(cx, &who).await?.ok_or_else(spent)?;
    Ok(SignedIn { account: who.account, session })
}

/// The cookies that a browser gets when it is signed in: of its session, and of the device.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn cookies(cx: &Context, who: &SignedIn) -> Result<[HeaderValue; 2], Problem> {
    let (user, version) = (&who.account.user, who.account.token_version);
    let device = device::token(cx, &user.email, version).await?;
    Ok([browser::session_cookie(cx, &who.session).await?, browser::device_cookie(cx, &device)])
}

fn one_time_code(entered: &str) -> Option<Secret> {
    Some(entered.trim()).filter(|code| !code.is_empty()).map(Secret::new)
}
