//! The Lambda function `manage-previews-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_previews_delete::OPERATION)
}
