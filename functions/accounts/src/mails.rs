//! Responses and outbox items for e-mails.

use byline_shared::model::User;
use byline_shared::prelude::*;
use byline_shared::store::outbox::{Message, Notice, OutboxItem};

/// What happens next.
#[derive(Serialize, JsonSchema)]
pub struct MailSent {
    /// A sentence for the user.
    pub message: String,
}

impl Representation for MailSent {}

impl MailSent {
    /// 202 with the same text in every case, so that it does not reveal whether the account exists.
    #[must_use]
    pub fn new() -> Accepted<Self> {
        let message = "If the address can be used, an e-mail is on its way. Check your inbox.";
        Accepted(Self { message: message.to_owned() })
    }
}

/// A mail that tells the owner of an account about a change.
pub(crate) fn notice(cx: &Context, user: &User, notice: Notice) -> OutboxItem {
    let message = Message::Notice { name: user.name.clone(), notice };
    OutboxItem::new(cx.clock.now(), user.email.clone(), message)
}
