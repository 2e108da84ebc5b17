//! Hidden text is refused at every door: each field of each operation and tool that takes text.

use byline_shared::model::{Role, hidden};
use serde_json::{Value, json};

use crate::harness::{App, draft};

/// Fields that take any text on purpose: what they hold is looked for, and not kept.
const SEARCHED: [&str; 6] = ["find", "heading", "query", "q", "path", "cursor"];

/// The same for a field whose name means a text that is kept elsewhere.
const SEARCHED_BY: [(&str, &str); 1] = [("posts_list", "title")];

/// Every text field of an input, by its schema: those that are kept refuse hidden text.
#[test]
fn every_text_that_is_kept_must_be_visible() {
    let operations = byline_local::operations();
    let contracts = operations
        .iter()
        .filter_map(|operation| Some((operation.name.to_owned(), operation.input_contract()?)));
    let tools = byline_tools::ALL.iter().map(|tool| (tool.name.to_owned(), (tool.input)()));
    let mut visible = 0;
    for (name, contract) in contracts.chain(tools) {
        let mut open: Vec<(String, &Value)> = vec![(String::new(), contract.schema())];
        while let Some((field, schema)) = open.pop() {
            if schema["x-visible"] == true {
                visible += 1;
                continue;
            }
            for (member, inner) in schema["properties"].as_object().into_iter().flatten() {
                open.push((member.clone(), inner));
            }
            open.extend(schema.get("items").map(|inner| (field.clone(), inner)));
            for several in ["anyOf", "oneOf"] {
                let options = schema[several].as_array().into_iter().flatten();
                open.extend(options.map(|inner| (field.clone(), inner)));
            }
            let kinds = schema["type"].to_string();
            let is_free = kinds.contains("\"string\"")
                && ["pattern", "enum", "const", "format"].iter().all(|key| schema[*key].is_null());
            let is_searched = SEARCHED_BY.contains(&(name.as_str(), field.as_str()));
            if is_free && !is_searched && !SEARCHED.contains(&field.as_str()) && !is_secret(&field)
            {
                panic!("{name}: {field} takes any text: {schema}");
            }
        }
    }
    assert!(visible > 40, "{visible}");
}

/// Tokens, passwords and codes are compared and never shown; ids are looked up.
fn is_secret(field: &str) -> bool {
    let ends = ["token", "password", "code", "secret", "id", "tag", "post", "revision", "if_match"];
    ends.iter().any(|end| field.ends_with(end))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_refuses_it_with_its_place() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let bad = "a\u{e0041}b";
    let place = "U+E0041, a tag character, on line 1, column 2";
    for field in ["title", "excerpt", "meta_title", "meta_description", "canonical_url"] {
        let mut new = draft("Fine");
        new[field] =
            if field == "canonical_url" { format!("https://a/{bad}") } else { bad.into() }.into();
        let answer = editor.post("/v1/manage/posts", new, 422).await;
        let message = answer.text("/errors/0/message");
        assert!(message.contains("U+E0041, a tag character"), "{field}: {message}");
    }
    let mut new = draft("Fine");
    new["tags"] = json!([bad]);
    let answer = editor.post("/v1/manage/posts", new, 422).await;
    assert!(answer.text("/errors/0/message").contains(place));
    for metadata in [json!({ "a": { "b": [bad] } }), json!({ bad: 1 })] {
        let mut new = draft("Fine");
        new["metadata"] = metadata;
        let answer = editor.post("/v1/manage/posts", new, 422).await;
        assert!(answer.text("/errors/0/pointer").starts_with("/metadata"));
        assert!(answer.text("/errors/0/message").contains("U+E0041"), "{}", answer.body);
    }
    let admin = app.admin().await;
    let changes = json!({ "style_guide": format!("One.\n{bad}") });
    let answer = admin.patch("/v1/admin/settings", changes, 422).await;
    assert!(answer.text("/errors/0/message").contains("on line 2, column 2"), "{}", answer.body);
    let answer = editor.post("/v1/manage/tags", json!({ "name": bad }), 422).await;
    assert!(answer.text("/errors/0/message").contains(place));
}

/// What an entity brings into a page is replaced there.
#[test]
fn html_holds_no_hidden_text() {
    let body = "a&#xE0069;b&#x2800;c&#x3164;d&#8203;&#8203;&#8203;e&#x80;f &#x1F3F4;&#xE0069;";
    let html = byline_shared::publishing::to_html(body).unwrap();
    assert_eq!(hidden::check(&html), Ok(()), "{html:?}");
    assert!(html.contains('\u{fffd}'), "{html:?}");
}
