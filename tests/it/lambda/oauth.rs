//! The program that the examples speak of.

use byline_shared::crypto::digest;
use byline_shared::examples;
use byline_shared::model::Scope;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::store::oauth::{AuthMethod, ClientItem, CodeItem, ConsentItem};
use byline_shared::store::sessions::SessionItem;
use byline_shared::store::users::UserItem;

use crate::harness::App;

/// The program, its code, and its grant.
pub(super) async fn prepare(app: &App, name: &str, ada: &UserItem) {
    let cx = &app.byline.context;
    let now = cx.clock.now();
    let ttl = now.plus_seconds(600).as_seconds();
    let entry = || AuditEntry::new(cx, Event::ClientRegistered);
    let is_form = name.starts_with("oauth-") && !name.starts_with("oauth-authorize");
    let client = ClientItem {
        id: examples::OAUTH_CLIENT_ID.parse().unwrap(),
        name: "Example agent".to_owned(),
        redirect_uris: vec![examples::OAUTH_REDIRECT_URI.to_owned()],
        auth_method: if is_form { AuthMethod::ClientSecretPost } else { AuthMethod::None },
        secret_digest: Some(digest::sha256(examples::OAUTH_CLIENT_SECRET)),
        created_at: now,
        ttl,
    };
    cx.store.oauth_clients().create(&client, &entry()).await.unwrap();
    let code = CodeItem {
        user_id: ada.user.id.clone(),
        token_version: 0,
        client_id: client.id.to_string(),
        client_name: client.name,
        redirect_uri: examples::OAUTH_REDIRECT_URI.to_owned(),
        challenge: examples::OAUTH_CHALLENGE.to_owned(),
        resource: "https://api.example.com/mcp".to_owned(),
        scopes: vec![Scope::Profile],
        expires_at: now.plus_seconds(600),
        used_by: None,
        ttl,
    };
    let consent = ConsentItem {
        client_id: code.client_id.clone(),
        resource: code.resource.clone(),
        redirect_uri: code.redirect_uri.clone(),
        scopes: code.scopes.clone(),
        asked: code.scopes.clone(),
        token_version: 0,
        given_at: now,
        ttl,
    };
    let digest = digest::sha256(examples::OAUTH_CODE);
    let code = (digest.as_str(), &code);
    cx.store
        .oauth_consents()
        .put_with_code(&ada.user.id, &consent, code, None, &entry())
        .await
        .unwrap();
    assert!(cx.store.sessions().create(&session(app).await, &entry()).await.unwrap());
}

/// The session of the program.
pub(super) async fn session(app: &App) -> SessionItem {
    let now = app.byline.context.clock.now();
    let (idle_at, expires_at) = (now.plus_seconds(600), now.plus_seconds(600));
    SessionItem { idle_at, expires_at, ..examples::grant() }
}
