//! What ends in a mail: the answer that is the same whatever the address is, and notices.

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
    /// 202, in the words that fit every case.
    #[must_use]
    pub fn new() -> Accepted<Self> {
        let message = "Check your mailbox: if there is something to do, a mail is on its way.";
        Accepted(Self { message: message.to_owned() })
    }
}

/// Word to the owner of an account of what was done to it.
pub(crate) fn notice(cx: &Context, user: &User, notice: Notice) -> OutboxItem {
    let message = Message::Notice { name: user.name.clone(), notice };
    OutboxItem::new(cx.clock.now(), user.email.clone(), message)
}
