//! What must be so of tags.

use super::model::{Model, Tag, Tags, folded};

fn once(tags: impl Iterator<Item = (String, String)>) -> Tags {
    let mut unique = Tags::new();
    for tag in tags {
        if !unique.iter().any(|(slug, _)| *slug == tag.0) {
            unique.push(tag);
        }
    }
    unique
}

impl Model {
    /// The tag that one became, if it is still there.
    pub(super) fn end_of(&self, slug: &str) -> Option<(String, String)> {
        let mut slug = slug;
        loop {
            let tag = self.tags.get(slug).filter(|tag| !tag.gone)?;
            match &tag.moved_to {
                Some(to) => slug = to,
                None => return Some((slug.to_owned(), tag.name.clone())),
            }
        }
    }

    /// The tag that has a name, or the one that had it and has another now.
    pub(super) fn called(&self, name: &str) -> Option<(String, String)> {
        let (slug, number) = self.names.get(&folded(name))?;
        self.tags.get(slug).filter(|tag| tag.number == *number)?;
        self.end_of(slug)
    }

    /// Whether a new tag may have a slug: no tag has it, and none of another name had it.
    pub(super) fn was_called(&self, slug: &str, name: &str) -> bool {
        self.tags.get(slug).is_none_or(|tag| tag.name == name)
    }

    pub(super) fn resolve(&self, tags: &Tags) -> Tags {
        once(tags.iter().filter_map(|(slug, _)| self.end_of(slug)))
    }

    /// The tags that a text names, made where they are not there; `had` are those that the post has.
    pub(super) fn ensure(&mut self, tags: &Tags, had: &Tags) -> Tags {
        let mut found: Vec<Result<(String, String), (String, String)>> = Vec::new();
        for tag in tags {
            let own = had.iter().find(|had| *had == tag);
            let own = own.or(had.iter().find(|had| folded(&had.1) == folded(&tag.1)));
            let end = match own {
                Some((slug, _)) => match self.end_of(slug) {
                    Some(end) => Ok(end),
                    // No change of a text brings a removed tag back.
                    None => continue,
                },
                None => self.called(&tag.1).ok_or_else(|| tag.clone()),
            };
            let same = |other: &Result<(String, String), (String, String)>| match (other, &end) {
                (Ok(one), Ok(other)) => one.0 == other.0,
                (Err(one), Err(other)) => folded(&one.1) == folded(&other.1),
                _ => false,
            };
            if !found.iter().any(same) {
                found.push(end);
            }
        }
        let mut taken: Vec<String> = Vec::new();
        for tag in &mut found {
            if let Err((slug, name)) = tag {
                let numbered = (2..=5).map(|number| format!("{slug}-{number}"));
                let mut tries = std::iter::once(slug.clone()).chain(numbered);
                let is_free = |slug: &String| {
                    !taken.contains(slug)
                        && self.end_of(slug).is_none()
                        && self.was_called(slug, name)
                };
                let free = tries.find(is_free).expect("so many tags have one slug never");
                taken.push(free.clone());
                *tag = Ok((free, name.clone()));
            }
        }
        let tags: Tags = found.into_iter().flatten().collect();
        for (slug, name) in tags.iter().filter(|(slug, _)| taken.contains(slug)) {
            self.make_tag(slug, name);
        }
        tags
    }

    pub(super) fn make_tag(&mut self, slug: &str, name: &str) {
        self.made += 1;
        let number = self.made;
        let tag = Tag { number, name: name.to_owned(), moved_to: None, gone: false };
        self.tags.insert(slug.to_owned(), tag);
        self.names.insert(folded(name), (slug.to_owned(), number));
    }

    /// Names a tag anew, under its slug or another one, which it then leads to.
    pub(super) fn rename_tag(&mut self, slug: &str, name: &str, to: Option<&str>) {
        let number = self.tags[slug].number;
        let to = to.unwrap_or(slug);
        let tag = Tag { number, name: name.to_owned(), moved_to: None, gone: false };
        if to != slug {
            self.tags.get_mut(slug).unwrap().moved_to = Some(to.to_owned());
        }
        self.tags.insert(to.to_owned(), tag);
        self.names.insert(folded(name), (to.to_owned(), number));
    }
}
