//! Matches and proposals that end, and what their lines and withdrawals become.

use super::details::MatchDetails;
use crate::domain::{
    bank::{Ending, class_before_run},
    code::{LineNumber, WithdrawalNumber},
    id::BankAccountId,
    matching::{Class, Classification, LinkKind},
};

/// A match or a proposal that ends, and what its members become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedMatch {
    /// Its row number.
    pub number: i64,
    /// How it ends.
    pub ending: Ending,
    /// The account whose reconciliation places the members.
    pub account: BankAccountId,
    /// The class of its lines until the next run.
    pub lines: Vec<(LineNumber, Classification)>,
    /// The class of its withdrawals until the next run.
    pub payments: Vec<(WithdrawalNumber, Classification)>,
}

/// Ends the proposal for a remittance that is taken back.
pub fn reversed(held: &MatchDetails) -> EndedMatch {
    end(held, Ending::Superseded, "the remittance was taken back")
}

/// Ends the proposals for the lines of a statement that is taken back.
pub fn taken_back(held: &[MatchDetails]) -> Vec<EndedMatch> {
    let why = "the statement was taken back";
    held.iter()
        .map(|held| end(held, Ending::Superseded, why))
        .collect()
}

/// Ends proposals that a user decided against, each once.
pub(super) fn superseded<'a>(held: impl IntoIterator<Item = &'a MatchDetails>) -> Vec<EndedMatch> {
    let mut ended: Vec<EndedMatch> = Vec::new();
    for held in held {
        if !ended
            .iter()
            .any(|ended| ended.number == held.recorded.number)
        {
            ended.push(end(held, Ending::Superseded, "a user decided otherwise"));
        }
    }
    ended
}

/// Ends a match or a proposal. Nothing holds its members until the next run places them.
pub(super) fn end(held: &MatchDetails, ending: Ending, why: &str) -> EndedMatch {
    let place = |class| Classification {
        detail: Some(format!("{why}; the next reconciliation looks again")),
        ..Classification::plain(class)
    };
    let kind = held.recorded.link.kind;
    let lines = held.lines.iter().map(|line| {
        let class = match kind {
            // Whatever words it begins with, it is a transfer of the fund's own.
            LinkKind::Remittance => Class::OnBankNotInLedger,
            LinkKind::Payment
            | LinkKind::Return
            | LinkKind::Charge
            | LinkKind::Interest
            | LinkKind::Funding
            | LinkKind::Other => class_before_run(line.line.amount, line.kind),
        };
        (line.number, place(class))
    });
    let payments = held.withdrawals.iter().map(|withdrawal| {
        let class = match withdrawal.paid_on {
            Some(_) => Class::PaidNotOnBank,
            None => Class::Awaited,
        };
        (withdrawal.number, place(class))
    });
    EndedMatch {
        number: held.recorded.number,
        ending,
        account: held.account,
        lines: lines.collect(),
        payments: match kind {
            LinkKind::Payment => payments.collect(),
            LinkKind::Return
            | LinkKind::Remittance
            | LinkKind::Charge
            | LinkKind::Interest
            | LinkKind::Funding
            | LinkKind::Other => Vec::new(),
        },
    }
}
