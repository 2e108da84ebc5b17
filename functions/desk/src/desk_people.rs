//! `/desk/people`: every account, newest first, and invitations.

use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::{Role, User};
use byline_shared::prelude::*;
use byline_shared::store::keys::{INVITATIONS, USER_PREFIX};
use byline_shared::store::users::UserSort;
use maud::{Markup, html};

use crate::invitations;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page;
use crate::parts::{self, Tone};
use crate::visit::Visit;

/// Shows all accounts.
struct People;

/// The operation.
pub const OPERATION: Operation = page::operation::<People>(module_path!());

/// The filters: their words in the query, and what they are called.
const FILTERS: [(&str, &str); 6] = [
    ("", "Everybody"),
    ("admin", "Admins"),
    ("editor", "Editors"),
    ("author", "Authors"),
    ("reader", "Readers"),
    ("disabled", "Disabled"),
];

impl page::Page for People {
    const NAME: &'static str = "desk-people";
    const PATH: &'static str = "/desk/people";
    const SUMMARY: &'static str = "Show all accounts";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Index(Identity, "gsi1"),
        Permission::Table(Identity, &[ConditionCheckItem, DeleteItem, GetItem, PutItem]),
        Permission::Items(Identity, INVITATIONS, &[Query]),
        Permission::Items(Identity, USER_PREFIX, &[BatchGetItem]),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const DONE: &'static [Done] = &[Done::Invited, Done::InvitationWithdrawn];

    type Needs = scope::Admin;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match invitations::act(cx, visit).await {
            Err(problem) if matches!(problem.code.status(), 409 | 422 | 429) => {
                view(cx, visit, Some(problem)).await
            }
            other => other,
        }
    }
}

async fn view(cx: &Context, visit: &Visit, problem: Option<Problem>) -> Result<Response, Problem> {
    let filter = visit.query.text("show");
    let role = Role::ALL.into_iter().find(|role| role.as_str() == filter);
    let disabled = (filter == "disabled").then_some(true);
    let page = PageParams { limit: 50, cursor: visit.query.get("cursor").map(str::to_owned) };
    let sort = UserSort::NewestFirst;
    let users = cx.store.users().list(&page, role, disabled, sort).await?;
    let invited = invitations::newest(cx).await?;
    let path = match filter {
        "" => "/desk/people".to_owned(),
        _ => format!("/desk/people?show={}", role.map_or("disabled", Role::as_str)),
    };
    // Where nobody else is yet, inviting is what to do next.
    let is_open = problem.is_some() || (filter.is_empty() && users.items.len() < 2);
    let main = html! {
        (parts::head("People", Some("Who may read, write, publish and manage here."), None))
        @if let Some(problem) = &problem { (parts::problem(problem)) }
        (invitations::form(cx, visit, is_open, problem.as_ref()))
        (invitations::waiting(cx, visit, &invited))
        ul.filters {
            @for (word, label) in FILTERS {
                li {
                    a href={ "/desk/people" @if !word.is_empty() { "?show=" (word) } }
                        aria-current=[(word == filter).then_some("true")] { (label) }
                }
            }
        }
        @if users.items.is_empty() && users.next_cursor.is_none() {
            (parts::empty("Nobody here", "No account is like this. Choose another filter.", None))
        } @else {
            section.sheet {
                ul.list { @for user in &users.items { (entry(cx, user)) } }
            }
        }
        (parts::pager(&path, users.next_cursor.as_deref()))
    };
    let frame = Sheet::new("People", Section::People);
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}

fn entry(cx: &Context, user: &User) -> Markup {
    html! {
        li {
            div.main {
                a.main-link.name href={ "/desk/people/" (user.id) } { (user.name) }
                p.quiet.small { (user.email) }
            }
            div.side { (parts::time(&parts::Now::of(cx), user.created_at)) }
            div.meta {
                (parts::badge(Tone::Plain, user.role.as_str()))
                @if user.disabled { (parts::badge(Tone::Failed, "disabled")) }
                @if user.two_factor { (parts::badge(Tone::Plain, "one-time codes")) }
            }
        }
    }
}
