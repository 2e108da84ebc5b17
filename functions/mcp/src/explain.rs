//! Problems in words that an agent can act on: what was wrong, and which tool comes next.

use shared::http::problem::{Code, Problem};

/// A problem of a tool, as its model reads it. The cause goes to the log. Nothing of it is text of
/// somebody else's.
pub(crate) fn problem(tool: &str, problem: &Problem) -> String {
    if let Some(cause) = &problem.cause {
        tracing::error!(tool, code = problem.code.as_str(), cause = %cause, "a tool failed");
    }
    // These speak of headers, which tools do not have.
    let mut text = match problem.code {
        Code::PreconditionFailed | Code::EditConflict => {
            "Somebody else has changed it meanwhile, and nothing was done.".to_owned()
        }
        Code::InvalidInput if !problem.errors.is_empty() => {
            "Nothing was done: arguments are invalid.".to_owned()
        }
        _ => problem.detail.clone(),
    };
    for error in &problem.errors {
        text.push_str(&format!("\n{}: {}", error.pointer.trim_start_matches('/'), error.message));
    }
    text.push_str("\nNext: ");
    text.push_str(&next(tool, problem));
    text
}

/// What to do next.
fn next(tool: &str, problem: &Problem) -> String {
    let of_an_id = problem.errors.iter().any(|error| error.code == "not_found");
    match problem.code {
        Code::InvalidInput if of_an_id => {
            "post_get names a post's revision_id, revisions_list its revisions, media_list files; \
             then call "
                .to_owned()
                + tool
                + " again."
        }
        Code::InvalidInput => format!("correct them and call {tool} again."),
        Code::NotFound => "posts_list, search, proposals_list, revisions_list and media_list name \
                           what you may see."
            .to_owned(),
        Code::PreconditionFailed | Code::EditConflict => format!(
            "call post_get for the text as it is now, look whether your change still fits, and call \
             {tool} with the revision_id you find."
        ),
        Code::ApprovalRequired => {
            "post_propose proposes it for a person to approve; drafts_status \
                                   shows what became of it."
                .to_owned()
        }
        Code::Forbidden => "whoami says what you may do.".to_owned(),
        Code::SlugTaken => format!("call {tool} with another slug, or search for that post."),
        Code::PostTrashed => "ask a person to restore it; posts_list names the others.".to_owned(),
        Code::PayloadTooLarge => format!("shorten it and call {tool} again."),
        Code::UploadMissing => {
            "send the file as the first answer of media_request_upload said, then call \
             media_request_upload with complete again."
                .to_owned()
        }
        Code::UploadRefused => {
            "call media_request_upload with the file's true type and size.".to_owned()
        }
        Code::TooManyRequests => format!("wait, then call {tool} again."),
        _ => format!(
            "wait a little; after a change look with drafts_status whether it happened before you \
             call {tool} again."
        ),
    }
}
