//! The embedded database: dynoxide on SQLite, in a file or in memory. The real SDK reaches it
//! through [`crate::aws`].

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dynoxide::Database;

use crate::stream_store::StreamStore;
use crate::template::{self, TemplateError};

/// The database's file in a data folder.
const FILE: &str = "byline.sqlite";

/// Where the data lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// In this folder, which is made if need be.
    Folder(PathBuf),
    /// In memory, until the process ends.
    Memory,
}

impl Data {
    /// Whether a Byline keeps its data there.
    #[must_use]
    pub fn is_there(&self) -> bool {
        match self {
            Self::Folder(folder) => folder.join(FILE).is_file(),
            Self::Memory => false,
        }
    }
}

/// Why the database does not start. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The folder cannot be made or written.
    #[error("The data folder {0} cannot be used: {1}. Choose another one with --data.")]
    Folder(PathBuf, #[source] io::Error),
    /// Another process has it.
    #[error(
        "The data folder {0} is in use by another Byline. Stop that one, or choose another \
         folder with --data."
    )]
    InUse(PathBuf),
    /// What is in it is no database.
    #[error(
        "The database {0} cannot be read ({1}). If it is damaged, restore the folder from a \
         backup, or move it away to begin anew."
    )]
    Damaged(PathBuf, String),
    /// A table could not be made.
    #[error("The table {0} cannot be made: {1}")]
    Table(&'static str, String),
    /// The template cannot be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// An open database.
pub struct Engine {
    /// The database itself.
    pub database: Database,
    /// The streams of a data folder.
    pub streams: Option<Arc<StreamStore>>,
    /// Held as long as the folder is ours.
    _lock: Option<File>,
}

impl Engine {
    /// Opens the data and makes the tables that are missing.
    ///
    /// # Errors
    /// As [`EngineError`] says.
    pub fn open(data: &Data) -> Result<Self, EngineError> {
        let (database, lock) = open(data)?;
        make_tables(&database)?;
        let streams = match data {
            Data::Folder(folder) => {
                let file = folder.join(FILE);
                let streams = StreamStore::open(&file);
                let streams =
                    streams.map_err(|error| EngineError::Damaged(file, error.to_string()))?;
                Some(Arc::new(streams))
            }
            Data::Memory => None,
        };
        Ok(Self { database, streams, _lock: lock })
    }
}

fn open(data: &Data) -> Result<(Database, Option<File>), EngineError> {
    let Data::Folder(folder) = data else {
        let database = Database::memory();
        let database = database
            .map_err(|error| EngineError::Damaged(PathBuf::from("in memory"), error.to_string()))?;
        return Ok((database, None));
    };
    let unusable = |error| EngineError::Folder(folder.clone(), error);
    private_folder(folder).map_err(unusable)?;
    let lock = File::create(folder.join("lock")).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(EngineError::InUse(folder.clone())),
        Err(TryLockError::Error(error)) => return Err(unusable(error)),
    }
    let file = folder.join(FILE);
    // SQLite gives its other files the mode of this one.
    crate::files::append(&file).map_err(unusable)?;
    let path = file.to_str().ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
    let damaged = |error: dynoxide::errors::DynoxideError| {
        EngineError::Damaged(file.clone(), error.to_string())
    };
    let database = Database::new(path).map_err(damaged)?;
    database.table_count().map_err(damaged)?;
    Ok((database, Some(lock)))
}

/// Makes a folder that nobody else on the machine may read: it holds accounts.
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn make_tables(database: &Database) -> Result<(), EngineError> {
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
