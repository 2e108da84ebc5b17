//! The names of tags, in `content`: where each leads.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::{SCHEMA_VERSION, Store, StoreError, Write, keys};
use crate::model::{Slug, TagId, TagName};
use crate::permission::Table::Content;

/// Where a name leads, and a tag's former names lead on to it. The entry counts while the tag that it
/// was written for stands under its slug or has moved from there, so removing a tag leaves it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagNameItem {
    /// The name as it was written.
    pub name: TagName,
    /// The slug that the tag had then.
    pub slug: Slug,
    /// Which tag that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<TagId>,
}

/// A change of where a name leads.
#[derive(Clone, Debug)]
pub struct NameWrite {
    /// The new entry.
    pub entry: TagNameItem,
    /// The entry as it was read; the write fails if it has changed since.
    pub read: Option<TagNameItem>,
}

impl NameWrite {
    /// The change as part of a transaction.
    pub(super) fn write(&self, store: &Store) -> Result<Write, StoreError> {
        let Self { entry, read } = self;
        let change = match read {
            None => Change::new().or_create().only_where("attribute_not_exists(pk)"),
            Some(read) => match &read.tag {
                Some(tag) => Change::new().only_if("slug", &read.slug)?.only_if("tag", tag)?,
                None => Change::new().only_if("slug", &read.slug)?.only_if_absent("tag"),
            },
        };
        let change = change.set("schema", &SCHEMA_VERSION)?.set("name", &entry.name)?;
        let change = change.set("slug", &entry.slug)?;
        let change = match &entry.tag {
            Some(tag) => change.set("tag", tag)?,
            None => change.remove("tag"),
        };
        Ok(change.write(store, Content, &keys::tag_name(&entry.name.folded())))
    }
}
