//! `/desk/account`: the visitor's name and e-mail address, and which mails they get.

use byline_shared::auth::{address_change, audit, limits, profile};
use byline_shared::http::Response;
use byline_shared::model::{Email, Name, Role};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::store::users::EmailChange;
use maud::{Markup, html};

use crate::account::{self, Part, notifications};
use crate::answers::done;
use crate::notice::Done;
use crate::open::is_theirs;
use crate::page::{self, Page, recent_sign_in};
use crate::parts::{self, Field, Kind};
use crate::typed;
use crate::visit::Visit;

/// Name and address.
pub struct Account;

/// The operation.
pub const OPERATION: Operation = page::operation::<Account>(module_path!());

impl Page for Account {
    const NAME: &'static str = "desk-account";
    const PATH: &'static str = "/desk/account";
    const SUMMARY: &'static str = "Change your name, e-mail address and mails";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const DONE: &'static [Done] =
        &[Done::AddressMailed, Done::Renamed, Done::MailsChosen, Done::Confirmed, Done::Joined];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if visit.form.text("step") != notifications::STEP
            && let Some(response) = recent_sign_in(cx, visit)
        {
            return Ok(response);
        }
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if visit.form.text("step") == notifications::STEP {
            // It changes nothing that opens the account, so an older sign-in is enough.
            return match notifications::choose(cx, visit).await {
                Ok(()) => Ok(done(Self::PATH, Done::MailsChosen)),
                Err(problem) if is_theirs(&problem) => view(cx, visit, Some(&problem)).await,
                Err(problem) => Err(problem),
            };
        }
        if let Some(response) = recent_sign_in(cx, visit) {
            return Ok(response);
        }
        match change(cx, visit).await {
            Ok(what) => Ok(done(Self::PATH, what)),
            Err(problem) if is_theirs(&problem) => view(cx, visit, Some(&problem)).await,
            Err(problem) => Err(problem),
        }
    }
}

async fn change(cx: &Context, visit: &Visit) -> Result<Done, Problem> {
    let mut user = visit.caller.user.clone();
    if visit.form.text("step") == "email" {
        let email: Email = typed::line(&visit.form, "email")?;
        if email == user.email {
            let message = "This is your address already.";
            return Err(Problem::invalid_field("email", "unchanged", message));
        }
        visit.count(cx, &limits::WRITE_ACCOUNT).await?;
        address_change::request(cx, &user, email).await?;
        return Ok(Done::AddressMailed);
    }
    let name: Name = typed::line(&visit.form, "name")?;
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    profile::rename(cx, &mut user, name).await?;
    Ok(Done::Renamed)
}

async fn view(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Result<Response, Problem> {
    let account = cx.store.users().get(&visit.caller.user.id).await?;
    let now = cx.clock.now();
    let pending = account.and_then(|account| account.email_change);
    let pending = pending.filter(|change| change.ends_at > now);
    let is_recent = account::is_recent(cx, visit);
    let main = html! {
        @if !is_recent {
            (account::sign_in_again(Part::Profile, "Changing your name or your address"))
        }
        section.sheet {
            header { h2 { "Name" } }
            div.padded { (name(visit, problem, is_recent)) }
        }
        section.sheet #email-address {
            header { h2 { "E-mail address" } }
            div.padded.stack {
                @if let Some(change) = &pending { (waiting(cx, change)) }
                (email(visit, problem, is_recent))
            }
        }
        (notifications::sheet(visit, problem))
        p { a href=(Part::Deletion.path()) { "Delete your account" } }
    };
    Ok(account::page(cx, visit, Part::Profile, problem, &main))
}

fn name(visit: &Visit, problem: Option<&Problem>, is_recent: bool) -> Markup {
    let user = &visit.caller.user;
    html! {
        @if is_recent {
            form.form method="post" action="/desk/account" {
                (parts::token(visit))
                (parts::field(Field {
                    name: "name",
                    label: "Your name",
                    value: visit.form.get("name").unwrap_or(user.name.as_str()),
                    hint: (user.role >= Role::Author).then_some("Readers see it with your posts."),
                    required: true,
                    max: Some(100),
                    fault: parts::fault(problem, "name"),
                    ..Field::default()
                }))
                div.row { button.button.go type="submit" name="step" value="name" { "Change the name" } }
            }
        } @else {
            p { (user.name) }
        }
    }
}

fn email(visit: &Visit, problem: Option<&Problem>, is_recent: bool) -> Markup {
    let user = &visit.caller.user;
    html! {
        p { "You sign in with " strong { (user.email) } "." }
        @if is_recent {
            form.form method="post" action="/desk/account" {
                (parts::token(visit))
                (parts::field(Field {
                    name: "email",
                    label: "New e-mail address",
                    value: visit.form.text("email"),
                    hint: Some("The old and the new address both get a mail, and both must confirm."),
                    kind: Kind::Email,
                    required: true,
                    max: Some(254),
                    fault: parts::fault(problem, "email"),
                }))
                div.row { button.button type="submit" name="step" value="email" { "Send the mails" } }
            }
        }
    }
}

fn waiting(cx: &Context, change: &EmailChange) -> Markup {
    html! {
        div.note role="note" {
            p { "A change to " strong { (change.email) } " waits for both addresses to confirm it, until "
                (parts::time(&parts::Now::of(cx), change.ends_at)) ". A new request, or another password, cancels it." }
        }
    }
}
