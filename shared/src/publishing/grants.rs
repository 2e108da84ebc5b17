//! The rights that the rules need, for the endpoints and tools that call them.

use crate::endpoint::{Action, Grant, Table};

/// To save: heads, revisions, proposals and slugs are read and written, tags looked for by name and
/// made where they are new.
pub const SAVE: Grant = Grant::Table(
    Table::Content,
    &[
        Action::BatchGetItem,
        Action::DeleteItem,
        Action::GetItem,
        Action::PutItem,
        Action::Query,
        Action::UpdateItem,
    ],
);

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
