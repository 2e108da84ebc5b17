//! The preview link of the examples.

use byline_shared::auth::{Actor, Caller, Credential};
use byline_shared::examples;
use byline_shared::model::Scope;
use byline_shared::publishing::{NewPreviewLink, create_preview_link};
use byline_shared::store::users::UserItem;

use crate::harness::App;

/// The token of the example's preview link, for the functions that read or revoke it.
pub(super) async fn token(app: &App, ada: &UserItem, name: &str) -> String {
    let cx = &app.byline.context;
    let example = examples::preview_link();
    if name == "manage-previews-create" {
        return "none".to_owned();
    }
    let credential = Credential::Session {
        id: examples::SESSION_ID.parse().unwrap(),
        token_version: 0,
        signed_in_at: cx.clock.now(),
    };
    let caller = Caller { user: ada.user.clone(), credential, scopes: Scope::ALL.to_vec() };
    let new = NewPreviewLink { id: example.id, revision_id: example.revision_id, hours: 1 };
    let made = create_preview_link(cx, &Actor::rest(caller), &example.post_id, None, new).await;
    // One post is in the trash.
    made.map(|(token, _)| token.expose().to_owned()).unwrap_or_default()
}
