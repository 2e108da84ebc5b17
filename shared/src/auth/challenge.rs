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

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let known = ["_URL", "_TABLE", "_BUCKET", "_FROM", "_PARAMETER"];
        Config::from_lookup(|name| {
            let is_known =
                known.iter().any(|end| name.ends_with(end)) && name != "BYLINE_AGENT_BASE_URL";
            Ok(is_known.then(|| "https://byline.example".to_owned()))
        })
        .unwrap()
    }

    /// The challenges of a refusal, once it is complete.
    fn challenges(problem: Problem, audience: Audience) -> Vec<String> {
        let problem = complete(problem, audience, &config());
        let values = problem.headers.iter().map(|(_, value)| value.to_str().unwrap().to_owned());
        values.collect()
    }

    #[test]
    fn a_refusal_says_where_to_get_a_token_and_at_mcp_for_what() {
        let api =
            "resource_metadata=\"https://byline.example/.well-known/oauth-protected-resource\"";
        let mcp =
            "resource_metadata=\"https://byline.example/.well-known/oauth-protected-resource/mcp\"";
        let scopes = "scope=\"profile posts:read posts:write posts:propose media:write\"";
        let sent = Problem::unauthenticated;
        let said = |was_sent, audience| challenges(sent(was_sent), audience);
        assert_eq!(said(false, Audience::Api), [format!("Bearer {api}")]);
        assert_eq!(said(true, Audience::Api), [format!("Bearer error=\"invalid_token\", {api}")]);
        assert_eq!(said(false, Audience::Mcp), [format!("Bearer {mcp}, {scopes}")]);
        let other = format!("Bearer error=\"invalid_token\", {mcp}, {scopes}");
        assert_eq!(said(true, Audience::Mcp), std::slice::from_ref(&other));
        // Nothing is added twice, and nothing to a refusal for a scope but where to get a token.
        let twice = complete(sent(true), Audience::Mcp, &config());
        assert_eq!(challenges(twice, Audience::Mcp), [other]);
        let lacks = insufficient_scope(&[Scope::PostsRead, Scope::Profile], Scope::PostsPublish);
        let asked = "scope=\"profile posts:read posts:publish\"";
        let lacks = Problem::new(Code::Forbidden, "No.").with_header(WWW_AUTHENTICATE, lacks);
        assert_eq!(
            challenges(lacks, Audience::Mcp),
            [format!(
                "Bearer error=\"insufficient_scope\", {asked}, \
                 error_description=\"the token lacks the scope posts:publish\", {mcp}"
            )]
        );
        // Other schemes and other headers stay.
        let basic = HeaderValue::from_static("Basic realm=\"x\"");
        let problem =
            Problem::new(Code::Unauthenticated, "No.").with_header(WWW_AUTHENTICATE, basic.clone());
        assert_eq!(challenges(problem, Audience::Mcp), ["Basic realm=\"x\""]);
        let problem =
            Problem::new(Code::Unauthenticated, "No.").with_header(http::header::ALLOW, basic);
        assert_eq!(challenges(problem, Audience::Mcp), ["Basic realm=\"x\""]);
    }

    #[test]
    fn a_token_for_another_resource_is_told_apart() {
        let problem = for_other_resource("https://byline.example", "https://byline.example/mcp");
        assert_eq!(problem.code, Code::Unauthenticated);
        let challenge = challenges(problem, Audience::Api).remove(0);
        let words = "this token is for https://byline.example, not for https://byline.example/mcp; ask for \
                     one with resource=https://byline.example/mcp";
        assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
        assert!(challenge.contains(&format!("error_description=\"{words}\"")), "{challenge}");
    }
}
