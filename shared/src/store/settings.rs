//! The publication's settings, in `content`.

use super::transact::Condition;
use super::{Store, StoreError, Write, item, keys};
use crate::model::Settings;
use crate::model::audit::AuditEntry;
use crate::permission::Table::Content;

use aws_sdk_dynamodb::types::AttributeValue;

impl Store {
    /// The settings, where any were ever made.
    ///
    /// # Errors
    /// As any call.
    pub async fn settings(&self) -> Result<Option<Settings>, StoreError> {
        self.get_eventually(Content, &keys::settings()).await
    }

    /// The settings as they are this moment.
    ///
    /// # Errors
    /// As any call.
    pub async fn settings_now(&self) -> Result<Option<Settings>, StoreError> {
        self.get(Content, &keys::settings()).await
    }

    /// Keeps other settings, if they still are at `version`; says whether they were.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_settings(
        &self,
        version: u64,
        settings: &Settings,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let condition = Condition::new("attribute_not_exists(pk) OR version = :version")
            .with(":version", AttributeValue::N(version.to_string()));
        let settings = item(&keys::settings(), settings)?;
        let put = Write::put_if(self, Content, settings, Some(condition));
        Ok(self.transact(vec![put, self.audit_write(entry)?]).await?.is_ok())
    }
}
