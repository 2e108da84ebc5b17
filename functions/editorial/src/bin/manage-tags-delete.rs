//! The Lambda function `manage-tags-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_tags_delete::OPERATION)
}
