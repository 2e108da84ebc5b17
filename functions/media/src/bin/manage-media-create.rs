//! The Lambda function `manage-media-create`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(media::manage_media_create::OPERATION)
}
