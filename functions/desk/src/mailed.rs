//! What the pages have in common that the links of mails lead to: whether the link still works, whose it is, and
//! what to do if it does not.
//!
//! A page looks at its link as soon as it is opened, and changes nothing by that: mail scanners follow links. Links
//! that do not exist are counted for their network, and refused after too many.
//! Nobody fills in a form whose link was spent before.

use std::marker::PhantomData;

use byline_shared::auth::browser;
use byline_shared::http::Response;
use byline_shared::model::{Email, Secret};
use byline_shared::prelude::*;
use http::StatusCode;
use maud::{Markup, html};

use crate::next;
use crate::open::{Guest, OpenPage, is_spent, is_theirs, page};

/// One page that the link of a mail leads to.
pub(crate) trait MailedPage: 'static {
    /// As [`OpenPage::NAME`].
    const NAME: &'static str;
    /// As [`OpenPage::PATH`].
    const PATH: &'static str;
    /// As [`OpenPage::SUMMARY`].
    const SUMMARY: &'static str;
    /// As [`OpenPage::PERMISSIONS`]; with `BatchGetItem` and `GetItem` for the sessions, accounts and tokens.
    const PERMISSIONS: &'static [Permission];

    /// What the link is good for.
    type Link: Send + Sync;

    /// Looks at the link without using it up; `None` if it does not work any more.
    fn look(
        cx: &Context,
        token: &Secret,
    ) -> impl Future<Output = Result<Option<Self::Link>, Problem>> + Send;

    /// The address whose account the link is about, if the reader of the mail may know it.
    fn address(link: &Self::Link) -> Option<&Email>;

    /// The title of the page with the form, and the page.
    fn form(
        cx: &Context,
        guest: &Guest,
        link: &Self::Link,
        problem: Option<&Problem>,
    ) -> (&'static str, Markup);

    /// Does what the form asks for.
    fn submit(
        cx: &Context,
        guest: &Guest,
    ) -> impl Future<Output = Result<Response, Problem>> + Send;

    /// What to say of a link that does not work any more, and how to get another.
    fn spent(cx: &Context, guest: &Guest) -> impl Future<Output = Result<Markup, Problem>> + Send;

    /// What the page shows that needs no link: after another form, for example.
    fn without_link(_: &Context, _: &Guest) -> Option<Response> {
        None
    }
}

/// Such a page as one that needs no session.
pub(crate) struct Mailed<P>(PhantomData<P>);

impl<P: MailedPage> OpenPage for Mailed<P> {
    const NAME: &'static str = P::NAME;
    const PATH: &'static str = P::PATH;
    const SUMMARY: &'static str = P::SUMMARY;
    const PERMISSIONS: &'static [Permission] = P::PERMISSIONS;
    // Most of them check or choose a password.
    const MEMORY: Memory = Memory::Hashing;
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] =
        &[("token", byline_shared::examples::MAILED_TOKEN)];

    async fn show(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        if let Some(response) = P::without_link(cx, guest) {
            return Ok(response);
        }
        let mut response = match form::<P>(cx, guest, None).await {
            Err(problem) if is_too_often(&problem) => return Ok(refused(cx, guest, &problem)),
            Err(problem) if is_theirs(&problem) => refused(cx, guest, &problem),
            other => other?,
        };
        // The page is there, whatever it says of the link.
        *response.status_mut() = StatusCode::OK;
        Ok(response)
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        match P::submit(cx, guest).await {
            Err(problem) if is_spent(&problem) => spent::<P>(cx, guest).await,
            Err(problem) if is_refused(&problem) => Ok(refused(cx, guest, &problem)),
            Err(problem) if is_theirs(&problem) => {
                match form::<P>(cx, guest, Some(&problem)).await {
                    Err(problem) if is_too_often(&problem) => Ok(refused(cx, guest, &problem)),
                    other => other,
                }
            }
            other => other,
        }
    }
}

/// Whether the link works and still leads to nothing, whatever is entered.
fn is_refused(problem: &Problem) -> bool {
    matches!(problem.code, Code::EmailTaken | Code::RegistrationClosed)
}

/// Whether too many links that do not exist were opened from this network.
fn is_too_often(problem: &Problem) -> bool {
    problem.code == Code::TooManyRequests
}

/// The form of the page, or what to say if its link does not work any more.
async fn form<P: MailedPage>(
    cx: &Context,
    guest: &Guest,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let token = Secret::new(guest.text("token"));
    let Some(link) = P::look(cx, &token).await? else { return spent::<P>(cx, guest).await };
    let (title, main) = P::form(cx, guest, &link, problem);
    let main = html! {
        @if let Some(note) = another(cx, guest, P::address(&link)).await? { (note) }
        (main)
    };
    Ok(page(cx, guest, title, problem, &main))
}

/// Says whose link it is to somebody who is signed in with another account.
async fn another(
    cx: &Context,
    guest: &Guest,
    address: Option<&Email>,
) -> Result<Option<Markup>, Problem> {
    let Some(address) = address else { return Ok(None) };
    let Some(who) = browser::signed_in(cx, &guest.headers).await? else { return Ok(None) };
    let user = who.account.user;
    if user.email.normalised() == address.normalised() {
        return Ok(None);
    }
    Ok(Some(html! {
        div.note role="note" {
            p { "You are signed in here as " strong { (user.name) } " (" (user.email) "). This link is for "
                strong { (address) } ", and changes nothing for " (user.name) "." }
        }
    }))
}

/// The page for a link that does not work any more.
async fn spent<P: MailedPage>(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
    let who = browser::signed_in(cx, &guest.headers).await?;
    let main = html! {
        (P::spent(cx, guest).await?)
        @if let Some(who) = who {
            p.quiet { "You are signed in as " (who.account.user.name) ". "
                a href=(next::home(who.account.user.role)) { "Go to the Desk" } }
        }
    };
    let mut response = page(cx, guest, "This link does not work any more", None, &main);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// The page for a link that makes no account, because there is one or because people are invited by now; or that is
/// not looked at, after too many that do not exist.
fn refused(cx: &Context, guest: &Guest, problem: &Problem) -> Response {
    let title = match problem.code {
        Code::RegistrationClosed => "You need an invitation",
        Code::EmailTaken => "You have an account already",
        Code::TooManyRequests => "Please wait a moment",
        code => code.title(),
    };
    page(cx, guest, title, Some(problem), &sign_in())
}

/// The way to sign in.
pub(crate) fn sign_in() -> Markup {
    html! { p.row { a.button.go href="/desk/sign-in" { "Sign in" } } }
}
