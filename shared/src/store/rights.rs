//! The rights that a write rests on: it happens only while their accounts have them. A role that was read a moment
//! ago may be gone when the write arrives.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::transact::{Condition, ConditionFailed};
use super::{Store, Write, WriteError, keys};
use crate::http::problem::{Code, Problem};
use crate::model::{Role, User, UserId};
use crate::permission::Table::{Content, Identity};

/// A right of an account, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// The account. One that is disabled has no right.
    pub user_id: UserId,
    /// The lowest role that has the right.
    pub at_least: Role,
    /// Whether it is the right of authors to publish their own posts, which the settings give.
    pub by_setting: bool,
}

impl Right {
    /// What a user's role lets them do with posts: as an editor with all, as an author with their own.
    #[must_use]
    pub fn of(user: &User) -> Self {
        let at_least = user.role.min(Role::Editor);
        Self { user_id: user.id.clone(), at_least, by_setting: false }
    }

    /// What admins alone may do.
    #[must_use]
    pub fn of_admin(user_id: &UserId) -> Self {
        Self { user_id: user_id.clone(), at_least: Role::Admin, by_setting: false }
    }
}

/// An account has no longer a right that a write rests on. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RightLost;

/// Whether a write that rests on a right happened: `false` if another of its conditions failed.
pub type Held = Result<bool, WriteError<RightLost>>;

impl From<RightLost> for Problem {
    fn from(_: RightLost) -> Self {
        let detail = "The account lost the right to do this while the request was under way: it was disabled or \
                      deleted, its role was changed, or authors may no longer publish.";
        Self::new(Code::Forbidden, detail)
    }
}

impl From<WriteError<RightLost>> for Problem {
    fn from(error: WriteError<RightLost>) -> Self {
        match error {
            WriteError::Conflict(lost) => lost.into(),
            WriteError::Store(error) => error.into(),
        }
    }
}

impl Store {
    /// The conditions that accounts have these rights. Each is looked at once, as a transaction takes no item twice.
    pub(super) fn checks_of(&self, rights: &[Right]) -> Vec<Write> {
        let mut accounts: BTreeMap<&UserId, Role> = BTreeMap::new();
        for Right { user_id, at_least, .. } in rights {
            let role = accounts.entry(user_id).or_insert(*at_least);
            *role = (*role).max(*at_least);
        }
        let check =
            |(id, at_least)| Write::check_that(self, Identity, &keys::user(id), enabled(at_least));
        let mut checks: Vec<Write> = accounts.into_iter().map(check).collect();
        if rights.iter().any(|right| right.by_setting) {
            let on =
                Condition::new("author_publishing = :yes").with(":yes", AttributeValue::Bool(true));
            checks.push(Write::check_that(self, Content, &keys::settings(), on));
        }
        checks
    }

    /// Does all of `writes` or none, by this right.
    pub(super) async fn commit_by(&self, right: &Right, mut writes: Vec<Write>) -> Held {
        let own = writes.len();
        writes.extend(self.checks_of(std::slice::from_ref(right)));
        let is_own = |failed: ConditionFailed| (0..own).any(|place| failed.at(place));
        match self.transact(writes, is_own).await {
            Ok(()) => Ok(true),
            Err(WriteError::Conflict(true)) => Ok(false),
            Err(WriteError::Conflict(false)) => Err(WriteError::Conflict(RightLost)),
            Err(WriteError::Store(error)) => Err(error.into()),
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
