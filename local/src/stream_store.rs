//! Keeps the streams of the embedded database fast and short.
//!
//! dynoxide looks through all stream records of a table at each write, and keeps them for ever.
//! The index makes that look-up a single step. In a data folder, records are removed after a day as
//! in DynamoDB; in memory they last as long as everything else.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use byline_shared::model::Time;
use rusqlite::{Connection, params};

/// How long DynamoDB keeps a stream record, in seconds.
const RETENTION: i64 = 24 * 3600;

/// A second connection to the database, for statements that dynoxide has no call for.
pub struct StreamStore {
    connection: Mutex<Connection>,
    in_memory: bool,
}

impl StreamStore {
    /// Connects to the database that dynoxide created at `path`, in a file or in memory, and creates the
    /// index.
    pub(crate) fn open(path: &Path, in_memory: bool) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(
            "CREATE INDEX IF NOT EXISTS byline_stream_position
             ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
        )?;
        Ok(Self { connection: Mutex::new(connection), in_memory })
    }

    /// Removes the records that are a day old at `now`. Returns how many.
    ///
    /// Not in memory: SQLite would refuse requests while this connection writes there.
    pub(crate) fn trim(&self, now: Time) -> rusqlite::Result<usize> {
        if self.in_memory {
            return Ok(0);
        }
        let oldest = now.plus_seconds(-RETENTION).as_seconds();
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute("DELETE FROM _stream_records WHERE created_at < ?1", params![oldest])
    }
}

#[cfg(test)]
mod tests {
    use byline_shared::clock::{Clock, SystemClock};

    use super::*;
    use crate::engine::{Data, Engine};

    fn write(engine: &Engine) {
        let put = serde_json::json!({
            "TableName": "identity",
            "Item": { "pk": { "S": "a" }, "sk": { "S": "b" } },
        });
        engine.database.put_item(serde_json::from_value(put).unwrap()).unwrap();
    }

    #[test]
    fn records_are_removed_after_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(&Data::Folder(folder.path().to_owned())).unwrap();
        write(&engine);
        let now = SystemClock.now();
        assert_eq!(engine.streams.trim(now).unwrap(), 0);
        assert_eq!(engine.streams.trim(now.plus_seconds(RETENTION + 60)).unwrap(), 1);
    }

    #[test]
    fn a_write_finds_the_last_record_by_the_index() {
        let folder = tempfile::tempdir().unwrap();
        for data in [Data::Folder(folder.path().to_owned()), Data::Memory] {
            let engine = Engine::open(&data).unwrap();
            write(&engine);
            let connection = engine.streams.connection.lock().unwrap();
            let records = connection
                .query_row("SELECT count(*) FROM _stream_records", [], |row| row.get::<_, i64>(0));
            assert_eq!(records, Ok(1), "{data:?}: it is the database that was written");
            // The statement that dynoxide executes for every write.
            let plan: String = connection
                .query_row(
                    "EXPLAIN QUERY PLAN \
                     SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 \
                     FROM _stream_records WHERE table_name = ?1",
                    ["identity"],
                    |row| row.get(3),
                )
                .unwrap();
            assert!(plan.contains("byline_stream_position"), "{data:?}: {plan}");
        }
    }
}
