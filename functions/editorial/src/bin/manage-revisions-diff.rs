//! The Lambda function `manage-revisions-diff`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_revisions_diff::OPERATION)
}
