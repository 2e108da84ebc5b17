//! Who opens the page of a proposal, how often, what it loads, and where its links lead.

use byline_shared::model::Role;
use serde_json::json;

use super::review::{edit, editor, page_of, propose, publish, status_of};
use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn no_view_loads_a_picture_of_another_host() {
    let app = App::start().await;
    let (mut visitor, _, agent) = editor(&app).await;
    let body = "![a kelp](https://beacon.example/p.png) [x](https://bank.example)\n";
    let new = json!({ "title": "Beacon", "body": body });
    let proposal = agent.post("/v1/manage/proposals", new, 201).await.text("/id");
    for view in ["reading", "text", "result"] {
        let page = visitor.get(&format!("{}?view={view}", page_of(&proposal)), 200).await;
        assert!(!page.body.contains("<img"), "{view}: {}", page.body);
        let words = text_of(&page);
        assert!(words.contains("Pictures come from new sites: beacon.example"), "{view}: {words}");
        assert!(words.contains("Links lead to new sites: bank.example"), "{view}: {words}");
    }
    let page = visitor.get(&format!("{}?view=result", page_of(&proposal)), 200).await;
    let words = text_of(&page);
    assert!(words.contains("[Picture from beacon.example, not loaded here: a kelp]"), "{words}");
}

/// Where no word can stand, the place is the element.
#[tokio::test(flavor = "multi_thread")]
async fn every_change_in_the_list_has_its_place_on_the_page() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let table = |rows: &str| format!("<table>\n<tr><td>a</td></tr>\n{rows}</table>\n");
    let new = json!({ "title": "Rows", "body": format!("{}\nEnd.\n", table("")) });
    let post = publish(&editor, &editor.post("/v1/manage/posts", new, 201).await).await;
    let more = format!("{}\nEnd.\n\n<table></table>\n\n---\n", table("<tr></tr>\n"));
    let proposal = propose(&agent, &post, json!({ "body": more })).await;
    let page = visitor.get(&page_of(&proposal), 200).await;
    let listed = page.body.matches("href=\"#change-").count();
    assert!(listed > 1, "{}", page.body);
    for number in 1..=listed {
        let place = format!("id=\"change-{number}\"");
        assert_eq!(page.body.matches(&place).count(), 1, "{number}: {}", page.body);
    }
}

/// Of a draft on top of a live text, with tags: nothing less is read.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_makes_few_calls() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let post = editor.post("/v1/manage/posts", draft("Counted"), 201).await;
    let post = publish(&editor, &post).await;
    let post = edit(&editor, &post, json!({ "body": "Not live yet.\n" })).await;
    let change = json!({ "body": "Not live yet either.\n", "tags": ["Field notes", "New"] });
    let proposal = propose(&agent, &post, change).await;
    let count = || app.byline.observer.actions("desk-proposal").values().sum::<u64>();
    for view in ["reading", "text", "result"] {
        let path = format!("{}?view={view}", page_of(&proposal));
        visitor.get(&path, 200).await;
        let before = count();
        visitor.get(&path, 200).await;
        let made = count() - before;
        assert!((1..=super::queue::MOST_CALLS).contains(&made), "{view}: {made} calls");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_decide_what_they_may() {
    let app = App::start().await;
    let (mut writer, author) = Visitor::with_role(&app, Role::Author).await;
    let own = author.post("/v1/manage/proposals", draft("Mine"), 201).await.text("/id");
    let page = writer.get(&page_of(&own), 200).await;
    for button in ["Approve and publish", "Approve and schedule", "Approve with edits and publish"]
    {
        assert!(find(&page, button).is_none(), "{button}");
    }
    // A form that the page does not have changes nothing.
    assert!(find(&page, "Approve").is_none(), "an editor decides about what a person hands in");
    let mut forged = form(&page, "Withdraw");
    forged.set("review", crate::harness::NO_REVIEW);
    forged.set("decision", "publish");
    let refused = writer.submit(&forged).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(status_of(&author, &own).await, "pending");
    let (mut other, _) = Visitor::with_role(&app, Role::Author).await;
    other.get(&page_of(&own), 404).await;
    let (mut reader, _) = Visitor::with_role(&app, Role::Reader).await;
    assert_eq!(reader.get("/desk", 303).await.header("location"), "/desk/account");
    reader.get(&page_of(&own), 403).await;
    let mut admin = Visitor::admin(&app).await;
    for none in ["prop_01JD9ZN5V8Q2M4T6W8X0Y2Z4E0", "1"] {
        admin.get(&page_of(none), 404).await;
    }
    let mut stranger = Visitor::stranger(&app);
    assert_eq!(
        stranger.get(&page_of(&own), 303).await.header("location").find("/desk/sign-in"),
        Some(0)
    );
    let withdrawn = writer.press(&page, "Withdraw", &[]).await;
    assert!(text_of(&withdrawn).contains("Withdrawn."), "{}", withdrawn.body);
    assert_eq!(status_of(&author, &own).await, "withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn reviews_are_limited_as_those_of_the_api_are() {
    let (app, _) = App::with_clock().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Often"), 201).await.text("/id");
    let path = format!("/v1/manage/proposals/{proposal}");
    for _ in 0..60 {
        editor.get(&path, 200).await;
    }
    let refused = visitor.get(&page_of(&proposal), 429).await;
    assert!(!refused.header("retry-after").is_empty());
}
