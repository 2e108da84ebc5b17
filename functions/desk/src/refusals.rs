//! Refusals in the words of the pages. The rules are those of the API, and so are the texts of its problems:
//! they tell programs what to send. A page says what to do on it.

use std::borrow::Cow;

use byline_shared::http::problem::{Code, FieldError, Problem};

/// What programs alone know. Whatever has one of these is told by its kind. So is a refusal that has the name of the
/// publication, which may be "JSON Weekly".
const FOR_PROGRAMS: [&str; 22] = [
    "revision_id",
    "proposal_id",
    "publish_at",
    "next_cursor",
    "agent_publishing",
    "author_publishing",
    "If-Match",
    "ETag",
    "JSON",
    "Content-Type",
    "Authorization",
    "/v1/",
    "/openapi",
    "GET ",
    "POST ",
    "PATCH ",
    "DELETE ",
    "=true",
    "see errors",
    "access token",
    "the scope",
    "`",
];

/// The heading of a refusal.
pub(crate) fn title(problem: &Problem) -> &'static str {
    match problem.code {
        _ if problem.errors.iter().any(is_about_form) => "Nothing was changed",
        // It may be what the visitor did before: a form that made something, sent again much later.
        Code::EditConflict => "Nothing was changed",
        // The query has it, and nobody enters it.
        Code::InvalidInput if problem.errors.iter().any(|error| field(error) == "cursor") => {
            "There is nothing here"
        }
        Code::InvalidInput if !problem.errors.is_empty() => "Please check what you entered",
        Code::Forbidden => "That is not allowed",
        Code::NotFound => "There is nothing here",
        Code::MethodNotAllowed => "This page has no form",
        Code::EmailTaken => "This e-mail address has an account already",
        Code::SlugTaken => "Another post has this address",
        Code::TagExists => "Another tag has this name or address",
        Code::PreconditionFailed => "It has changed since you opened this page",
        Code::PayloadTooLarge => "This is too much for one form",
        Code::UnsupportedMediaType | Code::MalformedRequest => "The form cannot be read",
        Code::UploadRefused => "This file cannot be taken",
        Code::PreconditionRequired => "Load the page again first",
        Code::TooManyRequests => "That was too often",
        Code::Unauthenticated | Code::RecentSignInRequired => "Please sign in again",
        code => code.title(),
    }
}

/// What a refusal says that is about no field. Pages make problems of their own, which say what they mean.
pub(crate) fn detail(problem: &Problem) -> &str {
    match problem.code {
        Code::MediaInUse => {
            "This page lists where it is used. Take it out there first, or delete it all the same, which leaves \
             a gap."
        }
        Code::UnsupportedMediaType => {
            "Nothing was changed. Go back, and send the form from the page itself."
        }
        Code::RegistrationClosed => {
            "People get an account here by invitation. Ask an admin to invite your address. If you have an \
             account, sign in."
        }
        // The title says that it answers, and the id of the response is for apps.
        Code::ConversationBusy => "Wait until it has, or stop it.",
        // The page links the conversations.
        Code::TooManyRequests => {
            or_not(problem.detail.split(" The responses are ").next().unwrap_or_default())
        }
        Code::AgentOff => {
            "It does not answer before an admin turns it on. Meanwhile you can read, rename and delete your \
             conversations."
        }
        Code::UploadMissing => "The file did not arrive. Choose it again.",
        // What a program does next is told after what is wrong with the file.
        Code::UploadRefused => {
            or_not(problem.detail.split(" Upload the right one").next().unwrap_or_default())
        }
        Code::Internal => {
            "Nothing that you entered caused this. Go back and try again in a moment."
        }
        Code::InvalidInput if !problem.errors.is_empty() => {
            problem.errors.first().map(message).unwrap_or_default()
        }
        _ if is_plain(&problem.detail) => &problem.detail,
        Code::MethodNotAllowed => "Nothing was changed. Go back, and use the buttons of the page.",
        Code::PreconditionFailed | Code::PreconditionRequired => {
            "Nothing was changed. Load the page again, read it as it is now, and make your change once more."
        }
        Code::Unauthenticated | Code::RecentSignInRequired => {
            "Nothing was changed. Sign in again in another tab, then come back and try once more."
        }
        _ => NOT_PLAIN,
    }
}

/// What is wrong with a field.
pub(crate) fn message(error: &FieldError) -> &str {
    match (field(error), error.code.as_str()) {
        ("cursor", _) => "This part of the list is not there any more. Go back to its beginning.",
        ("cover", "not_found") => "Choose a picture that was uploaded.",
        ("publish_at", "out_of_range") => {
            "Choose a time in the future, within a hundred years. To go live now, publish it instead."
        }
        ("revision_id" | "base_revision_id", "not_found") => {
            "The post has no such revision. Load the page again, and choose once more."
        }
        ("cover" | "edits", "not_reviewed") => {
            "It was not part of what you read. Approve without publishing, then read the new revision, and \
             publish that."
        }
        ("", "nothing_to_change") => {
            "Nothing is different from the post as it is. Change something first."
        }
        (_, "unknown_field" | "required" | "invalid") if label(error).is_none() => OUTDATED,
        _ => or_not(&error.message),
    }
}

