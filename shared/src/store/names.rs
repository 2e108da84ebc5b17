//! Names beside ids: who made a revision, decided a proposal or did what the audit log tells. They are
//! those of the time when it was written. When an account is deleted, its names are removed, and the
//! ids stay.

use aws_sdk_dynamodb::types::AttributeValue;

use super::keys::Key;
use super::{Store, StoreError};
use crate::permission::Table::Content;

/// Where an item names somebody: the path of the account's id, and those of the names beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    id: &'static str,
    names: &'static [&'static str],
}

/// Who made a revision or a proposal.
pub(super) const CREATED_BY: Named =
    Named { id: "created_by.user_id", names: &["created_by.user_name", "created_by.api_key_name"] };
/// Who approved a revision.
pub(super) const APPROVAL: Named = Named { id: "approval.by", names: &["approval.by_name"] };
/// Who decided a proposal.
pub(super) const DECISION: Named = Named { id: "decision.by", names: &["decision.by_name"] };
/// Who published or unpublished a post.
pub(super) const PUBLICATION_BY: Named =
    Named { id: "by.user_id", names: &["by.user_name", "by.api_key_name"] };
/// Who did what an entry of the audit log tells. What it was done to is theirs, or they have named it.
pub(super) const ACTOR: Named =
    Named { id: "actor", names: &["actor_name", "api_key_name", "subject_name"] };
/// Whose address an entry of the audit log has.
pub(super) const ADDRESS: Named = Named { id: "subject_name", names: &["subject_name"] };

impl Store {
    /// Removes the names beside the id of a user from an item of `content`, or their address. An item that
    /// is gone or that names somebody else stays as it is.
    pub(super) async fn forget(
        &self,
        key: &Key,
        named: Named,
        user: &str,
    ) -> Result<(), StoreError> {
        // `by` is a reserved word, and others may become one.
        let alias = |path: &str| {
            path.split('.').map(|part| format!("#{part}")).collect::<Vec<_>>().join(".")
        };
        let removed: Vec<String> = named.names.iter().map(|path| alias(path)).collect();
        let mut request = self
            .client
            .update_item()
            .table_name(self.table(Content))
            .set_key(Some(key.attributes()))
            .update_expression(format!("REMOVE {}", removed.join(", ")))
            .condition_expression(format!("{} = :user", alias(named.id)))
            .expression_attribute_values(":user", AttributeValue::S(user.to_owned()));
        for path in named.names.iter().chain([&named.id]) {
            for part in path.split('.') {
                request = request.expression_attribute_names(format!("#{part}"), part);
            }
        }
        StoreError::unless_condition_failed(request.send().await).map(drop)
    }
}
