//! The Lambda function `manage-tags-merge`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_tags_merge::OPERATION)
}
