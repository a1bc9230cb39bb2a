//! The register of LP tokens: append-only entries, and the holdings that follow from them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    code::{Code, ImportNumber},
    holdings::{Comparison, ExistingHoldings, HolderTokens, HoldingChange, compare},
    id::{HolderRef, ProjectRef, TokenEntryId, UserRef},
    quantity::{Percent, Tokens},
    time::{Date, Instant},
    words::words,
};

/// What an entry does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EntryKind {
    /// New tokens for a holder.
    Issue,
    /// Tokens from one holder to another.
    Transfer,
    /// Tokens taken from a holder.
    Redeem,
}

words!(EntryKind);

/// Who gives and who receives: the kind of an entry with its parties inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parties<H> {
    /// To this holder.
    Issue(H),
    /// From the first to the second.
    Transfer(H, H),
    /// From this holder.
    Redeem(H),
}

impl<H> Parties<H> {
    /// Returns the kind.
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Issue(_) => EntryKind::Issue,
            Self::Transfer(..) => EntryKind::Transfer,
            Self::Redeem(_) => EntryKind::Redeem,
        }
    }

    /// Returns who gives.
    pub const fn from(&self) -> Option<&H> {
        match self {
            Self::Issue(_) => None,
            Self::Transfer(from, _) | Self::Redeem(from) => Some(from),
        }
    }

    /// Returns who receives.
    pub const fn to(&self) -> Option<&H> {
        match self {
            Self::Issue(to) | Self::Transfer(_, to) => Some(to),
            Self::Redeem(_) => None,
        }
    }

    /// Returns the parties of an entry that takes one with these back.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Issue(to) => Self::Redeem(to),
            Self::Transfer(from, to) => Self::Transfer(to, from),
            Self::Redeem(from) => Self::Issue(from),
        }
    }

    /// Rebuilds the parties from a stored row, or `None` if kind and parties do not fit.
    pub fn rebuild(kind: &str, from: Option<H>, to: Option<H>) -> Option<Self> {
        match (kind, from, to) {
            ("issue", None, Some(to)) => Some(Self::Issue(to)),
            ("transfer", Some(from), Some(to)) => Some(Self::Transfer(from, to)),
            ("redeem", Some(from), None) => Some(Self::Redeem(from)),
            _ => None,
        }
    }
}

/// An entry of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenEntry {
    /// The row number.
    pub number: i64,
    /// The id.
    pub id: TokenEntryId,
    /// The project.
    pub project: ProjectRef,
    /// The kind and its parties.
    pub parties: Parties<HolderRef>,
    /// How many tokens, above zero.
    pub tokens: Tokens,
    /// From when it counts.
    pub effective_date: Date,
    /// The administrator's reference.
    pub reference: Option<String>,
    /// The import that it came with.
    pub import: Option<ImportNumber>,
    /// The entry that it takes back.
    pub reverses: Option<ReversedEntry>,
    /// Who recorded it.
    pub created_by: UserRef,
    /// When it was recorded.
    pub created_at: Instant,
}

/// An entry that another one takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReversedEntry {
    /// The id.
    pub id: TokenEntryId,
    /// The import that it came with.
    pub import: Option<ImportNumber>,
}

/// A holder's tokens at a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The holder.
    pub holder: HolderRef,
    /// The holder's name.
    pub name: Option<String>,
    /// The tokens.
    pub tokens: Tokens,
}

/// A line of the register: a holding and its part of all tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterLine {
    /// The holding.
    pub holding: Holding,
    /// Its part of all tokens.
    pub ownership: Percent,
}

/// A register as a file of holdings finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRegister {
    /// The date of the file.
    pub date: Date,
    /// Who holds tokens on it.
    pub on_date: Vec<HolderTokens>,
    /// Who holds tokens later, if nobody does on the date.
    pub later: Vec<HolderTokens>,
}

/// Which way tokens moved for one holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Towards the holder.
    In(Tokens),
    /// Away from the holder.
    Out(Tokens),
}

