//! Records: sealed revisions taken in order, listed by change cursor, handed out.

mod changes;
mod counts;
mod write;

pub use changes::{ChangeSeen, ChangesRead};
pub(super) use counts::{begin_counts, counts_of};
pub use write::RecordWrite;
pub(super) use write::{Origin, check_body, head, held, take};

use super::{Error, Refusal};
