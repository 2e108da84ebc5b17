//! What the agent does.

use http::Method;
use serde_json::{Value, json};

use super::{Attack, JSON, Moved};
use crate::media::{GIF, Upload, gif};

impl Attack<'_> {
    pub(super) async fn move_agent(&self, pick: u8, mut text: Value) -> Moved {
        let agent = &self.scene.agent;
        let post = self.post.as_ref().map(|post| format!("/v1/manage/posts/{post}"));
        match (pick, post) {
            (0..3, Some(path)) => {
                let head = agent.get(&path, 200).await;
                let seen = [("if-match", head.header("etag")), JSON];
                let body = Some(text.to_string());
                let edited = agent.try_send(Method::PATCH, &path, &seen, body).await.unwrap();
                assert!([200, 409, 412].contains(&edited.status), "{}", edited.body);
                Moved::Nothing
            }
            (3..5, Some(path)) => {
                let head = agent.get(&path, 200).await;
                text["base_revision_id"] = head.json["revision_id"].clone();
                let made = agent.post(&format!("{path}/proposals"), text, 201).await;
                Moved::Proposed(made.text("/id"))
            }
            (5, _) | (0..5, None) => {
                if text["slug"].is_null() {
                    return Moved::Nothing;
                }
                let made = agent.post("/v1/manage/proposals", text, 201).await;
                Moved::Proposed(made.text("/id"))
            }
            (6..8, _) => {
                if let Some(picture) = &self.picture {
                    let path = format!("/v1/manage/media/{picture}");
                    let alt = json!({ "alt": text["title"] }).to_string();
                    agent.try_send(Method::PATCH, &path, &[JSON], Some(alt)).await.unwrap();
                }
                Moved::Nothing
            }
            _ => self.move_file().await,
        }
    }

    /// Announces a file, or uploads the one that was announced.
    async fn move_file(&self) -> Moved {
        let agent = &self.scene.agent;
        let Some((announced, _)) = &self.file else {
            let announced = agent.post("/v1/manage/media", gif(), 201).await;
            let id = announced.text("/media/id");
            let ulid = id.trim_start_matches("media_");
            let url = format!("{}/media/{ulid}/ein-bild.gif", self.scene.media_url);
            return Moved::Announced(Box::new(announced), url);
        };
        Upload::of(announced).send(GIF).await;
        let path = format!("/v1/manage/media/{}/complete", announced.text("/media/id"));
        agent.try_post(&path, json!({})).await;
        Moved::Nothing
    }
}
