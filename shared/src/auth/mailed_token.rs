//! Tokens of mailed links and codes. One that exists is limited by itself and by nothing that others
//! do, so that proof of the mailbox is a way in whatever happens on its owner's network.

use super::limits;
use crate::context::Context;
use crate::crypto::{digest, random};
use crate::http::problem::Problem;
use crate::model::{Secret, Subject};
use crate::store::tokens::TokenItem;

/// A token that exists and has not expired.
#[derive(Debug)]
pub struct MailedToken {
    /// The SHA-256 of the token: its key.
    pub digest: String,
    /// Its address and purpose.
    pub item: TokenItem,
}

/// The token that somebody gives; `None` if there is no such token any more.
///
/// # Errors
/// 429 after too many tries: of this token, or from this network with tokens that do not exist.
pub async fn find(cx: &Context, given: &Secret) -> Result<Option<MailedToken>, Problem> {
    let digest = digest::sha256(given.expose());
    let found = cx.store.tokens().get(&digest).await?;
    let Some(item) = found.filter(|item| item.is_live(cx.clock.now())) else {
        let network = limits::network(cx.request.source_ip);
        limits::acquire(cx, &limits::TOKEN_NETWORK, &network).await?;
        return Ok(None);
    };
    limits::acquire(cx, &limits::TOKEN, &Subject::new(digest.as_str())).await?;
    Ok(Some(MailedToken { digest, item }))
}

/// A token that people type: 14 letters of an alphabet of 16, 56 bits. It lives for minutes, and
/// guesses are limited, so that nobody finds one.
#[must_use]
pub fn new_code() -> String {
    format!("{}-{}", random::letters(7), random::letters(7))
}

/// The token of a code as somebody typed it: without spaces and dashes, in lower case.
#[must_use]
pub fn from_code(typed: &str) -> Secret {
    let counts = |char: &char| !char.is_whitespace() && *char != '-';
    Secret::new(typed.chars().filter(counts).collect::<String>().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_counts_however_it_is_typed() {
        let code = new_code();
        assert_eq!(code.len(), 15);
        let typed = format!(" {} ", code.replace('-', " - ").to_uppercase());
        assert_eq!(from_code(&typed).expose(), code.replace('-', ""));
    }
}
