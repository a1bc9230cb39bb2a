//! The calculation of an event: what each holder gets of it, and the hash that an approval names.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    ComponentAmount, ComponentColumn, Deducted, Deduction, Event, EventComponent, EventState,
    Excluded, LastApproved, NewComponent, Participation, Share, ShareFigures,
    columns::{amounts_of, columns_of_rate, columns_of_total},
    participation::{move_parts, part_holders},
    whole::{Whole, whole_of},
    withheld::{EventTax, HashedTax, TaxInputs, TaxTerms, withhold},
};
use crate::domain::{
    Refused,
    allocation::{Balance, BalanceParts, CarryTotals, percentages},
    code::Code,
    hash::hex,
    id::HolderId,
    quantity::{Amount, Tokens, Total},
    ratio,
    signed::Signed,
    tax::withholding::TaxWarning,
    time::Date,
    token::Holding,
    user::{Act, Actor},
};

/// What a calculation gives, as people check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalculationFigures {
    /// What the approval brings and carries forward, or would as things are now, and what is payable.
    pub carrying: CarryTotals,
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
    /// Holders who are excluded and have no tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused_exclusions: Vec<Code>,
    /// What is to be said about the tax.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_warnings: Vec<TaxWarning>,
}

/// What an event is calculated from, next to its own terms. All of it is frozen in the event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The holdings on the record date, in any order.
    pub holdings: Vec<Holding>,
    /// The net asset value on it, if one is known.
    pub nav: Option<Amount>,
    /// Who is excluded.
    pub participation: Participation,
    /// What is taken from the proceeds, if they are given.
    pub deductions: Vec<Deduction>,
    /// What the money is.
    pub components: Vec<NewComponent>,
    /// What the tax follows from, if the project withholds any.
    pub tax: Option<TaxInputs>,
}

/// What a calculation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalculationResult {
    /// What is distributed.
    pub total: Amount,
    /// What led from the proceeds to it.
    pub deductions: Vec<Deducted>,
    /// What the money is, with the part of each allocation.
    pub components: Vec<ComponentColumn>,
    /// The allocations in ascending order of holder code.
    pub shares: Vec<Share>,
    /// The excluded holders in ascending order of their codes.
    pub excluded: Vec<Excluded>,
    /// What the fund keeps of excluded holders' parts.
    pub retained: Amount,
    /// Holders who are excluded and have no tokens.
    pub unused: Vec<Code>,
    /// All tokens outstanding.
    pub total_tokens: Tokens,
    /// The tokens that the amount is divided over.
    pub counted_tokens: Tokens,
    /// The net asset value.
    pub nav: Option<Amount>,
    /// The tax, if the project withholds any.
    pub tax: Option<EventTax>,
    /// The hash of inputs and allocations.
    pub hash: String,
}

impl CalculationResult {
    /// Adds up the allocations: what the event begins with. `None` if that is out of range.
    pub fn balance(&self) -> Option<Balance> {
        let sum = |of: fn(&Share) -> Amount| {
            let sum: Option<Total> = self.shares.iter().map(of).sum();
            sum.and_then(|sum| Amount::from_units(sum.units()))
        };
        Balance::rebuild(BalanceParts {
            allocated: sum(|share| share.amount)?,
            tax: sum(|share| share.tax)?,
            ..Balance::NONE.parts()
        })
    }
}

impl CalculationResult {
    /// Returns the components with what each is, and the tax withheld from it. `None` if that is out of
    /// range.
    pub fn component_amounts(&self, minor_unit: Amount) -> Option<Vec<EventComponent>> {
        let columns = self.components.iter().enumerate();
        columns
            .map(|(at, column)| {
                Some(EventComponent {
                    given: column.given.clone(),
                    amount: Some(column.amount),
                    tax: Some(self.tax_of(at, column, minor_unit)?),
                })
            })
            .collect()
    }

