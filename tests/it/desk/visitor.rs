//! Somebody at the Desk with a browser that runs no scripts: cookies, pages, and forms by the words on
//! their buttons.

use byline_shared::auth::{browser, sessions};
use byline_shared::model::{Email, Role};
use byline_shared::store::sessions::SessionItem;
use http::Method;
use scraper::{ElementRef, Html, Selector};
use url::form_urlencoded::Serializer;

use crate::harness::{Answer, App, Client, Cookies};

/// A browser at the Desk.
#[derive(Clone)]
pub(crate) struct Visitor {
    client: Client,
    cookies: Cookies,
}

/// A form as the page has it, with the button that sends it.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Visitor {
    /// Somebody who is not signed in.
    pub(crate) fn stranger(app: &App) -> Self {
        Self { client: app.anonymous(), cookies: Cookies::default() }
    }

    /// The owner of the account with this address, signed in.
    pub(crate) async fn of(app: &App, email: &str) -> Self {
        let cx = &app.byline.context;
        let email: Email = email.parse().unwrap();
        let id = cx.store.users().find_id_by_email(&email).await.unwrap().unwrap();
        let account = cx.store.users().get(&id).await.unwrap().unwrap();
        let session = sessions::create_for_browser(cx, &account).await.unwrap().unwrap();
        Self::with_session(app, &session).await
    }

    /// A browser with the cookie of this session.
    pub(crate) async fn with_session(app: &App, session: &SessionItem) -> Self {
        let cookie = browser::session_cookie(&app.byline.context, session).await.unwrap();
        let mut visitor = Self::stranger(app);
        visitor.cookies.set(cookie.to_str().unwrap());
        visitor
    }

    /// The admin, signed in.
    pub(crate) async fn admin(app: &App) -> Self {
        Self::of(app, "admin@example.com").await
    }

    /// A new account with this role, signed in; and the same person as a client of the API.
    pub(crate) async fn with_role(app: &App, role: Role) -> (Self, Client) {
        let client = app.user(role).await;
        let email = client.get("/v1/users/me", 200).await.text("/email");
        (Self::of(app, &email).await, client)
    }

    /// The page at a path.
    pub(crate) async fn get(&mut self, path: &str, status: u16) -> Answer {
        let answer = self.send(Method::GET, path, &[], None).await;
        assert_eq!(answer.status, status, "GET {path}: {}", answer.body);
        answer
    }

    /// Presses the button with these words, with the fields changed, and follows the redirect.
    pub(crate) async fn press(
        &mut self,
        page: &Answer,
        button: &str,
        changed: &[(&str, &str)],
    ) -> Answer {
        let mut form = form(page, button);
        for (name, value) in changed {
            form.set(name, value);
        }
        let answer = self.submit(&form).await;
        self.follow(answer).await
    }

    /// Sends a form as a browser does that shows one of our pages.
    pub(crate) async fn submit(&mut self, form: &Form) -> Answer {
        let own = [("sec-fetch-site", "same-origin")];
        self.send(Method::POST, &form.action, &own, Some(form.text())).await
    }

    /// Sends a form with files, as multipart/form-data.
    pub(crate) async fn submit_files(
        &mut self,
        form: &Form,
        files: &[(&str, &[u8])],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in &form.fields {
            let head = format!("--end\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        for (name, bytes) in files {
            let head = format!(
                "--end\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        }
        body.extend(b"--end--\r\n");
        let cookies = self.cookies.header();
        let mut all = vec![
            ("cookie", cookies.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "multipart/form-data; boundary=end"),
        ];
        all.extend(headers);
        self.client.try_send_bytes(Method::POST, &form.action, &all, Some(body)).await.unwrap()
    }

    /// Sends a form with these headers in place of a browser's own.
    pub(crate) async fn submit_with(&mut self, form: &Form, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, &form.action, headers, Some(form.text())).await
    }

    /// Follows redirects.
    pub(crate) async fn follow(&mut self, mut answer: Answer) -> Answer {
        while answer.status == 303 {
            let to = answer.header("location").to_owned();
            answer = self.send(Method::GET, &to, &[], None).await;
        }
        answer
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let cookies = self.cookies.header();
        let mut headers = headers.to_vec();
        headers.push(("cookie", cookies.as_str()));
        if body.is_some() {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        let answer = self.client.try_send(method, path, &headers, body).await.unwrap();
        self.cookies.keep(&answer.headers);
        if answer.status >= 400 {
            speaks_to_people(&answer);
        }
        answer
    }
}

impl Form {
    /// Changes a field, or adds it.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
    }

    /// The value of a field.
    pub(crate) fn value(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("no field {name}"))
    }

    pub(crate) fn text(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }
}

