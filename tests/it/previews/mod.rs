//! Drafts before they are live: as HTML with what the sanitiser removes, and by links that show them.

mod links;
mod pages;
mod rendered;
