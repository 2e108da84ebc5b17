//! The Lambda function `manage-revisions-restore`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_revisions_restore::OPERATION)
}
