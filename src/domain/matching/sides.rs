//! Both sides of a run, and its outcome.

use std::collections::BTreeMap;

use super::{
    class::{Class, Classification},
    expected::Expected,
    line::Line,
    link::{Link, Match},
    remittance::ExpectedRemittance,
    setting::Setting,
};
use crate::domain::{
    code::{LineNumber, RemittanceNumber, WithdrawalNumber},
    currency::Currency,
};

/// What a run sees.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The currency of the account.
    pub currency: Currency,
    /// The lines of the account.
    pub lines: &'a [Line],
    /// What the ledger expects.
    pub expected: &'a [Expected],
    /// The remittances that the account may have paid, those that a line shows already too.
    pub remittances: &'a [ExpectedRemittance],
    /// What is known of the account.
    pub setting: &'a Setting,
    /// What was linked before.
    pub decided: &'a [Link],
    /// What a user rejected: never proposed again.
    pub rejected: &'a [Link],
}

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// New links, certain ones and proposals, in a stable order.
    pub matches: Vec<Match>,
    /// The class of every line once the new links are made.
    pub lines: BTreeMap<LineNumber, Classification>,
    /// The class of every expectation once the new links are made.
    pub expected: BTreeMap<WithdrawalNumber, Classification>,
    /// The class of every remittance that is the account's once the new links are made.
    pub remittances: BTreeMap<RemittanceNumber, Class>,
}
