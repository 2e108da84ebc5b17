//! The Lambda function `manage-media-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(media::manage_media_get::OPERATION)
}
