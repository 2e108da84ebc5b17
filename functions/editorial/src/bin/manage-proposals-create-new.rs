//! The Lambda function `manage-proposals-create-new`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_proposals_create_new::OPERATION)
}
