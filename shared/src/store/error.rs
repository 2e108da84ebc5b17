//! What can go wrong with the database.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::http::problem::Problem;

type Cause = Box<dyn Error + Send + Sync>;

/// A failed call. A condition that did not hold is no error but an answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It does not answer, or not now.
    #[error("the database is unavailable")]
    Unavailable(#[source] Cause),
    /// It refused the call: a bug of ours, or a missing right.
    #[error("the database refused a call")]
    Refused(#[source] Cause),
    /// An item does not have the form that we write.
    #[error("a stored item cannot be read or written")]
    Corrupt(#[from] serde_dynamo::Error),
}

/// Service errors that pass by themselves.
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
    /// Whether a write happened: a failed condition is `false`, any other failure an error.
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
        }
    }
}
