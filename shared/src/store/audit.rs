//! The audit log, in `content`: security events, each written once and never changed.

use serde::{Deserialize, Serialize};

use super::{List, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::audit::AuditEntry;
use crate::permission::Table::Content;

/// An entry as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(flatten)]
    entry: std::borrow::Cow<'a, AuditEntry>,
    /// When DynamoDB removes it, in seconds since 1970.
    ttl: i64,
}

/// How long an entry is kept, in seconds: 400 days.
const RETENTION: i64 = 400 * 24 * 3600;

impl Store {
    /// Writes an entry.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.put_new(Content, &keys::audit(&entry.id), &stored(entry)).await.map(drop)
    }

    /// An entry as part of the transaction that it speaks of.
    pub(super) fn audit_write(&self, entry: &AuditEntry) -> Result<Write, StoreError> {
        Write::put_new(self, Content, &keys::audit(&entry.id), &stored(entry))
    }

    /// The log, newest first.
    ///
    /// # Errors
    /// As any list.
    pub async fn audit_log(&self, params: &PageParams) -> Result<Page<AuditEntry>, Problem> {
        self.page(&List::of_table(Content, keys::AUDIT), params).await
    }
}

fn stored(entry: &AuditEntry) -> Stored<'_> {
    let ttl = entry.at.plus_seconds(RETENTION).as_seconds();
    Stored { entry: std::borrow::Cow::Borrowed(entry), ttl }
}
