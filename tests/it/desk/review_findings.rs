//! What a reader of a review could overlook is said in words, and shown before anything can be approved.

use byline_shared::model::FindingCode;
use serde_json::json;

use super::review::{editor, page_of, status_of};
use super::visitor::{find, text_of};
use crate::harness::App;
use crate::hidden_text::findings;

/// What a person has to confirm that they read, in what an agent proposes.
fn is_confirmed(code: FindingCode) -> bool {
    use FindingCode as Code;
    !matches!(
        code,
        Code::MovedText
            | Code::CollapsedText
            | Code::InvisibleCharacters
            | Code::AltText
            | Code::TitleText
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hidden_text_is_said_in_words_and_confirmed() {
    let app = App::unlimited().await;
    let (mut visitor, _, agent) = editor(&app).await;
    let samples = findings::found();
    assert!(samples.len() >= 40, "{}", samples.len());
    for (number, (body, code)) in samples.into_iter().enumerate() {
        let new = json!({ "title": format!("Sample {number}"), "body": body });
        let proposal = agent.post("/v1/manage/proposals", new, 201).await.text("/id");
        let read = agent.get(&format!("/v1/manage/proposals/{proposal}"), 200).await;
        let page = visitor.get(&page_of(&proposal), 200).await;
        let words = text_of(&page);
        let (mut is_asked, mut codes) = (false, Vec::new());
        for finding in read.json["review"]["findings"].as_array().unwrap() {
            let message = finding["message"].as_str().unwrap();
            let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(&message), "{body:?}: {message}\n{words}");
            let code: FindingCode = serde_json::from_value(finding["code"].clone()).unwrap();
            is_asked |= is_confirmed(code);
            codes.push(code);
        }
        assert!(codes.contains(&code), "{body:?}: {code:?}");
        let before = words.find("that an eye would miss").unwrap();
        assert!(
            before < words.find("Title, address, tags and cover").unwrap(),
            "{body:?}: findings come first"
        );
        assert_eq!(words.contains("I have read what an eye would miss"), is_asked, "{body:?}");
        if is_asked {
            let refused = visitor.press(&page, "Approve and publish", &[]).await;
            assert_eq!(refused.status, 422, "{body:?}: {}", refused.body);
            assert!(text_of(&refused).contains("tick the box"), "{body:?}: {}", refused.body);
            assert_eq!(status_of(&agent, &proposal).await, "pending", "{body:?}");
        }
        let after = visitor.press(&page, "Approve", &[("confirmed", "yes")]).await;
        assert_eq!(after.status, 200, "{body:?}: {}", after.body);
        assert_eq!(status_of(&agent, &proposal).await, "approved", "{body:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_the_difference_is_shown_whole_before_it_can_be_approved() {
    let app = App::start().await;
    let (mut visitor, _, agent) = editor(&app).await;
    let body: String = (0..12_000).map(|line| format!("Line {line}.\n")).collect();
    let new = json!({ "title": "Long", "body": body });
    let proposal = agent.post("/v1/manage/proposals", new, 201).await.text("/id");
    for view in ["?view=reading", "?view=result"] {
        let page = visitor.get(&format!("{}{view}", page_of(&proposal)), 200).await;
        assert!(find(&page, "Approve and publish").is_none(), "{view}");
        assert!(find(&page, "Approve with edits").is_none(), "{view}");
        assert!(page.body.contains(&format!("href=\"{}?view=text\"", page_of(&proposal))));
    }
    // Where nothing is chosen, the page shows the text.
    let page = visitor.get(&page_of(&proposal), 200).await;
    let words = text_of(&page);
    assert!(words.contains("The whole new text") && words.contains("Line 11999."));
    let after = visitor.press(&page, "Approve", &[]).await;
    assert_eq!(after.status, 200, "{}", after.body);
}
