//! The Lambda function `manage-tags-merge`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_tags_merge::OPERATION)
}
