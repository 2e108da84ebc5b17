//! The ids of footnotes. A page of a site may show several posts, each with a first footnote.

use super::markup;
use crate::model::PostId;

/// Where a footnote is, and where the references to it are.
const LEADS: [&str; 2] = ["fnref-", "fn-"];

/// Whether an element other than a heading may have this id: `fn-a` and `fnref-a`, percent-encoded as in the links to
/// them.
pub(super) fn is_id(id: &str) -> bool {
    name(id).is_some_and(|(_, name)| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~%".contains(c))
    })
}

/// The HTML of a post, in which the ids of footnotes have the id of the post: it is never that of another post, and
/// stays when the slug changes.
pub(super) fn of_post(html: &str, post: &PostId) -> String {
    let ulid = post.ulid().to_string().to_lowercase();
    markup::with_ids_as(html, |id| {
        let (lead, name) = name(id)?;
        Some(format!("{lead}{ulid}-{name}"))
    })
}

/// The parts of the id of a footnote; none of another id.
fn name(id: &str) -> Option<(&'static str, &str)> {
    LEADS.into_iter().find_map(|lead| Some((lead, id.strip_prefix(lead)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::to_html;

    #[test]
    fn references_and_footnotes_find_each_other() {
        let text = "## fn-a\n\nOne[^a], again[^a], [by hand](#fn-a), [elsewhere](/b#fn-a).\n\n[^a]: There.\n";
        let post: PostId = "post_01JD9ZP7V8Q2M4T6W8X0Y2Z4J2".parse().unwrap();
        let html = of_post(&to_html(text).unwrap(), &post);
        let name = "01jd9zp7v8q2m4t6w8x0y2z4j2-a";
        for (part, count) in [
            (format!("href=\"#fn-{name}\""), 3),
            (format!("id=\"fn-{name}\""), 1),
            (format!("href=\"#fnref-{name}\""), 1),
            (format!("id=\"fnref-{name}\""), 1),
            (format!("href=\"#fnref-{name}-2\""), 1),
            (format!("id=\"fnref-{name}-2\""), 1),
            ("href=\"/b#fn-a\"".to_owned(), 1),
            ("<h2 id=\"section-fn-a\">".to_owned(), 1),
        ] {
            assert_eq!(html.matches(&part).count(), count, "{part} in {html}");
        }
    }
}
