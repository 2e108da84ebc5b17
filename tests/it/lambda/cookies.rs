//! Cookies in the events of API Gateway: a browser's come in `cookies`, and those of an answer go out
//! there, each by itself.

use scraper::{Html, Selector};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::world::World;
use crate::harness::{events, functions};

/// The sample event of an operation.
fn event(name: &str) -> Value {
    let operations = byline_local::operations();
    events::of(operations.iter().find(|operation| operation.name == name).unwrap())
}

/// The cookies that an answer sets, as the browser sends them back.
fn set_by(answer: &Value) -> Vec<String> {
    assert!(answer["headers"].get("set-cookie").is_none(), "{answer}");
    let cookies = answer["cookies"].as_array().unwrap().iter();
    cookies.map(|cookie| cookie.as_str().unwrap().split(';').next().unwrap().to_owned()).collect()
}

/// The hidden fields of the page's first form, with address and password.
fn sign_in(page: &Value) -> String {
    let html = Html::parse_document(page["body"].as_str().unwrap());
    let form = html.select(&Selector::parse("form").unwrap()).next().unwrap();
    let mut fields = Serializer::new(String::new());
    for input in form.select(&Selector::parse("input[type=hidden]").unwrap()) {
        let attribute = |name| input.value().attr(name).unwrap();
        fields.append_pair(attribute("name"), attribute("value"));
    }
    fields.append_pair("email", "ada@example.com");
    fields.append_pair("password", byline_shared::examples::PASSWORD);
    fields.finish()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_by_the_cookies_of_events() {
    functions::build("oauth-authorize-submit");
    let world = World::new("oauth-authorize", "byline_oauth::oauth_authorize").await;
    let page = world.invoke("oauth-authorize", &event("oauth-authorize")).await;
    assert_eq!(page["statusCode"], 200, "{page}");
    let mut cookies = vec!["theme=dark".to_owned()];
    cookies.extend(set_by(&page));
    assert_eq!(cookies.len(), 2, "{cookies:?}");

    let mut submit = event("oauth-authorize-submit");
    (submit["cookies"], submit["body"]) = (json!(cookies), sign_in(&page).into());
    let signed_in = world.invoke("oauth-authorize-submit", &submit).await;
    assert_eq!(signed_in["statusCode"], 303, "{signed_in}");
    let set = set_by(&signed_in);
    for name in ["__Host-byline-session=", "__Host-byline-device="] {
        assert!(set.iter().any(|cookie| cookie.starts_with(name)), "{set:?}");
    }

    cookies.extend(set);
    let mut again = event("oauth-authorize");
    again["cookies"] = json!(cookies);
    let consent = world.invoke("oauth-authorize", &again).await;
    let body = consent["body"].as_str().unwrap();
    assert!(body.contains("value=\"consent\"") && body.contains("ada@example.com"), "{body}");
}
