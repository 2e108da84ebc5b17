//! The embedded database: dynoxide on SQLite, in a file or in memory, reached by the real SDK
//! through a loopback port.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::template::{self, TEMPLATE, TemplateError};

/// Where the data lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// In this folder, which is made if need be.
    Folder(PathBuf),
    /// In memory, until the process ends.
    Memory,
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
    /// No loopback port.
    #[error("No loopback port can be opened for the database: {0}")]
    Port(#[source] io::Error),
}

/// A running database.
pub struct Engine {
    /// The database itself, for streams and expiry.
    pub database: Database,
    /// Where the SDK reaches it.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    /// Held as long as the folder is ours.
    _lock: Option<File>,
}

impl Engine {
    /// Opens the data, makes the tables that are missing, and listens.
    ///
    /// # Errors
    /// As [`EngineError`] says.
    pub async fn start(data: &Data) -> Result<Self, EngineError> {
        let (database, lock) = open(data)?;
        make_tables(&database)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(EngineError::Port)?;
        let address = listener.local_addr().map_err(EngineError::Port)?;
        let (stop, stopped) = watch::channel(false);
        let served = database.clone();
        let server = tokio::spawn(async move {
            let until = async move {
                let mut stopped = stopped;
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            if let Err(error) = dynoxide::server::serve_with_shutdown(listener, served, until).await
            {
                tracing::error!(cause = error, "the embedded database stopped");
            }
        });
        Ok(Self { database, address, stop, server, _lock: lock })
    }

    /// Takes no more calls; returns when none gets through.
    pub(crate) async fn refuse(&self) {
        let _ = self.stop.send(true);
        while tokio::net::TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// Lets the calls under way finish and closes the files.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        // The SDK keeps connections open; those that are idle are of no interest.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), self.server).await;
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
    let file = folder.join("byline.sqlite");
    // SQLite gives its other files the mode of this one.
    private_file(&file).map_err(unusable)?;
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

/// Opens a file for appending that nobody else on the machine may read.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().create(true).append(true).read(true).mode(0o600).open(path)
}

fn make_tables(database: &Database) -> Result<(), EngineError> {
    for definition in template::tables(TEMPLATE)? {
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
