//! What a story writes, at random.

use serde_json::{Value, json};

use super::model::{Tags, Text};
use super::world::{PICTURES, World};

const NAMES: [&str; 6] = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"];

impl World {
    pub(super) fn tag_name(&mut self) -> String {
        let name = NAMES[self.rng.usize(0..NAMES.len())];
        if self.rng.u8(0..4) > 0 {
            return name.to_owned();
        }
        format!("{name} {}", self.rng.u8(1..3))
    }

    pub(super) fn tag_names(&mut self) -> Vec<String> {
        (0..self.rng.usize(0..4)).map(|_| self.tag_name()).collect()
    }

    pub(super) fn slug(&mut self) -> String {
        format!("place-{}", self.rng.u8(1..25))
    }

    /// A text that is like no other.
    pub(super) fn body(&mut self) -> String {
        self.count += 1;
        format!("Text {}.\n", self.count)
    }

    /// The version that a caller names: mostly the right one, and none where it may be left out.
    pub(super) fn seen(&mut self, post: usize, may_be_none: bool) -> Option<u64> {
        let version = self.model.posts[post].version;
        match self.rng.u8(0..10) {
            0 => Some(version - 1),
            1 => Some(version + 1),
            _ if may_be_none && self.rng.bool() => None,
            _ => Some(version),
        }
    }

    /// Changes of a text, as they are sent, and the text with them. The body is among them always.
    pub(super) fn changed(&mut self, text: &Text) -> (Value, Text, Option<Tags>) {
        let mut text = text.clone();
        text.body = self.body();
        let mut changes = json!({ "body": text.body });
        let mut tags = None;
        if self.rng.bool() {
            text.title = format!("Title {}", self.rng.u8(0..10));
            changes["title"] = text.title.as_str().into();
        }
        if self.rng.u8(0..4) == 0 {
            text.slug = self.slug();
            changes["slug"] = text.slug.as_str().into();
        }
        if self.rng.u8(0..3) == 0 {
            let names = self.tag_names();
            tags = Some(super::model::named(&names));
            changes["tags"] = names.into();
        }
        if self.rng.u8(0..3) == 0 {
            text.featured = self.rng.bool();
            changes["featured"] = text.featured.into();
        }
        if self.rng.u8(0..4) == 0 {
            text.language =
                [None, Some("en"), Some("pt-BR")][self.rng.usize(0..3)].map(str::to_owned);
            changes["language"] = text.language.as_deref().into();
        }
        if self.rng.u8(0..4) == 0 {
            text.cover = self.cover();
            let id = text.cover.map(|cover| self.model.pictures[cover].id.as_str());
            changes["cover"] = id.into();
        }
        (changes, text, tags)
    }

    /// A cover, or none.
    pub(super) fn cover(&mut self) -> Option<usize> {
        let cover = self.rng.usize(0..PICTURES * 2);
        (cover < PICTURES).then_some(cover)
    }
}
