//! Turns problems of the API into messages of the command line.

use byline_shared::http::problem::Problem;

use crate::import::NotTaken;

/// One sentence for the person who runs the command. Drops the parts that are about an HTTP request.
pub(super) fn describe(problem: Problem) -> String {
    if let Some(cause) = problem.cause {
        return format!("The tables cannot be used: {cause}.");
    }
    let errors: Vec<String> = problem
        .errors
        .into_iter()
        .map(|error| match error.pointer.trim_start_matches('/') {
            "" | "file" | "path" | "to" => error.message,
            field => format!("`{field}`: {}", error.message),
        })
        .collect();
    if errors.is_empty() { problem.detail } else { errors.join(" ") }
}

/// Server errors (5xx) stop the import; any other problem skips only the item.
pub(super) fn not_taken(problem: Problem) -> NotTaken {
    match problem.code.status() {
        500.. => NotTaken::Failed(describe(problem)),
        _ => NotTaken::Refused(describe(problem)),
    }
}
