//! Workers: functions that no request calls.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use serde_json::Value;
use tracing::{Instrument, error, info};

use crate::context::Context;
use crate::endpoint::BoxFuture;
use crate::http::problem::Problem;
use crate::permission::{Permission, Table};
use crate::store::keys::Key;

/// A worker: when it runs, what it may touch, what it does.
#[derive(Clone, Copy)]
pub struct Worker {
    /// Its name, also the binary's and the function's.
    pub name: &'static str,
    /// The Rust module that holds it.
    pub module: &'static str,
    /// One sentence for the reader of the template.
    pub summary: &'static str,
    /// When it runs.
    pub trigger: Trigger,
    /// The rights it needs.
    pub permissions: &'static [Permission],
}

/// When a worker runs.
#[derive(Clone, Copy)]
pub enum Trigger {
    /// For each new item of a kind.
    NewItems(NewItems),
    /// Every so many minutes. What it does may be done twice, or late.
    Every {
        /// How many.
        minutes: u32,
        /// Does it.
        run: for<'a> fn(&'a Context) -> BoxFuture<'a, Result<(), Problem>>,
    },
    /// When a schedule that an operation made calls it. It may be called twice, or late.
    Called {
        /// What it may be called with.
        example: fn() -> Value,
        /// Does it.
        run: for<'a> fn(&'a Context, Value) -> BoxFuture<'a, Result<(), Problem>>,
    },
}

/// The new items that a worker takes, from a table's stream.
#[derive(Clone, Copy)]
pub struct NewItems {
    /// The table.
    pub table: Table,
    /// How the sort keys of the items begin.
    pub prefix: &'static str,
    /// The sample event.
    pub example: fn() -> Event,
    /// Handles one record. Records come at least once.
    pub handle: for<'a> fn(&'a Context, EventRecord) -> BoxFuture<'a, Result<(), Problem>>,
}

impl NewItems {
    /// Whether it takes this record: the template's stream filter, and the local runner's.
    #[must_use]
    pub fn takes(&self, record: &EventRecord) -> bool {
        let keys = &record.change.keys;
        let sk: Result<Keys, _> = serde_dynamo::from_item(keys.clone());
        record.event_name == "INSERT" && sk.is_ok_and(|keys| keys.sk.starts_with(self.prefix))
    }

    /// Handles a batch in order. At the first failure it stops and names the record, so that the
    /// stream delivers it and those behind it again.
    pub async fn run(&self, cx: &Context, batch: Event) -> DynamoDbEventResponse {
        let mut response = DynamoDbEventResponse::default();
        for record in batch.records {
            if !self.takes(&record) {
                continue;
            }
            let sequence_number = record.change.sequence_number.clone();
            let span = tracing::info_span!("record", ?sequence_number);
            let outcome = (self.handle)(cx, record).instrument(span.clone()).await;
            let _entered = span.enter();
            if let Err(problem) = outcome {
                error!(cause = ?problem.cause, "failed; it will be delivered again");
                let mut failure = DynamoDbBatchItemFailure::default();
                failure.item_identifier = sequence_number;
                response.batch_item_failures.push(failure);
                return response;
            }
            info!("handled");
        }
        response
    }
}

#[derive(serde::Deserialize)]
struct Keys {
    sk: String,
}

/// The event of one new item, for samples.
///
/// # Panics
/// Where `value` is no item.
#[must_use]
pub fn new_item<T: serde::Serialize>(key: &Key, value: &T) -> Event {
    let keys = serde_json::json!({ "pk": { "S": key.pk }, "sk": { "S": key.sk } });
    let image: serde_dynamo::Item = serde_dynamo::to_item(value).expect("the example is an item");
    let mut image = serde_json::to_value(image).expect("items can be written as JSON");
    image["pk"] = keys["pk"].clone();
    image["sk"] = keys["sk"].clone();
    let record = serde_json::json!({
        "eventID": "5d3f1c0a9b8e7f6a5d3f1c0a9b8e7f6a",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "eventSourceARN":
            "arn:aws:dynamodb:eu-central-1:123456789012:table/identity/stream/2026-01-05T09:00:00.000",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_767_603_600,
            "Keys": keys,
            "NewImage": image,
            "SequenceNumber": "100000000000000000001",
            "SizeBytes": 400,
            "StreamViewType": "NEW_IMAGE",
        },
    });
    serde_json::from_value(serde_json::json!({ "Records": [record] }))
        .expect("the record has the form of a stream event")
}
