//! Concurrent requests.

use super::{World, error, token};

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_uses_of_a_code_give_one_set_of_tokens() {
    let world = std::sync::Arc::new(World::new().await);
    let code = world.code(&world.asks()).await;
    let form = world.exchange(&code);
    let calls = (0..20).map(|_| {
        let (world, form) = (std::sync::Arc::clone(&world), form.clone());
        tokio::spawn(async move {
            let headers = [("content-type", "application/x-www-form-urlencoded")];
            let client = world.app.anonymous();
            let (post, body) = (http::Method::POST, Some(form.text()));
            client.try_send(post, "/oauth/token", &headers, body).await.unwrap()
        })
    });
    let mut answers = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        answers.push(call.await.unwrap());
    }
    let got: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(got.len(), 1, "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(error(refused), "invalid_grant");
    }
    // The set that was issued ends, too: it may be in the hands of a thief.
    assert!(!world.opens_mcp(&got[0].text("/access_token")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_refreshes_get_the_same_successor() {
    let world = std::sync::Arc::new(World::new().await);
    let tokens = world.tokens(&world.asks()).await;
    let form = world.refreshes(&tokens.text("/refresh_token"));
    let calls = (0..20).map(|_| {
        let (world, form) = (std::sync::Arc::clone(&world), form.clone());
        tokio::spawn(async move { token(&world.app, &form, 200).await.text("/refresh_token") })
    });
    let mut successors = std::collections::BTreeSet::new();
    for call in calls.collect::<Vec<_>>() {
        successors.insert(call.await.unwrap());
    }
    assert_eq!(successors.len(), 1, "one successor");
    let next = world.refreshes(successors.first().unwrap());
    token(&world.app, &next, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn revocation_wins_over_concurrent_refreshes() {
    let world = std::sync::Arc::new(World::new().await);
    let tokens = world.tokens(&world.asks()).await;
    let form = world.refreshes(&tokens.text("/refresh_token"));
    let refreshes = (0..10).map(|_| {
        let (world, form) = (std::sync::Arc::clone(&world), form.clone());
        tokio::spawn(async move {
            let headers = [("content-type", "application/x-www-form-urlencoded")];
            let client = world.app.anonymous();
            let (post, body) = (http::Method::POST, Some(form.text()));
            client.try_send(post, "/oauth/token", &headers, body).await.unwrap()
        })
    });
    let refreshes: Vec<_> = refreshes.collect();
    let grant = world.person.get("/v1/auth/grants", 200).await.text("/items/0/id");
    world.person.delete(&format!("/v1/auth/grants/{grant}"), 204).await;
    let mut latest = vec![tokens];
    for refresh in refreshes {
        let answer = refresh.await.unwrap();
        if answer.status == 200 {
            latest.push(answer);
        }
    }
    for answer in latest {
        assert!(!world.opens_mcp(&answer.text("/access_token")).await);
        let form = world.refreshes(&answer.text("/refresh_token"));
        assert_eq!(error(&token(&world.app, &form, 400).await), "invalid_grant");
    }
}