/// Refuses an entry that says nothing.
///
/// # Errors
/// [`Refused::NoTokens`] for zero tokens, [`Refused::SelfTransfer`] if both parties are one.
pub fn check_entry(parties: &Parties<HolderRef>, tokens: Tokens) -> Result<(), Refused> {
    if tokens.is_zero() {
        return Err(Refused::NoTokens);
    }
    match parties {
        Parties::Transfer(from, to) if from.id == to.id => Err(Refused::SelfTransfer {
            holder: from.code.clone(),
        }),
        Parties::Issue(_) | Parties::Transfer(..) | Parties::Redeem(_) => Ok(()),
    }
}

/// Decides what a file of holdings does. Returns every holder of the register or the file if the
/// register is to become the file, and `None` if the file is issued.
///
/// # Errors
/// [`Refused::RegisterNotEmpty`] if there are holdings and nobody said what becomes of them, or if
/// they begin after the file's date; [`Refused::RegisterTooLarge`].
pub fn admit(
    project: &Code,
    register: &FoundRegister,
    file: &[HolderTokens],
    how: ExistingHoldings,
) -> Result<Option<Vec<HoldingChange>>, Refused> {
    let too_large = || Refused::RegisterTooLarge {
        project: project.clone(),
        date: register.date,
    };
    let (held, when) = if register.on_date.is_empty() {
        (&register.later, "after")
    } else {
        (&register.on_date, "on")
    };
    let refused = match how {
        ExistingHoldings::Refuse => !held.is_empty(),
        // What is made equal to the file on a date without holdings comes on top of the later ones.
        ExistingHoldings::Replace => !register.later.is_empty(),
        ExistingHoldings::Add => false,
    };
    if refused {
        let Comparison {
            before,
            file,
            after,
            holders,
        } = compare(held, file, ExistingHoldings::Add).ok_or_else(too_large)?;
        return Err(Refused::RegisterNotEmpty {
            project: project.clone(),
            when,
            date: register.date,
            before,
            file,
            after,
            holders,
        });
    }
    match how {
        ExistingHoldings::Refuse | ExistingHoldings::Add => Ok(None),
        ExistingHoldings::Replace => {
            let compared = compare(&register.on_date, file, how).ok_or_else(too_large)?;
            Ok(Some(compared.holders))
        }
    }
}

/// Refuses if a holder's balance would be negative on any date. What happens on one date counts
/// together.
///
/// # Errors
/// [`Refused::NegativeBalance`] names the first such date and what is missing on it.
pub fn check_balances(
    holder: &Code,
    flows: impl IntoIterator<Item = (Date, Flow)>,
) -> Result<(), Refused> {
    match balances(flows).find(|(_, balance)| *balance < 0) {
        Some((date, balance)) => {
            let missing = Tokens::from_units(-balance).unwrap_or(Tokens::MAX);
            Err(Refused::NegativeBalance {
                holder: holder.clone(),
                date,
                missing,
            })
        }
        None => Ok(()),
    }
}

/// Refuses if more tokens than decimal(20,7) holds would be outstanding on any date: what is
/// issued flows in, what is redeemed flows out. Then no holder has more on any date either.
///
/// # Errors
/// [`Refused::RegisterTooLarge`] names the first such date.
pub fn check_supply(
    project: &Code,
    flows: impl IntoIterator<Item = (Date, Flow)>,
) -> Result<(), Refused> {
    match balances(flows).find(|(_, outstanding)| *outstanding > Tokens::MAX.units()) {
        Some((date, _)) => Err(Refused::RegisterTooLarge {
            project: project.clone(),
            date,
        }),
        None => Ok(()),
    }
}

