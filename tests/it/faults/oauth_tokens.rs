//! The tokens of clients: a code gives one set, a refresh token one successor, and a lost answer
//! neither loses nor doubles them.

use byline_local::observe::Fault;

use super::{MAX_CALLS, is_for_now, or_again, with_every_fault};
use crate::harness::{Answer, App};
use crate::oauth::browser::Browser;
use crate::oauth::{
    OAuthClient, REDIRECT, World, asks, error, exchange, refreshes, register_client, token,
    try_post,
};

pub(super) async fn redeem(world: &World, code: &str) -> Answer {
    token(&world.app, &world.exchange(code), 200).await
}

pub(super) async fn tokens(world: &World, signed_in: &Browser) -> Answer {
    redeem(world, &signed_in.clone().code(&world.asks()).await).await
}

async fn work(world: &World, client: &OAuthClient, tokens: &Answer, what: &str) {
    assert!(world.opens_mcp(&tokens.text("/access_token")).await, "{what}");
    token(&world.app, &refreshes(client, &tokens.text("/refresh_token")), 200).await;
}

pub(super) async fn are_dead(world: &World, client: &OAuthClient, tokens: &Answer, what: &str) {
    assert!(!world.opens_mcp(&tokens.text("/access_token")).await, "{what}");
    let form = refreshes(client, &tokens.text("/refresh_token"));
    assert_eq!(error(&token(&world.app, &form, 400).await), "invalid_grant", "{what}");
}

/// How many grants there are.
async fn grants(world: &World) -> usize {
    let grants = world.person.get("/v1/auth/grants", 200).await;
    grants.json["items"].as_array().unwrap().len()
}

/// What holds however the exchange of a code was answered: it gave one set of tokens, or can still
/// give it, or gave one that nobody has; and all of it ends when the code comes again.
async fn gives_one_set_at_most(
    world: &World,
    (client, code): &(OAuthClient, String),
    answer: Answer,
    what: &str,
) {
    let form = exchange(client, code);
    let tokens = if answer.status == 200 {
        Some(answer)
    } else {
        is_for_now(&answer, what);
        match grants(world).await {
            0 => Some(token(&world.app, &form, 200).await),
            _ => None,
        }
    };
    assert_eq!(grants(world).await, 1, "{what}");
    if let Some(tokens) = &tokens {
        work(world, client, tokens, what).await;
    }
    assert_eq!(error(&token(&world.app, &form, 400).await), "invalid_grant", "{what}");
    assert_eq!(grants(world).await, 0, "{what}");
    if let Some(tokens) = &tokens {
        are_dead(world, client, tokens, what).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_gives_one_set_of_tokens_at_most() {
    let world = World::new().await;
    let signed_in = world.signed_in().await;
    with_every_fault!(
        world,
        "oauth-token",
        |case| {
            // The first use of a client is noted, so each case has a new one.
            let client = register_client(&world.app, REDIRECT, "none").await;
            let code = signed_in.clone().code(&asks(&client)).await;
            (client, code)
        },
        async { try_post(&world.app, "/oauth/token", &exchange(&case.0, &case.1)).await },
        async |answer: Answer, what: String| {
            gives_one_set_at_most(&world, &case, answer, &what).await;
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_gives_nothing_that_lasts_where_the_secrets_cannot_be_read() {
    for spared in 0..MAX_CALLS {
        // A function reads its secrets once, after the code is used up: each case has a new one.
        let world = World::new().await;
        let case = (world.client.clone(), world.code(&world.asks()).await);
        let observer = &world.app.byline.observer;
        observer.plan("oauth-token", spared, u32::MAX, Fault::Throttled);
        let answer = try_post(&world.app, "/oauth/token", &exchange(&case.0, &case.1)).await;
        let beyond = observer.end_plan();
        let read = observer.actions("oauth-token").contains_key("GetParameter");
        gives_one_set_at_most(&world, &case, answer, &format!("after {spared} calls")).await;
        if beyond {
            assert!(read, "no case was about the secrets");
            return;
        }
    }
    panic!("it makes more than {MAX_CALLS} calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_whose_answer_was_lost_gets_the_same_successor() {
    // Time stands still: no machine is too slow for the half minute.
    let (app, _) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let signed_in = world.signed_in().await;
    with_every_fault!(
        world,
        "oauth-token",
        |case| world.refreshes(&tokens(&world, &signed_in).await.text("/refresh_token")),
        try_post(&world.app, "/oauth/token", &case),
        async |answer: Answer, what: String| {
            let again = token(&world.app, &case, 200).await;
            if answer.status == 200 {
                let successor = answer.text("/refresh_token");
                assert_eq!(successor, again.text("/refresh_token"), "{what}");
                assert!(world.opens_mcp(&answer.text("/access_token")).await, "{what}");
            } else {
                is_for_now(&answer, &what);
            }
            work(&world, &world.client, &again, &what).await;
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_because_it_came_before_ends_the_grant() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let signed_in = world.signed_in().await;
    for is_code in [true, false] {
        with_every_fault!(
            world,
            "oauth-token",
            |case| {
                let code = world.exchange(&signed_in.clone().code(&world.asks()).await);
                let tokens = token(&world.app, &code, 200).await;
                if is_code {
                    (code, tokens)
                } else {
                    let spent = world.refreshes(&tokens.text("/refresh_token"));
                    let tokens = token(&world.app, &spent, 200).await;
                    clock.advance(31);
                    (spent, tokens)
                }
            },
            try_post(&world.app, "/oauth/token", &case.0),
            async |answer: Answer, what: String| {
                let again = token(&world.app, &case.0, 400);
                let refused = or_again(answer, 400, &what, again).await;
                assert_eq!(error(&refused), "invalid_grant", "{what}");
                are_dead(&world, &world.client, &case.1, &what).await;
            }
        );
    }
}
