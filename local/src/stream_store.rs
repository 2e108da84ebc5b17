//! Keeps the streams of a data folder short and quick.
//!
//! dynoxide keeps every stream record for ever and looks through all of them for each new one:
//! writes would become slower with every write. An index makes that one step, and what is a day
//! old goes, as in DynamoDB.

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use byline_shared::model::Time;
use rusqlite::{Connection, params};

/// How long DynamoDB keeps a stream record, in seconds.
const RETENTION: i64 = 24 * 3600;

/// A second connection to the database, for what dynoxide has no call for.
pub struct StreamStore(Mutex<Connection>);

impl StreamStore {
    /// Opens the database that dynoxide has made there, and makes the index.
    pub(crate) fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(
            "CREATE INDEX IF NOT EXISTS byline_stream_position
             ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
        )?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Removes the records that are a day old at `now`; says how many.
    pub(crate) fn trim(&self, now: Time) -> rusqlite::Result<usize> {
        let oldest = now.plus_seconds(-RETENTION).as_seconds();
        let connection = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        connection.execute("DELETE FROM _stream_records WHERE created_at < ?1", params![oldest])
    }
}

#[cfg(test)]
mod tests {
    use byline_shared::clock::{Clock, SystemClock};

    use super::*;
    use crate::engine::{Data, Engine};

    #[test]
    fn a_write_finds_its_place_in_one_step_and_old_records_go() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(&Data::Folder(folder.path().to_owned())).unwrap();
        let put = serde_json::json!({
            "TableName": "identity",
            "Item": { "pk": { "S": "a" }, "sk": { "S": "b" } },
        });
        engine.database.put_item(serde_json::from_value(put).unwrap()).unwrap();
        let streams = engine.streams.unwrap();
        let now = SystemClock.now();
        assert_eq!(streams.trim(now).unwrap(), 0);
        assert_eq!(streams.trim(now.plus_seconds(RETENTION + 60)).unwrap(), 1);

        // The statement of dynoxide's that every write makes.
        let connection = streams.0.lock().unwrap();
        let plan: String = connection
            .query_row(
                "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 \
                 FROM _stream_records WHERE table_name = ?1",
                ["identity"],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("byline_stream_position"), "{plan}");
    }
}
