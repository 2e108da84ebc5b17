//! What readers see of a person. It is live as soon as it is saved, without anybody's approval: it is the
//! person's own, and no key or app can change it. An admin can remove it.

use super::conflict::{Attempt, retry_on_conflict};
use crate::auth::{Caller, Person};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::media;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    MediaKind, MediaStatus, Patch, Picture, Profile, ProfileChanges, Role, User, author_of,
};
use crate::store::WriteError;
use crate::store::authors::{NotProfiled, NotRemoved, ReadProfile};
use crate::store::media::MediaItem;

/// The profile of an account, as its owner sees it.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn profile(cx: &Context, user: &User) -> Result<Profile, Problem> {
    Ok(read(cx, user).await?.profile)
}

async fn read(cx: &Context, user: &User) -> Result<ReadProfile, Problem> {
    Ok(cx.store.authors().profile(&user.slug, &user.id).await?)
}

/// A change of a profile that was checked and is not saved yet.
pub struct CheckedProfile(ProfileChanges);

/// Checks a change of a person's own profile. Readers have no posts, so they can only remove what they had said
/// before they became readers.
///
/// # Errors
/// 403 for readers that would say something; 422 for a picture that is no uploaded image of the library that the
/// person may use, and for too many links.
pub async fn check_profile(
    cx: &Context,
    person: &Person,
    changes: ProfileChanges,
) -> Result<CheckedProfile, Problem> {
    let user = &person.user;
    if user.role < Role::Author && says_something(&changes) {
        let detail = "Readers have no posts, so they have no public profile. An admin can give you the role \
                      author.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    if changes.links.as_ref().is_some_and(|links| links.len() > Profile::MAX_LINKS) {
        let message = format!("Must have at most {} links.", Profile::MAX_LINKS);
        return Err(Problem::invalid_field("profile/links", "too_many", message));
    }
    composed(cx, user, &read(cx, user).await?.profile, &changes).await?;
    Ok(CheckedProfile(changes))
}

/// Saves it. The same profile changes nothing. Changes that are made at the same time are all kept, as far as
/// they are of different parts.
///
/// # Errors
/// 409 if others keep changing it; 422 if the picture was deleted since it was checked.
pub async fn save_profile(
    cx: &Context,
    person: &Person,
    checked: CheckedProfile,
) -> Result<Profile, Problem> {
    let (user, changes) = (&person.user, &checked.0);
    let author = &author_of(user);
    retry_on_conflict(|| async move {
        let before = read(cx, user).await?;
        let (after, file) = composed(cx, user, &before.profile, changes).await?;
        if after == before.profile {
            return Ok(Attempt::Done(after));
        }
        let entry = AuditEntry::new(cx, Event::ProfileChanged).by_user(user).about(&user.id);
        let entry = entry.with("public profile");
        let authors = cx.store.authors();
        match authors.set_profile(author, &before, &after, file.as_ref(), &entry).await {
            Ok(()) => Ok(Attempt::Done(after)),
            Err(WriteError::Store(error)) => Err(error.into()),
            Err(WriteError::Conflict(NotProfiled::AccountGone)) => {
                Err(Problem::unauthenticated(true))
            }
            Err(WriteError::Conflict(NotProfiled::Changed)) => Ok(Attempt::Conflict),
        }
    })
    .await
}

/// Removes the profile of an account, as an admin may for anybody's. Who has none keeps none.
///
/// # Errors
/// 403 if the caller is an admin no longer.
pub async fn remove_profile(cx: &Context, caller: &Caller, user: &User) -> Result<(), Problem> {
    let entry = AuditEntry::new(cx, Event::ProfileChanged).by_caller(caller).about(&user.id);
    let entry = entry.with("public profile removed");
    let authors = cx.store.authors();
    match authors.remove_profile(&user.slug, &user.id, &caller.user.id, &entry).await {
        Ok(()) | Err(WriteError::Conflict(NotRemoved::NoProfile)) => Ok(()),
        Err(WriteError::Store(error)) => Err(error.into()),
        Err(WriteError::Conflict(NotRemoved::NotByAdmin)) => {
            Err(Problem::new(Code::Forbidden, "You are no longer an admin."))
        }
    }
}

/// The profile with the changes, and the file of its picture. A picture that stays is left out if its file is
/// gone.
async fn composed(
    cx: &Context,
    user: &User,
    before: &Profile,
    changes: &ProfileChanges,
) -> Result<(Profile, Option<MediaItem>), Problem> {
    let mut after = before.clone();
    let ProfileChanges { bio, picture, links } = changes;
    bio.clone().apply(&mut after.bio);
    if let Some(links) = links {
        after.links.clone_from(links);
    }
    let stored = before.picture.as_ref().map(|picture| &picture.id);
    let file = match picture {
        Patch::Clear => None,
        Patch::Keep => match stored {
            Some(id) => cx.store.media().get(id).await?.filter(is_shown),
            None => None,
        },
        Patch::Set(id) => {
            let file = cx.store.media().get(id).await?.filter(is_shown);
            // The picture that the profile has may stay, even if the file belongs to someone else.
            let may_use = |file: &MediaItem| {
                stored == Some(id) || file.owner == user.id || user.role >= Role::Editor
            };
            Some(file.filter(may_use).ok_or_else(|| {
                let message = "Must be the id of an image of yours whose upload is complete.";
                Problem::invalid_field("profile/picture", "not_found", message)
            })?)
        }
    };
    after.picture = match (&file, before.picture.clone()) {
        (Some(file), Some(same)) if same.id == file.id => Some(same),
        (Some(file), _) => {
            let (id, url) = (file.id.clone(), media::address(&cx.config, file));
            Some(Picture { id, url, width: file.width, height: file.height })
        }
        (None, _) => None,
    };
    Ok((after, file))
}

fn is_shown(file: &MediaItem) -> bool {
    file.status == MediaStatus::Ready && file.kind == MediaKind::Image
}

fn says_something(changes: &ProfileChanges) -> bool {
    matches!(changes.bio, Patch::Set(_))
        || matches!(changes.picture, Patch::Set(_))
        || changes.links.as_ref().is_some_and(|links| !links.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_says_something_unless_all_of_it_is_cleared() {
        use crate::model::{Bio, MediaId};
        let links = crate::examples::profile().links;
        let nothing = ProfileChanges { bio: Patch::Keep, picture: Patch::Keep, links: None };
        let id: MediaId = crate::examples::MEDIA_ID.parse().unwrap();
        for (changes, says) in [
            (nothing.clone(), false),
            (ProfileChanges { bio: Patch::Clear, picture: Patch::Clear, links: None }, false),
            (ProfileChanges { links: Some(Vec::new()), ..nothing.clone() }, false),
            (ProfileChanges { links: Some(links), ..nothing.clone() }, true),
            (ProfileChanges { bio: Patch::Set(Bio::trusted("x")), ..nothing.clone() }, true),
            (ProfileChanges { picture: Patch::Set(id), ..nothing }, true),
        ] {
            assert_eq!(says_something(&changes), says, "{changes:?}");
        }
    }

    #[test]
    fn a_picture_is_an_image_that_is_there() {
        let ready = crate::examples::media_item(true);
        assert!(is_shown(&ready) && !is_shown(&crate::examples::media_item(false)));
        assert!(!is_shown(&MediaItem { kind: MediaKind::Document, ..ready.clone() }));
        assert!(!is_shown(&MediaItem { status: MediaStatus::Deleting, ..ready }));
    }
}
