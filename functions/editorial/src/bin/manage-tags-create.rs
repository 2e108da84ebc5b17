//! The Lambda function `manage-tags-create`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_tags_create::OPERATION)
}
