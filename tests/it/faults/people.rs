//! Invitations and profiles: what is promised is kept, and nothing is left half done.

use byline_shared::auth::invitations::{self, NewInvitation};
use byline_shared::auth::{Caller, Credential};
use byline_shared::model::{Name, Role, Scope, SessionId};
use byline_shared::store::tokens::Purpose;
use http::Method;
use serde_json::json;

use super::{MAX_CALLS, World, is_for_now, with_every_fault};
use crate::harness::{Answer, PASSWORD};

impl World {
    /// An invitation by the admin: its address and the token of its link.
    async fn invited(&mut self) -> (byline_shared::model::Email, String) {
        let email = self.email();
        let cx = &self.app.byline.context;
        let admin = "admin@example.com".parse().unwrap();
        let id = cx.store.users().find_id_by_email(&admin).await.unwrap().unwrap();
        let account = cx.store.users().get(&id).await.unwrap().unwrap();
        let now = cx.clock.now();
        let credential = Credential::Session {
            id: SessionId::new(now),
            token_version: account.token_version,
            signed_in_at: now,
        };
        let caller = Caller { user: account.user, credential, scopes: Scope::ALL.to_vec() };
        let name = Some(Name::trusted("Lin"));
        let new = NewInvitation { email: email.clone(), role: Role::Author, name, form: None };
        let made = invitations::invite(cx, &caller, new).await.unwrap();
        let purpose = Purpose::AcceptInvitation { invitation_id: made.id };
        (email.clone(), self.token(email, purpose).await)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_leaves_an_invitation_half_accepted() {
    let mut world = World::new().await;

    // An accepted invitation has its account, whole; an error leaves one too, or a link that works.
    with_every_fault!(
        world,
        "auth-accept-invitation",
        |case| world.invited().await,
        {
            let body = json!({ "token": case.1, "password": PASSWORD });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/accept-invitation", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status == 200 {
                let client = world.app.with_token(&answer.text("/access_token"));
                assert_eq!(client.get("/v1/users/me", 200).await.text("/role"), "author");
            } else {
                assert!([409, 422, 503].contains(&answer.status), "{what}: {}", answer.body);
                let body = json!({ "token": case.1, "password": PASSWORD });
                world.app.anonymous().try_post("/v1/auth/accept-invitation", body).await;
            }
            assert!(world.signs_in(&case.0, PASSWORD).await, "{what}");
        }
    );

    // An invitation that was promised brings its mail, and its link works.
    let admin = world.app.admin().await;
    with_every_fault!(
        world,
        "users-invitations-create",
        |email| world.email(),
        {
            let body = json!({ "email": email, "role": "editor", "name": "Lin" });
            let client = admin.clone();
            async move { client.try_post("/v1/users/invitations", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 201 {
                assert!([409, 503].contains(&answer.status), "{what}: {}", answer.body);
                let body = json!({ "email": email, "role": "editor", "name": "Lin" });
                admin.post("/v1/users/invitations", body, 201).await;
            }
            let list = admin.get("/v1/users/invitations?limit=1", 200).await;
            assert_eq!(list.json["items"][0]["email"], email.as_str(), "{what}");
            world.app.invitation_token(email.as_str()).await;
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_makes_a_profile_untrue() {
    let world = World::new().await;
    with_every_fault!(
        world,
        "users-me-update",
        |author| world.app.user(Role::Author).await,
        {
            let client = author.clone();
            let headers = [("content-type", "application/json")];
            let body = Some(json!({ "profile": { "bio": "Here." } }).to_string());
            async move {
                let method = Method::PATCH;
                client.try_send(method, "/v1/users/me", &headers, body).await.unwrap()
            }
        },
        async |answer: Answer, what: String| {
            if answer.status != 200 {
                is_for_now(&answer, &what);
                author.patch("/v1/users/me", json!({ "profile": { "bio": "Here." } }), 200).await;
            }
            let me = author.get("/v1/users/me", 200).await;
            assert_eq!(me.json["profile"]["bio"], "Here.", "{what}");
        }
    );
}
