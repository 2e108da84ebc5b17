//! The embedded database: dynoxide on SQLite, in a file or in memory. The AWS SDK reaches it through
//! the module `aws`.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dynoxide::Database;

use crate::stream_store::StreamStore;
use crate::template::{self, TemplateError};

/// The database's file in a data folder.
const FILE: &str = "byline.sqlite";

/// Where the data is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// In this folder, which is created if it is missing.
    Folder(PathBuf),
    /// In memory, until the process ends.
    Memory,
}

impl Data {
    /// Whether a Byline has kept data there before.
    #[must_use]
    pub fn exists(&self) -> bool {
        match self {
            Self::Folder(folder) => folder.join(FILE).is_file(),
            Self::Memory => false,
        }
    }
}

/// Why the database does not start. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The folder cannot be created, read or written.
    #[error("Cannot use the data folder {0}: {1}. Choose another folder with --data.")]
    Folder(PathBuf, #[source] io::Error),
    /// Another process holds the folder's lock.
    #[error(
        "The data folder {0} is in use by another Byline. Stop that one, or choose another folder \
         with --data."
    )]
    InUse(PathBuf),
    /// The file is no SQLite database, or a damaged one.
    #[error(
        "Cannot read the database {0}: {1}. If it is damaged, restore the folder from a backup, or \
         move the folder away to start with an empty one."
    )]
    Damaged(PathBuf, String),
    /// A table could not be created.
    #[error("Cannot create the table {0}: {1}")]
    Table(&'static str, String),
    /// The table definitions cannot be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// An open database.
pub struct Engine {
    /// The database.
    pub database: Database,
    /// The records of the tables' streams.
    pub streams: Arc<StreamStore>,
    /// Holds the folder for as long as the database is open.
    _lock: Option<File>,
}

impl Engine {
    /// Opens the data and creates the tables that are missing.
    ///
    /// # Errors
    /// See [`EngineError`].
    pub fn open(data: &Data) -> Result<Self, EngineError> {
        let (path, lock) = match data {
            Data::Folder(folder) => {
                let (file, lock) = claim(folder)?;
                (file, Some(lock))
            }
            Data::Memory => (memory(), None),
        };
        let damaged =
            |error: &dyn std::error::Error| EngineError::Damaged(path.clone(), error.to_string());
        let text = path.to_str().ok_or_else(|| {
            EngineError::Folder(path.clone(), io::ErrorKind::InvalidFilename.into())
        })?;
        let database = Database::new(text).map_err(|error| damaged(&error))?;
        database.table_count().map_err(|error| damaged(&error))?;
        create_tables(&database)?;
        let streams = StreamStore::open(&path, *data == Data::Memory);
        let streams = streams.map_err(|error| damaged(&error))?;
        Ok(Self { database, streams: Arc::new(streams), _lock: lock })
    }
}

/// Creates a data folder if need be and locks it. Returns the database's file and the lock.
fn claim(folder: &Path) -> Result<(PathBuf, File), EngineError> {
    let unusable = |error| EngineError::Folder(folder.to_owned(), error);
    create_private_folder(folder).map_err(unusable)?;
    let lock = File::create(folder.join("lock")).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(EngineError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => return Err(unusable(error)),
    }
    let file = folder.join(FILE);
    // SQLite gives its other files the mode of this one.
    crate::files::append(&file).map_err(unusable)?;
    Ok((file, lock))
}

/// The name of a new database in memory. Unlike SQLite's `:memory:`, a second connection of this
/// process can open it: <https://www.sqlite.org/inmemorydb.html>.
fn memory() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("file:byline-{number}?mode=memory&cache=shared").into()
}

/// Creates a folder that no other user of the machine may read: it holds accounts.
fn create_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn create_tables(database: &Database) -> Result<(), EngineError> {
    for definition in template::deployed_tables()? {
        let name = definition.table.as_str();
        let failed = |error: String| EngineError::Table(name, error);
        let exists =
            database.get_table_metadata(name).map_err(|error| failed(error.to_string()))?;
        if exists.is_some() {
            continue;
        }
        let mut create = definition.create;
        create["TableName"] = name.into();
        let create = serde_json::from_value(create).map_err(|error| failed(error.to_string()))?;
        database.create_table(create).map_err(|error| failed(error.to_string()))?;
        if let Some(attribute) = definition.ttl_attribute {
            let update = serde_json::json!({
                "TableName": name,
                "TimeToLiveSpecification": { "Enabled": true, "AttributeName": attribute },
            });
            let update =
                serde_json::from_value(update).map_err(|error| failed(error.to_string()))?;
            database.update_time_to_live(update).map_err(|error| failed(error.to_string()))?;
        }
    }
    Ok(())
}
