//! The forms to decide. Each carries the tag of the review that the page shows.

use byline_shared::model::{Review, Scope, Zone};
use byline_shared::publishing::Reviewed;
use byline_shared::publishing::findings::must_be_confirmed;
use maud::{Markup, html};

use super::told::Told;
use crate::parts::{self, Field, Kind};
use crate::visit::Visit;
use crate::when;

/// What the pressed button says.
pub(crate) const PUBLISH: &str = "publish";
pub(crate) const APPROVE: &str = "approve";
pub(crate) const SCHEDULE: &str = "schedule";
pub(crate) const EDIT: &str = "edit";
pub(crate) const EDIT_AND_PUBLISH: &str = "edit-and-publish";
pub(crate) const SEND_BACK: &str = "send-back";
pub(crate) const WITHDRAW: &str = "withdraw";
pub(crate) const RESTORE: &str = "restore";

/// The field with the latest revision of the post that the page was made with.
pub(crate) const SEEN: &str = "seen";

/// All forms of a proposal that waits. Without `review`, it can only be sent back; while its post is in the
/// trash, only withdrawn.
pub(super) fn forms(
    visit: &Visit,
    action: &str,
    reviewed: &Reviewed,
    review: Option<&Review>,
    (told, zone): (&Told, &Zone),
) -> Markup {
    let by = &reviewed.proposal.summary.created_by;
    let is_own = by.kind.is_person() && by.user_id == visit.caller.user.id;
    html! {
        @if reviewed.proposal.post_trashed_at.is_some() {
            (in_trash(visit, action, reviewed))
        } @else if is_own && !visit.caller.may(Scope::PostsPublish) {
            // Their own approval would take it out of the list of those who may publish.
            (withdraw(visit, action))
        } @else {
            @if let Some(review) = review {
                (approve(visit, action, reviewed, review, (told, zone)))
                (edit(visit, action, reviewed, review, told))
            }
            (send_back(visit, action, reviewed, told))
        }
    }
}

/// Nothing is decided before the post is restored.
fn in_trash(visit: &Visit, action: &str, reviewed: &Reviewed) -> Markup {
    let summary = &reviewed.proposal.summary;
    let caller = &visit.caller;
    let may_withdraw =
        summary.created_by.user_id == caller.user.id || caller.may(Scope::PostsPublish);
    html! {
        form.decide method="post" action=(action) {
            (parts::token(visit))
            input type="hidden" name="post" value=(summary.post_id);
            @if caller.may(Scope::PostsDelete) {
                button.button.go type="submit" name="decision" value=(RESTORE) { "Restore the post" }
            }
            @if may_withdraw {
                button.button type="submit" name="decision" value=(WITHDRAW) { "Withdraw" }
            }
        }
    }
}

fn withdraw(visit: &Visit, action: &str) -> Markup {
    html! {
        form.decide method="post" action=(action) {
            (parts::token(visit))
            p { "An editor decides about this. You can go on writing, or withdraw it." }
            button.button.full type="submit" name="decision" value=(WITHDRAW) { "Withdraw" }
        }
    }
}

fn approve(
    visit: &Visit,
    action: &str,
    reviewed: &Reviewed,
    review: &Review,
    (told, zone): (&Told, &Zone),
) -> Markup {
    let may_publish = visit.caller.may(Scope::PostsPublish);
    let is_open = visit.form.text("decision") == SCHEDULE;
    html! {
        form.decide method="post" action=(action) {
            (begin(visit, review))
            (tick(reviewed, review, "yes", told))
            @if may_publish {
                button.button.go type="submit" name="decision" value=(PUBLISH) data-key="a" { "Approve and publish" }
                button.button type="submit" name="decision" value=(APPROVE) { "Approve" }
                details open[is_open] {
                    summary { "Approve and schedule" }
                    div.stack {
                        (when::fields(&visit.form, told.problem(), zone))
                        button.button.full type="submit" name="decision" value=(SCHEDULE) { "Approve and schedule" }
                    }
                }
            } @else {
                button.button.go type="submit" name="decision" value=(APPROVE) data-key="a" { "Approve" }
            }
        }
    }
}

