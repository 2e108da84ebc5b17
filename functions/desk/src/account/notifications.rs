//! Which mails about proposals a person gets.

use byline_shared::auth::{limits, profile};
use byline_shared::model::{DecidedMails, NotificationChanges, Role, WaitingMails};
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::parts::{self, Field, Kind};
use crate::visit::Visit;

/// The value of the button that sends the choice.
pub(crate) const STEP: &str = "notifications";

const WAITING: [(&str, &str); 3] = [
    (WaitingMails::AtOnce.as_str(), "At once"),
    (WaitingMails::Daily.as_str(), "Once a day, if something waits"),
    (WaitingMails::Off.as_str(), "Never"),
];

const DECIDED: [(&str, &str); 2] =
    [(DecidedMails::AtOnce.as_str(), "At once"), (DecidedMails::Off.as_str(), "Never")];

/// Keeps what was chosen. A field that was not shown stays as it is.
///
/// # Errors
/// 422 for a choice that is none, 429.
pub(crate) async fn choose(cx: &Context, visit: &Visit) -> Result<(), Problem> {
    let waiting = chosen(visit, "waiting", &WaitingMails::ALL, WaitingMails::as_str)?;
    let decided = chosen(visit, "decided", &DecidedMails::ALL, DecidedMails::as_str)?;
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let mut user = visit.caller.user.clone();
    profile::choose_mails(cx, &mut user, NotificationChanges { waiting, decided }).await
}

fn chosen<T: Copy>(
    visit: &Visit,
    field: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<Option<T>, Problem> {
    let Some(value) = visit.form.get(field) else { return Ok(None) };
    let known = all.iter().copied().find(|known| name(*known) == value);
    let unknown = || Problem::invalid_field(field, "not_allowed", "Choose one of the list.");
    known.map(Some).ok_or_else(unknown)
}

/// The choices; none for somebody to whom nothing happens.
pub(crate) fn sheet(visit: &Visit, problem: Option<&Problem>) -> Markup {
    let user = &visit.caller.user;
    let (chosen, decides) = (user.mails(), user.role >= Role::Editor);
    let value = |field: &str, now: &'static str| visit.form.get(field).unwrap_or(now).to_owned();
    html! {
        @if user.role >= Role::Author {
            section.sheet #notifications {
                header { h2 { "Notifications" } }
                div.padded {
                    form.form method="post" action="/desk/account" {
                        (parts::token(visit))
                        @if decides {
                            (parts::field(Field {
                                name: "waiting",
                                label: "A mail when something waits for review",
                                value: &value("waiting", chosen.waiting.as_str()),
                                kind: Kind::Choice(&WAITING),
                                fault: parts::fault(problem, "waiting"),
                                ..Field::default()
                            }))
                        }
                        (parts::field(Field {
                            name: "decided",
                            label: "A mail when somebody decides on your proposals",
                            value: &value("decided", chosen.decided.as_str()),
                            hint: Some("Also on those of your agents. What you decide yourself sends no mail."),
                            kind: Kind::Choice(&DECIDED),
                            fault: parts::fault(problem, "decided"),
                            ..Field::default()
                        }))
                        div.row {
                            button.button type="submit" name="step" value=(STEP) { "Save the choice" }
                        }
                    }
                }
            }
        }
    }
}
