//! Follows the tables' streams and hands their records to the workers, as Lambda's event source
//! mappings do: in order, at least once, again after a failure.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lambda_events::event::dynamodb::Event;
use byline_shared::Context;
use byline_shared::worker::NewItems;
use dynoxide::Database;
use serde_json::{Value, json};

/// How long to wait when there is nothing new.
const IDLE: Duration = Duration::from_millis(100);

/// How long to wait after a failure, before the record is delivered again.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

type Error = Box<dyn std::error::Error + Send + Sync>;

/// A worker and how far it has come.
pub(crate) struct Follower {
    name: &'static str,
    items: NewItems,
    context: Context,
    database: Database,
    /// Where the last handled sequence number is kept.
    file: Option<PathBuf>,
    after: Option<String>,
    /// Where to read, once it is known.
    shard: Option<Shard>,
}

/// A table's stream has one shard here.
#[derive(Clone)]
struct Shard {
    stream: String,
    id: String,
}

impl Follower {
    /// A worker that goes on where it stopped, or begins at the beginning.
    pub(crate) fn new(
        name: &'static str,
        items: NewItems,
        context: Context,
        database: Database,
        folder: Option<&Path>,
    ) -> Self {
        let file = folder.map(|folder| folder.join(format!("{name}.position")));
        let after = file.as_deref().and_then(|file| std::fs::read_to_string(file).ok());
        // A position that is none is the beginning: what is delivered twice does no harm.
        let after = after.filter(|after| after.parse::<u128>().is_ok());
        Self { name, items, context, database, file, after, shard: None }
    }

    /// Follows until the task is dropped.
    pub(crate) async fn follow(mut self) {
        loop {
            let wait = match self.step().await {
                Ok(true) => continue,
                Ok(false) => IDLE,
                Err(cause) => {
                    tracing::error!(worker = self.name, %cause, "tries again");
                    AFTER_FAILURE
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Handles the next batch; says whether there was one.
    async fn step(&mut self) -> Result<bool, Error> {
        let (database, table) = (self.database.clone(), self.items.table.as_str());
        let (after, known) = (self.after.clone(), self.shard.clone());
        let (shard, records) = tokio::task::spawn_blocking(move || {
            let Some(shard) = known.map_or_else(|| shard(&database, table), |s| Ok(Some(s)))?
            else {
                return Ok((None, Vec::new()));
            };
            let records = read(&database, &shard, after.as_deref())?;
            Ok::<_, Error>((Some(shard), records))
        })
        .await??;
        self.shard = shard;
        let Some(last) = records.last().and_then(sequence_number) else {
            return Ok(false);
        };
        let event: Event = serde_json::from_value(json!({ "Records": records }))?;
        let outcome = self.items.run(&self.context, event).await;
        let failed = outcome.batch_item_failures.into_iter().next();
        match failed.and_then(|failure| failure.item_identifier) {
            None => {
                self.advance(last)?;
                Ok(true)
            }
            Some(failed) => {
                let handled = records.iter().map_while(sequence_number);
                if let Some(handled) = handled.take_while(|number| *number != failed).last() {
                    self.advance(handled)?;
                }
                Err("a record failed".into())
            }
        }
    }

    fn advance(&mut self, to: String) -> Result<(), Error> {
        if let Some(file) = &self.file {
            crate::files::replace(file, to.as_bytes())?;
        }
        self.after = Some(to);
        Ok(())
    }
}

fn sequence_number(record: &Value) -> Option<String> {
    record["dynamodb"]["SequenceNumber"].as_str().map(str::to_owned)
}

/// The shard of a table's stream, if the table has one.
fn shard(database: &Database, table: &str) -> Result<Option<Shard>, Error> {
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

/// The next records of a stream, as JSON of the same form as Lambda's events.
fn read(database: &Database, shard: &Shard, after: Option<&str>) -> Result<Vec<Value>, Error> {
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
        return Ok(Vec::new());
    };
    let batch = json!({ "ShardIterator": iterator, "Limit": 10 });
    let records = database.get_records(serde_json::from_value(batch)?)?.records;
    Ok(records.into_iter().map(serde_json::to_value).collect::<Result<_, _>>()?)
}
