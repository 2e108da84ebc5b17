//! The rights that a change of a post rests on: it is written only while their accounts have them.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::{Right, WriteConflict, Writes};
use crate::model::{Role, UserId};
use crate::permission::Table::{Content, Identity};
use crate::store::transact::Condition;
use crate::store::{Write, keys};

impl Writes<'_> {
    /// Holds the accounts to their rights. Each is looked at once, as a transaction takes no item twice.
    pub(super) fn hold(&mut self, rights: &[Right]) {
        let mut accounts: BTreeMap<&UserId, Role> = BTreeMap::new();
        for Right { user_id, at_least, .. } in rights {
            let role = accounts.entry(user_id).or_insert(*at_least);
            *role = (*role).max(*at_least);
        }
        for (id, at_least) in accounts {
            let key = keys::user(id);
            let check = Write::check_that(self.store, Identity, &key, enabled(at_least));
            self.push(check, WriteConflict::RightLost);
        }
        if rights.iter().any(|right| right.by_setting) {
            let on =
                Condition::new("author_publishing = :yes").with(":yes", AttributeValue::Bool(true));
            let check = Write::check_that(self.store, Content, &keys::settings(), on);
            self.push(check, WriteConflict::RightLost);
        }
    }
}

/// The condition on an account that it is not disabled, and has this role or a higher one.
fn enabled(at_least: Role) -> Condition {
    let roles = Role::ALL.into_iter().filter(|role| *role >= at_least);
    let roles: Vec<(String, &str)> =
        roles.map(|role| (format!(":{}", role.as_str()), role.as_str())).collect();
    let names: Vec<&str> = roles.iter().map(|(name, _)| name.as_str()).collect();
    let condition = format!("disabled = :no AND #role IN ({})", names.join(", "));
    let condition =
        Condition::new(condition).naming("#role", "role").with(":no", AttributeValue::Bool(false));
    let with = |condition: Condition, (name, role): &(String, &str)| {
        condition.with(name, AttributeValue::S((*role).to_owned()))
    };
    roles.iter().fold(condition, with)
}
