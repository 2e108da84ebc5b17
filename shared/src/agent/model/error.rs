//! Why a model does not answer.

use std::error::Error;

use hyper_util::client::legacy::Error as ClientError;

/// A failed request to a model, or an answer that broke. The texts hold nothing that was said: they go to
/// the log.
#[derive(Debug, thiserror::Error)]
pub(in crate::agent) enum ModelError {
    /// The configuration, or the credentials of the process, do not make a request.
    #[error("the URL, the key or the credentials for the model server cannot be sent")]
    Configuration,
    /// No connection, or it ended before an answer began.
    #[error("the model server cannot be reached")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
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
    /// Whether the same request may have an answer a moment later, and had none yet.
    pub(in crate::agent) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) => !self.may_be_paid(),
            Self::Status { status, .. } => matches!(status, 408 | 409 | 424 | 429 | 500..),
            _ => false,
        }
    }

    /// Whether the request may have its price: the model may have worked on it.
    pub(in crate::agent) fn may_be_paid(&self) -> bool {
        match self {
            Self::Configuration | Self::Status { .. } => false,
            Self::Unreachable(cause) => !never_connected(&**cause),
            _ => true,
        }
    }

    /// Whether the same request is refused as long as the configuration stays as it is: a wrong key, name of
    /// the model or address.
    pub(in crate::agent) fn is_refusal(&self) -> bool {
        match self {
            Self::Configuration | Self::NotAStream => true,
            Self::Status { status, .. } => *status < 500 && !self.may_pass(),
            _ => false,
        }
    }

    /// Whether the server has no capacity for us now, in its own words.
    pub(in crate::agent) fn is_rate_limit(&self) -> bool {
        matches!(self, Self::Status { status: 429, .. })
    }
}

/// Whether there was no connection, so that nothing was sent.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<ClientError>().is_some_and(ClientError::is_connect) {
            return true;
        }
        cause = error.source();
    }
    false
}
