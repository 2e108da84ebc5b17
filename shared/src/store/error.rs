//! Errors of the store.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::http::problem::Problem;

type Cause = Box<dyn Error + Send + Sync>;

/// A failed call. A failed condition is not among them: see [`super::WriteError`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer, or asked to be called later. A retry may succeed.
    #[error("the database is unavailable")]
    Unavailable(#[source] Cause),
    /// The database rejected the call: a bug here, or a missing IAM permission.
    #[error("the database refused a call")]
    Refused(#[source] Cause),
    /// An item does not have the expected form.
    #[error("a stored item cannot be read or written")]
    Corrupt(#[from] serde_dynamo::Error),
    /// The cursor belongs to another list or other filters.
    #[error("the cursor is not one of this list")]
    InvalidCursor,
}

/// Error codes of the service that a later retry may not meet again.
const PASSING: [&str; 7] = [
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

impl StoreError {
    /// Whether a write happened: `false` if its condition failed.
    pub(super) fn unless_condition_failed<T, E>(
        outcome: Result<T, SdkError<E>>,
    ) -> Result<bool, Self>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        match outcome {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl<E> From<SdkError<E>> for StoreError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E>) -> Self {
        let passing = match &error {
            SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
            SdkError::DispatchFailure(failure) => !failure.is_user(),
            SdkError::ServiceError(service) => {
                service.raw().status().is_server_error()
                    || service.err().code().is_some_and(|code| PASSING.contains(&code))
            }
            _ => false,
        };
        if passing { Self::Unavailable(Box::new(error)) } else { Self::Refused(Box::new(error)) }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::unavailable(error),
            StoreError::Refused(_) | StoreError::Corrupt(_) => Self::internal(error),
            StoreError::InvalidCursor => Self::invalid_field(
                "cursor",
                "invalid_cursor",
                "Not a cursor of this list with these filters. Send next_cursor of the page \
                 before, unchanged, or leave it out to start again.",
            ),
        }
    }
}
