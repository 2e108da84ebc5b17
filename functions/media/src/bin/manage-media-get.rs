//! The Lambda function `manage-media-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_media::manage_media_get::OPERATION)
}
