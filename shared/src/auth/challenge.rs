//! `WWW-Authenticate`: what a client is told that may not do what it asks for (RFC 6750 §3, RFC 9728
//! §5.1).

use http::header::{HeaderValue, WWW_AUTHENTICATE};

use crate::auth::requirement::Audience;
use crate::config::Config;
use crate::http::problem::{Code, Problem};
use crate::model::Scope;

/// Says which scopes a token would need: those it has, and the missing one. Clients ask for what
/// they read here and for nothing else, so that they would lose what they are not told.
pub(super) fn insufficient_scope(held: &[Scope], missing: Scope) -> HeaderValue {
    let asked = Scope::ALL.into_iter().filter(|scope| held.contains(scope) || *scope == missing);
    let asked = Scope::list(&asked.collect::<Vec<_>>());
    let description = format!("the token lacks the scope {}", missing.as_str());
    let challenge = format!(
        "Bearer error=\"insufficient_scope\", scope=\"{asked}\", error_description=\"{description}\""
    );
    HeaderValue::try_from(challenge).expect("scope names are plain ASCII")
}

/// 401 for a valid token that is for another of our resources (RFC 8707): says which, and how to get
/// one for this.
pub(super) fn for_other_resource(held: &str, wanted: &str) -> Problem {
    let description =
        format!("this token is for {held}, not for {wanted}; ask for one with resource={wanted}");
    let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{description}\"");
    let detail = format!(
        "This access token is for {held}, and this is {wanted}. Ask the authorization server for a \
         token with resource={wanted}."
    );
    let challenge = HeaderValue::try_from(challenge).expect("our URLs are plain ASCII");
    Problem::new(Code::Unauthenticated, detail).with_header(WWW_AUTHENTICATE, challenge)
}

/// Adds to a refusal where clients learn how to get a token, and to a 401 of the MCP endpoint which
/// scopes they will need for ordinary work. Does nothing twice, and nothing to other schemes.
#[must_use]
pub fn complete(mut problem: Problem, audience: Audience, config: &Config) -> Problem {
    let metadata = format!("resource_metadata=\"{}\"", audience.metadata_url(&config.public_url));
    for (_, value) in problem.headers.iter_mut().filter(|(name, _)| *name == WWW_AUTHENTICATE) {
        let Ok(challenge) = value.to_str() else { continue };
        if !challenge.starts_with("Bearer") || challenge.contains("resource_metadata=") {
            continue;
        }
        let joint = if challenge.contains('=') { "," } else { "" };
        let mut challenge = format!("{challenge}{joint} {metadata}");
        if problem.code == Code::Unauthenticated && audience == Audience::Mcp {
            let scopes = Scope::list(&Scope::DEFAULT);
            challenge.push_str(&format!(", scope=\"{scopes}\""));
        }
        if let Ok(completed) = HeaderValue::try_from(challenge) {
            *value = completed;
        }
    }
    problem
}
