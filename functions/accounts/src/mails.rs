//! The response of operations that send a mail.

use byline_shared::prelude::*;

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
