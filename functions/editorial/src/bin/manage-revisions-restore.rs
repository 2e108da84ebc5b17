//! The Lambda function `manage-revisions-restore`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_revisions_restore::OPERATION)
}
