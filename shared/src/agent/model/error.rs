//! Why a model does not answer.

use aws_smithy_runtime_api::client::result::ConnectorError;

/// A failed request to a model, or an answer that broke. The texts hold nothing that was said: they go to
/// the log.
#[derive(Debug, thiserror::Error)]
pub(in crate::agent) enum ModelError {
    /// The configuration does not make a request.
    #[error("the URL or the key of the model server cannot be sent")]
    Configuration,
    /// No connection.
    #[error("the model server cannot be reached")]
    Unreachable(#[source] ConnectorError),
    /// Nothing came for as long as the configuration waits.
    #[error("the model server was silent for too long")]
    Silent,
    /// Any status but 200, redirects among them.
    #[error("the model server answered with status {status} ({code})")]
    Status {
        /// The HTTP status.
        status: u16,
        /// The server's name for the error, if it looks like one, or `-`.
        code: String,
    },
    /// Something else than an event stream.
    #[error("the model server did not answer with an event stream")]
    NotAStream,
    /// An event that cannot be read.
    #[error("the model server sent what cannot be read")]
    Malformed,
    /// An error in the stream.
    #[error("the model server reported an error in its answer ({code})")]
    Reported {
        /// As in [`ModelError::Status`].
        code: String,
    },
    /// The connection ended before the answer did.
    #[error("the answer of the model server ended too early")]
    Cut,
    /// More than an answer may have.
    #[error("the answer of the model server is too long")]
    TooLong,
}

impl ModelError {
    /// Whether the same request may have an answer a moment later.
    pub(in crate::agent) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Status { status, .. } => matches!(status, 408 | 409 | 429 | 500..),
            _ => false,
        }
    }

    /// Whether the server has no capacity for us now, in its own words.
    pub(in crate::agent) fn is_rate_limit(&self) -> bool {
        matches!(self, Self::Status { status: 429, .. })
    }
}
