//! Calls of the agent's tools, in words.

use serde_json::json;

use super::super::visitor::text_of;
use super::{Scene, Step, page_of};
use crate::harness::{Answer, draft};

/// The addresses of the links in what was done, with their words.
fn links(page: &Answer) -> Vec<(String, String)> {
    let html = scraper::Html::parse_document(&page.body);
    let all = scraper::Selector::parse("ul.did a").unwrap();
    let words = |link: scraper::ElementRef<'_>| {
        let text: String = link.text().collect();
        (link.attr("href").unwrap().to_owned(), text)
    };
    html.select(&all).map(words).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agent_did_is_told_in_words_and_leads_to_what_it_made() {
    let mut scene = Scene::new(vec![]).await;
    let client = scene.client.clone();
    let post = client.post("/v1/manage/posts", draft("Tides & <rope>"), 201).await;
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let title = "\u{201c}Tides & <rope>\u{201d}";
    let change = json!({ "post_id": id, "revision_id": revision, "title": "Tides, twice" });
    scene.model.then(vec![
        Step::Calls(
            "I look.",
            vec![
                ("search", json!({ "query": "rope" })),
                ("post_get", json!({ "post_id": id })),
                ("fetch", json!({ "id": id })),
                ("site_get", json!({})),
                ("posts_list", json!({})),
                ("whoami", json!({})),
                ("post_publish", json!({ "post_id": id })),
                ("post_get", json!({ "post_id": "post_01AAAAAAAAAAAAAAAAAAAAAAAA" })),
            ],
        ),
        Step::Calls("", vec![("post_propose", change)]),
        Step::Says("It waits for you."),
    ]);
    let page = scene.begin("Improve the title").await;
    let words = text_of(&page);
    for says in [
        "I look. Searched for \u{201c}rope\u{201d}",
        &format!("Read the post {title}"),
        "Read the style guide",
        "Looked through the posts",
        "Looked up what it may do",
        "Publishing a post did not work: There is no such tool.",
        "Reading a post did not work: ",
        "Proposed a change to \u{201c}Tides & <rope> \u{2192} Tides, twice\u{201d}. It waits for a decision.Review it",
        "It waits for you.",
    ] {
        assert!(words.contains(says), "{says}: {words}");
    }
    assert!(!words.contains("Next:") && !words.contains("post_get"), "{words}");
    let proposals = client.get("/v1/manage/proposals", 200).await;
    let proposal = format!("/desk/proposals/{}", proposals.text("/items/0/id"));
    let post = (format!("/desk/posts/{id}"), title.to_owned());
    let review = (proposal, "Review it: Tides & <rope> \u{2192} Tides, twice".to_owned());
    assert_eq!(links(&page), [post.clone(), post, review.clone()]);
    scene.author.get(&review.0, 200).await;

    scene.model.then(vec![
        Step::Calls("", vec![("post_propose", json!({ "title": "A new one", "body": "Text." }))]),
        Step::Calls("", vec![("post_create_draft", json!({ "title": "Kelp", "body": "Green." }))]),
        Step::Says("Done."),
    ]);
    let page = scene.begin("Begin").await;
    let words = text_of(&page);
    assert!(words.contains("Proposed a new post: \u{201c}A new one\u{201d}."), "{words}");
    // The mode proposes, and does not draft.
    let told = "Beginning a draft did not work: In this conversation the agent may only read and propose \
                changes. You can change that under Title, and what the agent may do.";
    assert!(words.contains(told), "{words}");
    assert!(page.body.contains("href=\"#settings\"") && page.body.contains("id=\"settings\""));
    let page = scene.author.press(&page, "Save", &[("mode", "draft")]).await;
    scene.model.then(vec![
        Step::Calls("", vec![("post_create_draft", json!({ "title": "Kelp", "body": "Green." }))]),
        Step::Says("Done."),
    ]);
    let page = scene.author.press(&page, "Send", &[("message", "Again")]).await;
    let words = text_of(&page);
    assert!(
        words.contains("Began the draft \u{201c}Kelp\u{201d}. Readers do not see it.Open it"),
        "{words}"
    );
    let (made, _) = links(&page).pop().unwrap();
    assert!(text_of(&scene.author.get(&made, 200).await).contains("Kelp"), "{made}");
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agent_made_is_told_as_it_is_now() {
    let mut scene = Scene::new(vec![]).await;
    let (client, admin) = (scene.client.clone(), scene.app.admin().await);
    let post = client.post("/v1/manage/posts", draft("Pears in October"), 201).await;
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let change = |title: &str| {
        let change = json!({ "post_id": id, "revision_id": revision, "title": title });
        ("post_propose", change)
    };
    scene.model.then(vec![
        Step::Calls("", vec![change("One"), change("Two"), change("Three"), change("Four")]),
        Step::Says("They wait for you."),
    ]);
    let page = scene.begin("Improve the title").await;
    assert_eq!(text_of(&page).matches("It waits for a decision.").count(), 4);
    let place = page_of(&scene.ids().await[0]);
    let waiting = client.get("/v1/manage/proposals", 200).await;
    let proposal = |title: &str| {
        let mut all = waiting.json["items"].as_array().unwrap().iter();
        let found = all.find(|one| one["title"] == title).unwrap();
        assert_eq!(found["base_title"], "Pears in October");
        found["id"].as_str().unwrap().to_owned()
    };
    let decide = |what: &'static str, title: &str| {
        format!("/v1/manage/proposals/{}/{what}", proposal(title))
    };
    client.post(&decide("withdraw", "Three"), json!({}), 200).await;
    admin.post(&decide("reject", "Two"), json!({ "reason": "No." }), 200).await;
    admin.approve(&proposal("One"), json!({}), 200).await;
    let words = text_of(&scene.author.get(&place, 200).await);
    for says in [
        "\u{2192} One\u{201d}. It was approved. Readers do not see it yet.See it",
        "\u{2192} Two\u{201d}. It was sent back.See why",
        "\u{2192} Three\u{201d}. It was withdrawn.See it",
        "\u{2192} Four\u{201d}. It waits for a decision.Review it",
    ] {
        assert!(words.contains(says), "{says}: {words}");
    }
    let head = admin.get(&format!("/v1/manage/posts/{id}"), 200).await;
    let body = json!({ "revision_id": head.text("/revision_id") });
    admin.post(&format!("/v1/manage/posts/{id}/publish"), body, 200).await;
    let words = text_of(&scene.author.get(&place, 200).await);
    assert!(
        words.contains("\u{2192} One\u{201d}. It was approved, and readers see it.See it"),
        "{words}"
    );
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_has_one_name_everywhere() {
    let mut scene = Scene::new(vec![]).await;
    let name = scene.client.get("/v1/users/me", 200).await.text("/name");
    let agent = format!("{name}'s agent");
    scene.model.then(vec![
        Step::Calls("", vec![("post_create_draft", json!({ "title": "Kelp", "body": "Green." }))]),
        Step::Says("Done."),
    ]);
    let page = scene.author.get(super::AGENT, 200).await;
    let page = scene.author.press(&page, "Send", &[("message", "Go"), ("mode", "draft")]).await;
    let (made, _) = links(&page).pop().unwrap();
    let history = scene.author.get(&format!("{made}/history"), 200).await;
    assert!(text_of(&history).contains(&format!("{agent}, with scripted")), "{}", history.body);
    let edited = scene
        .client
        .get(&format!("/v1/manage/posts/{}", made.rsplit('/').next().unwrap()), 200)
        .await;
    super::super::review::edit(&scene.client, &edited, json!({ "title": "Kelps" })).await;
    let history = scene.author.get(&format!("{made}/history"), 200).await;
    assert!(history.body.contains(&format!(", {agent}</option>")), "to compare: {}", history.body);
    let mut admin = super::super::visitor::Visitor::admin(&scene.app).await;
    let log = text_of(&admin.get("/desk/activity", 200).await);
    assert!(log.contains(&format!("{agent} began")), "{log}");
    let log = scene.app.admin().await.get("/v1/admin/audit?event=post_created", 200).await;
    let conversation = scene.ids().await[0].clone();
    let expected = json!({ "model": "scripted", "conversation_id": conversation });
    assert_eq!(log.json["items"][0]["agent"], expected, "{}", log.body);
    let log = scene.app.admin().await.get("/v1/admin/audit?event=conversation_started", 200).await;
    assert!(log.json["items"][0]["agent"].is_null(), "a person did that: {}", log.body);
}
