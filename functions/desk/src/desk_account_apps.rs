//! `/desk/account/apps`: the apps that the visitor authorized, and the end of their access.

use byline_shared::auth::audit;
use byline_shared::http::Response;
use byline_shared::model::{GrantId, SessionId};
use byline_shared::oauth;
use byline_shared::prelude::*;
use byline_shared::store::sessions::{OAuthPart, SessionItem};
use maud::{Markup, html};
use url::Url;

use crate::account::{self, Part, id, list_params, question};
use crate::answers::{done, or_gone};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::parts;
use crate::queue::connect;
use crate::visit::Visit;

/// Connected apps.
pub struct AccountApps;

/// The operation.
pub const OPERATION: Operation = page::operation::<AccountApps>(module_path!());

impl Page for AccountApps {
    const NAME: &'static str = "desk-account-apps";
    const PATH: &'static str = "/desk/account/apps";
    const SUMMARY: &'static str = "See and revoke connected apps";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[DeleteItem, GetItem, Query]), audit::AUDIT_PERMISSION];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::InvalidInput];
    const DONE: &'static [Done] = &[Done::AppRevoked];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if let Some(grant) = visit.query.get("revoke") {
            return ask(cx, visit, &id(grant, "app")?).await;
        }
        let page = oauth::list_grants(cx, &visit.person(), &list_params(visit)).await?;
        let main = html! {
            section.stack {
                p { "These apps work in your name, within what you agreed to and what your role allows." }
                @if page.items.is_empty() {
                    (parts::empty("No connected apps", "Connect an agent: it asks you on a page of this site, and you choose what it may do.", None))
                    section.sheet {
                        header { h2 { "Connect an agent" } }
                        div.padded { (connect(cx)) }
                    }
                } @else {
                    (list(cx, &page.items))
                }
                (parts::pager(Self::PATH, page.next_cursor.as_deref()))
            }
        };
        Ok(account::page(cx, visit, Part::Apps, None, &main))
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let grant: GrantId = id(visit.form.text("grant"), "app")?;
        or_gone(oauth::revoke_grant(cx, &visit.person(), &grant).await)?;
        Ok(done(Self::PATH, Done::AppRevoked))
    }
}

fn list(cx: &Context, grants: &[SessionItem]) -> Markup {
    html! {
        ul.list {
            @for grant in grants {
                @if let Some(app) = &grant.oauth {
                    li {
                        div.main {
                            p.name { (app.client_name) }
                            (facts(cx, grant, app))
                        }
                        div.side {
                            a.button.slim href={ "/desk/account/apps?revoke=" (grant.grant_id()) } {
                                "Revoke" span.sr { " the access of " (app.client_name) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn facts(cx: &Context, grant: &SessionItem, app: &OAuthPart) -> Markup {
    let now = &parts::Now::of(cx);
    // An app that publishes a document about itself is named by the document's URL.
    let host = Url::parse(&app.client_id).ok();
    let host = host.as_ref().and_then(Url::host_str);
    let over = if app.resource.ends_with("/mcp") { "MCP" } else { "REST API" };
    html! {
        p.meta {
            @if let Some(host) = host { span { "by " (host) } }
            span { (over) }
            span { "since " (parts::time(now, grant.created_at)) }
            span { "last seen " (parts::time(now, grant.refreshed_at)) }
        }
        details {
            summary { "What it may do" }
            ul {
                @for scope in &app.scopes {
                    li { (scope.in_words()) }
                }
            }
        }
    }
}

async fn ask(cx: &Context, visit: &Visit, grant: &GrantId) -> Result<Response, Problem> {
    let missing = || Problem::not_found("app");
    let id = SessionId::from_ulid(grant.ulid());
    let session = cx.store.sessions().get(&visit.caller.user.id, &id).await?.ok_or_else(missing)?;
    let app = session.oauth.as_ref().ok_or_else(missing)?;
    let title = format!("Revoke the access of {}?", app.client_name);
    let main = html! {
        (facts(cx, &session, app))
        p { "It is signed out at once, wherever you connected it, and has to ask you again." }
    };
    let words = (title.as_str(), "Revoke its access");
    Ok(question(cx, visit, Part::Apps, words, &main, &[("grant", grant.as_str())]))
}
