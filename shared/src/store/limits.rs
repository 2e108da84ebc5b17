//! Rate limits, in `identity`: one number per policy and subject.
//!
//! The generic cell rate algorithm (GCRA): the number is the time at which the bucket will be empty
//! again. Each key is a partition of its own, so that one subject cannot slow another down.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde::Deserialize;

use super::{Store, StoreError, keys};
use crate::auth::limits::Policy;
use crate::endpoint::Table::Identity;
use crate::model::Time;

/// How often a taker starts over after another one was faster. Whoever fails more often is one of
/// a crowd, and refused with it.
const ATTEMPTS: u32 = 8;

/// What became of an attempt to take from a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Whether there was room.
    pub allowed: bool,
    /// How many more fit at this moment.
    pub remaining: u32,
    /// How long until the next one fits, in milliseconds.
    pub wait: i64,
}

#[derive(Deserialize)]
struct Bucket {
    empty_at: i64,
}

/// What a conditional write met.
enum Met {
    /// It held; the bucket is empty again at this time.
    Wrote(i64),
    /// It did not; the bucket as it stands.
    Found(Option<i64>),
}

/// Buckets of the rate limits.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits<'a>(pub(super) &'a Store);

impl RateLimits<'_> {
    /// Takes one from a bucket, if it has room.
    pub async fn acquire(
        self,
        policy: &Policy,
        subject: &str,
        now: Time,
    ) -> Result<Taken, StoreError> {
        let (now, gap, room) = (now.as_millis(), policy.gap(), policy.room());
        let mut full_until = match self.fill(policy, subject, now, false).await? {
            Met::Wrote(empty_at) => return Ok(allowed(policy, now, empty_at)),
            Met::Found(found) => found.unwrap_or(now),
        };
        for _ in 0..ATTEMPTS {
            if full_until - now > room {
                break;
            }
            match self.fill(policy, subject, now, full_until > now).await? {
                Met::Wrote(empty_at) => return Ok(allowed(policy, now, empty_at)),
                Met::Found(found) => full_until = found.unwrap_or(now),
            }
        }
        Ok(Taken { allowed: false, remaining: 0, wait: (full_until - room - now).max(gap) })
    }

    /// Gives back what an attempt took that turned out not to count.
    pub async fn refund(self, policy: &Policy, subject: &str) -> Result<(), StoreError> {
        let request = self
            .0
            .client
            .update_item()
            .table_name(self.0.table(Identity))
            .set_key(Some(keys::limit(policy.name, subject).attributes()))
            .update_expression("SET empty_at = empty_at - :gap")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":gap", AttributeValue::N(policy.gap().to_string()));
        StoreError::unless_condition_failed(request.send().await).map(drop)
    }

    /// Adds one: to an empty bucket, or to an occupied one that has room.
    async fn fill(
        self,
        policy: &Policy,
        subject: &str,
        now: i64,
        is_occupied: bool,
    ) -> Result<Met, StoreError> {
        let number = |value: i64| AttributeValue::N(value.to_string());
        let (update, condition) = match is_occupied {
            false => (
                "SET empty_at = :now_and_gap, #ttl = :ttl",
                "attribute_not_exists(pk) OR empty_at <= :now",
            ),
            true => (
                "SET empty_at = empty_at + :gap, #ttl = :ttl",
                "empty_at > :now AND empty_at <= :now_and_room",
            ),
        };
        let full = now + policy.room() + policy.gap();
        let request = self
            .0
            .client
            .update_item()
            .table_name(self.0.table(Identity))
            .set_key(Some(keys::limit(policy.name, subject).attributes()))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":ttl", number(full / 1000 + 60))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let request = match is_occupied {
            false => {
                request.expression_attribute_values(":now_and_gap", number(now + policy.gap()))
            }
            true => request
                .expression_attribute_values(":gap", number(policy.gap()))
                .expression_attribute_values(":now_and_room", number(now + policy.room())),
        };
        match request.send().await {
            Ok(answer) => {
                let bucket: Option<Bucket> = super::read(answer.attributes)?;
                Ok(Met::Wrote(bucket.map_or(now + policy.gap(), |bucket| bucket.empty_at)))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let bucket: Option<Bucket> = super::read(failed.item.clone())?;
                    Ok(Met::Found(bucket.map(|bucket| bucket.empty_at)))
                }
                _ => Err(error.into()),
            },
        }
    }
}

fn allowed(policy: &Policy, now: i64, empty_at: i64) -> Taken {
    let left = (policy.room() + policy.gap() - (empty_at - now)) / policy.gap();
    let remaining = u32::try_from(left).unwrap_or(0);
    let wait = if remaining == 0 { empty_at - policy.room() - now } else { 0 };
    Taken { allowed: true, remaining, wait: wait.max(0) }
}