/// What the field is called on the pages; `None` for what nobody fills in: the message then stands alone.
pub(crate) fn label(error: &FieldError) -> Option<Cow<'static, str>> {
    let text = match field(error) {
        "" | "edits" | "revision_id" | "base_revision_id" | "proposal_id" | "token" | "once"
        | "version" | "review" | "cursor" | "form_token" | "zone" => return None,
        "body" => "Text",
        "slug" => "Address",
        "cover_alt" => "Alternative text of the cover",
        "canonical_url" => "Address of the original",
        "meta_title" => "Title for search engines",
        "meta_description" => "Description for search engines",
        "metadata" => "Custom data",
        "publish_at" => "Goes live at",
        "published_at" => "Date",
        "author_id" => "Author",
        "email" => "E-mail address",
        "into" => "The tag to keep",
        "alt" => "Alternative text",
        "url" => "Address of the website",
        "post_path" => "Path of a post",
        "page_path" => "Path of a page",
        "type" => "Post or page",
        "agent_publishing" => "What agents may publish",
        "registration" => "How people get an account",
        "scopes" => "What it may do",
        "days" => "Valid for",
        "hours" => "It works for",
        "shows" => "It shows",
        "reason" => "What should be different",
        "confirmed" | "agree" | "delete" => "The box to tick",
        other => {
            let mut words = other.replace('_', " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            return Some(Cow::Owned(words));
        }
    };
    Some(Cow::Borrowed(text))
}

/// Whether it is the form itself that is too old to be taken.
pub(crate) fn is_about_form(error: &FieldError) -> bool {
    field(error) == "once"
}

/// The name of the form's field: the first part of the JSON Pointer, whatever is wrong within it. Corrections
/// within an approval have the fields of the text.
pub(crate) fn field(error: &FieldError) -> &str {
    let pointer = error.pointer.trim_start_matches('/');
    let pointer = pointer.strip_prefix("edits/").unwrap_or(pointer);
    pointer.split('/').next().unwrap_or_default()
}

const OUTDATED: &str =
    "The page did not send all that is needed. Load it again, and send the form once more.";

const NOT_PLAIN: &str = "This could not be done as it was sent. Nothing was changed. Load the page again, and try once more.";

/// The text, if it is for people.
pub(crate) fn plain(text: &str) -> Option<&str> {
    is_plain(text).then_some(text)
}

/// The text, or what stands in for one that is not for people.
fn or_not(text: &str) -> &str {
    if is_plain(text) { text } else { NOT_PLAIN }
}

/// Whether a text is for people.
fn is_plain(text: &str) -> bool {
    !FOR_PROGRAMS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use byline_shared::http::if_match;

    use super::*;

    #[test]
    fn no_kind_of_refusal_speaks_to_programs() {
        let api = "Send If-Match with the ETag of GET /v1/posts, and revision_id as JSON.";
        for code in Code::ALL {
            let problem = Problem::new(*code, api);
            for text in [title(&problem), detail(&problem)] {
                assert!(is_plain(text) && !text.contains('_'), "{code:?}: {text}");
            }
        }
        let problem = if_match::stale("The post", 3);
        assert!(is_plain(detail(&problem)) && is_plain(title(&problem)));
    }

    #[test]
    fn what_is_wrong_with_a_field_is_told_as_the_page_calls_it() {
        let error = |pointer: &str, code: &str, message: &str| FieldError {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
        };
        for (error, name, said) in [
            (
                error("/publish_at", "out_of_range", "use publish"),
                Some("Goes live at"),
                "in the future",
            ),
            (error("/cursor", "invalid", "Send next_cursor"), None, "its beginning"),
            (
                error("/revision_id", "not_found", "Read it for its revision_id."),
                None,
                "Load the page",
            ),
            (error("/edits/body/0", "too_long", "Is too long."), Some("Text"), "Is too long."),
            (
                error("/style_guide", "too_long", "Is too long."),
                Some("Style guide"),
                "Is too long.",
            ),
            (error("/token", "too_complex", "It is too deep."), None, "It is too deep."),
            (error("/title", "invalid", "Use the PATCH of JSON."), Some("Title"), "Load the page"),
        ] {
            assert_eq!(label(&error).as_deref(), name, "{error:?}");
            assert!(message(&error).contains(said), "{error:?}: {}", message(&error));
        }
    }
}
