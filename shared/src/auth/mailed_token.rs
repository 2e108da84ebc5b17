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
        count_unknown(cx).await?;
        return Ok(None);
    };
    limits::acquire(cx, &limits::TOKEN, &Subject::new(digest.as_str())).await?;
    Ok(Some(MailedToken { digest, item }))
}

/// A token that a page looks at before anybody presses its button; `None` if there is no such token any more.
///
/// A token that exists counts no try: mail scanners follow links. So nobody must learn more of a token of
/// another purpose than that it does not work. Codes that people type are kept in the same place, and short
/// enough to be guessed: they are no links, and are not looked for.
///
/// # Errors
/// 429 after too many tokens from this network that do not exist; 503 while the database does not answer.
pub async fn look(cx: &Context, given: &Secret) -> Result<Option<TokenItem>, Problem> {
    if given.expose().is_empty() {
        return Ok(None);
    }
    let is_link = given.expose().len() > 2 * HALF_CODE;
    let found = match is_link {
        true => cx.store.tokens().get(&digest::sha256(given.expose())).await?,
        false => None,
    };
    let found = found.filter(|item| item.is_live(cx.clock.now()));
    if found.is_none() {
        count_unknown(cx).await?;
    }
    Ok(found)
}

/// Counts a token that does not exist.
async fn count_unknown(cx: &Context) -> Result<(), Problem> {
    let network = limits::network(cx.request.source_ip);
    limits::acquire(cx, &limits::TOKEN_NETWORK, &network).await
}

/// How many letters of a code stand on each side of its dash.
const HALF_CODE: usize = 7;

/// A token that people type: 14 letters of an alphabet of 16, 56 bits. It lives for minutes, and
/// guesses are limited, so that nobody finds one.
#[must_use]
pub fn new_code() -> String {
    format!("{}-{}", random::letters(HALF_CODE), random::letters(HALF_CODE))
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
