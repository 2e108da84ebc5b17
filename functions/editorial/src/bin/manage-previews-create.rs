//! The Lambda function `manage-previews-create`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_previews_create::OPERATION)
}
