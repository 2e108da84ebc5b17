//! The rights that the rules need, for the endpoints and tools that call them.

use crate::permission::{Action, Permission, Table};
use crate::store::keys;

/// To save: heads, revisions, proposals and slugs are read and written, new tags made.
pub const SAVE: Permission = Permission::Table(
    Table::Content,
    &[
        Action::BatchGetItem,
        Action::DeleteItem,
        Action::GetItem,
        Action::PutItem,
        Action::UpdateItem,
    ],
);

/// To review what would go live: the text, what is live, tags and files are read.
pub const REVIEW: Permission =
    Permission::Table(Table::Content, &[Action::BatchGetItem, Action::GetItem]);

/// To tell in a review where the text comes from.
pub const HISTORY: Permission =
    Permission::Items(Table::Content, keys::POST_PREFIX, &[Action::Query]);

/// To change what is live: beyond [`SAVE`], tags are held to be as they were read.
pub const PUBLISH: Permission = Permission::Table(
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

/// To approve, publish and schedule: the accounts whose right it rests on are read, and held to have it in the
/// transaction itself. For the setting that gives it to authors, [`PUBLISH`] is enough.
pub const HOLD_RIGHTS: Permission = Permission::Items(
    Table::Identity,
    keys::USER_PREFIX,
    &[Action::ConditionCheckItem, Action::GetItem],
);

/// To see whether the person who approved a text may still publish, and what an author is called now.
pub const READ_APPROVER: Permission =
    Permission::Items(Table::Identity, keys::USER_PREFIX, &[Action::GetItem]);

/// To read the profile of an account.
pub const READ_PROFILE: Permission =
    Permission::Items(Table::Content, keys::AUTHORS, &[Action::GetItem]);

/// To change it: beyond [`READ_PROFILE`], the author's item is written, and a new picture read and held to be
/// there.
pub const CHANGE_PROFILE: [Permission; 2] = [
    Permission::Items(Table::Content, keys::AUTHORS, &[Action::GetItem, Action::UpdateItem]),
    Permission::Items(
        Table::Content,
        keys::MEDIA_PREFIX,
        &[Action::ConditionCheckItem, Action::GetItem],
    ),
];
