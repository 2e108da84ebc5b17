//! The settings of the publication, in `content`.

use super::propagation::PropagationJob;
use super::rights::{Held, Right};
use super::transact::Condition;
use super::{Store, StoreError, Write, item, keys};
use crate::model::audit::AuditEntry;
use crate::model::{Settings, UserId};
use crate::permission::Table::Content;

use aws_sdk_dynamodb::types::AttributeValue;

/// The settings of the publication.
#[derive(Clone, Copy, Debug)]
pub struct PublicationSettings<'a>(pub(super) &'a Store);

impl PublicationSettings<'_> {
    /// The settings, if they were ever changed; may be slightly out of date.
    pub async fn get(self) -> Result<Option<Settings>, StoreError> {
        self.0.get_eventually(Content, &keys::settings()).await
    }

    /// The settings, in a consistent read.
    pub async fn get_consistent(self) -> Result<Option<Settings>, StoreError> {
        self.0.get(Content, &keys::settings()).await
    }

    /// Replaces the settings if they are at `version` and `by` is an admin, with a job for what follows for
    /// posts. Returns `false` if they are not at `version`.
    pub async fn update(
        self,
        version: u64,
        settings: &Settings,
        job: Option<&PropagationJob>,
        by: &UserId,
        entry: &AuditEntry,
    ) -> Held {
        let condition = Condition::new("attribute_not_exists(pk) OR version = :version")
            .with(":version", AttributeValue::N(version.to_string()));
        let settings = item(&keys::settings(), settings)?;
        let put = Write::put_if(self.0, Content, settings, Some(condition));
        let mut writes = vec![put, self.0.audit_log().write(entry)?];
        if let Some(job) = job {
            writes.push(self.0.propagation_jobs().write(job)?);
        }
        self.0.commit_by(&Right::of_admin(by), writes).await
    }
}
