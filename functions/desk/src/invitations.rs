//! The part of `/desk/people` about invitations: those that wait, and the form to invite.
//! [`byline_shared::auth::invitations`] has the rules.

use byline_shared::auth::invitations::{self, NewInvitation};
use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{Email, Invitation, InvitationId, Name};
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::answers::done;
use crate::notice::Done;
use crate::once;
use crate::parts::{self, Field, Kind, Tone};
use crate::roles;
use crate::typed::{self, Typed};
use crate::visit::Visit;

/// How many invitations the page shows at most: more than an admin can send in an hour.
const SHOWN: u8 = 100;

/// Does what a form about invitations asks for.
///
/// # Errors
/// 422 on a field; those of inviting and withdrawing.
pub(crate) async fn act(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
    let caller = &visit.caller;
    let what = match visit.form.text("action") {
        "invite" => {
            let email: Email = typed::line(&visit.form, "email")?;
            let mut form = Typed::new(&visit.form);
            let name: Option<Name> = form.optional("name");
            form.finish()?;
            let role = roles::chosen(&visit.form)?;
            visit.count(cx, &limits::INVITE_ACCOUNT).await?;
            // Another role or another name is another invitation.
            let called = name.as_ref().map_or("", |name| name.as_str());
            let what = format!("invitation as {} {called}", role.as_str());
            let form = Some(once::ulid(cx, visit, &what).await?.to_string());
            invitations::invite(cx, caller, NewInvitation { email, role, name, form }).await?;
            Done::Invited
        }
        "withdraw" => {
            visit.count(cx, &limits::WRITE_ACCOUNT).await?;
            withdraw(cx, visit).await?;
            Done::InvitationWithdrawn
        }
        _ => return Err(Problem::new(Code::MalformedRequest, "The form has no known button.")),
    };
    Ok(done("/desk/people", what))
}

/// Withdraws an invitation. A form that is sent twice has done its work already.
async fn withdraw(cx: &Context, visit: &Visit) -> Result<(), Problem> {
    let id: InvitationId = typed::line(&visit.form, "invitation")?;
    match invitations::withdraw(cx, &visit.caller, &id).await {
        Err(problem) if problem.code == Code::NotFound => {}
        outcome => return outcome,
    }
    let email: Email = typed::line(&visit.form, "email")?;
    if cx.store.users().find_id_by_email(&email).await?.is_none() {
        return Ok(());
    }
    let detail =
        "The invitation was accepted before. If the account should not be there, disable it.";
    Err(Problem::new(Code::EmailTaken, detail))
}

/// The newest invitations.
///
/// # Errors
/// 503 while the database does not answer.
pub(crate) async fn newest(cx: &Context) -> Result<Page<Invitation>, Problem> {
    invitations::list(cx, &PageParams { limit: SHOWN, cursor: None }).await
}

/// The invitations that wait to be accepted; nothing if there are none.
pub(crate) fn waiting(cx: &Context, visit: &Visit, page: &Page<Invitation>) -> Markup {
    html! {
        @if !page.items.is_empty() {
            section.sheet {
                header { h2 { "Invited" } }
                ul.list { @for invitation in &page.items { (entry(cx, visit, invitation)) } }
                @if page.next_cursor.is_some() {
                    p.quiet.small.padded { "These are the newest. The API lists all." }
                }
            }
        }
    }
}

fn entry(cx: &Context, visit: &Visit, invitation: &Invitation) -> Markup {
    let now = &parts::Now::of(cx);
    let by = invitation.invited_by_name.as_ref().map_or("a deleted account", |name| name.as_str());
    html! {
        li {
            div.main {
                p.name { (invitation.email) }
                p.quiet.small {
                    @if let Some(name) = &invitation.name { (name) " · " }
                    "Invited by " (by)
                    " · works until " (parts::time(now, invitation.expires_at))
                }
            }
            div.side { (parts::time(now, invitation.created_at)) }
            div.meta {
                (parts::badge(Tone::Plain, invitation.role.as_str()))
                @if !invitation.valid { (parts::badge(Tone::Failed, "link does not work: send it again")) }
            }
            form.row method="post" action="/desk/people" {
                (parts::token(visit))
                input type="hidden" name="invitation" value=(invitation.id);
                // Sending again is inviting anew, with the same values.
                (once::field(now.time))
                input type="hidden" name="email" value=(invitation.email);
                input type="hidden" name="role" value=(invitation.role.as_str());
                @if let Some(name) = &invitation.name { input type="hidden" name="name" value=(name); }
                button.button.slim type="submit" name="action" value="invite" aria-label={ "Send again to " (invitation.email) } { "Send again" }
                button.button.slim.text type="submit" name="action" value="withdraw" aria-label={ "Withdraw the invitation of " (invitation.email) } { "Withdraw" }
            }
        }
    }
}

/// The form to invite.
pub(crate) fn form(
    cx: &Context,
    visit: &Visit,
    is_open: bool,
    problem: Option<&Problem>,
) -> Markup {
    let value = |name| visit.form.text(name);
    let role = visit.form.get("role").unwrap_or("author");
    let fault = |name| parts::fault(problem, name);
    html! {
        details.more open[is_open] {
            summary { "Invite somebody" }
            form.form method="post" action="/desk/people" {
                (parts::token(visit))
                (once::field(cx.clock.now()))
                div.pair {
                    (parts::field(Field { name: "email", label: "E-mail address", value: value("email"), hint: Some("It gets a link that works once, within 7 days."), kind: Kind::Email, required: true, max: Some(254), fault: fault("email") }))
                    (parts::field(Field { name: "name", label: "Name (optional)", value: value("name"), hint: Some("Readers see it. The person can choose another."), max: Some(100), fault: fault("name"), ..Field::default() }))
                }
                (parts::field(Field { name: "role", label: "What this person may do", value: role, kind: Kind::Listed(&roles::CHOICES), required: true, fault: fault("role"), ..Field::default() }))
                button.button.go type="submit" name="action" value="invite" { "Send invitation" }
            }
        }
    }
}
