//! The errors of Bedrock. Their messages are left out: some repeat what was said.

use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_bedrockruntime::operation::converse_stream::ConverseStreamError;
use aws_sdk_bedrockruntime::types::error::ConverseStreamOutputError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::event_stream::RawMessage;

use crate::agent::model::ModelError;

/// What the SDK says of a request without an answer.
pub(super) type RequestError = SdkError<ConverseStreamError, HttpResponse>;

/// What the SDK says of an answer that breaks.
pub(super) type StreamError = SdkError<ConverseStreamOutputError, RawMessage>;

/// Why there is no answer.
pub(super) fn of_request(error: RequestError) -> ModelError {
    match error {
        SdkError::ServiceError(refused) => ModelError::Status {
            status: refused.raw().status().as_u16(),
            code: code(refused.err().code()),
        },
        // Without credentials, nothing can be signed.
        SdkError::ConstructionFailure(_) => ModelError::Configuration,
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => {
            error.into_source().map_or(ModelError::Cut, ModelError::Unreachable)
        }
        _ => ModelError::Malformed,
    }
}

/// Why an answer breaks.
pub(super) fn of_stream(error: StreamError) -> ModelError {
    match error {
        SdkError::ServiceError(reported) => {
            let (_, name) = exception(reported.err());
            ModelError::Reported { code: name.to_owned() }
        }
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => ModelError::Cut,
        _ => ModelError::Malformed,
    }
}

/// What an exception means that comes in place of the first event: the request was refused, as with that
/// status. `None` for anything else.
pub(super) fn in_place_of_an_answer(error: &StreamError) -> Option<ModelError> {
    let SdkError::ServiceError(refused) = error else { return None };
    let (status, name) = exception(refused.err());
    Some(ModelError::Status { status: status?, code: name.to_owned() })
}

/// The status that an exception has where it is no event, and its name.
fn exception(error: &ConverseStreamOutputError) -> (Option<u16>, &'static str) {
    match error {
        ConverseStreamOutputError::ValidationException(_) => (Some(400), "ValidationException"),
        ConverseStreamOutputError::ModelStreamErrorException(_) => {
            (Some(424), "ModelStreamErrorException")
        }
        ConverseStreamOutputError::ThrottlingException(_) => (Some(429), "ThrottlingException"),
        ConverseStreamOutputError::InternalServerException(_) => {
            (Some(500), "InternalServerException")
        }
        ConverseStreamOutputError::ServiceUnavailableException(_) => {
            (Some(503), "ServiceUnavailableException")
        }
        _ => (None, "-"),
    }
}

fn code(name: Option<&str>) -> String {
    let is_name =
        |name: &&str| name.len() <= 64 && name.chars().all(|char| char.is_ascii_alphanumeric());
    name.filter(is_name).unwrap_or("-").to_owned()
}
