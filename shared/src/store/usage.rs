//! What users take from the agent's model, in tokens and by month: an item per user, and one for all.
//!
//! Before a request to the model, the most that it may take is taken from the budgets, on the condition
//! that it is left; afterwards what it did not take is given back. So turns that run at once never take
//! more than there is. The turn notes what is reserved for it. Who takes the note away settles it, in the same
//! transaction: the runner, or who finds the turn when its process is gone.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::transact::{Condition, ConditionFailed};
use super::{List, Store, StoreError, Write, WriteError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::{ResponseId, Time, TurnStatus, TurnUsage, UserId};
use crate::permission::Table::Agent;

/// What a request to the model may take at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Whose budget.
    pub user: UserId,
    /// The month, as `2026-11`.
    pub month: String,
    /// The tokens.
    pub tokens: u64,
    /// The user's budget for a month; `None` without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_budget: Option<u64>,
    /// The budget of all together; `None` without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_budget: Option<u64>,
}

/// What became of a reservation.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// What was reserved.
    pub reservation: Reservation,
    /// What was taken.
    pub used: TurnUsage,
}

/// Why tokens are not reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// A budget does not have them.
    NoBudget,
    /// The turn is not its runner's any more.
    Lost,
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
    /// The writes that take a reservation from the budgets: the user's, and that of all if there is one. Without
    /// it, turns of different users write to no common item before they are settled.
    pub(super) fn reserve(
        self,
        reservation: &Reservation,
    ) -> Result<(Write, Option<Write>), StoreError> {
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
        let of_user = take(user_budget)?.write(self.0, Agent, &keys::usage(user, month));
        let of_site = match site_budget {
            Some(_) => Some(take(site_budget)?.write(self.0, Agent, &keys::usage_of_site(month))),
            None => None,
        };
        Ok((of_user, of_site))
    }

    /// Reserves tokens for a further request of a turn, and notes them with it. Its conversation has to name it
    /// still: a turn that was deleted with its account must not count what nobody deletes any more.
    pub async fn take(
        self,
        reservation: &Reservation,
        turn: &ResponseId,
    ) -> Result<(), WriteError<NotTaken>> {
        let (of_user, of_site) = self.reserve(reservation)?;
        let named = Condition::new("#turn = :turn")
            .naming("#turn", "turn")
            .with(":turn", AttributeValue::S(turn.to_string()));
        let head = keys::conversation(&turn.conversation());
        let note = Change::new()
            .set("reservation", reservation)?
            .only_if("status", &TurnStatus::InProgress)?
            .write(self.0, Agent, &keys::turn(turn));
        let mut writes = vec![Write::check_that(self.0, Agent, &head, named), note, of_user];
        writes.extend(of_site);
        let reason = |failed: ConditionFailed| match failed.at(0) || failed.at(1) {
            true => NotTaken::Lost,
            false => NotTaken::NoBudget,
        };
        self.0.transact(writes, reason).await
    }

    /// Settles a request of a turn: gives back what it did not take, and counts what it did. Once: what somebody else
    /// has settled stays as it is.
    pub async fn settle(
        self,
        turn: &ResponseId,
        settlement: &Settlement,
    ) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Noted {
            reservation: Option<Reservation>,
        }
        let note = Change::new()
            .remove("reservation")
            .only_if("reservation", &settlement.reservation)?
            .write(self.0, Agent, &keys::turn(turn));
        let [of_user, of_site] = self.counts(settlement);
        if self.0.commit_patiently(vec![note, of_user, of_site]).await? {
            return Ok(());
        }
        let turn: Option<Noted> = self.0.get(Agent, &keys::turn(turn)).await?;
        if turn.is_some_and(|turn| turn.reservation.as_ref() != Some(&settlement.reservation)) {
            return Ok(());
        }
        // The turn is gone with its conversation. The user's count is gone, and stays so, if the account is.
        let [of_user, of_site] = self.counts(settlement);
        if !self.0.commit_patiently(vec![of_user, of_site.clone()]).await? {
            self.0.commit_patiently(vec![of_site]).await?;
        }
        Ok(())
    }

    /// The writes that count what was taken instead of what was reserved: for the user, and for all.
    pub(super) fn counts(self, settlement: &Settlement) -> [Write; 2] {
        let Settlement { reservation, used } = settlement;
        let Reservation { user, month, tokens, site_budget, .. } = reservation;
        let change = |reserved: u64| {
            Change::new()
                .add("taken", signed(used.total()).saturating_sub(signed(reserved)))
                .add("input", signed(used.input))
                .add("output", signed(used.output))
        };
        let reserved = if site_budget.is_some() { *tokens } else { 0 };
        let of_user = change(*tokens).write(self.0, Agent, &keys::usage(user, month));
        let of_site = change(reserved).or_create();
        [of_user, of_site.write(self.0, Agent, &keys::usage_of_site(month))]
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
