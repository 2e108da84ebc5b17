//! The Lambda function `manage-media-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(media::manage_media_delete::OPERATION)
}
