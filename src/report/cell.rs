//! The values that reports are made of.

use crate::domain::{
    account::AccountNumber,
    currency::Currency,
    quantity::{Amount, ONE, Percent, Tokens, Total},
    signed::Signed,
    time::{Date, Instant},
};

/// One value of a report, typed so that each format can write it in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing: an empty field, `null`.
    Empty,
    /// Words.
    Text(String),
    /// Money, negative if it goes out. The currency has a column of its own and gives the smallest
    /// number of decimals.
    Money(Signed, Currency),
    /// LP tokens.
    Tokens(Total),
    /// A percentage.
    Percent(Percent),
    /// A quotient, rounded as its column says: an index, an average, a share. It is not money and
    /// is never added up.
    Ratio(Signed),
    /// Money over time, the oldest first: an array in JSON, separated by spaces elsewhere, a
    /// drawing on a terminal.
    Series(Vec<Signed>, Currency),
    /// A whole number.
    Count(i64),
    /// Yes or no.
    Flag(bool),
    /// A date.
    Date(Date),
    /// A moment in UTC.
    Instant(Instant),
    /// An account number, masked unless the user asked to see it.
    Account(AccountNumber, Pii),
    /// Names of things: an array in JSON, separated by spaces elsewhere.
    Names(Vec<String>),
    /// A JSON value, written unchanged.
    Json(serde_json::Value),
}

/// The type of the cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// [`Cell::Text`]
    Text,
    /// [`Cell::Money`]
    Money,
    /// [`Cell::Tokens`]
    Tokens,
    /// [`Cell::Percent`]
    Percent,
    /// [`Cell::Ratio`]
    Ratio,
    /// [`Cell::Series`]
    Series,
    /// [`Cell::Count`]
    Count,
    /// [`Cell::Flag`]
    Flag,
    /// [`Cell::Date`]
    Date,
    /// [`Cell::Instant`]
    Instant,
    /// [`Cell::Account`]
    Account,
    /// [`Cell::Names`]
    Names,
    /// [`Cell::Json`]
    Json,
}

/// Whether personal data is shown in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pii {
    /// Account numbers show their last four digits.
    Masked,
    /// Account numbers are shown in full; the audit trail says who asked.
    Shown,
}

impl Cell {
    /// Makes a cell of words.
    pub fn text(words: impl std::fmt::Display) -> Self {
        Self::Text(words.to_string())
    }

    /// Makes a cell of words that are text already: a copy, without what `Display` costs in lists
    /// of millions.
    pub fn words(words: &str) -> Self {
        Self::Text(words.to_owned())
    }

    /// Makes a cell of words, or an empty one.
    pub fn maybe(words: Option<impl std::fmt::Display>) -> Self {
        words.map_or(Self::Empty, Self::text)
    }

    /// Makes a cell of money.
    pub fn money(amount: Amount, currency: Currency) -> Self {
        Self::Money(amount.into(), currency)
    }

    /// Makes a cell of a sum of money.
    pub fn total(amount: Total, currency: Currency) -> Self {
        Self::Money(amount.into(), currency)
    }

    /// Makes a cell of signed money, or an empty one.
    pub fn signed(amount: Option<Signed>, currency: Currency) -> Self {
        amount.map_or(Self::Empty, |amount| Self::Money(amount, currency))
    }

    /// Makes a cell of a whole number.
    pub fn count(number: u64) -> Self {
        // More than 2^63 rows fit no ledger.
        Self::Count(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Makes a cell of tokens.
    pub fn tokens(tokens: Tokens) -> Self {
        Self::Tokens(tokens.widen())
    }

    /// Makes a cell of a quotient, or an empty one.
    pub fn ratio(ratio: Option<Signed>) -> Self {
        ratio.map_or(Self::Empty, Self::Ratio)
    }

    /// Makes a cell of yes or no, or an empty one.
    pub fn flag(flag: Option<bool>) -> Self {
        flag.map_or(Self::Empty, Self::Flag)
    }

    /// Makes a cell of names.
    pub fn names(names: impl IntoIterator<Item = impl std::fmt::Display>) -> Self {
        Self::Names(names.into_iter().map(|name| name.to_string()).collect())
    }

    /// Makes a cell of a moment, or an empty one.
    pub fn at(instant: Option<Instant>) -> Self {
        instant.map_or(Self::Empty, Self::Instant)
    }

    /// Makes a cell of a date, or an empty one.
    pub fn on(date: Option<Date>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }

    /// Makes a cell of an account number, or an empty one.
    pub fn account(number: Option<&AccountNumber>, pii: Pii) -> Self {
        number.map_or(Self::Empty, |number| Self::Account(number.clone(), pii))
    }

    /// Returns whether the cell says something: a value is there and not zero.
    pub fn is_used(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Money(amount, _) | Self::Ratio(amount) => !amount.is_zero(),
            Self::Tokens(tokens) => !tokens.is_zero(),
            Self::Percent(percent) => *percent != Percent::ZERO,
            Self::Count(count) => *count != 0,
            Self::Text(words) => !words.is_empty(),
            Self::Series(..)
            | Self::Flag(_)
            | Self::Date(_)
            | Self::Instant(_)
            | Self::Account(..)
            | Self::Names(_)
            | Self::Json(_) => true,
        }
    }

    /// Returns its number in ten-millionths, whatever it counts.
    pub fn number(&self) -> Option<i128> {
        match self {
            Self::Money(amount, _) | Self::Ratio(amount) => Some(amount.units()),
            Self::Tokens(tokens) => Some(tokens.units()),
            Self::Percent(percent) => Some(percent.units()),
            // Below 2^63 times 10^7, so it fits.
            Self::Count(count) => Some(i128::from(*count) * ONE),
            Self::Empty
            | Self::Series(..)
            | Self::Text(_)
            | Self::Flag(_)
            | Self::Date(_)
            | Self::Instant(_)
            | Self::Account(..)
            | Self::Names(_)
            | Self::Json(_) => None,
        }
    }

    /// Returns the type of the cell, or `None` if it is empty.
    pub const fn kind(&self) -> Option<CellKind> {
        Some(match self {
            Self::Empty => return None,
            Self::Text(_) => CellKind::Text,
            Self::Money(..) => CellKind::Money,
            Self::Tokens(_) => CellKind::Tokens,
            Self::Percent(_) => CellKind::Percent,
            Self::Ratio(_) => CellKind::Ratio,
            Self::Series(..) => CellKind::Series,
            Self::Count(_) => CellKind::Count,
            Self::Flag(_) => CellKind::Flag,
            Self::Date(_) => CellKind::Date,
            Self::Instant(_) => CellKind::Instant,
            Self::Account(..) => CellKind::Account,
            Self::Names(_) => CellKind::Names,
            Self::Json(_) => CellKind::Json,
        })
    }
}
