//! A mail in the mailbox, and the links in its text.

use byline_shared::model::Time;
use linkify::{LinkFinder, LinkKind};
use serde::{Deserialize, Serialize};

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMail {
    /// The recipient's e-mail address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    #[serde(default)]
    pub html: String,
    /// Every link in the text.
    pub links: Vec<String>,
    /// When it was sent.
    pub sent_at: Time,
}

/// Finds URLs in a text.
pub(super) fn link_finder() -> LinkFinder {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    finder
}