/// Adds flows up: the balance in ten-millionths at the end of each date on which something moves.
fn balances(flows: impl IntoIterator<Item = (Date, Flow)>) -> impl Iterator<Item = (Date, i128)> {
    let mut by_date: BTreeMap<Date, i128> = BTreeMap::new();
    for (date, flow) in flows {
        let day = by_date.entry(date).or_default();
        // Sums of fewer than 2^60 values below 10^20 stay far below 2^127.
        *day += match flow {
            Flow::In(tokens) => tokens.units(),
            Flow::Out(tokens) => -tokens.units(),
        };
    }
    by_date.into_iter().scan(0_i128, |balance, (date, change)| {
        *balance += change;
        Some((date, *balance))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_date;

    fn flow(date: &str, tokens: i64) -> (Date, Flow) {
        let size = Tokens::parse(&tokens.abs().to_string()).unwrap();
        (
            parse_date(date).unwrap(),
            if tokens < 0 {
                Flow::Out(size)
            } else {
                Flow::In(size)
            },
        )
    }

    #[test]
    fn a_back_dated_entry_that_overdraws_a_later_day_is_refused_with_that_day() {
        let holder = Code::parse("ada").unwrap();
        let history = [
            flow("2026-01-01", 100),
            flow("2026-03-01", -80),
            flow("2026-02-01", -30),
        ];
        let refused = check_balances(&holder, history).unwrap_err();
        let missing = Tokens::parse("10").unwrap();
        assert_eq!(
            refused,
            Refused::NegativeBalance {
                holder,
                date: parse_date("2026-03-01").unwrap(),
                missing
            }
        );
    }

    #[test]
    fn a_back_dated_issue_that_is_too_much_for_an_earlier_day_is_refused_with_that_day() {
        let project = Code::parse("LAGOS").unwrap();
        let most =
            |date: &str, flow: fn(Tokens) -> Flow| (parse_date(date).unwrap(), flow(Tokens::MAX));
        let replaced = [
            most("2026-01-01", Flow::In),
            most("2026-03-01", Flow::Out),
            most("2026-03-01", Flow::In),
        ];
        assert_eq!(
            check_supply(&project, replaced),
            Ok(()),
            "all of it redeemed and issued anew on one day"
        );
        let one = (
            parse_date("2026-02-01").unwrap(),
            Flow::In(Tokens::SMALLEST),
        );
        let refused =
            check_supply(&project, replaced.into_iter().take(2).chain([one])).unwrap_err();
        assert_eq!(
            refused,
            Refused::RegisterTooLarge {
                project,
                date: one.0
            }
        );
    }

    #[test]
    fn a_file_of_holdings_is_issued_only_where_there_are_none_or_that_is_said() {
        use ExistingHoldings::{Add, Refuse, Replace};
        let one = |holder: &str| {
            vec![HolderTokens {
                holder: Code::parse(holder).unwrap(),
                tokens: Tokens::parse("1").unwrap(),
            }]
        };
        let register = |on_date: Vec<HolderTokens>, later: Vec<HolderTokens>| FoundRegister {
            date: parse_date("2026-06-30").unwrap(),
            on_date,
            later,
        };
        let empty = register(Vec::new(), Vec::new());
        let now = register(one("ada"), Vec::new());
        let later = register(Vec::new(), one("ada"));
        let project = Code::parse("LAGOS").unwrap();
        let table = [
            (&empty, Refuse, "issued"),
            (&empty, Add, "issued"),
            (&empty, Replace, "replaced"),
            (&now, Refuse, "on"),
            (&now, Add, "issued"),
            (&now, Replace, "replaced"),
            (&later, Refuse, "after"),
            (&later, Add, "issued"),
            (&later, Replace, "after"),
        ];
        for (register, how, expected) in table {
            let found = match admit(&project, register, &one("ada"), how) {
                Ok(None) => "issued",
                Ok(Some(_)) => "replaced",
                Err(Refused::RegisterNotEmpty { when, .. }) => when,
                Err(other) => panic!("{other}"),
            };
            assert_eq!(found, expected, "{register:?} {how:?}");
        }
    }

    #[test]
    fn what_happens_on_one_day_counts_together() {
        let holder = Code::parse("ada").unwrap();
        assert_eq!(
            check_balances(&holder, [flow("2026-01-01", -100), flow("2026-01-01", 100)]),
            Ok(())
        );
    }
}
