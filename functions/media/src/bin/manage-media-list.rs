//! The Lambda function `manage-media-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(media::manage_media_list::OPERATION)
}
