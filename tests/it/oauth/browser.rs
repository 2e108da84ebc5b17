//! A browser without scripts: cookies, and the forms of a page.

use http::Method;
use scraper::{Html, Selector};

use super::{Form, parameter};
use crate::harness::{Answer, Client, Cookies};

#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    pub(crate) cookies: Cookies,
}

impl Browser {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, cookies: Cookies::default() }
    }

    pub(crate) async fn authorize(&mut self, asks: &Form) -> Answer {
        self.get(&format!("/oauth/authorize?{}", asks.text())).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, form: &Form) -> Answer {
        self.send(Method::POST, "/oauth/authorize", Some(form.text())).await
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let cookies = self.cookies.header();
        let mut headers = vec![("cookie", cookies.as_str())];
        if body.is_some() {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        let answer = self.client.try_send(method, path, &headers, body).await.unwrap();
        self.keep(&answer);
        answer
    }

    /// Keeps the cookies of an answer.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        self.cookies.keep(&answer.headers);
    }

    /// Sends the page's form to sign in.
    pub(crate) async fn sign_in(&mut self, page: &Answer, email: &str, password: &str) -> Answer {
        let form = form(page, "sign_in").with("email", email).with("password", password);
        self.post(&form).await
    }

    /// Authorizes with the boxes that are ticked in advance.
    pub(crate) async fn allow(&mut self, page: &Answer) -> Answer {
        self.post(&form(page, "consent").twice("decision", "allow")).await
    }

    /// A code for a request that the signed-in user authorizes, now or earlier.
    pub(crate) async fn code(&mut self, asks: &Form) -> String {
        let page = self.authorize(asks).await;
        let target = if page.status == 303 { page } else { self.allow(&page).await };
        parameter(&target, "code")
    }
}

/// The form of a page for this step, with its initial values.
pub(crate) fn form(page: &Answer, step: &str) -> Form {
    let html = Html::parse_document(&page.body);
    let (forms, inputs) = (Selector::parse("form").unwrap(), Selector::parse("input").unwrap());
    for form in html.select(&forms) {
        let mut found = Form::new(&[]);
        for input in form.select(&inputs) {
            let attribute = |name| input.value().attr(name);
            let left_out = attribute("type") == Some("checkbox") && attribute("checked").is_none();
            if let Some(name) = attribute("name").filter(|_| !left_out) {
                found = found.twice(name, attribute("value").unwrap_or_default());
            }
        }
        if found.0.iter().any(|(name, value)| name == "step" && value == step) {
            return found;
        }
    }
    panic!("no form to {step} in {}: {}", page.status, page.body);
}
