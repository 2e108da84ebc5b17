//! What users take from the agent's model, in tokens and by month: an item per user, and one for all.
//!
//! Before a request to the model, the most that it may take is taken from the budgets, on the condition
//! that it is left; afterwards what it did not take is given back. So turns that run at once never take
//! more than there is. What a process takes and never settles stays taken: the model may have been paid.

use serde::Deserialize;

use super::change::Change;
use super::{List, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::model::{Time, TurnUsage, UserId};
use crate::permission::Table::Agent;

/// What a request to the model may take at most.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// Whose budget.
    pub user: UserId,
    /// The month, as `2026-11`.
    pub month: String,
    /// The tokens.
    pub tokens: u64,
    /// The user's budget for a month; `None` without one.
    pub user_budget: Option<u64>,
    /// The budget of all together; `None` without one.
    pub site_budget: Option<u64>,
}

/// What became of a reservation.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Whose budget.
    pub user: UserId,
    /// The month of the reservation.
    pub month: String,
    /// What was reserved.
    pub reserved: u64,
    /// What was taken.
    pub used: TurnUsage,
}

/// What was taken in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Taken {
    /// What counts against the budget: what was used, and what is reserved.
    #[serde(default)]
    pub taken: i64,
    /// The tokens of requests.
    #[serde(default)]
    pub input: u64,
    /// The tokens of answers.
    #[serde(default)]
    pub output: u64,
}

/// The month of a time, in UTC.
#[must_use]
pub fn month(time: Time) -> String {
    time.to_string().chars().take(7).collect()
}

/// What users take.
#[derive(Clone, Copy, Debug)]
pub struct Usages<'a>(pub(super) &'a Store);

impl Usages<'_> {
    /// The writes that take a reservation from the budgets: the user's, then that of all.
    pub(super) fn reserve(self, reservation: &Reservation) -> Result<[Write; 2], StoreError> {
        let Reservation { user, month, tokens, user_budget, site_budget } = reservation;
        let take = |budget: &Option<u64>| {
            let change = Change::new().or_create().add("taken", signed(*tokens));
            match budget {
                // More than the whole budget has is refused, also where nothing was taken yet.
                Some(budget) => change
                    .only_where(match budget >= tokens {
                        true => "attribute_not_exists(#taken) OR #taken <= :room",
                        false => "#taken <= :room",
                    })
                    .with(":room", &signed(*budget).saturating_sub(signed(*tokens))),
                None => Ok(change),
            }
        };
        Ok([
            take(user_budget)?.write(self.0, Agent, &keys::usage(user, month)),
            take(site_budget)?.write(self.0, Agent, &keys::usage_of_site(month)),
        ])
    }

    /// Reserves tokens for a further request. `false` if a budget does not have them.
    pub async fn take(self, reservation: &Reservation) -> Result<bool, StoreError> {
        self.0.commit(self.reserve(reservation)?.to_vec()).await
    }

    /// Settles a request: gives back what it did not take, and counts what it did.
    pub async fn settle(self, settlement: &Settlement) -> Result<(), StoreError> {
        let Settlement { user, month, reserved, used } = settlement;
        let change = Change::new()
            .add("taken", signed(used.total()).saturating_sub(signed(*reserved)))
            .add("input", signed(used.input))
            .add("output", signed(used.output));
        // One by one: the user's is gone, and stays so, if the account was deleted meanwhile.
        for key in [keys::usage(user, month), keys::usage_of_site(month)] {
            self.0.commit(vec![change.clone().write(self.0, Agent, &key)]).await?;
        }
        Ok(())
    }

    /// What a user took in a month, and what all together took.
    pub async fn of(self, user: &UserId, month: &str) -> Result<(Taken, Taken), StoreError> {
        let keys = [keys::usage(user, month), keys::usage_of_site(month)];
        let (own, all) = self.0.get_both(Agent, keys).await?;
        Ok((own.unwrap_or_default(), all.unwrap_or_default()))
    }

    /// Deletes what a deleted account took. Safe to repeat.
    pub async fn forget(self, user: &UserId) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Month {
            sk: String,
        }
        let months = List::from_table(Agent, keys::usage_of(user)).up_to_date();
        let first = PageParams { limit: 100, cursor: None };
        loop {
            let page: Page<Month> = self.0.page(&months, &first).await?;
            for month in &page.items {
                self.0.delete(Agent, &keys::usage(user, &month.sk)).await?;
            }
            if page.next_cursor.is_none() {
                return Ok(());
            }
        }
    }
}

/// DynamoDB adds signed numbers. Tokens are never as many.
fn signed(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}