    fn tax_of(&self, at: usize, column: &ComponentColumn, minor_unit: Amount) -> Option<Amount> {
        let Some(tax) = &self.tax else {
            return Some(Amount::ZERO);
        };
        let parts = self.shares.iter().zip(&column.parts);
        let taxes = parts.map(|(share, part)| {
            let of_part = tax.terms.on_part(share.tax_class, (at, *part), minor_unit);
            of_part.map(|of_part| of_part.tax)
        });
        let sum: Option<Total> = taxes.collect::<Option<Vec<_>>>()?.into_iter().sum();
        Amount::from_units(sum?.units())
    }
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
/// [`Refused::NoTokensOutstanding`], [`Refused::RegisterTooLarge`], [`Refused::AssignExcluded`],
/// [`Refused::NoParticipants`], [`Refused::NothingAllocated`].
pub fn calculate(event: &Event, inputs: Inputs) -> Result<CalculationResult, Refused> {
    let Inputs {
        mut holdings,
        nav,
        participation: Participation { exclusions, unused },
        deductions,
        components,
        tax,
    } = inputs;
    holdings.retain(|holding| !holding.tokens.is_zero());
    holdings.sort_unstable_by(|a, b| a.holder.code.cmp(&b.holder.code));
    let total_tokens = tokens_outstanding(event, &holdings)?;
    let parted = part_holders(event, holdings, total_tokens, &exclusions)?;
    let counted_tokens = parted.counted_tokens;
    let counted = parted.counted.iter();
    let tokens: Vec<Tokens> = counted.map(|holding| holding.tokens).collect();
    let Whole {
        total,
        deductions,
        parts,
        columns,
    } = whole_of(event, &tokens, &deductions, &components)?;
    let counted = match columns.as_slice() {
        [] => Vec::new(),
        _ => ids_of(&parted.counted),
    };
    let shares = shares_of(event, parted.counted, &tokens, parts)?;
    let mut moved = move_parts(event, shares, &exclusions, parted.left_out)?;
    let (shares, excluded) = (&moved.shares, &moved.excluded);
    let components = if columns.is_empty() {
        columns_of_total(event, total, &components, shares, excluded)?
    } else {
        columns_of_rate(&components, columns, &counted, shares, &exclusions)?
    };
    let tax = tax
        .map(|inputs| withhold(event, &inputs, &components, &mut moved.shares))
        .transpose()?;
    let (shares, excluded) = (&moved.shares, &moved.excluded);
    let frozen = Frozen {
        total,
        deductions: &deductions,
        components: &amounts_of(&components),
        total_tokens,
        nav,
        excluded,
        retained: moved.retained,
        tax: tax.as_ref().map(|tax| &tax.terms),
    };
    let hash = calculation_hash(event, &frozen, shares, |at, _, parts| {
        parts.extend(components.iter().filter_map(|column| column.parts.get(at)));
    });
    Ok(CalculationResult {
        total,
        deductions,
        components,
        shares: moved.shares,
        excluded: moved.excluded,
        retained: moved.retained,
        unused,
        total_tokens,
        counted_tokens,
        nav,
        tax,
        hash,
    })
}

fn ids_of(holdings: &[Holding]) -> Vec<HolderId> {
    holdings.iter().map(|holding| holding.holder.id).collect()
}

/// Puts the parts of the holdings whose tokens count together.
fn shares_of(
    event: &Event,
    holdings: Vec<Holding>,
    tokens: &[Tokens],
    parts: Vec<Amount>,
) -> Result<Vec<Share>, Refused> {
    let percentages = percentages(tokens).ok_or_else(|| Refused::RegisterTooLarge {
        project: event.project.code.clone(),
        date: event.record_date,
    })?;
    let shares = (holdings.into_iter().zip(parts).zip(percentages)).map(
        |((holding, amount), percentage)| Share {
            holder: holding.holder,
            tokens: holding.tokens,
            percentage,
            amount,
            assigned: Amount::ZERO,
            tax: Amount::ZERO,
            tax_class: None,
        },
    );
    Ok(shares.collect())
}

/// Adds up the tokens of all holders.
fn tokens_outstanding(event: &Event, holdings: &[Holding]) -> Result<Tokens, Refused> {
    let (project, date) = (event.project.code.clone(), event.record_date);
    let sum: Option<Total> = holdings.iter().map(|holding| holding.tokens).sum();
    match sum.and_then(|sum| Tokens::from_units(sum.units())) {
        None => Err(Refused::RegisterTooLarge { project, date }),
        Some(total) if total.is_zero() => Err(Refused::NoTokensOutstanding { project, date }),
        Some(total) => Ok(total),
    }
}

/// What a calculation froze, next to the event's own terms.
#[derive(Clone, Copy, Debug)]
pub struct Frozen<'a> {
    /// What is distributed.
    pub total: Amount,
    /// What led from the proceeds to it.
    pub deductions: &'a [Deducted],
    /// What the money is.
    pub components: &'a [ComponentAmount],
    /// All tokens outstanding.
    pub total_tokens: Tokens,
    /// The net asset value.
    pub nav: Option<Amount>,
    /// The excluded holders in ascending order of their codes.
    pub excluded: &'a [Excluded],
    /// What the fund keeps of their parts.
    pub retained: Amount,
    /// The tax rates, if the event withholds tax.
    pub tax: Option<&'a TaxTerms>,
}

