//! The Lambda function `manage-revisions-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_revisions_get::OPERATION)
}
