//! The pages of the Desk, as somebody uses them whose browser runs no scripts.

mod account;
mod activity;
mod admin;
mod boundary;
mod editor;
mod go_live;
mod look;
mod mailed_pages;
mod media;
mod people;
mod posts;
mod queue;
mod review;
mod sign_in;
mod sign_in_limits;
mod tags;
mod together;
mod twice;
pub(crate) mod visitor;
