//! The calculation of an event: what each holder gets of it, and the hash that an approval names.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Event, EventState, LastApproved};
use crate::domain::{
    Refused,
    allocation::{allocate, percentages},
    code::Code,
    hash::hex,
    id::HolderRef,
    quantity::{Amount, Percent, Tokens, Total},
    ratio,
    signed::Signed,
    time::Date,
    token::Holding,
    user::{Act, Actor},
};

/// What a calculation gives, as people check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalculationFigures {
    /// The holders with an allocation.
    pub holders: u64,
    /// The holders among them whose allocation is zero.
    pub holders_without_money: u64,
    /// The amount for one token, rounded to ten decimals.
    pub amount_per_token: String,
    /// The last event of the project that was approved.
    pub last_event: Option<Code>,
    /// The tokens outstanding on its record date.
    pub last_tokens: Option<Tokens>,
    /// How many more tokens are outstanding now.
    pub tokens_change: Option<Signed>,
}

/// One holder's allocation as calculated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The holder.
    pub holder: HolderRef,
    /// The tokens held.
    pub tokens: Tokens,
    /// Their part of all tokens.
    pub percentage: Percent,
    /// The money.
    pub amount: Amount,
}

/// What a calculation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalculationResult {
    /// The allocations in ascending order of holder code.
    pub shares: Vec<Share>,
    /// All tokens outstanding.
    pub total_tokens: Tokens,
    /// The hash of inputs and allocations.
    pub hash: String,
}

/// Decides whether an event may be calculated now, before its holdings are read.
///
/// # Errors
/// [`Refused::EventState`], [`Refused::RecordDateInFuture`].
pub fn may_calculate(event: &Event, actor: &Actor, today: Date) -> Result<(), Refused> {
    actor.must(Act::Record)?;
    match event.state {
        EventState::Draft | EventState::Calculated(_) => {}
        EventState::Active(..) | EventState::Completed(..) | EventState::Cancelled { .. } => {
            return Err(event.refuse("calculated"));
        }
    }
    if event.record_date > today {
        return Err(Refused::RecordDateInFuture {
            event: event.event.code.clone(),
            record_date: event.record_date,
        });
    }
    Ok(())
}

/// Allocates an event over the holdings on its record date. The result does not depend on their
/// order.
///
/// # Errors
/// [`Refused::NoTokensOutstanding`], [`Refused::RegisterTooLarge`].
pub fn calculate(
    event: &Event,
    mut holdings: Vec<Holding>,
    nav: Option<Amount>,
) -> Result<CalculationResult, Refused> {
    holdings.retain(|holding| !holding.tokens.is_zero());
    holdings.sort_unstable_by(|a, b| a.holder.code.cmp(&b.holder.code));
    let tokens: Vec<Tokens> = holdings.iter().map(|holding| holding.tokens).collect();
    let Some(total_tokens) = total_tokens(&tokens) else {
        return Err(Refused::RegisterTooLarge {
            project: event.project.code.clone(),
            date: event.record_date,
        });
    };
    if total_tokens.is_zero() {
        return Err(Refused::NoTokensOutstanding {
            project: event.project.code.clone(),
            date: event.record_date,
        });
    }
    let parts = allocate(event.total_amount, event.unit, &tokens).zip(percentages(&tokens));
    let Some((amounts, percentages)) = parts else {
        return Err(Refused::EventAmountNotPayable {
            amount: event.total_amount,
            unit: event.unit,
        });
    };
    let shares: Vec<Share> = (holdings.into_iter().zip(amounts).zip(percentages))
        .map(|((holding, amount), percentage)| Share {
            holder: holding.holder,
            tokens: holding.tokens,
            percentage,
            amount,
        })
        .collect();
    let hash = calculation_hash(event, total_tokens, nav, shares.iter());
    Ok(CalculationResult {
        shares,
        total_tokens,
        hash,
    })
}

fn total_tokens(tokens: &[Tokens]) -> Option<Tokens> {
    let sum: Option<Total> = tokens.iter().copied().sum();
    sum.and_then(|sum| Tokens::from_units(sum.units()))
}

