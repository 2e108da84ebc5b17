//! The rights that the rules need, for the endpoints and tools that call them.

use crate::endpoint::{Action, Grant, Table};
use crate::store::keys;

/// To save: heads, revisions, proposals and slugs are read and written, new tags made.
pub const SAVE: Grant = Grant::Table(
    Table::Content,
    &[
        Action::BatchGetItem,
        Action::DeleteItem,
        Action::GetItem,
        Action::PutItem,
        Action::UpdateItem,
    ],
);

/// To save a text that names tags, beyond [`SAVE`]: a tag is looked for by its name.
pub const NAME_TAGS: Grant = Grant::Items(Table::Content, keys::TAGS, &[Action::Query]);

/// To change what is live: beyond [`SAVE`], tags are held to be as they were read.
pub const PUBLISH: Grant = Grant::Table(
    Table::Content,
    &[
        Action::BatchGetItem,
        Action::ConditionCheckItem,
        Action::DeleteItem,
        Action::GetItem,
        Action::PutItem,
        Action::UpdateItem,
    ],
);
