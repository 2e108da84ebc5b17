//! The Lambda function `manage-tags-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_tags_update::OPERATION)
}
