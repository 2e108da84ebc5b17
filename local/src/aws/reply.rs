//! The JSON replies of the stand-ins.

use bytes::Bytes;
use serde_json::json;

/// A status and a JSON body.
pub(super) type Reply = (u16, Bytes);

/// 400 with an exception of this type.
pub(super) fn error(kind: &str) -> Reply {
    (400, json!({ "__type": kind, "message": kind }).to_string().into())
}

/// 500 with this message. The cause is only logged.
pub(super) fn failure(message: &str, cause: &std::io::Error) -> Reply {
    tracing::error!(%cause, "{message}");
    (500, json!({ "__type": "InternalServerError", "message": message }).to_string().into())
}
