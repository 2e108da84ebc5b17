//! One text of each kind that hides something: each is refused or found.
