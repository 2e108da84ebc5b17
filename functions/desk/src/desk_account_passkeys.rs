//! `/desk/account/passkeys`: adds and removes passkeys. Adding one takes a script, which asks this page for what
//! the browser needs.

use byline_shared::auth::passkeys::{RelyingParty, own};
use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::{Name, PasskeyId};
use byline_shared::prelude::*;
use maud::{Markup, html};
use serde_json::json as object;

use crate::account::{self, Part, id, passkeys, question};
use crate::answers::{done, json, or_gone};
use crate::notice::Done;
use crate::open::is_theirs;
use crate::page::{self, Page, recent_sign_in};
use crate::parts;
use crate::typed;
use crate::visit::Visit;

/// Passkeys.
pub struct AccountPasskeys;

/// The operation.
pub const OPERATION: Operation = page::operation::<AccountPasskeys>(module_path!());

impl Page for AccountPasskeys {
    const NAME: &'static str = "desk-account-passkeys";
    const PATH: &'static str = "/desk/account/passkeys";
    const SUMMARY: &'static str = "Add and remove passkeys";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[BatchGetItem, DeleteItem, GetItem, PutItem, Query, UpdateItem],
        ),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const DONE: &'static [Done] = &[Done::PasskeyAdded, Done::PasskeyRemoved];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        // For the script of the page.
        if visit.query.has("passkey") {
            let options = match account::is_recent(cx, visit) {
                true => own::options(cx, &visit.person()).await?,
                false => None,
            };
            return Ok(json(200, &object!({ "publicKey": options })));
        }
        if let Some(response) = recent_sign_in(cx, visit) {
            return Ok(response);
        }
        match visit.query.get("remove") {
            Some(passkey) if account::is_recent(cx, visit) => {
                ask(cx, visit, &id(passkey, "passkey")?).await
            }
            _ => view(cx, visit, None).await,
        }
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if let Some(response) = recent_sign_in(cx, visit) {
            return Ok(response);
        }
        let outcome = match visit.form.text("step") {
            "add" => add(cx, visit).await.map(|()| Done::PasskeyAdded),
            _ => remove(cx, visit).await.map(|()| Done::PasskeyRemoved),
        };
        match outcome {
            Ok(what) => Ok(done(Self::PATH, what)),
            Err(problem) if is_theirs(&problem) => view(cx, visit, Some(&problem)).await,
            Err(problem) => Err(problem),
        }
    }
}

async fn add(cx: &Context, visit: &Visit) -> Result<(), Problem> {
    let name: Name = typed::line(&visit.form, "name")?;
    visit.count(cx, &limits::CONFIRM_ACCOUNT).await?;
    own::add(cx, &visit.person(), name, visit.form.text("passkey")).await
}

async fn remove(cx: &Context, visit: &Visit) -> Result<(), Problem> {
    let passkey: PasskeyId = id(visit.form.text("passkey"), "passkey")?;
    or_gone(own::remove(cx, &visit.person(), &passkey).await)
}

async fn view(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Result<Response, Problem> {
    let there = own::list(cx, &visit.person()).await?;
    let main = html! {
        section.stack {
            p { "A passkey signs you in here without your password and without a code: with the fingerprint, face \
                 or PIN of your phone or computer, or with a security key. No other site can ask for it." }
            @if there.is_empty() {
                (parts::empty("No passkeys", "Add one on each device or security key that you sign in with.", None))
            } @else {
                (passkeys::list(&parts::Now::of(cx), &there))
            }
        }
        @if account::is_recent(cx, visit) {
            section.sheet {
                header { h2 { "New passkey" } }
                div.padded.stack { (new(cx, visit, there.len(), problem)) }
            }
        } @else {
            (account::sign_in_again(Part::Passkeys, "Adding or removing a passkey"))
        }
    };
    Ok(account::page(cx, visit, Part::Passkeys, problem, &main))
}

fn new(cx: &Context, visit: &Visit, there: usize, problem: Option<&Problem>) -> Markup {
    if RelyingParty::of(&cx.config.public_url).is_none() {
        return html! {
            p { "Browsers offer passkeys only where a site has a domain name and https. This one is at "
                (cx.config.public_url) "." }
        };
    }
    if there >= own::MAX {
        return html! { p { "You have " (there) " passkeys, and there is room for no more. Remove one first." } };
    }
    let (fields, button) = passkeys::new(cx, visit, parts::fault(problem, "name"));
    passkeys::form(cx, AccountPasskeys::PATH, "create", &fields, &button)
}

async fn ask(cx: &Context, visit: &Visit, passkey: &PasskeyId) -> Result<Response, Problem> {
    let there = own::list(cx, &visit.person()).await?;
    let found = there.into_iter().find(|item| item.id == *passkey);
    let item = found.ok_or_else(|| Problem::not_found("passkey"))?;
    let title = format!("Remove {}?", item.name);
    let main = html! {
        (passkeys::facts(&parts::Now::of(cx), &item))
        p { "It no longer signs you in. Delete it on the device or in the password manager, too: otherwise it is \
             still offered there." }
    };
    let words = (title.as_str(), "Remove the passkey");
    Ok(question(cx, visit, Part::Passkeys, words, &main, &[("passkey", passkey.as_str())]))
}
