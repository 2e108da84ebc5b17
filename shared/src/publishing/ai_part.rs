//! What part agents had in a text: from who saved the revisions that led to it.

use super::ancestry;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{ActorKind, AiAgent, AiAgentKind, AiPart, By, PostId, Revision, RevisionId};

/// How many agents readers are told of.
const MOST: usize = 10;

/// The client of a person whose text was imported.
pub(super) const IMPORT: &str = "byline import";

/// The client of a person who copied what may not be a person's work.
const COPY: &str = "byline duplicate";

/// What part agents had in a revision that goes live, made live by an actor of this kind.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn of(
    cx: &Context,
    revision: &Revision,
    published_by: ActorKind,
) -> Result<AiPart, Problem> {
    let this = &revision.summary;
    // Its own origin is known, and most texts go live as they were saved first.
    let (before, is_cut) = match &this.parent_id {
        None => (Vec::new(), false),
        parent => ancestry::back_to(cx, &this.post_id, parent.as_ref(), None).await?,
    };
    let approved = this.approval.as_ref().is_some_and(|approval| approval.by_publisher);
    // Who imports a site has not read all of it.
    let by_publisher = this.by_publisher && this.created_by.client.as_deref() != Some(IMPORT);
    let reviewed_by_person = by_publisher || approved || published_by.is_person();
    let makers = before.iter().map(|(_, origin)| &origin.created_by);
    Ok(part(std::iter::once(&this.created_by).chain(makers), is_cut, reviewed_by_person))
}

/// Who saves a copy of a revision: a person who copies what may not be a person's work is marked, as the copy has a
/// history of its own.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn by_of_copy(
    cx: &Context,
    by: By,
    (post, revision): (&PostId, &RevisionId),
) -> Result<By, Problem> {
    if !by.kind.is_person() {
        return Ok(by);
    }
    let (history, is_cut) = ancestry::back_to(cx, post, Some(revision), None).await?;
    let makers = history.iter().map(|(_, origin)| &origin.created_by);
    let is_a_persons = part(makers, is_cut, false).assisted == Some(false);
    Ok(if is_a_persons { by } else { By { client: Some(COPY.to_owned()), ..by } })
}

/// The part of agents among those who saved revisions, the last first.
fn part<'a>(
    makers: impl Iterator<Item = &'a By>,
    is_cut: bool,
    reviewed_by_person: bool,
) -> AiPart {
    let (mut agents, mut is_unknown) = (Vec::new(), is_cut);
    for by in makers {
        match agent(by) {
            Ok(Some(agent)) if !agents.contains(&agent) => agents.push(agent),
            Ok(_) => {}
            Err(NotKnown) => is_unknown = true,
        }
    }
    let assisted = match (agents.is_empty(), is_unknown) {
        (false, _) => Some(true),
        (true, false) => Some(false),
        (true, true) => None,
    };
    agents.truncate(MOST);
    AiPart { assisted, agents, reviewed_by_person }
}

/// Nobody knows whether an agent wrote it.
struct NotKnown;

/// The agent that saved a revision; none for a person.
fn agent(by: &By) -> Result<Option<AiAgent>, NotKnown> {
    let (kind, model) = match by.kind {
        // Who wrote what is imported, only the other system knows; what is copied, the other post.
        ActorKind::Person if matches!(by.client.as_deref(), Some(IMPORT | COPY)) => {
            return Err(NotKnown);
        }
        ActorKind::Person => return Ok(None),
        ActorKind::ApiKey => return Err(NotKnown),
        ActorKind::McpClient => (AiAgentKind::McpClient, None),
        ActorKind::Agent => (AiAgentKind::Agent, by.model.clone()),
    };
    Ok(Some(AiAgent { kind, model }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    fn by(kind: ActorKind, model: &str) -> By {
        let model = Some(model.to_owned()).filter(|model| !model.is_empty());
        By { kind, model, ..examples::revision().summary.created_by }
    }

    #[test]
    fn readers_are_told_of_ten_agents_and_each_once() {
        let makers: Vec<By> =
            (0..30).map(|n| by(ActorKind::Agent, &format!("m{}", n / 2))).collect();
        let told = part(makers.iter(), false, false);
        let models: Vec<&str> = told.agents.iter().filter_map(|it| it.model.as_deref()).collect();
        assert_eq!(models, ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9"]);
    }

    #[test]
    fn what_nobody_knows_is_not_called_a_persons_work() {
        let person = by(ActorKind::Person, "");
        let mut imported = person.clone();
        imported.client = Some(IMPORT.to_owned());
        let client = By { client: Some("A client".to_owned()), ..by(ActorKind::McpClient, "gpt") };
        let assisted = |makers: &[&By], is_cut| part(makers.iter().copied(), is_cut, true).assisted;
        assert_eq!(assisted(&[&person], false), Some(false));
        assert_eq!(assisted(&[&person], true), None);
        assert_eq!(assisted(&[&person, &imported], false), None);
        assert_eq!(assisted(&[&by(ActorKind::ApiKey, ""), &person], false), None);
        assert_eq!(assisted(&[&person, &client, &imported], true), Some(true));
        // What it calls itself and its model, it could call anything.
        let told = part(std::iter::once(&client), false, false);
        assert_eq!(told.agents, [AiAgent { kind: AiAgentKind::McpClient, model: None }]);
    }
}
