//! Delivers the records of the tables' streams to the workers as Lambda's event source mappings do:
//! in order, at least once, and again after a failure.
//!
//! Nothing polls: a write wakes the followers whose items it may have made.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_lambda_events::event::dynamodb::Event;
use byline_shared::Context;
use byline_shared::worker::NewItems;
use dynoxide::Database;
use dynoxide::actions::get_records::Record;
use dynoxide::types::AttributeValue;
use serde_json::{Value, json};
use tokio::sync::Notify;

/// How many records are read at once; the most that dynoxide returns.
const PAGE: usize = 1000;

/// How many records a worker is called with at most: `BatchSize` in `template.yaml`.
const BATCH: usize = 10;

/// How long a follower waits after a failure before it delivers the record again.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Wakes followers when items may have been written for them.
#[derive(Default)]
pub(crate) struct Wakers(RwLock<Vec<(&'static str, Arc<Notify>)>>);

impl Wakers {
    /// A waker for one follower of the items whose sort keys begin with `prefix`.
    pub(crate) fn register(&self, prefix: &'static str) -> Arc<Notify> {
        let waker = Arc::new(Notify::new());
        let mut wakers = self.0.write().unwrap_or_else(PoisonError::into_inner);
        wakers.push((prefix, Arc::clone(&waker)));
        waker
    }

    /// Wakes the followers that the write `request` may concern. The request names the key of each
    /// item that it makes, so one without a follower's prefix makes none for it.
    pub(crate) fn wake(&self, request: &[u8]) {
        let request = String::from_utf8_lossy(request);
        for (prefix, waker) in self.0.read().unwrap_or_else(PoisonError::into_inner).iter() {
            if request.contains(prefix) {
                // Keeps a permit for a follower that is not waiting yet, so no write is missed.
                waker.notify_one();
            }
        }
    }
}

/// A worker and its position in the stream of its table.
pub(crate) struct Follower {
    name: &'static str,
    items: NewItems,
    context: Context,
    database: Database,
    waker: Arc<Notify>,
    /// The file that keeps the sequence number of the last handled record.
    file: Option<PathBuf>,
    /// The sequence number of the last record read.
    after: Option<String>,
    /// Where to read, once it is known.
    shard: Option<Shard>,
}

/// The only shard of a table's stream.
#[derive(Clone)]
struct Shard {
    stream: String,
    id: String,
}

/// What one read of a stream returns.
struct Page {
    shard: Option<Shard>,
    /// The records for this follower, in the form of Lambda's events.
    records: Vec<Value>,
    /// The sequence number of the last record read, whether or not it is for this follower.
    last: Option<String>,
    /// Whether there may be more records now.
    is_full: bool,
}

impl Follower {
    /// A worker that continues at the position in `folder`, or begins at the start of the stream.
    pub(crate) fn new(
        name: &'static str,
        items: NewItems,
        context: Context,
        database: Database,
        waker: Arc<Notify>,
        folder: Option<&Path>,
    ) -> Self {
        let file = folder.map(|folder| folder.join(format!("{name}.position")));
        let after = file.as_deref().and_then(|file| std::fs::read_to_string(file).ok());
        // A damaged position means the start of the stream: a second delivery does no harm.
        let after = after.filter(|after| after.parse::<u128>().is_ok());
        Self { name, items, context, database, waker, file, after, shard: None }
    }

    /// Delivers records until the task is dropped.
    pub(crate) async fn follow(mut self) {
        loop {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => self.waker.notified().await,
                Err(cause) => {
                    tracing::error!(worker = self.name, %cause, "the worker failed and will retry");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    /// Reads and delivers the next records. Returns whether there may be more.
    async fn step(&mut self) -> Result<bool, Error> {
        let (database, items) = (self.database.clone(), self.items);
        let (shard, after) = (self.shard.clone(), self.after.clone());
        let page =
            tokio::task::spawn_blocking(move || read(&database, &items, shard, after.as_deref()));
        let page = page.await??;
        self.shard = page.shard;
        for batch in page.records.chunks(BATCH) {
            self.deliver(batch).await?;
        }
        // Not written to the file: after a restart the records between are read and skipped again.
        self.after = page.last.or_else(|| self.after.take());
        Ok(page.is_full)
    }

    /// Calls the worker with a batch and moves the position behind the records that it handled.
    async fn deliver(&mut self, batch: &[Value]) -> Result<(), Error> {
        let event: Event = serde_json::from_value(json!({ "Records": batch }))?;
        let outcome = self.items.run(&self.context, event).await;
        let failed = outcome.batch_item_failures.into_iter().next();
        let failed = failed.and_then(|failure| failure.item_identifier);
        let numbers = batch.iter().filter_map(sequence_number);
        let handled = numbers.take_while(|number| failed.as_ref() != Some(number)).last();
        if let Some(handled) = handled {
            if let Some(file) = &self.file {
                crate::files::replace(file, handled.as_bytes())?;
            }
            self.after = Some(handled);
        }
        match failed {
            None => Ok(()),
            Some(number) => Err(format!("the record {number} was not handled").into()),
        }
    }
}

fn sequence_number(record: &Value) -> Option<String> {
    record["dynamodb"]["SequenceNumber"].as_str().map(str::to_owned)
}

/// The shard of a table's stream, if the table has one.
fn find_shard(database: &Database, table: &str) -> Result<Option<Shard>, Error> {
    let streams = database.list_streams(serde_json::from_value(json!({ "TableName": table }))?)?;
    let Some(stream) = streams.streams.into_iter().next() else {
        return Ok(None);
    };
    let stream = stream.stream_arn;
    let description =
        database.describe_stream(serde_json::from_value(json!({ "StreamArn": stream }))?)?;
    let last = description.stream_description.shards.into_iter().last();
    Ok(last.map(|shard| Shard { stream, id: shard.shard_id }))
}

/// The next records of a stream that `items` takes.
fn read(
    database: &Database,
    items: &NewItems,
    shard: Option<Shard>,
    after: Option<&str>,
) -> Result<Page, Error> {
    let mut page = Page { shard, records: Vec::new(), last: None, is_full: false };
    if page.shard.is_none() {
        page.shard = find_shard(database, items.table.as_str())?;
    }
    let Some(shard) = &page.shard else { return Ok(page) };
    let mut start = json!({ "StreamArn": shard.stream, "ShardId": shard.id });
    match after {
        Some(number) => {
            start["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER".into();
            start["SequenceNumber"] = number.into();
        }
        None => start["ShardIteratorType"] = "TRIM_HORIZON".into(),
    }
    let Some(iterator) =
        database.get_shard_iterator(serde_json::from_value(start)?)?.shard_iterator
    else {
        return Ok(page);
    };
    let batch = json!({ "ShardIterator": iterator, "Limit": PAGE });
    let records = database.get_records(serde_json::from_value(batch)?)?.records;
    page.is_full = records.len() == PAGE;
    page.last = records.last().map(|record| record.dynamodb.sequence_number.clone());
    for record in records.iter().filter(|record| is_for(items, record)) {
        page.records.push(serde_json::to_value(record)?);
    }
    Ok(page)
}

/// The filter of the event source mapping in `template.yaml`.
fn is_for(items: &NewItems, record: &Record) -> bool {
    let sort_key = record.dynamodb.keys.get("sk");
    record.event_name == "INSERT"
        && matches!(sort_key, Some(AttributeValue::S(sk)) if sk.starts_with(items.prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_write_wakes_the_followers_of_its_items_alone() {
        let wakers = Wakers::default();
        let (mail, erasure) = (wakers.register("MAIL#"), wakers.register("ERASURE#"));
        wakers.wake(br#"{"Item":{"pk":{"S":"MAIL#mail_1"}}}"#);
        // Before anything waits: the permit is kept.
        mail.notified().await;
        let woken = tokio::time::timeout(Duration::ZERO, erasure.notified()).await;
        assert!(woken.is_err(), "the write made no erasure");
    }
}
