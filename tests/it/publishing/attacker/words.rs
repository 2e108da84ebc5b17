//! What readers and reviewers see of a text.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// The words of a text, line by line, with those beside it.
pub(super) fn words_of(
    shown: &Value,
    tags: &[&str],
    alt: Option<&str>,
    body: &[&str],
) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    words.extend(shown["title"].as_str().map(|title| format!("title {title}")));
    words.extend(tags.iter().map(|name| format!("tag {name}")));
    words.extend(alt.map(|alt| format!("alt {alt}")));
    let lines = body.iter().filter(|line| !line.is_empty());
    words.extend(lines.map(|line| format!("line {line}")));
    words
}

/// Everything that a review shows as new. The rest is live already.
pub(super) fn words_of_review(review: &Value) -> BTreeSet<String> {
    let changes = &review["changes"];
    let fields = changes["fields"].as_array().unwrap().iter();
    let title = fields.clone().find(|change| change["field"] == "title");
    let title = json!({ "title": title.map(|change| change["to"].clone()) });
    let names = review["tags"]["after"].as_array().unwrap().iter();
    let names: Vec<&str> = names.map(|name| name.as_str().unwrap()).collect();
    let hunks = changes["hunks"].as_array().unwrap().iter();
    let lines = hunks.flat_map(|hunk| hunk["lines"].as_array().unwrap());
    let added = lines.filter(|line| line["kind"] == "added").map(|line| {
        let words = line["words"].as_array().unwrap().iter();
        words.map(|word| word["text"].as_str().unwrap()).collect::<String>()
    });
    let added: Vec<String> = added.collect();
    let added: Vec<&str> = added.iter().map(String::as_str).collect();
    words_of(&title, &names, review["cover"]["alt"].as_str(), &added)
}

/// The addresses of pictures in a Markdown text.
pub(super) fn addresses(body: &str) -> impl Iterator<Item = &str> {
    body.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}
