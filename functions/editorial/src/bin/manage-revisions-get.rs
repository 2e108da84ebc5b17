//! The Lambda function `manage-revisions-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_revisions_get::OPERATION)
}
