//! The text that a decision on a proposal was about. The post goes on, and who reads the decision later must not take
//! another text for the one that was judged.

use super::merge::{self, OnHead};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Markdown, PostFields, ProposalStatus, Revision, RevisionId, TagName};
use crate::store::proposals::{ProposalItem, ProposedText};

/// What was judged, where it is not the text that was proposed.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its fields.
    pub fields: PostFields,
    /// Its Markdown.
    pub body: Markdown,
    /// The latest revision of the post then, with which the proposal was judged; none for a new post, and for a
    /// decision from before this was recorded.
    pub onto: Option<RevisionId>,
}

/// What was judged of a proposal that was approved or rejected; none if that is the text that was proposed, and
/// for a decision of which it is not known. `base` is the revision that it was made from.
///
/// # Errors
/// 500 for a post that has lost a revision; 503 while the database does not answer.
pub(super) async fn judged(
    cx: &Context,
    proposal: &ProposalItem,
    text: &ProposedText,
    base: Option<&Revision>,
) -> Result<Option<Judged>, Problem> {
    let summary = &proposal.summary;
    let Some(decision) = &summary.decision else { return Ok(None) };
    let onto = decision.head_revision_id.as_ref();
    let (fields, body) = match (summary.status, onto, base) {
        (ProposalStatus::Approved, ..) => {
            let made = cx.store.revisions().get(&summary.post_id, &summary.revision_id).await?;
            let Some(made) = made else { return Ok(None) };
            (made.summary.fields, made.body)
        }
        (ProposalStatus::Rejected, Some(onto), Some(base)) => {
            let on = (&summary.post_id, onto);
            let proposed = (text.fields.clone(), text.body.clone());
            match merge::proposed_on(cx, on, base, proposed).await? {
                OnHead::Fits(fields, body) => (*fields, body),
                // Both changed the same, and the page showed both sides.
                OnHead::Conflict { .. } => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    if body == text.body && is_same(&fields, &text.fields) {
        return Ok(None);
    }
    Ok(Some(Judged { fields, body, onto: onto.cloned() }))
}

/// Whether two texts have the same fields. Which tags the names of a proposal are is found when it is
/// approved, so names are compared.
pub(super) fn is_same(one: &PostFields, other: &PostFields) -> bool {
    fn names(fields: &PostFields) -> Vec<&TagName> {
        fields.tags.iter().map(|tag| &tag.name).collect()
    }
    let rest = |fields: &PostFields| PostFields { tags: Vec::new(), ..fields.clone() };
    names(one) == names(other) && rest(one) == rest(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_whatever_the_slugs_of_their_tags() {
        use crate::model::{Slug, Title};
        let one = crate::examples::fields();
        let mut other = one.clone();
        other.tags[0].slug = Slug::trusted("field-notes-2");
        assert!(is_same(&one, &one) && is_same(&one, &other));
        let mut named = other.clone();
        named.tags[0].name = TagName::trusted("Notes");
        let fewer = PostFields { tags: Vec::new(), ..one.clone() };
        let titled = PostFields { title: Title::trusted("Other"), ..one.clone() };
        for different in [named, fewer, titled] {
            assert!(!is_same(&one, &different), "{different:?}");
        }
    }
}
