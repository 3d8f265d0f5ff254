//! Records: sealed revisions taken in order, listed by change cursor, handed out.

mod changes;
mod write;

pub use changes::{ChangeSeen, ChangesRead};
pub use write::RecordWrite;
pub(super) use write::{Origin, check_body, head, held, take};

use super::{Error, Refusal};
