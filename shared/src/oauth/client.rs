//! Programs that want to be let in: registered ones, and those that name a document about themselves.

use super::document;
use super::redirect;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{OAuthClientId, is_deceptive};

/// The longest name of a program, in characters.
const MAX_NAME: usize = 100;

/// A program, as a request for authorization needs it.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// What it calls itself. Anybody may call themselves anything.
    pub name: String,
    /// The host of the document about it, which proves that its owner wrote it.
    pub host: Option<String>,
    /// Where its users are sent back to.
    pub redirect_uris: Vec<String>,
}

impl Client {
    /// Whether its users are all sent back to a machine of theirs: then any program there could say
    /// that it is this one.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.redirect_uris.iter().all(|uri| redirect::is_local(uri))
    }
}

/// The program with this id, or why there is none, in words for people.
///
/// # Errors
/// As any call to the database.
pub async fn find(cx: &Context, id: &str) -> Result<Result<Client, String>, Problem> {
    if id.starts_with("https://") {
        return Ok(document::client(cx, id).await);
    }
    let unknown = || {
        "The program that sent you here is not known. It may have to register again: remove this \
         server from it, and add it anew."
            .to_owned()
    };
    let Ok(id) = id.parse::<OAuthClientId>() else { return Ok(Err(unknown())) };
    let item = cx.store.oauth_clients().get(&id).await?;
    let live = item.filter(|item| item.ttl > cx.clock.now().as_seconds());
    Ok(live.ok_or_else(unknown).map(|item| Client {
        id: item.id.to_string(),
        name: item.name,
        host: None,
        redirect_uris: item.redirect_uris,
    }))
}

/// A program's name as it may be shown: one line, without marks that make it look like another.
pub(super) fn name(given: &str) -> Option<String> {
    let name = given.trim();
    let plain = |char: char| !char.is_control() && !is_deceptive(char) && !is_invisible(char);
    let fits = name.chars().any(char::is_alphanumeric)
        && name.chars().count() <= MAX_NAME
        && name.chars().all(plain);
    fits.then(|| name.to_owned())
}

/// Line and paragraph separators, and characters without a shape of their own (Unicode's
/// `Default_Ignorable_Code_Point`, and the blank Braille pattern): a name that holds them could look
/// like another one, or like none.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
