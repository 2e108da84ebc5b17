//! The error codes, each with what to do. The `type` of a problem leads here.

use byline_shared::http::problem::Code;
use maud::{Markup, html};

use super::prose;

/// The section of the page.
pub(super) fn section() -> Markup {
    html! {
        section id="problems" {
            h2 { "Problems" }
            p { "Every error is problem details (RFC 9457). " code { "detail" } " says what happened \
                 this time. " code { "code" } " is one of these:" }
            dl {
                @for code in Code::ALL {
                    dt id={ "problem-" (code.as_str()) } {
                        code { (code.as_str()) } " " small { (code.status()) }
                    }
                    dd { (code.title()) ". " (prose::inline(advice(*code))) }
                }
            }
        }
    }
}

/// What a caller does about a problem, in the Markdown of descriptions.
fn advice(code: Code) -> &'static str {
    match code {
        Code::MalformedRequest => {
            "Send a JSON object in UTF-8 as the body, and percent-encode the query. `detail` has the \
             line and column of the first mistake."
        }
        Code::Unauthenticated => {
            "Send `Authorization: Bearer <token>`. An access token is valid for 10 minutes: get \
             another one with `POST /v1/auth/refresh`. After a sign-out or a changed password, sign \
             in again."
        }
        Code::InvalidCredentials => {
            "Check address and password. The answer is the same for an unknown address and for one \
             that is not confirmed yet: the mail of the sign-up has the link. A forgotten password is \
             reset with `POST /v1/auth/password/forgot`; `POST /v1/auth/sign-in-link` mails a link \
             to sign in without it."
        }
        Code::InvalidRefreshToken => {
            "Sign in again. Each refresh token works once: keep the one that the last refresh \
             returned, and do not share it between processes."
        }
        Code::RecentSignInRequired => {
            "Have the user sign in again, with `POST /v1/auth/login` or with a mailed link \
             (`POST /v1/auth/sign-in-link`), and repeat the request with the new token within 15 \
             minutes."
        }
        Code::SecondFactorRequired => {
            "Repeat the sign-in with `code`: the present code of the authenticator app, or a recovery \
             code. Each code works once."
        }
        Code::Forbidden => {
            "`detail` names the scope, role or kind of caller that is needed. Use a token with that \
             scope; an admin can change a role. An API key or app cannot do what only a person may."
        }
        Code::RegistrationClosed => {
            "Ask an admin for an invitation (`POST /v1/users/invitations`). An admin can let everybody \
             sign up with the setting `registration`."
        }
        Code::ApprovalRequired => {
            "Propose the text, and have a person approve it; then publish exactly the approved \
             revision. An admin can change the setting `agent_publishing`."
        }
        Code::NotFound => {
            "Check the path and the id. What you may not see is answered like what does not exist."
        }
        Code::MethodNotAllowed => "Use one of the methods in the header `Allow`.",
        Code::LastAdmin => "Make another user an admin first.",
        Code::EmailTaken => {
            "Use another address, or sign in to the account that has it. Who has an account needs no \
             invitation: an admin changes its role with `PATCH /v1/users/{user_id}`."
        }
        Code::SlugTaken => {
            "Choose another `slug`. A slug that was published before stays with its post, because it \
             redirects there."
        }
        Code::TagExists => "Use the existing tag, or merge the two tags that there are.",
        Code::PostTrashed => "Restore the post first, or leave it: it is deleted after 30 days.",
        Code::ProposalConflict => {
            "Read both sides in `conflict`, which reading the proposal shows, too. Propose the change \
             again, based on the present draft, or reject the proposal."
        }
        Code::ProposalDecided => "Read the proposal: it says who decided, and how.",
        Code::MediaInUse => {
            "Take the file out of the posts that `detail` names, and publish them, before you delete \
             it."
        }
        Code::UploadMissing => {
            "Send the file to the URL of the announcement first. That URL is valid for a short time: \
             announce the file again if it has expired."
        }
        Code::ConversationBusy => {
            "Wait as `Retry-After` says, and send the message again. One answer runs at a time in a \
             conversation."
        }
        Code::LimitReached => {
            "Delete what you no longer need, or start another conversation: `detail` says which limit it \
             is."
        }
        Code::EditConflict => {
            "Somebody else changed the same at the same time: read the resource again, and repeat the \
             request. With one-time codes, `detail` says whether they are on already, no secret waits \
             to be confirmed, or a newer secret has taken its place."
        }
        Code::IdempotencyKeyInUse => {
            "Wait as `Retry-After` says, and send the same request with the same `Idempotency-Key` again. It \
             gets the answer of the first one."
        }
        Code::PreconditionFailed => {
            "Read the resource again, apply your change to what it is now, and send its new `ETag` in \
             `If-Match`. When approving, or publishing with `review`: read the new review, and send \
             its `ETag`."
        }
        Code::PayloadTooLarge => {
            "Send less: `detail` has the limit. Split a long text into several posts."
        }
        Code::UnsupportedMediaType => {
            "Send `Content-Type: application/json`, or the type that the operation lists."
        }
        Code::InvalidInput => {
            "`errors` lists every invalid field with a JSON Pointer, a code and what is expected. \
             Correct all of them, and send the request again."
        }
        Code::IdempotencyKeyReused => {
            "Send this request with a new `Idempotency-Key`. Also a request that was corrected after an error \
             needs a new one."
        }
        Code::UploadRefused => {
            "Announce the file again with its real type and size, and send it unchanged."
        }
        Code::PreconditionRequired => {
            "Read the resource, and send its `ETag` in `If-Match`, with the quotation marks. For an \
             approval, that is the `ETag` of the proposal's review."
        }
        Code::TooManyRequests => {
            "Wait for as many seconds as `Retry-After` says. `RateLimit` shows what is left."
        }
        Code::BudgetSpent => {
            "Wait for the next month, or ask the owner of the server for a larger budget. \
             `GET /v1/agent` shows what was taken."
        }
        Code::Internal => {
            "Try again later. If it stays so, report the `request_id`: the log has the cause under it."
        }
        Code::AgentOff => {
            "The owner of the server turns the agent on, as `detail` says. Existing conversations can be \
             read, renamed and deleted meanwhile."
        }
        Code::Unavailable => {
            "Wait as `Retry-After` says, and try again. After a write, check first whether it \
             happened."
        }
    }
}
