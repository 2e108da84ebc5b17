//! Signing in somebody whose account was made a moment ago.

use byline_shared::Context;
use byline_shared::auth::browser::{self, SignedIn};
use byline_shared::auth::new_account::NewAccount;
use byline_shared::auth::{browser_sign_in, sessions};
use byline_shared::http::Response;
use byline_shared::http::problem::Problem;
use http::header::SET_COOKIE;

use crate::answers::done;
use crate::next;
use crate::notice::Done;
use crate::open::Guest;

/// Signs in, and leads to the first page, which says what was done. The browser's session before it ends.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub(crate) async fn welcome(
    cx: &Context,
    guest: &Guest,
    made: NewAccount,
    what: Done,
) -> Result<Response, Problem> {
    let home = next::home(made.account.user.role);
    // The account is there. If the session is not, the person signs in.
    let Ok(Some(session)) = sessions::create_for_browser(cx, &made.account).await else {
        let mut response = done("/desk/sign-in", what);
        let device = browser::device_cookie(cx, &made.device_token);
        response.headers_mut().append(SET_COOKIE, device);
        return Ok(response);
    };
    // The account is there and signed in. A session of before that cannot be ended, ends by itself.
    if let Ok(Some(before)) = browser::signed_in(cx, &guest.headers).await {
        let (user, session) = (&before.account.user.id, &before.session.id);
        let _ = cx.store.sessions().delete(user, session).await;
    }
    let mut response = done(home, what);
    let who = SignedIn { account: made.account, session };
    for cookie in browser_sign_in::cookies(cx, &who).await? {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
