//! Structured data of a post: schema.org's `BlogPosting`, of a page `WebPage`, in JSON-LD, as search engines read it.

use byline_shared::model::{Author, Cover, PostType, PublicAuthor, PublicPostSummary, Site};
use serde_json::{Value, json};

/// The text of a `<script type="application/ld+json">`. It can be put there as it is: of the signs that could end
/// the element or begin another one, none is in it.
///
/// `authors` has the profiles of authors by their slugs.
pub(crate) fn of(post: &PublicPostSummary, site: &Site, authors: &[PublicAuthor]) -> String {
    let address = site.address_of(post.post_type, &post.slug);
    let page = post.canonical_url.as_ref().map_or(address.as_str(), |url| url.as_str());
    let kind = match post.post_type {
        PostType::Post => "BlogPosting",
        PostType::Page => "WebPage",
    };
    let language = post.language.as_ref().unwrap_or(&site.language);
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": kind,
        "headline": post.title,
        "author": [person(&post.author, authors)],
        "datePublished": post.published_at,
        "dateModified": post.updated_at,
        "inLanguage": language,
        "url": address,
        "mainEntityOfPage": { "@type": "WebPage", "@id": page },
        "publisher": { "@type": "Organization", "name": site.title, "url": site.url },
    });
    if !post.excerpt.as_str().is_empty() {
        data["description"] = json!(post.excerpt);
    }
    if let Some(cover) = &post.cover {
        data["image"] = image(cover);
    }
    if !post.tags.is_empty() {
        data["keywords"] = post.tags.iter().map(|tag| json!(tag.name)).collect();
    }
    in_script(&data)
}

/// An author; with where else to find them, if they say so.
fn person(author: &Author, authors: &[PublicAuthor]) -> Value {
    let mut person = json!({ "@type": "Person", "name": author.name });
    let known = authors.iter().find(|known| known.slug == author.slug && known.id == author.id);
    let links = known.map_or(&[][..], |known| &known.profile.links);
    if let Some(first) = links.first() {
        person["url"] = json!(first.url);
        person["sameAs"] = links.iter().map(|link| json!(link.url)).collect();
    }
    person
}

fn image(cover: &Cover) -> Value {
    let mut image = json!({ "@type": "ImageObject", "url": cover.url });
    if let (Some(width), Some(height)) = (cover.width, cover.height) {
        image["width"] = json!(width);
        image["height"] = json!(height);
    }
    if !cover.alt.as_str().is_empty() {
        image["caption"] = json!(cover.alt);
    }
    image
}

/// JSON as the text of a script: `</script>` and `<!--` cannot be in it, and as JSON it is the same.
fn in_script(data: &Value) -> String {
    let json = data.to_string();
    let mut text = String::with_capacity(json.len());
    for char in json.chars() {
        match char {
            // Only within strings of JSON, where it may be escaped.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(char)));
            }
            char => text.push(char),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use byline_shared::examples;
    use byline_shared::model::{AltText, Title};

    use super::*;

    #[test]
    fn no_title_ends_the_script() {
        let mut post = examples::public_post().summary;
        let title = "</script><!-- <script> &amp; \u{2028}\u{2029} \"quoted\" \\";
        post.title = Title::trusted(title);
        let text = of(&post, &examples::settings().site(), &[]);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        let data: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(data["headline"], title);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let mut post = examples::public_post().summary;
        (post.tags, post.cover, post.language) = (Vec::new(), None, None);
        let site = examples::settings().site();
        let data: Value = serde_json::from_str(&of(&post, &site, &[])).unwrap();
        for absent in ["image", "keywords"] {
            assert!(data.get(absent).is_none(), "{absent}");
        }
        assert_eq!(data["inLanguage"], json!(site.language));
        let (url, alt) = ("https://media.example.com/a.gif".to_owned(), AltText::trusted("A dot"));
        assert_eq!(data["@type"], "BlogPosting");
        post.post_type = PostType::Page;
        post.cover = Some(Cover { url, width: None, height: None, alt });
        let data: Value = serde_json::from_str(&of(&post, &site, &[])).unwrap();
        let image = json!({
            "@type": "ImageObject", "url": "https://media.example.com/a.gif", "caption": "A dot",
        });
        assert_eq!(data["image"], image);
        assert_eq!(data["@type"], "WebPage");
        assert_eq!(data["url"], site.address_of(PostType::Page, &post.slug));
    }
}
