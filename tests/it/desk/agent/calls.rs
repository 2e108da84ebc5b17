//! Calls of the agent's tools, in words.

use serde_json::json;

use super::super::visitor::text_of;
use super::{Scene, Step};
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
        "Proposed a change to \u{201c}Tides, twice\u{201d}. It waits for a decision.Review it",
        "It waits for you.",
    ] {
        assert!(words.contains(says), "{says}: {words}");
    }
    assert!(!words.contains("Next:") && !words.contains("post_get"), "{words}");
    let proposals = client.get("/v1/manage/proposals", 200).await;
    let proposal = format!("/desk/proposals/{}", proposals.text("/items/0/id"));
    let post = (format!("/desk/posts/{id}"), title.to_owned());
    let review = (proposal, "Review it: Tides, twice".to_owned());
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
    assert!(words.contains("Beginning a draft did not work: "), "{words}");
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
