//! The Lambda function `manage-revisions-diff`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_revisions_diff::OPERATION)
}
