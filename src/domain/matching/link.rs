//! Links between lines and withdrawals, and how sure they are: matches and proposals.

use serde::{Deserialize, Serialize};

use crate::domain::code::{LineNumber, RemittanceNumber, WithdrawalNumber};

/// What lines are linked to, or what explains them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The debit lines of payments.
    Payment,
    /// The credit line with which the bank sent payments back.
    Return,
    /// The debit line of tax that was remitted to an authority.
    Remittance,
    /// Explained by a user: bank charges.
    Charge,
    /// Explained by a user: interest.
    Interest,
    /// Explained by a user: money that was brought to the account or taken from it.
    Funding,
    /// Explained by a user: something else.
    Other,
}

/// How strong the evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tier {
    /// Our end-to-end reference, the recorded reference, or a bank session id; same amount; date
    /// within -1 … +10 days.
    #[serde(rename = "1")]
    Reference,
    /// One line is the exact total of a payment file or of its unmatched rest.
    #[serde(rename = "2")]
    FileTotal,
    /// The beneficiary's account number, the amount, the date within -1 … +5 days.
    #[serde(rename = "3")]
    Account,
    /// The amount, the date and the name.
    #[serde(rename = "4")]
    Name,
    /// A small exact sum with exactly one solution.
    #[serde(rename = "5")]
    Sum,
    /// A credit that reverses a matched debit.
    #[serde(rename = "6")]
    Reversal,
    /// A user said so.
    #[serde(rename = "manual")]
    Manual,
}

/// Whether a link may be made without a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// It is certain.
    Matched,
    /// A user must confirm it.
    Proposed,
}

/// Which lines and withdrawals belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub kind: LinkKind,
    /// Its lines.
    pub lines: Vec<LineNumber>,
    /// Its withdrawals; none if it is about tax, or a user explained the lines.
    pub withdrawals: Vec<WithdrawalNumber>,
    /// The remittance that its one line shows, if it is about tax.
    pub remittance: Option<RemittanceNumber>,
}

/// A link that a run found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What it says.
    pub link: Link,
    /// How strong the evidence is.
    pub tier: Tier,
    /// Whether it may be made without a user.
    pub certainty: Certainty,
    /// What speaks for it, in words without account numbers.
    pub evidence: String,
}

/// A match or a proposal of the ledger that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedMatch {
    /// The row number.
    pub number: i64,
    /// What it joins.
    pub link: Link,
    /// How strong the evidence is.
    pub tier: Tier,
    /// Whether it is decided.
    pub certainty: Certainty,
}

impl RecordedMatch {
    /// Returns the links of those that are decided.
    pub fn decided(matches: Vec<Self>) -> Vec<Link> {
        let decided = |recorded: &Self| recorded.certainty == Certainty::Matched;
        let decided = matches.into_iter().filter(decided);
        decided.map(|recorded| recorded.link).collect()
    }
}

impl Link {
    /// Returns the names of what its lines are linked to.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let withdrawals = self.withdrawals.iter().map(ToString::to_string);
        withdrawals.chain(self.remittance.iter().map(ToString::to_string))
    }
}

impl LinkKind {
    /// The kinds by which a user explains a line.
    pub const RESOLVED: [Self; 4] = [Self::Charge, Self::Interest, Self::Funding, Self::Other];

    /// Returns the word by which a user says it of a line.
    pub const fn resolved_word(self) -> &'static str {
        match self {
            Self::Charge => "fee",
            Self::Payment
            | Self::Return
            | Self::Remittance
            | Self::Interest
            | Self::Funding
            | Self::Other => self.as_str(),
        }
    }

    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Payment,
        Self::Return,
        Self::Remittance,
        Self::Charge,
        Self::Interest,
        Self::Funding,
        Self::Other,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Return => "return",
            Self::Remittance => "remittance",
            Self::Charge => "charge",
            Self::Interest => "interest",
            Self::Funding => "funding",
            Self::Other => "other",
        }
    }
}

impl Tier {
    /// All tiers, the strongest first.
    pub const ALL: [Self; 7] = [
        Self::Reference,
        Self::FileTotal,
        Self::Account,
        Self::Name,
        Self::Sum,
        Self::Reversal,
        Self::Manual,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "1",
            Self::FileTotal => "2",
            Self::Account => "3",
            Self::Name => "4",
            Self::Sum => "5",
            Self::Reversal => "6",
            Self::Manual => "manual",
        }
    }
}
