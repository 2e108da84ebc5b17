//! What an admin does meanwhile: the editor loses the right to publish, and gets it back.

use byline_shared::model::Role;
use fastrand::Rng;
use serde_json::{Value, json};

use super::Attack;
use crate::harness::Client;

/// What the editor may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Right {
    pub(super) role: Role,
    pub(super) disabled: bool,
}

/// As it is most of the time.
pub(super) const USUAL: Right = Right { role: Role::Editor, disabled: false };

impl Right {
    pub(super) fn publishes(self) -> bool {
        self.role >= Role::Editor && !self.disabled
    }

    pub(super) fn body(self) -> Value {
        json!({ "role": self.role, "disabled": self.disabled })
    }
}

/// A change that an admin makes, and what it makes of the editor's sign-in.
pub(super) struct Changed {
    pub(super) right: Right,
    /// The editor signs in again where the account was disabled.
    pub(super) editor: Option<Client>,
}

/// When and how the right changes: numbers of their own, so that everybody else does what they would do
/// without.
pub(super) struct Fate {
    rng: Rng,
    /// In half of the sequences it stays.
    pub(super) stays: bool,
}

impl Fate {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(!seed);
        let stays = rng.bool();
        Self { rng, stays }
    }

    /// What the right becomes in this step, if it changes.
    pub(super) fn next(&mut self, now: Right) -> Option<Right> {
        let (pick, changes) = (self.rng.u8(0..4), self.rng.u8(0..8));
        if self.stays {
            return None;
        }
        if !now.publishes() {
            return (changes < 5).then_some(USUAL);
        }
        let lost = match pick {
            0 => Right { disabled: true, ..USUAL },
            1 => Right { role: Role::Reader, ..USUAL },
            _ => Right { role: Role::Author, ..USUAL },
        };
        (changes < 3).then_some(lost)
    }
}

impl Attack<'_> {
    pub(super) async fn change_right(&self, right: Right) -> Changed {
        let scene = self.scene;
        scene.admin.patch(&scene.account, right.body(), 200).await;
        let returns = self.right.disabled && !right.disabled;
        let editor = if returns { Some(scene.sign_in_editor().await) } else { None };
        Changed { right, editor }
    }

    /// Leaves the editor as they were, for the next sequence.
    pub(super) async fn restore_right(&mut self) {
        if self.right != USUAL {
            let Changed { right, editor } = self.change_right(USUAL).await;
            self.take_change(right, editor);
        }
    }

    pub(super) fn take_change(&mut self, right: Right, editor: Option<Client>) {
        self.right = right;
        self.editor = editor.unwrap_or_else(|| self.editor.clone());
    }
}