/// The text in a form of its own: a button beside it sends no text that was changed by mistake.
fn edit(visit: &Visit, action: &str, reviewed: &Reviewed, review: &Review, told: &Told) -> Markup {
    let form = &visit.form;
    let is_open = form.has("body");
    // Corrections of an earlier text would undo what others wrote since.
    let is_stale = is_open && form.text("review") != review.etag;
    let sent = |name: &str| form.get(name).filter(|_| !is_stale);
    html! {
        form.decide method="post" action=(action) {
            (begin(visit, review))
            // Wide enough to write in, while it is open.
            details.edits open[is_open] {
                summary { "Approve with edits" }
                div.stack {
                    p.hint { "What you change becomes a text of yours on top of what is proposed." }
                    @if is_stale {
                        div.field {
                            label for="earlier" { "Your corrections of the earlier text" }
                            p.hint #earlier-hint { "The text has changed since you began. Copy from here what still fits." }
                            textarea.input #earlier rows="6" readonly aria-describedby="earlier-hint" { "\n" (form.text("body")) }
                        }
                    }
                    (parts::field(Field {
                        name: "title",
                        label: "Title",
                        value: sent("title").unwrap_or(reviewed.fields.title.as_str()),
                        hint: reviewed.slug_follows.then_some("The address follows it."),
                        required: true,
                        fault: parts::fault(told.problem(), "title"),
                        ..Field::default()
                    }))
                    (parts::field(Field {
                        name: "body",
                        label: "Text, in Markdown",
                        value: sent("body").unwrap_or(review.body.as_str()),
                        kind: Kind::Area(12),
                        fault: parts::fault(told.problem(), "body"),
                        ..Field::default()
                    }))
                    (tick(reviewed, review, "edits", told))
                    button.button.full type="submit" name="decision" value=(EDIT) { "Approve with edits" }
                    @if visit.caller.may(Scope::PostsPublish) {
                        button.button.full type="submit" name="decision" value=(EDIT_AND_PUBLISH) {
                            "Approve with edits and publish"
                        }
                    }
                }
            }
        }
    }
}

fn send_back(visit: &Visit, action: &str, reviewed: &Reviewed, told: &Told) -> Markup {
    let is_open = visit.form.has("reason");
    html! {
        form.decide method="post" action=(action) {
            (parts::token(visit))
            @if let Some(post) = &reviewed.post { input type="hidden" name=(SEEN) value=(post.revision_id); }
            (nothing_by_enter())
            details open[is_open] {
                summary data-key="r" data-key-label="Send back" { "Send back\u{2026}" }
                div.stack {
                    (parts::field(Field {
                        name: "reason",
                        label: "What should be different?",
                        value: visit.form.text("reason"),
                        hint: Some("Who proposed it reads this, and can propose it again."),
                        kind: Kind::Area(4),
                        required: true,
                        max: Some(2000),
                        fault: parts::fault(told.problem(), "reason"),
                    }))
                    button.button.full type="submit" name="decision" value=(SEND_BACK) { "Send back" }
                }
            }
        }
    }
}

/// What each form that approves begins with.
fn begin(visit: &Visit, review: &Review) -> Markup {
    html! {
        (parts::token(visit))
        input type="hidden" name="review" value=(review.etag);
        (nothing_by_enter())
    }
}

/// The button that the enter key presses in a field: none, or a date could publish.
fn nothing_by_enter() -> Markup {
    html! { button type="submit" disabled hidden {} }
}

/// The box that says that the findings were read, if there are some that want it.
fn tick(reviewed: &Reviewed, review: &Review, value: &str, told: &Told) -> Markup {
    let author = reviewed.proposal.summary.created_by.kind;
    let is_wanted = review.findings.iter().any(|it| must_be_confirmed(it, author));
    let fault = parts::fault(told.problem(), "confirmed");
    html! {
        @if is_wanted {
            div id=[(value == "yes").then_some("confirmed")] tabindex="-1" {
                (parts::tick("confirmed", value, "I have read what an eye would miss", None, false))
            }
            @if let Some(fault) = fault { p.fault { (fault) } }
        }
    }
}