/// The form of a page that the button with these words sends, with the values that it has at first.
pub(crate) fn form(page: &Answer, button: &str) -> Form {
    find(page, button).unwrap_or_else(|| panic!("no button {button:?}: {}", page.body))
}

/// The same; `None` if the page has no such button.
pub(crate) fn find(page: &Answer, button: &str) -> Option<Form> {
    let html = Html::parse_document(&page.body);
    let all = |css: &str| Selector::parse(css).unwrap();
    for form in html.select(&all("form")) {
        let buttons = all("button");
        let Some(pressed) = form.select(&buttons).find(|found| words(*found) == button) else {
            continue;
        };
        let action = pressed.attr("formaction").or(form.attr("action")).unwrap_or_default();
        let mut fields = Vec::new();
        for field in form.select(&all("input, textarea, select")) {
            let (Some(name), kind) = (field.attr("name"), field.attr("type")) else { continue };
            let is_box = matches!(kind, Some("checkbox" | "radio"));
            if is_box && field.attr("checked").is_none() || kind == Some("file") {
                continue;
            }
            let value = match field.value().name() {
                // The parser has dropped a line end right behind the tag, as browsers do.
                "textarea" => field.text().collect::<String>(),
                "select" => {
                    let options: Vec<ElementRef<'_>> = field.select(&all("option")).collect();
                    let chosen = options.iter().find(|option| option.attr("selected").is_some());
                    let chosen = chosen.or(options.first());
                    chosen
                        .map(|option| {
                            option.attr("value").map_or_else(|| words(*option), str::to_owned)
                        })
                        .unwrap_or_default()
                }
                _ => field.attr("value").unwrap_or(if is_box { "on" } else { "" }).to_owned(),
            };
            fields.push((name.to_owned(), value));
        }
        if let Some(name) = pressed.attr("name") {
            let value = pressed.attr("value").unwrap_or_default();
            fields.push((name.to_owned(), value.to_owned()));
        }
        return Some(Form { action: action.to_owned(), fields });
    }
    None
}

/// The words of a page as somebody reads them, with single blanks.
pub(crate) fn text_of(page: &Answer) -> String {
    let html = Html::parse_document(&page.body);
    let main = Selector::parse("body").unwrap();
    html.select(&main).map(words).collect()
}

/// What the API tells programs, and no page tells people: names of fields, headers and operations.
const FOR_PROGRAMS: [&str; 19] = [
    "revision_id",
    "proposal_id",
    "publish_at",
    "next_cursor",
    "agent_publishing",
    "style_guide",
    "meta_title",
    "If-Match",
    "ETag",
    "JSON",
    "Content-Type",
    "Authorization",
    "/v1/",
    "openapi",
    "=true",
    "publish:",
    "see errors",
    "access token",
    "the scope",
];

/// Holds a refusal to the words of people.
pub(crate) fn speaks_to_people(answer: &Answer) {
    // Texts that were entered are in the fields of forms, and say what they like.
    let html = Html::parse_document(&answer.body);
    let all = Selector::parse("h1, h2, p, li, label, td, dd").unwrap();
    for element in html.select(&all) {
        let said = words(element);
        for word in FOR_PROGRAMS {
            assert!(!said.contains(word), "{word:?} is no word for people: {said}");
        }
        // The number of a port may contain these digits, and users of tests are numbered.
        let parts: Vec<&str> = said.split(|sign: char| !sign.is_alphanumeric()).collect();
        let is_name = |at: usize| at >= 2 && parts[at - 2] == "Test";
        let is_status = (0..parts.len()).any(|at| parts[at] == "422" && !is_name(at));
        assert!(!is_status, "a status is no word for people: {said}");
    }
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
