//! The mails that were "sent": kept in memory, and in the data folder as one JSON line each.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use byline_shared::model::Time;
use linkify::{LinkFinder, LinkKind};
use maud::{DOCTYPE, html};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

/// A mail as the mailbox shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMail {
    /// The recipient.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// Every link in the text.
    pub links: Vec<String>,
    /// When it was sent.
    pub sent_at: Time,
}

/// Every mail so far.
#[derive(Clone, Default)]
pub struct Mailbox {
    inner: Arc<Mutex<Inner>>,
    arrived: Arc<Notify>,
}

#[derive(Default)]
struct Inner {
    mails: Vec<StoredMail>,
    file: Option<File>,
}

impl Mailbox {
    /// The mailbox of a data folder.
    ///
    /// # Errors
    /// Where its file cannot be opened.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        let mut file = crate::files::append(&folder.join("mail.jsonl"))?;
        // A line that a crash cut off is no mail; SES was never told that it arrived.
        let lines = BufReader::new(&file).lines().map_while(Result::ok);
        let mails = lines.filter_map(|line| serde_json::from_str(&line).ok()).collect();
        // What comes next does not continue such a line.
        file.write_all(b"\n")?;
        let inner = Arc::new(Mutex::new(Inner { mails, file: Some(file) }));
        Ok(Self { inner, arrived: Arc::default() })
    }

    /// Takes a mail in.
    ///
    /// # Errors
    /// Where it cannot be written to the data folder; it is not in the mailbox then.
    pub fn deliver(
        &self,
        to: String,
        subject: String,
        text: String,
        sent_at: Time,
    ) -> std::io::Result<()> {
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]);
        let links = finder.links(&text).map(|link| link.as_str().to_owned()).collect();
        let mail = StoredMail { to, subject, text, links, sent_at };
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &mut inner.file {
            let mut line = serde_json::to_vec(&mail)?;
            line.push(b'\n');
            file.write_all(&line)?;
        }
        inner.mails.push(mail);
        self.arrived.notify_waiters();
        Ok(())
    }

    /// The newest mail to an address, as soon as there is one.
    pub async fn mail_to(&self, address: &str) -> StoredMail {
        self.mail_about(address, "").await
    }

    /// The newest mail to an address whose subject begins so, as soon as there is one.
    pub async fn mail_about(&self, address: &str, subject: &str) -> StoredMail {
        let fits = |mail: &StoredMail| mail.to == address && mail.subject.starts_with(subject);
        loop {
            // Listening begins before the look, so that no arrival falls between the two.
            let arrival = self.arrived.notified();
            let mut arrival = std::pin::pin!(arrival);
            arrival.as_mut().enable();
            if let Some(mail) = self.mails().into_iter().find(fits) {
                return mail;
            }
            arrival.await;
        }
    }

    /// Every mail, newest first.
    #[must_use]
    pub fn mails(&self) -> Vec<StoredMail> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.mails.iter().rev().cloned().collect()
    }

    /// The mailbox as a page.
    #[must_use]
    pub(crate) fn page(&self) -> String {
        let mails = self.mails();
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { "Mailbox" }
                }
                body {
                    h1 { "Mailbox" }
                    p { "Mails that Byline sent on this machine. None has left it." }
                    @if mails.is_empty() { p { "There is none yet." } }
                    @for mail in &mails {
                        article {
                            h2 { (mail.subject) }
                            p { "To " (mail.to) ", " time datetime=(mail.sent_at) { (mail.sent_at) } }
                            pre { (mail.text) }
                            @for link in &mail.links { p { a href=(link) { (link) } } }
                        }
                    }
                }
            }
        };
        page.into_string()
    }
}