/// Hashes an event's inputs and its allocations in ascending order of holder code. `parts` adds the
/// components of the allocation at a place.
pub fn calculation_hash(
    event: &Event,
    frozen: &Frozen<'_>,
    shares: &[Share],
    parts: impl Fn(usize, &Share, &mut Vec<Amount>),
) -> String {
    let mut hasher = CalculationHasher::begin(event, frozen);
    let mut of_share = Vec::new();
    for (at, share) in shares.iter().enumerate() {
        of_share.clear();
        parts(at, share, &mut of_share);
        hasher.add(&share.holder.code, share.figures(), &of_share);
    }
    hasher.finish()
}

/// Hashes a calculation one allocation after the other.
///
/// The text that is hashed has one line `name=value` per input, and each of these if the event has
/// it: the proceeds, one `deduction=kind TAB name TAB given TAB amount` per deduction, the rate and
/// its rounding, the minimum, `tax_profile=name TAB hash`, `tax_exempt=reason`, one
/// `exclusion=holder TAB tokens TAB policy TAB part` per excluded holder and `retained=` if any is,
/// and one `component=name TAB amount` per component. Then comes one line
/// `holder TAB tokens TAB percentage TAB amount TAB assigned TAB tax` per allocation, with
/// `TAB amount TAB rate TAB reason TAB tax` added per component, and for the whole of it if the event
/// withholds tax and has none. Each line is ended by a line feed; numbers are in canonical form.
#[derive(Debug)]
pub struct CalculationHasher<'a> {
    hasher: Sha256,
    /// Lines that are not hashed yet: the hash is faster over many.
    lines: String,
    /// The rates, if the event withholds tax.
    tax: Option<HashedTax<'a>>,
}

/// How many bytes are hashed in one go.
const MANY: usize = 4_096;

