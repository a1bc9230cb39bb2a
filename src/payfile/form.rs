//! What the layouts have in common.

use std::{borrow::Cow, io};

use super::error::{BadItem, Fault};
use crate::domain::payment_file::{FileHeader, PaymentItem};

/// A file of one layout, its head written, to which payments are added.
pub(super) trait Form {
    /// Adds a payment.
    fn item(&mut self, header: &FileHeader, item: &PaymentItem) -> Result<(), Fault<BadItem>>;

    /// Writes the end.
    fn finish(self) -> io::Result<()>;
}

/// Returns who is paid: the name of the account, or the holder's if the account has none.
pub(super) fn creditor(item: &PaymentItem) -> &str {
    item.bank
        .account_name
        .as_deref()
        .unwrap_or(&item.holder_name)
}

/// Returns what the receiver and both banks read. The reference comes first, since banks cut what
/// is long at its end.
pub(super) fn narration(item: &PaymentItem) -> String {
    format!("{} {}", item.end_to_end, item.event)
}

/// Takes out of a text what no file may carry: control characters, and what XML does not know,
/// become spaces. What is longer than `most` characters is cut.
pub(super) fn clean(text: &str, most: usize) -> Cow<'_, str> {
    // Printable ASCII, as nearly all texts are, has nothing to be taken out but spaces at its ends.
    if text.len() <= most && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text.trim_matches(' '));
    }
    let harmless = |c: char| {
        if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') {
            ' '
        } else {
            c
        }
    };
    let clean: String = text.chars().map(harmless).collect();
    let cut: String = clean.trim().chars().take(most).collect();
    Cow::Owned(cut.trim_end().to_owned())
}
