//! The Lambda function `manage-media-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(media::manage_media_update::OPERATION)
}
