//! Slugs that are made from titles.

use super::content::NewPost;
use crate::crypto::random;
use crate::model::{PostFields, Slug, Title};
use crate::store::posts::PostItem;
use crate::store::proposals::SlugSource;

/// How many slugs are tried for a title before the answer is a conflict.
pub(super) const ATTEMPTS: u32 = 4;

/// The slug to try, where others have those of the attempts before. The first attempt is 1.
pub(super) fn attempt(wanted: &Slug, number: u32) -> Slug {
    match number {
        1 => wanted.clone(),
        2 | 3 => wanted.with_suffix(&number.to_string()),
        _ => wanted.with_suffix(&random::letters(6)),
    }
}

/// The slug of a new post, and where it comes from.
pub(super) fn chosen_slug(new: &NewPost) -> (Slug, SlugSource) {
    match &new.slug {
        Some(slug) => (slug.clone(), SlugSource::Given),
        None => (slug_for(&new.title), SlugSource::Title),
    }
}

/// The slug that a title asks for.
pub(super) fn slug_for(title: &Title) -> Slug {
    // Of a title without a letter that a slug can hold, nothing is left.
    Slug::from_text(title.as_str()).unwrap_or_else(|| untitled().with_suffix(&random::letters(6)))
}

fn untitled() -> Slug {
    Slug::trusted("post")
}

/// Whether the slug of a post follows its title. A schedule holds it, too: what is scheduled has an address.
pub(super) fn follows_title(post: &PostItem) -> bool {
    follows_title_of(Some(post), &post.summary.fields)
}

/// The same of a text that approving makes of a post; none for a new post.
pub(super) fn follows_title_of(post: Option<&PostItem>, text: &PostFields) -> bool {
    let has_address = |post: &PostItem| post.was_live() || post.summary.schedule.is_some();
    !post.is_some_and(has_address) && is_made_from(&text.slug, &text.title)
}

/// Whether nobody chose the slug: it is one of those that are made from the title.
fn is_made_from(slug: &Slug, title: &Title) -> bool {
    match Slug::from_text(title.as_str()) {
        Some(made) => (1..ATTEMPTS).any(|number| attempt(&made, number) == *slug),
        None => {
            let letters = slug.as_str().strip_prefix(untitled().as_str());
            letters.and_then(|rest| rest.strip_prefix('-')).is_some_and(|rest| rest.len() == 6)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_from_its_title_or_chosen() {
        for (slug, title, expected) in [
            ("low-tides", "Low tides", true),
            ("low-tides", "Low, tides!", true),
            ("low-tides-2", "Low tides", true),
            ("low-tides-4", "Low tides", false),
            ("tides", "Low tides", false),
            ("post-abcdef", "…", true),
            ("post", "…", false),
            ("post-abcdef", "Low tides", false),
        ] {
            let found = is_made_from(&Slug::trusted(slug), &Title::trusted(title));
            assert_eq!(found, expected, "{slug}: {title}");
        }
    }

    #[test]
    fn a_slug_follows_its_title_until_readers_or_a_schedule_have_it() {
        use crate::examples;
        let summary = serde_json::to_value(examples::post(false).summary).unwrap();
        let draft: PostItem = serde_json::from_value(summary).unwrap();
        assert!(follows_title(&draft));
        let with = |change: &dyn Fn(&mut PostItem)| {
            let mut post = draft.clone();
            change(&mut post);
            follows_title(&post)
        };
        let page = examples::public_post();
        let live = crate::store::live::LivePlace::new(&page, Vec::new());
        assert!(!with(&|post| post.live = Some(live.clone())));
        assert!(!with(&|post| post.last_slug = Some(Slug::trusted("hello"))));
        let (id, revision_id) = (examples::SCHEDULE_ID, draft.summary.revision_id.clone());
        let (id, publish_at) = (id.parse().unwrap(), draft.summary.updated_at);
        let schedule = crate::model::Schedule { id, revision_id, publish_at };
        assert!(!with(&|post| post.summary.schedule = Some(schedule.clone())));
        assert!(!with(&|post| post.summary.fields.slug = Slug::trusted("chosen")));
        // A new post has no address yet.
        assert!(follows_title_of(None, &draft.summary.fields));
    }

    #[test]
    fn a_slug_that_is_taken_gets_a_number_and_then_letters() {
        let wanted = Slug::trusted("tides");
        let tried = |number| attempt(&wanted, number);
        assert_eq!(
            [tried(1), tried(2), tried(3)].map(|slug| slug.to_string()),
            ["tides", "tides-2", "tides-3"]
        );
        let last = tried(4).to_string();
        assert!(last.starts_with("tides-") && last.len() == "tides-".len() + 6, "{last}");
    }
}
