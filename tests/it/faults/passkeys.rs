//! Adding a passkey and signing in with it are done whole or not at all.

use byline_shared::model::Role;

use super::{MAX_CALLS, World, with_every_fault};
use crate::desk::visitor::Visitor;
use crate::harness::{Answer, App};
use crate::passkeys::authenticator::Authenticator;
use crate::passkeys::{PAGE, SIGN_IN, added, adding, is_in, origin, sign_in, signing_in};

/// Somebody new with a browser that is signed in.
async fn person(app: &App) -> Visitor {
    Visitor::with_role(app, Role::Author).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_leaves_a_passkey_half_there() {
    let world = World::new().await;

    with_every_fault!(
        world,
        "desk-account-passkeys",
        |case| {
            let mut visitor = person(&world.app).await;
            let mut device = Authenticator::at(&origin(&world.app));
            let form = adding(&mut visitor, &mut device, "Phone").await;
            (visitor, device, form)
        },
        {
            let (mut visitor, form) = (case.0.clone(), case.2.clone());
            async move { visitor.submit(&form).await }
        },
        async |answer: Answer, what: String| {
            let (mut visitor, device, form) = case;
            assert!([303, 503].contains(&answer.status), "{what}: {}", answer.body);
            let works = sign_in(&world.app, &device).await.1.status == 303;
            assert!(works || answer.status != 303, "{what}");
            // The same form again brings it to a good end.
            let again = visitor.submit(&form).await;
            assert_eq!(again.status, 303, "{what}: {}", again.body);
            assert_eq!(sign_in(&world.app, &device).await.1.status, 303, "{what}");
            let page = visitor.get(PAGE, 200).await;
            assert_eq!(page.body.matches("?remove=").count(), 1, "{what}");
        }
    );

    with_every_fault!(
        world,
        "desk-sign-in",
        |case| {
            let mut visitor = person(&world.app).await;
            let device = added(&world.app, &mut visitor, "Phone").await;
            let mut stranger = Visitor::stranger(&world.app);
            let form = signing_in(&mut stranger, &device).await;
            (stranger, device, form)
        },
        {
            let (mut stranger, form) = (case.0.clone(), case.2.clone());
            async move {
                let answer = stranger.submit(&form).await;
                assert_eq!(is_in(&mut stranger).await, answer.status == 303);
                answer
            }
        },
        async |answer: Answer, what: String| {
            let (mut stranger, device, form) = case;
            // An answer that was lost may have used the challenge up: then it is refused, and another works.
            assert!([303, 403, 503].contains(&answer.status), "{what}: {}", answer.body);
            if answer.status == 303 {
                assert_eq!(stranger.submit(&form).await.status, 403, "{what}");
            }
            let form = signing_in(&mut stranger, &device).await;
            assert_eq!(form.action, SIGN_IN);
            assert_eq!(stranger.submit(&form).await.status, 303, "{what}");
        }
    );
}
