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

/// Adds to a refusal at the MCP endpoint where clients learn how to get a token, and to a 401
/// which scopes they will need for ordinary work. Does nothing elsewhere, and nothing twice.
#[must_use]
pub fn complete(mut problem: Problem, audience: Audience, config: &Config) -> Problem {
    if audience != Audience::Mcp {
        return problem;
    }
    let metadata = format!("resource_metadata=\"{}\"", audience.metadata_url(&config.public_url));
    for (_, value) in problem.headers.iter_mut().filter(|(name, _)| *name == WWW_AUTHENTICATE) {
        let Ok(challenge) = value.to_str() else { continue };
        if challenge.contains("resource_metadata=") {
            continue;
        }
        let joint = if challenge.contains('=') { "," } else { "" };
        let mut challenge = format!("{challenge}{joint} {metadata}");
        if problem.code == Code::Unauthenticated {
            let scopes = Scope::list(&Scope::DEFAULT);
            challenge.push_str(&format!(", scope=\"{scopes}\""));
        }
        if let Ok(completed) = HeaderValue::try_from(challenge) {
            *value = completed;
        }
    }
    problem
}
