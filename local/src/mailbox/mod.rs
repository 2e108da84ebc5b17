//! The mailbox: every mail that Byline sent on this machine, in memory and, with a data folder, as one
//! JSON line each.

mod mail;
mod page;

pub use mail::StoredMail;
pub(crate) use page::{HTML_MAIL_POLICY, HTML_PATH, PATH, content_security_policy};

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use byline_shared::model::{Time, Zone};
use tokio::sync::Notify;

use mail::link_finder;

/// All mails so far.
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
    /// Opens the mailbox of a data folder.
    ///
    /// # Errors
    /// If its file cannot be read or written.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        let mut file = crate::files::append(&folder.join("mail.jsonl"))?;
        // A crash may have cut off the last line. SES never confirmed that mail, so it is sent again.
        let lines = BufReader::new(&file).lines().map_while(Result::ok);
        let mails = lines.filter_map(|line| serde_json::from_str(&line).ok()).collect();
        // Ends such a line, so that the next mail begins a new one.
        file.write_all(b"\n")?;
        let inner = Arc::new(Mutex::new(Inner { mails, file: Some(file) }));
        Ok(Self { inner, arrived: Arc::default() })
    }

    /// Stores a mail.
    ///
    /// # Errors
    /// If it cannot be written to the data folder. The mailbox does not have it then.
    pub fn deliver(
        &self,
        to: String,
        subject: String,
        [text, html]: [String; 2],
        sent_at: Time,
    ) -> std::io::Result<()> {
        let links = link_finder().links(&text).map(|link| link.as_str().to_owned()).collect();
        let mail = StoredMail { to, subject, text, html, links, sent_at };
        let mut inner = self.lock();
        if let Some(file) = &mut inner.file {
            let mut line = serde_json::to_vec(&mail)?;
            line.push(b'\n');
            file.write_all(&line)?;
        }
        inner.mails.push(mail);
        self.arrived.notify_waiters();
        Ok(())
    }

    /// The newest mail to an e-mail address. Waits until there is one.
    pub async fn mail_to(&self, address: &str) -> StoredMail {
        self.mail_about(address, "").await
    }

    /// The newest mail to an e-mail address with a subject that begins with `subject`. Waits until there
    /// is one.
    pub async fn mail_about(&self, address: &str, subject: &str) -> StoredMail {
        let matches = |mail: &StoredMail| mail.to == address && mail.subject.starts_with(subject);
        loop {
            // Listens before it looks, so that no arrival is missed in between.
            let arrival = self.arrived.notified();
            let mut arrival = std::pin::pin!(arrival);
            arrival.as_mut().enable();
            if let Some(mail) = self.mails().into_iter().find(matches) {
                return mail;
            }
            arrival.await;
        }
    }

    /// All mails, newest first.
    #[must_use]
    pub fn mails(&self) -> Vec<StoredMail> {
        self.lock().mails.iter().rev().cloned().collect()
    }

    /// The mailbox as an HTML page of the Byline at this URL, by the clocks of this zone.
    #[must_use]
    pub(crate) fn page(&self, public_url: &str, zone: &Zone) -> String {
        page::render(&self.mails(), public_url, zone)
    }

    /// One mail as HTML, by its number.
    #[must_use]
    pub(crate) fn html(&self, number: usize) -> Option<String> {
        self.lock().mails.get(number).map(|mail| mail.html.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
