//! Asking for a link to sign in with. The work is the same for every address: the worker that writes the mail looks
//! up the account.

use super::limits::{self, MailKind};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::Email;
use crate::model::audit::{AuditEntry, Event};
use crate::store::outbox::{Message, OutboxItem};

/// Sends a link to sign in with, if the address has an account.
///
/// # Errors
/// 429 after too many mails to the address.
pub async fn request_link(cx: &Context, email: Email) -> Result<(), Problem> {
    limits::acquire_mail(cx, MailKind::SignIn, &email).await?;
    let entry = AuditEntry::new(cx, Event::SignInLinkRequested).about(limits::address(&email));
    let mail = OutboxItem::new(cx.clock.now(), email, Message::SignInLink);
    cx.store.outbox().create(&mail).await?;
    entry.record(cx).await;
    Ok(())
}