impl<'a> CalculationHasher<'a> {
    /// Begins with the inputs.
    pub fn begin(event: &Event, frozen: &Frozen<'a>) -> Self {
        let mut hasher = Sha256::new();
        let total_tokens = frozen.total_tokens;
        let nav = frozen
            .nav
            .map_or_else(|| "none".to_owned(), Amount::canonical);
        hasher.update(format!(
            "prorata calculation 2\nevent={}\nproject={}\ntype={}\ncurrency={}\ntotal_amount={}\nunit={}\ndistribution_date={}\nrecord_date={}\ntotal_tokens={total_tokens}\nnav={nav}\n",
            event.event.id, event.project.id, event.event_type, event.currency, frozen.total, event.unit,
            event.distribution_date, event.record_date,
        ));
        hasher.update(lines_of_basis(event, frozen));
        if !event.minimum.is_zero() {
            hasher.update(format!("minimum_payout={}\n", event.minimum));
        }
        if let Some(TaxTerms { profile, .. }) = frozen.tax {
            hasher.update(format!(
                "tax_profile={}\t{}\n",
                profile.name, profile.sha256
            ));
        }
        if let Some(reason) = &event.tax_exempt {
            hasher.update(format!("tax_exempt={reason}\n"));
        }
        for one in frozen.excluded {
            hasher.update(format!(
                "exclusion={}\t{}\t{}\t{}\n",
                one.holder.code, one.tokens, one.policy, one.part
            ));
        }
        if !frozen.retained.is_zero() {
            hasher.update(format!("retained={}\n", frozen.retained));
        }
        for ComponentAmount { component, amount } in frozen.components {
            hasher.update(format!("component={component}\t{amount}\n"));
        }
        Self {
            hasher,
            lines: String::with_capacity(2 * MANY),
            tax: frozen
                .tax
                .map(|terms| HashedTax::of(terms, event.currency.minor_unit())),
        }
    }

    /// Adds the next allocation, and the parts of it that are components.
    pub fn add(&mut self, holder: &Code, share: ShareFigures, parts: &[Amount]) {
        let lines = &mut self.lines;
        lines.push_str(holder.as_str());
        lines.push('\t');
        share.tokens.write_canonical(lines);
        lines.push('\t');
        share.percentage.write_canonical(lines);
        for amount in [share.amount, share.assigned, share.tax] {
            lines.push('\t');
            amount.write_canonical(lines);
        }
        if let Some(tax) = &self.tax {
            tax.write(lines, &share, parts);
        } else {
            for part in parts {
                lines.push('\t');
                part.write_canonical(lines);
                // No tax is withheld without a profile.
                lines.push_str("\t0.0000000\tnone\t0.0000000");
            }
        }
        lines.push('\n');
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

/// Writes the lines about what the total follows from: none for an amount.
fn lines_of_basis(event: &Event, frozen: &Frozen<'_>) -> String {
    let mut lines = String::new();
    let mut add = |line: std::fmt::Arguments<'_>| {
        lines.push_str(&line.to_string());
        lines.push('\n');
    };
    if let Some(gross) = event.total.basis().gross() {
        add(format_args!("gross_proceeds={gross}"));
    }
    for Deducted {
        deduction, amount, ..
    } in frozen.deductions
    {
        let Deduction { name, kind, given } = deduction;
        add(format_args!("deduction={kind}\t{name}\t{given}\t{amount}"));
    }
    if let Some(rate) = event.total.basis().rate() {
        add(format_args!("rate_per_unit={}", rate.per_token));
        add(format_args!("rounding={}", rate.rounding));
    }
    lines
}

/// Returns what a calculation gives, next to the last event of the project.
pub fn figures(
    event: &Event,
    calculated: &CalculationResult,
    carrying: CarryTotals,
    last: Option<&LastApproved>,
) -> CalculationFigures {
    let shares = &calculated.shares;
    let without_money = shares.iter().filter(|share| share.amount.is_zero()).count();
    let (now, before) = (
        Signed::from(calculated.total_tokens),
        last.map(|last| last.tokens.into()),
    );
    CalculationFigures {
        carrying,
        holders: u64::try_from(shares.len()).unwrap_or(u64::MAX),
        holders_without_money: u64::try_from(without_money).unwrap_or(u64::MAX),
        amount_per_token: match event.total.basis().rate() {
            Some(rate) => rate.per_token.plain(2),
            None => ratio::per_token(calculated.total, calculated.counted_tokens),
        },
        last_event: last.map(|last| last.event.code.clone()),
        last_tokens: last.map(|last| last.tokens),
        tokens_change: before.and_then(|before| now.checked_sub(before)),
        unused_exclusions: calculated.unused.clone(),
        tax_warnings: calculated
            .tax
            .as_ref()
            .map_or_else(Vec::new, |tax| tax.warnings.clone()),
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
