//! `/desk/people/{user_id}`: what one account may do: its role, and whether it is disabled; and what readers learn
//! of its owner.

use byline_shared::auth::{audit, limits, people};
use byline_shared::http::Response;
use byline_shared::model::{Profile, User, UserId};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;
use byline_shared::store::users::UserItem;
use maud::{Markup, html};

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page;
use crate::parts::{self, Field, Kind, Tone};
use crate::roles;
use crate::typed::agreed;
use crate::visit::Visit;

/// Shows an account.
struct Person;

/// The operation.
pub const OPERATION: Operation = page::operation::<Person>(module_path!());

impl page::Page for Person {
    const NAME: &'static str = "desk-person";
    const PATH: &'static str = "/desk/people/{user_id}";
    const SUMMARY: &'static str = "Show an account";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[ConditionCheckItem, GetItem, UpdateItem]),
        Permission::Items(Content, keys::AUTHORS, &[GetItem, UpdateItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("user_id", byline_shared::examples::OTHER_USER_ID)];
    const DONE: &'static [Done] = &[Done::PersonChanged, Done::PublicProfileRemoved];

    type Needs = scope::Admin;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match act(cx, visit).await {
            Ok((user, what)) => Ok(done(&format!("/desk/people/{}", user.id), what)),
            Err(problem) if matches!(problem.code.status(), 409 | 422 | 429) => {
                view(cx, visit, Some(problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

async fn act(cx: &Context, visit: &Visit) -> Result<(User, Done), Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let id: UserId = visit.id("user_id")?;
    let (role, disabled) = match visit.form.text("action") {
        "role" => (Some(roles::chosen(&visit.form)?), None),
        "disable" => {
            agreed(&visit.form, "disable")?;
            (None, Some(true))
        }
        "enable" => (None, Some(false)),
        "remove_profile" => {
            agreed(&visit.form, "remove_profile")?;
            (None, None)
        }
        _ => return Err(Problem::new(Code::MalformedRequest, "The form has no known button.")),
    };
    let user = people::change(cx, &visit.caller, &id, role, disabled).await?;
    if (role, disabled) != (None, None) {
        return Ok((user, Done::PersonChanged));
    }
    publishing::remove_profile(cx, &visit.caller, &user).await?;
    Ok((user, Done::PublicProfileRemoved))
}

async fn view(cx: &Context, visit: &Visit, problem: Option<Problem>) -> Result<Response, Problem> {
    let account = cx.store.users().get(&visit.id("user_id")?).await?;
    let account = account.ok_or_else(|| Problem::not_found("user"))?;
    let user = &account.user;
    let public = publishing::profile(cx, user).await?;
    let is_self = user.id == visit.caller.user.id;
    let main = html! {
        a.back href="/desk/people" { "All people" }
        (parts::head(user.name.as_str(), Some(user.email.as_str()), None))
        @if let Some(problem) = &problem { (parts::problem(problem)) }
        (facts(cx, &account))
        (role(visit, user, problem.as_ref()))
        (state(visit, user, is_self, problem.as_ref()))
        @if !public.is_empty() { (profile(visit, user, &public, problem.as_ref())) }
    };
    let frame = Sheet::new(user.name.as_str(), Section::People);
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}

fn facts(cx: &Context, account: &UserItem) -> Markup {
    let user = &account.user;
    let without = if account.passkeys.is_empty() { "" } else { "a passkey, or " };
    let with = if user.two_factor {
        "a password and one-time codes"
    } else {
        "a password or a mailed link or code"
    };
    html! {
        section.sheet {
            dl.facts.padded {
                div { dt { "Joined" } dd { (parts::time(&parts::Now::of(cx), user.created_at)) } }
                div { dt { "Signs in with" } dd { (without) (with) } }
                div { dt { "State" } dd { @if user.disabled { (parts::badge(Tone::Failed, "disabled")) } @else { "active" } } }
                div { dt { "Activity" } dd { a href={ "/desk/activity?person=" (user.id) } { "What this account did, and what was done to it" } } }
            }
        }
    }
}

fn role(visit: &Visit, user: &User, problem: Option<&Problem>) -> Markup {
    let chosen = visit.form.get("role").unwrap_or(user.role.as_str());
    html! {
        section.sheet {
            header { h2 { "Role" } }
            form.form.padded method="post" action={ "/desk/people/" (user.id) } {
                (parts::token(visit))
                (parts::field(Field { name: "role", label: "What this person may do", value: chosen, kind: Kind::Listed(&roles::CHOICES), required: true, fault: parts::fault(problem, "role"), ..Field::default() }))
                p.quiet.small { "A new role takes effect with their next click. Their schedules end if the new role may not publish." }
                button.button.go type="submit" name="action" value="role" { "Change role" }
            }
        }
    }
}

fn state(visit: &Visit, user: &User, is_self: bool, problem: Option<&Problem>) -> Markup {
    let fault = parts::fault(problem, "disable");
    html! {
        section.sheet {
            header { h2 { @if user.disabled { "Enable the account" } @else { "Disable the account" } } }
            form.form.padded method="post" action={ "/desk/people/" (user.id) } {
                (parts::token(visit))
                @if user.disabled {
                    p.quiet { "They can sign in again, and their API keys work again." }
                    button.button type="submit" name="action" value="enable" { "Enable account" }
                } @else {
                    p.quiet { "They are signed out everywhere, and their API keys and apps stop working. Their posts stay." @if is_self { " This is your own account." } }
                    (parts::agree("disable", "Sign them out everywhere and disable the account", fault))
                    button.button.risk type="submit" name="action" value="disable" { "Disable account" }
                }
            }
        }
    }
}

fn profile(visit: &Visit, user: &User, profile: &Profile, problem: Option<&Problem>) -> Markup {
    let fault = parts::fault(problem, "remove_profile");
    html! {
        section.sheet {
            header { h2 { "Public profile" } }
            form.form.padded method="post" action={ "/desk/people/" (user.id) } {
                (parts::token(visit))
                dl.facts {
                    @if let Some(bio) = &profile.bio { div { dt { "About" } dd { (bio) } } }
                    @if let Some(picture) = &profile.picture {
                        div { dt { "Picture" } dd { a href={ "/desk/media/" (picture.id) } { "In the library" } } }
                    }
                    @for link in &profile.links { div { dt { (link.label) } dd { (link.url) } } }
                }
                p.quiet { "Readers see it with their published posts. Their name stays when it is removed. Authors can write another one, unless the account is disabled." }
                (parts::agree("remove_profile", "Remove it for all readers", fault))
                button.button.risk type="submit" name="action" value="remove_profile" { "Remove the public profile" }
            }
        }
    }
}
