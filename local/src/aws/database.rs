//! DynamoDB's API on the embedded database: the actions of the permissions, and `Scan`, which only an export
//! uses and no permission allows.

use dynoxide::Database;
use dynoxide::errors::DynoxideError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::reply::{Reply, error};

pub(super) fn answer(database: &Database, action: &str, body: &[u8]) -> Reply {
    match action {
        "BatchGetItem" => run(body, |request| database.batch_get_item(request)),
        "DeleteItem" => run(body, |request| database.delete_item(request)),
        "GetItem" => run(body, |request| database.get_item(request)),
        "PutItem" => run(body, |request| database.put_item(request)),
        "Query" => run(body, |request| database.query(request)),
        "Scan" => run(body, |request| database.scan(request)),
        "TransactWriteItems" => run(body, |request| database.transact_write_items(request)),
        "UpdateItem" => run(body, |request| database.update_item(request)),
        _ => error("UnknownOperationException"),
    }
}

fn run<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    action: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Reply {
    let outcome = match serde_json::from_slice(body) {
        Ok(request) => action(request),
        Err(_) => return error("SerializationException"),
    };
    match outcome {
        Ok(answer) => match serde_json::to_vec(&answer) {
            Ok(json) => (200, json.into()),
            Err(_) => error("InternalServerError"),
        },
        Err(cause) => (cause.status_code(), cause.to_json().into()),
    }
}
