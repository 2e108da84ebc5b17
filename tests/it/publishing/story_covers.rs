//! Steps of a story: what is said about pictures.

use std::fmt::Write as _;

use byline_shared::model::Role;
use serde_json::json;

use super::model::Post;
use super::world::{PICTURES, World};

/// The user whose pictures they are.
const OWNER: usize = 1;

impl World {
    /// Somebody, or what works for them, describes a picture.
    pub(super) async fn describe(&mut self, actor: usize) {
        let (who, person) = (self.who(actor), self.rng.bool());
        if !who.person {
            return;
        }
        let cover = self.rng.usize(0..PICTURES);
        self.count += 1;
        let alt = format!("Alt {}", self.count);
        let shows = |post: &Post| {
            let live = post.live.as_ref().map(|live| live.revision);
            let due = post.schedule.as_ref().map(|made| made.revision);
            let shown = live.into_iter().chain(due);
            shown.into_iter().any(|revision| post.revisions[revision].text.cover == Some(cover))
        };
        let status = match who.role < Role::Editor && who.user != OWNER {
            true => 404,
            false if !person && self.model.posts.iter().any(shows) => 403,
            false => 200,
        };
        let picture = &mut self.model.pictures[cover];
        let path = format!("/v1/manage/media/{}", picture.id);
        let actor = &self.actors[actor];
        let by = if person { actor.name } else { "an agent" };
        let _ = writeln!(self.trace.steps, "{} {by}: {path} {alt} => {status}", self.now);
        let client = if person { &actor.client } else { &actor.agent };
        client.patch(&path, json!({ "alt": alt }), status).await;
        if status == 200 {
            // What an author says about their own picture is to be read by somebody else.
            let by_publisher = person && who.role >= Role::Editor;
            (picture.alt, picture.by_publisher) = (alt, by_publisher);
            if by_publisher {
                self.model.vouched.insert(format!("alt {}", picture.alt));
            }
        }
    }
}
