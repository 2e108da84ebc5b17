//! Passkeys, with an authenticator in software: adding them, signing in, and everything that must not. A real
//! browser does the same in `outside::passkeys`.

mod account;
mod answers;
pub(crate) mod authenticator;
mod sign_in;

use byline_shared::model::Role;
use http::Method;
use serde_json::Value;

use crate::desk::visitor::{Form, Visitor, form};
use crate::harness::{Answer, App, Client};
use authenticator::Authenticator;

pub(crate) const PAGE: &str = "/desk/account/passkeys";
pub(crate) const SIGN_IN: &str = "/desk/sign-in";

/// The origin that passkeys work at: a Byline at its IP address is `localhost` for them.
pub(crate) fn origin(app: &App) -> String {
    let url = &app.byline.context.config.public_url;
    match url.starts_with("https://") {
        true => url.clone(),
        false => format!("http://localhost:{}", app.byline.address.port()),
    }
}

/// What the script of a page asks the browser with.
async fn options(visitor: &mut Visitor, page: &str) -> Value {
    let mut answer = visitor.get(&format!("{page}?passkey"), 200).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json["publicKey"].take()
}

/// The form for a new passkey with the answer of its device.
pub(crate) async fn adding(visitor: &mut Visitor, device: &mut Authenticator, name: &str) -> Form {
    let page = visitor.get(PAGE, 200).await;
    let mut form = form(&page, "Add a passkey");
    form.set("passkey", &device.create(&options(visitor, PAGE).await));
    form.set("name", name);
    form
}

/// A new passkey of somebody who is signed in.
pub(crate) async fn added(app: &App, visitor: &mut Visitor, name: &str) -> Authenticator {
    let mut device = Authenticator::at(&origin(app));
    let form = adding(visitor, &mut device, name).await;
    let answer = visitor.submit(&form).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    device
}

/// Somebody with a passkey: their browser, the same person at the API, and the passkey.
async fn owner(app: &App) -> (Visitor, Client, Authenticator) {
    let (mut visitor, client) = Visitor::with_role(app, Role::Author).await;
    let device = added(app, &mut visitor, "My phone").await;
    (visitor, client, device)
}

/// The form that signs in, with the answer of a passkey.
pub(crate) async fn signing_in(visitor: &mut Visitor, device: &Authenticator) -> Form {
    let page = visitor.get(SIGN_IN, 200).await;
    let mut form = form(&page, "Sign in with a passkey");
    form.set("passkey", &device.get(&options(visitor, SIGN_IN).await));
    form
}

/// Signs in with a passkey in a browser where nobody is signed in.
pub(crate) async fn sign_in(app: &App, device: &Authenticator) -> (Visitor, Answer) {
    let mut visitor = Visitor::stranger(app);
    let form = signing_in(&mut visitor, device).await;
    let answer = visitor.submit(&form).await;
    (visitor, answer)
}

/// Whether the browser is signed in.
pub(crate) async fn is_in(visitor: &mut Visitor) -> bool {
    visitor.send(Method::GET, "/desk/account", &[], None).await.status == 200
}

/// The entries of the security log of one kind, newest first.
async fn entries(app: &App, event: &str) -> Vec<Value> {
    let log = app.admin().await.get(&format!("/v1/admin/audit?limit=100&event={event}"), 200).await;
    log.json["items"].as_array().unwrap().clone()
}
