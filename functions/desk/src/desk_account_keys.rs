//! `/desk/account/keys`: the visitor's API keys. A new key is on the page that answers its form, and on no
//! other.

use byline_shared::auth::{audit, limits, own_api_keys};
use byline_shared::http::Response;
use byline_shared::model::ApiKeyId;
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::account::{self, Part, id, keys, list_params, question};
use crate::answers::{done, or_gone};
use crate::notice::Done;
use crate::once;
use crate::open::is_theirs;
use crate::page::{self, Page, recent_sign_in};
use crate::parts;
use crate::visit::Visit;

/// API keys.
pub struct AccountKeys;

/// The operation.
pub const OPERATION: Operation = page::operation::<AccountKeys>(module_path!());

impl Page for AccountKeys {
    const NAME: &'static str = "desk-account-keys";
    const PATH: &'static str = "/desk/account/keys";
    const SUMMARY: &'static str = "Create and revoke API keys";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[BatchGetItem, PutItem, Query, UpdateItem]),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::InvalidInput];
    const DONE: &'static [Done] = &[Done::KeyRevoked];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if visit.form.text("step") == "create"
            && let Some(response) = recent_sign_in(cx, visit)
        {
            return Ok(response);
        }
        match visit.query.get("revoke") {
            Some(key) => ask(cx, visit, &id(key, "API key")?).await,
            None => view(cx, visit, None).await,
        }
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if visit.form.text("step") != "create" {
            let key: ApiKeyId = id(visit.form.text("key"), "API key")?;
            or_gone(own_api_keys::revoke(cx, &visit.person(), &key).await)?;
            return Ok(done(Self::PATH, Done::KeyRevoked));
        }
        if let Some(response) = recent_sign_in(cx, visit) {
            return Ok(response);
        }
        match create(cx, visit).await {
            Ok(main) => Ok(account::page(cx, visit, Part::Keys, None, &main)),
            Err(problem) if is_theirs(&problem) => view(cx, visit, Some(&problem)).await,
            Err(problem) => Err(problem),
        }
    }
}

async fn create(cx: &Context, visit: &Visit) -> Result<Markup, Problem> {
    let new = keys::entered(visit)?;
    // Known before, so that a form that is sent twice creates one key.
    let key_id = ApiKeyId::from_ulid(once::ulid(cx, visit, "API key").await?);
    visit.count(cx, &limits::CONFIRM_ACCOUNT).await?;
    let seed = once::seed(cx, visit).await?;
    let (key, item) = own_api_keys::create(cx, &visit.person(), key_id, Some(&seed), new).await?;
    Ok(keys::created(cx, &key, &item))
}

async fn view(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Result<Response, Problem> {
    let now = &parts::Now::of(cx);
    let page = own_api_keys::list(cx, &visit.person(), &list_params(visit)).await?;
    let main = html! {
        section.stack {
            p { "A key lets a script or an agent work in your name, within what you tick and what your role \
                 allows. It cannot change your account, and approves nothing." }
            @if page.items.is_empty() {
                (parts::empty("No API keys", "Create one for a script or an agent that cannot sign in by itself.", None))
            } @else {
                (keys::list(now, &page.items))
            }
            (parts::pager(AccountKeys::PATH, page.next_cursor.as_deref()))
        }
        section.sheet {
            header { h2 { "New API key" } }
            div.padded {
                @if account::is_recent(cx, visit) {
                    (keys::form(now.time, visit, problem))
                } @else {
                    (account::sign_in_again(Part::Keys, "Creating an API key"))
                }
            }
        }
    };
    Ok(account::page(cx, visit, Part::Keys, problem, &main))
}

async fn ask(cx: &Context, visit: &Visit, key: &ApiKeyId) -> Result<Response, Problem> {
    let page = own_api_keys::list(cx, &visit.person(), &list_params(visit)).await?;
    let found = page.items.into_iter().find(|(item, _)| item.id == *key);
    let (item, last_use) = found.ok_or_else(|| Problem::not_found("API key"))?;
    let title = format!("Revoke {}?", item.name);
    let main = html! {
        (keys::facts(&parts::Now::of(cx), &item, last_use))
        p { "What uses it is refused from then on." }
    };
    let words = (title.as_str(), "Revoke the key");
    Ok(question(cx, visit, Part::Keys, words, &main, &[("key", key.as_str())]))
}
