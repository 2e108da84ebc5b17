//! What stands in a mail.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{address, mails_to, review_url, until_told};
use crate::desk::visitor::Visitor;
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_stay_words() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let title =
        "<img src=x onerror=alert(1)> Bcc: all@example.com </title><script>alert(2)</script>";
    let note =
        "</blockquote><script>alert(3)</script>\nhttps://evil.example/ <a href=javascript:a>";
    let body = json!({ "title": title, "body": "Words.", "note": note });
    let proposal = author.post("/v1/manage/proposals", body, 201).await;
    until_told(&app, 1).await;
    let mail = mails_to(&app, "admin@example.com").pop().unwrap();
    assert_eq!(mail.subject, format!("For review at Byline: {title}"));
    assert!(!mail.subject.contains(['\r', '\n']));
    let html = mail.html.as_str();
    for markup in ["<img", "<script", "<a href=javascript", "</title><s", "</blockquote><s"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
    // The links are those of the site alone, and none of the note comes before them.
    let own = app.byline.context.config.public_url.as_str();
    let linked: Vec<&str> = html.split("href=\"").skip(1).collect();
    assert!(linked.len() == 3 && linked.iter().all(|link| link.starts_with(own)), "{html}");
    assert_eq!(mail.links[0], review_url(&app, &proposal));
    // The mailbox shows it so that nothing of it runs.
    let page = app.anonymous().get("/_local/mail", 200).await;
    assert!(!page.body.contains("<script") && page.body.contains("See it as HTML"));
    let newest = app.byline.mailbox.mails().len() - 1;
    let shown = app.anonymous().get(&format!("/_local/mail/{newest}"), 200).await;
    assert_eq!(shown.body, app.byline.mailbox.mails()[0].html);
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    app.anonymous().get(&format!("/_local/mail/{}", newest + 1), 404).await;
    // A title with line ends is refused before it could come into a subject.
    let body = json!({ "title": "One\r\nBcc: all@example.com", "body": "Words." });
    author.post("/v1/manage/proposals", body, 422).await.is_problem("invalid_input");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_account_says_what_when_and_from_where() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let to = address(&author).await;
    let body = json!({ "name": "Night shift", "scopes": ["profile", "posts:read"] });
    author.post("/v1/auth/api-keys", body, 201).await;
    let mail = app.byline.mailbox.mail_about(&to, "A change to your account").await;
    let now = app.byline.context.clock.now();
    let day = now.in_words().split(" at ").next().unwrap().to_owned();
    for words in [
        "A new API key was created",
        "Name: Night shift\n",
        "It may: See your name, e-mail address and role; Read drafts and their media\n",
        &format!("When: {day} at "),
        "From the address: 127.0.0.1",
    ] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    assert!(mail.html.contains("Night shift"), "{}", mail.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_learn_where_people_review() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let call = async |tool: &str, arguments: Value| {
        let params = json!({ "name": tool, "arguments": arguments });
        let request =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        agent.post("/mcp", request, 200).await.json["result"].clone()
    };
    let made = call("post_propose", json!({ "title": "New", "body": "Words." })).await;
    let made = &made["structuredContent"];
    let id = made["proposal_id"].as_str().unwrap();
    let url = format!("{}/desk/proposals/{id}", app.byline.context.config.public_url);
    assert_eq!(made["review_url"], url);
    let status = call("drafts_status", json!({})).await;
    assert_eq!(status["structuredContent"]["pending_proposals"][0]["review_url"], url);
    let list = call("proposals_list", json!({})).await;
    assert_eq!(list["structuredContent"]["proposals"][0]["review_url"], url);
    let read = call("proposal_get", json!({ "proposal_id": id })).await;
    assert!(read["content"][0]["text"].as_str().unwrap().contains(&url), "{read}");
    let mut visitor = Visitor::of(&app, &address(&editor).await).await;
    visitor.get(url.strip_prefix(&app.byline.context.config.public_url).unwrap(), 200).await;
}