/// Hashes an event's inputs and its allocations in ascending order of holder code.
pub fn calculation_hash<'a>(
    event: &Event,
    total_tokens: Tokens,
    nav: Option<Amount>,
    shares: impl Iterator<Item = &'a Share>,
) -> String {
    let mut hasher = CalculationHasher::begin(event, total_tokens, nav);
    for Share {
        holder,
        tokens,
        percentage,
        amount,
    } in shares
    {
        hasher.add(&holder.code, *tokens, *percentage, *amount);
    }
    hasher.finish()
}

/// Hashes a calculation one allocation after the other.
///
/// The text that is hashed has one line `name=value` per input, one for the minimum if there is one,
/// and one line `holder TAB tokens TAB percentage TAB amount TAB assigned TAB tax` per allocation,
/// each ended by a line feed; numbers in canonical form.
#[derive(Debug)]
pub struct CalculationHasher {
    hasher: Sha256,
    /// Lines that are not hashed yet: the hash is faster over many.
    lines: String,
}

/// How many bytes are hashed in one go.
const MANY: usize = 4_096;

impl CalculationHasher {
    /// Begins with the inputs.
    pub fn begin(event: &Event, total_tokens: Tokens, nav: Option<Amount>) -> Self {
        let mut hasher = Sha256::new();
        let nav = nav.map_or_else(|| "none".to_owned(), Amount::canonical);
        hasher.update(format!(
            "prorata calculation 2\nevent={}\nproject={}\ntype={}\ncurrency={}\ntotal_amount={}\nunit={}\ndistribution_date={}\nrecord_date={}\ntotal_tokens={total_tokens}\nnav={nav}\n",
            event.event.id, event.project.id, event.event_type, event.currency, event.total_amount, event.unit,
            event.distribution_date, event.record_date,
        ));
        if !event.minimum.is_zero() {
            hasher.update(format!("minimum_payout={}\n", event.minimum));
        }
        Self {
            hasher,
            lines: String::with_capacity(2 * MANY),
        }
    }

    /// Adds the next allocation.
    pub fn add(&mut self, holder: &Code, tokens: Tokens, percentage: Percent, amount: Amount) {
        let lines = &mut self.lines;
        lines.push_str(holder.as_str());
        lines.push('\t');
        tokens.write_canonical(lines);
        lines.push('\t');
        percentage.write_canonical(lines);
        lines.push('\t');
        amount.write_canonical(lines);
        // Nothing is assigned from an excluded holder, and no tax is withheld.
        lines.push_str("\t0.0000000\t0.0000000\n");
        if lines.len() >= MANY {
            self.hasher.update(&*lines);
            lines.clear();
        }
    }

    /// Ends with the hash in hexadecimal digits.
    pub fn finish(mut self) -> String {
        self.hasher.update(self.lines);
        hex(&self.hasher.finalize())
    }
}

/// Returns what a calculation gives, next to the last event of the project.
pub fn figures(
    event: &Event,
    shares: &[Share],
    total_tokens: Tokens,
    last: Option<&LastApproved>,
) -> CalculationFigures {
    let without_money = shares.iter().filter(|share| share.amount.is_zero()).count();
    let (now, before) = (
        Signed::from(total_tokens),
        last.map(|last| last.tokens.into()),
    );
    CalculationFigures {
        holders: u64::try_from(shares.len()).unwrap_or(u64::MAX),
        holders_without_money: u64::try_from(without_money).unwrap_or(u64::MAX),
        amount_per_token: ratio::per_token(event.total_amount, total_tokens),
        last_event: last.map(|last| last.event.code.clone()),
        last_tokens: last.map(|last| last.tokens),
        tokens_change: before.and_then(|before| now.checked_sub(before)),
    }
}

/// Refuses if the register no longer gives the calculation that is to be approved.
///
/// # Errors
/// [`Refused::StaleCalculation`].
pub fn still_calculates(event: &Event, fresh_hash: &str) -> Result<(), Refused> {
    match event.state.calculation() {
        Some(calculation) if calculation.hash == fresh_hash => Ok(()),
        Some(_) | None => Err(stale(event)),
    }
}

/// Says that the register no longer gives the calculation.
pub fn stale(event: &Event) -> Refused {
    Refused::StaleCalculation {
        event: event.event.code.clone(),
    }
}
