//! The answer of operations that have nothing to say.

use poem_openapi::ApiResponse;

/// It is done.
#[derive(Clone, Copy, Debug, ApiResponse)]
pub enum Done {
    /// It is done.
    #[oai(status = 204)]
    Done,
}
