//! Why an import or an export stops.

use std::io;
use std::path::PathBuf;

use byline_shared::config::ConfigError;

use crate::StartError;

/// Why an import or an export stops. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImportExportError {
    /// The folder has no data to export.
    #[error("There is no Byline in {0}. Name its data folder with --data.")]
    NoData(PathBuf),
    /// Byline does not start on the data folder.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The names of the stack's resources are incomplete or invalid.
    #[error(
        "{0}. Copy the variables from one of the stack's functions (see docs/OPERATIONS.md), or pass \
         the missing names as options."
    )]
    Stack(ConfigError),
    /// The source or the export's folder cannot be read or written, or the import cannot go on.
    #[error("{0}")]
    Transfer(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The import is done, but its report cannot be saved.
    #[error("{text}\nCannot write the report to {file}: {cause}. The import itself is complete.")]
    Report {
        /// The report.
        text: String,
        /// The file.
        file: PathBuf,
        /// Why it cannot be written.
        #[source]
        cause: io::Error,
    },
}

impl ImportExportError {
    /// An error of `byline-transfer`.
    pub(super) fn transfer(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Transfer(error.into())
    }
}
