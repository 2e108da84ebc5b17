//! Counters of refused requests, in `identity` beside the rate limits: one item per subject and hour.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde::Deserialize;

use super::{Store, StoreError, keys, read};
use crate::model::{Subject, Time};
use crate::permission::Table::Identity;

/// The name of the counters among the buckets.
const NAME: &str = "refusals";

/// In seconds.
const HOUR: i64 = 3600;

#[derive(Deserialize)]
struct Counter {
    #[serde(rename = "count")]
    value: u64,
}

/// Counters of refused requests.
#[derive(Clone, Copy, Debug)]
pub struct Refusals<'a>(pub(super) &'a Store);

impl Refusals<'_> {
    /// Counts one, and returns how many there are in this hour, with it.
    pub async fn count(self, subject: &Subject, now: Time) -> Result<u64, StoreError> {
        let hour = now.as_seconds().div_euclid(HOUR);
        let ttl = AttributeValue::N(((hour + 2) * HOUR).to_string());
        let request = self.0.client.update_item().table_name(self.0.table(Identity));
        let answer = request
            .set_key(Some(keys::limit(NAME, &subject.within(hour)).attributes()))
            .update_expression("ADD #count :one SET #ttl = :ttl")
            .expression_attribute_names("#count", "count")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":ttl", ttl)
            .return_values(ReturnValue::AllNew)
            .send()
            .await?;
        let counter: Option<Counter> = read(answer.attributes)?;
        Ok(counter.map_or(1, |counter| counter.value))
    }
}
