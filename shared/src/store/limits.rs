//! Rate limits, in `identity`: one number per limit and subject.
//!
//! The generic cell rate algorithm (GCRA): the number is the theoretical arrival time (TAT), when the
//! bucket will be empty again, in milliseconds since 1970. Each bucket is a partition of its own, so
//! that one subject cannot slow another down.

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde::Deserialize;

use super::{Store, StoreError, keys};
use crate::model::RateLimit;
use crate::model::{Subject, Time};
use crate::permission::Table::Identity;

/// How often a request is tried again after a concurrent one was counted first. A request that loses
/// more often is one of a crowd, and denied with it.
const ATTEMPTS: u32 = 8;

/// Whether a request is within its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It was counted.
    Allowed {
        /// When nothing is counted any more, if no other request comes.
        empty_at: Time,
    },
    /// Nothing is left.
    Denied {
        /// How long until the next one is allowed.
        retry_after: Duration,
    },
}

#[derive(Deserialize)]
struct Bucket {
    tat: i64,
}

/// The state of a bucket, as the caller last saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is counted any more. Also the guess of those who never saw it.
    Empty,
    /// Requests are counted.
    InUse,
}

/// The outcome of a conditional update of a bucket.
enum Update {
    /// The request was counted; the new TAT.
    Written(i64),
    /// The condition failed; the TAT of the bucket, if it exists.
    ConditionFailed(Option<i64>),
}

/// Buckets of the rate limits.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits<'a>(pub(super) &'a Store);

impl RateLimits<'_> {
    /// Counts a request, if it is within the limit. `guess` is the state that the bucket probably has: a
    /// wrong one costs another call.
    pub async fn acquire(
        self,
        limit: &RateLimit,
        subject: &Subject,
        guess: State,
        now: Time,
    ) -> Result<Decision, StoreError> {
        let (now, burst) = (now.as_millis(), limit.burst());
        let mut tat = match self.count(limit, subject, now, guess).await? {
            Update::Written(tat) => return Ok(allowed(tat)),
            Update::ConditionFailed(tat) => tat.unwrap_or(now),
        };
        for _ in 0..ATTEMPTS {
            if tat - now > burst {
                break;
            }
            let state = if tat > now { State::InUse } else { State::Empty };
            match self.count(limit, subject, now, state).await? {
                Update::Written(tat) => return Ok(allowed(tat)),
                Update::ConditionFailed(found) => tat = found.unwrap_or(now),
            }
        }
        let wait = (tat - burst - now).max(limit.emission_interval());
        let wait = u64::try_from(wait).unwrap_or_default();
        Ok(Decision::Denied { retry_after: Duration::from_millis(wait) })
    }

    /// Takes back a counted request that should not have counted.
    pub async fn refund(self, limit: &RateLimit, subject: &Subject) -> Result<(), StoreError> {
        let interval = AttributeValue::N(limit.emission_interval().to_string());
        let request = self
            .0
            .client
            .update_item()
            .table_name(self.0.table(Identity))
            .set_key(Some(keys::limit(limit.name, subject).attributes()))
            .update_expression("SET tat = tat - :interval")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":interval", interval);
        StoreError::unless_condition_failed(request.send().await).map(drop)
    }

    /// Adds one request to a bucket, if the bucket is in this state and has room.
    async fn count(
        self,
        limit: &RateLimit,
        subject: &Subject,
        now: i64,
        state: State,
    ) -> Result<Update, StoreError> {
        let number = |value: i64| AttributeValue::N(value.to_string());
        let (interval, burst) = (limit.emission_interval(), limit.burst());
        let (update, condition) = match state {
            State::Empty => {
                ("SET tat = :next, #ttl = :ttl", "attribute_not_exists(pk) OR tat <= :now")
            }
            State::InUse => {
                ("SET tat = tat + :interval, #ttl = :ttl", "tat > :now AND tat <= :latest")
            }
        };
        let latest = now + burst + interval;
        let request = self
            .0
            .client
            .update_item()
            .table_name(self.0.table(Identity))
            .set_key(Some(keys::limit(limit.name, subject).attributes()))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":ttl", number(latest / 1000 + 60))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let request = match state {
            State::Empty => request.expression_attribute_values(":next", number(now + interval)),
            State::InUse => request
                .expression_attribute_values(":interval", number(interval))
                .expression_attribute_values(":latest", number(now + burst)),
        };
        match request.send().await {
            Ok(answer) => {
                let bucket: Option<Bucket> = super::read(answer.attributes)?;
                Ok(Update::Written(bucket.map_or(now + interval, |bucket| bucket.tat)))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let bucket: Option<Bucket> = super::read(failed.item.clone())?;
                    Ok(Update::ConditionFailed(bucket.map(|bucket| bucket.tat)))
                }
                _ => Err(error.into()),
            },
        }
    }
}

fn allowed(tat: i64) -> Decision {
    Decision::Allowed { empty_at: Time::from_millis(tat) }
}
