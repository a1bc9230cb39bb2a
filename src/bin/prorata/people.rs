//! What is said about people: who is missing at the desk, and what a change of a holder's account
//! concerns.

use prorata::{
    domain::code::{Code, WithdrawalNumber},
    ops::{self, holder::ChangedHolder},
    store::Ledger,
};

use crate::{open::Context, present::Outcome};

/// What is said of a ledger with four eyes and nobody who only reviews.
pub(crate) const NO_APPROVER: &str =
    "four eyes: no user only reviews; add an approver with `prorata user add CODE --role approver`";

/// Adds what is to be said if there is no approver. The change is written by now: that its users
/// cannot be read does not make it undone.
pub(crate) fn with_approver(cx: &Context, ledger: &mut Ledger, outcome: Outcome) -> Outcome {
    match ops::user::reviewers(ledger) {
        Ok(reviewers) if reviewers.lack_an_approver() => outcome.remark(NO_APPROVER),
        Ok(_) => outcome,
        Err(error) => {
            cx.voice.warn(&format!(
                "the users could not be read, so whether one only reviews is not known: {error}"
            ));
            outcome
        }
    }
}

/// How many withdrawals a warning names.
pub(crate) const NAMED: usize = 20;

/// Warns of withdrawals that keep another account than the holder has now, and of other holders
/// with the same one.
pub(crate) fn warn_of_account(cx: &Context, changed: &ChangedHolder) {
    warn_of_open_withdrawals(cx, &changed.keep_old);
    if !changed.shared_with.is_empty() {
        let others: Vec<&str> = changed.shared_with.iter().map(Code::as_str).collect();
        cx.voice.warn(&format!(
            "the account of {} is also that of {}",
            changed.holder.holder.code,
            others.join(", ")
        ));
    }
}

pub(crate) fn warn_of_open_withdrawals(cx: &Context, keep_old: &[WithdrawalNumber]) {
    if keep_old.is_empty() {
        return;
    }
    let named: Vec<String> = keep_old
        .iter()
        .take(NAMED)
        .map(ToString::to_string)
        .collect();
    let more = if keep_old.len() > NAMED { ", …" } else { "" };
    cx.voice.warn(&format!(
        "open withdrawals keep the account that they were requested to: {}{more}; to pay the new account, cancel them and request again",
        named.join(", ")
    ));
}
