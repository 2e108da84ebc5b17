//! `/desk/account/sessions`: where the visitor is signed in, and the end of it.

use byline_shared::auth::{audit, browser, own_sessions};
use byline_shared::http::Response;
use byline_shared::model::SessionId;
use byline_shared::prelude::*;
use http::header::SET_COOKIE;
use maud::html;

use crate::account::sessions::{facts, list};
use crate::account::{self, Part, id, list_params, question};
use crate::answers::{done, or_gone};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::parts;
use crate::visit::Visit;

/// Sessions.
pub struct AccountSessions;

/// The operation.
pub const OPERATION: Operation = page::operation::<AccountSessions>(module_path!());

impl Page for AccountSessions {
    const NAME: &'static str = "desk-account-sessions";
    const PATH: &'static str = "/desk/account/sessions";
    const SUMMARY: &'static str = "See and end your sessions";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[DeleteItem, GetItem, Query, UpdateItem]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::EditConflict, Code::InvalidInput];
    const DONE: &'static [Done] = &[Done::SessionEnded, Done::OthersEnded];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if let Some(session) = visit.query.get("end") {
            return ask(cx, visit, &id(session, "session")?).await;
        }
        if visit.query.has("others") {
            return Ok(ask_others(cx, visit));
        }
        let page = own_sessions::list(cx, &visit.person(), &list_params(visit)).await?;
        let main = html! {
            section.stack {
                p { "You are signed in on these devices. If you do not recognise one, end its session, and change your password." }
                (list(cx, visit, &page.items))
                (parts::pager(Self::PATH, page.next_cursor.as_deref()))
                p.row {
                    a.button href="/desk/account/sessions?others=1" { "End all other sessions" }
                    a.button href="/desk/sign-out" { "Sign out of this browser" }
                }
            }
        };
        Ok(account::page(cx, visit, Part::Sessions, None, &main))
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let who = visit.person();
        if visit.form.text("step") == "others" {
            let device = own_sessions::end_others(cx, &who).await?;
            let mut response = done(Self::PATH, Done::OthersEnded);
            response.headers_mut().append(SET_COOKIE, browser::device_cookie(cx, &device));
            return Ok(response);
        }
        let session: SessionId = id(visit.form.text("session"), "session")?;
        or_gone(own_sessions::end(cx, &who, &session).await)?;
        Ok(done(Self::PATH, Done::SessionEnded))
    }
}

async fn ask(cx: &Context, visit: &Visit, id: &SessionId) -> Result<Response, Problem> {
    let session = cx.store.sessions().get(&visit.caller.user.id, id).await?;
    let session = session.filter(|session| session.oauth.is_none());
    let session = session.ok_or_else(|| Problem::not_found("session"))?;
    let words = ("End this session?", "End the session");
    let main = html! { (facts(cx, &session)) p { "It is signed out at once." } };
    Ok(question(cx, visit, Part::Sessions, words, &main, &[("session", id.as_str())]))
}

fn ask_others(cx: &Context, visit: &Visit) -> Response {
    let main = html! {
        p { "All other browsers are signed out at once, and connected apps have to ask you again. API keys \
             stay valid." (account::invitations_stop(visit)) }
    };
    let words = ("End all other sessions?", "End all other sessions");
    question(cx, visit, Part::Sessions, words, &main, &[("step", "others")])
}
