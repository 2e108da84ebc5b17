//! The parts that pages are put together from. They are markup alone, and know no rule.
//!
//! Classes of the style sheet, for what a page writes itself:
//!
//! ```text
//! div.stack(.loose)          one below the other, with space; ul.bare: a list without marks
//! div.row > … span.grow      side by side, wraps
//! .quiet .small .num .sr     quieter, smaller, digits of one width, for screen readers alone
//! .keep                      spaces and line ends are kept: notes, reasons
//!
//! button.button(.go|.risk|.text)(.slim|.full), a.button…
//!                            one .go on a page; .risk deletes; .text is the least
//! form.form                  a column of fields; div.pair: two beside each other where there is room
//! div.notice role=status, div.note role=note, div.alert role=alert
//! section.findings role=note > h2|strong, ol > li     what an eye would miss; code: the hidden text
//! samp.hid                   a hidden character or text in words, within a text
//!
//! section.sheet > header > h2, then div.padded | ul | table.table
//! ul.list > li > div.main > a.main-link.name, p; div.side > time; div.meta > badges
//!                            the whole row leads where .main-link does; li data-queue-item: see queue.js
//! ul.filters > li > a[aria-current]
//! dl.facts(.across) > div > dt, dd
//! table.table                before and after; the first row is the head
//! a.back                     above the h1: where the visitor came from
//!
//! div.review > div.stack, aside.aside > form.decide, dl.facts
//! form.decide > button…, details > summary (looks like a button), div.stack; details.edits widens its column
//! nav.views > a[aria-current=page]                    the views of a review, within .sheet
//! ol.diff > li(.added|.removed|.gap)                  lines of Markdown; ins and del within
//! div.prose                  text as readers see it; p.gap: "18 paragraphs unchanged";
//!                            .block-added, .block-removed; .outside: a picture or a frame that is not loaded;
//!                            div.markdown-alert.markdown-alert-note > p.markdown-alert-title: a callout
//!
//! form.stack data-editor     see editor.js, draft.js, preview.js: textarea.title-field,
//!                            div.write > section.sheet > toolbar(), textarea.body-field;
//!                            section.sheet.preview hidden > header > h2; div.save-bar > data-count, buttons;
//!                            details.more > summary, div.form or div.pair
//! div.thread > article.said(.mine) > h2.who, p.keep | div.prose.answer, ul.did > li(.failed|.card); div.end
//! div.thread data-turn       the last turn, within the thread: see agent.js
//! section.ask > form         what comes next in a conversation
//! ul.uploads data-uploads    files that are being sent; see upload.js
//! ul.tiles > li > img        pictures
//! ```

mod device;
mod field;
mod forms;
mod head;
mod problem;
mod time;
mod toolbar;
mod who;

pub(crate) use device::device;
pub(crate) use field::{Field, Kind, agree, field, new_password, tick};
pub(crate) use forms::token;
pub(crate) use head::{Tone, badge, empty, head, pager};
pub(crate) use problem::{fault, problem};
pub(crate) use time::{Now, time};
pub(crate) use toolbar::toolbar;
pub(crate) use who::{by, name};
