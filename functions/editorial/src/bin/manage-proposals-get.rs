//! The Lambda function `manage-proposals-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_proposals_get::OPERATION)
}
