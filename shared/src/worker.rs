//! Workers: functions that follow a table's stream.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use tracing::{Instrument, error, info};

use crate::context::Context;
use crate::endpoint::{BoxFuture, Grant, Table};
use crate::http::problem::Problem;

/// A worker: which changes it takes, what it may touch, what it does with one.
#[derive(Clone, Copy)]
pub struct Worker {
    /// Its name, also the binary's and the function's.
    pub name: &'static str,
    /// The Rust module that holds it.
    pub module: &'static str,
    /// One sentence for the reader of the template.
    pub summary: &'static str,
    /// The table whose stream it follows.
    pub table: Table,
    /// Takes the items whose sort key starts so, when they are new.
    pub new_items: &'static str,
    /// The rights it needs.
    pub grants: &'static [Grant],
    /// Handles one record. Records come at least once.
    pub handle: for<'a> fn(&'a Context, EventRecord) -> BoxFuture<'a, Result<(), Problem>>,
}

impl Worker {
    /// Whether it takes this record: the template's stream filter, and the local runner's.
    #[must_use]
    pub fn takes(&self, record: &EventRecord) -> bool {
        let keys = &record.change.keys;
        let sk: Result<Keys, _> = serde_dynamo::from_item(keys.clone());
        record.event_name == "INSERT" && sk.is_ok_and(|keys| keys.sk.starts_with(self.new_items))
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
            let span = tracing::info_span!("record", worker = self.name, ?sequence_number);
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
