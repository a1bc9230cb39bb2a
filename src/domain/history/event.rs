//! What an imported event is in the ledger: an approved event that nobody calculated.

use super::{ImportedEvent, ImportedRow};
use crate::domain::{
    allocation::{Balance, percentages},
    code::ProposalNumber,
    currency::Currency,
    event::{
        Approval, Basis, Calculation, Event, EventState, EventTotal, Frozen, Share,
        calculation_hash, settle,
    },
    id::{EventId, EventRef, HolderRef, ProjectRef, UserRef},
    quantity::{Amount, Tokens, Total},
};

/// What an imported event does not say itself.
#[derive(Clone, Debug)]
pub struct EventFrame {
    /// The id.
    pub id: EventId,
    /// The project.
    pub project: ProjectRef,
    /// Its currency.
    pub currency: Currency,
    /// The proposal that it comes with.
    pub proposal: ProposalNumber,
    /// Who proposed it.
    pub proposed_by: UserRef,
    /// The approval: by whom, and when.
    pub approval: Approval,
}

/// An allocation of an imported event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedAllocation<'a> {
    /// The figures.
    pub share: Share,
    /// What became of them.
    pub balance: Balance,
    /// The row of the file.
    pub row: &'a ImportedRow<HolderRef>,
}

/// Returns the allocations of an imported event, or `None` if its figures are too large.
///
/// Percentages are those of the tokens in the file. Tax has no rates here: it is as given, and of
/// one class without terms.
pub fn allocations(event: &ImportedEvent) -> Option<Vec<ImportedAllocation<'_>>> {
    let tokens: Vec<Tokens> = event.rows.iter().map(|row| row.share.tokens).collect();
    let percentages = percentages(&tokens)?;
    let rows = event.rows.iter().zip(percentages);
    rows.map(|(row, percentage)| {
        let share = Share {
            holder: row.holder.clone(),
            tokens: row.share.tokens,
            percentage,
            amount: row.share.gross,
            assigned: Amount::ZERO,
            tax: row.share.tax,
            tax_class: (!row.share.tax.is_zero()).then_some(0),
        };
        Some(ImportedAllocation {
            share,
            balance: row.share.balance()?,
            row,
        })
    })
    .collect()
}

/// Makes the event: active, or completed if nothing of it is left. Its row has no number yet. `None`
/// if the holders had too many tokens.
pub fn imported_event(
    event: &ImportedEvent,
    allocations: &[ImportedAllocation<'_>],
    frame: EventFrame,
) -> Option<Event> {
    let tokens: Option<Total> = allocations.iter().map(|one| one.share.tokens).sum();
    let total_tokens = Tokens::from_units(tokens?.units())?;
    let (total, at) = (event.balance.allocated(), frame.approval.at);
    let without_money = allocations
        .iter()
        .filter(|one| one.share.amount.is_zero())
        .count();
    let calculation = Calculation {
        snapshot_date: event.head.record_date,
        total_tokens,
        counted_tokens: total_tokens,
        nav: None,
        holders: u64::try_from(allocations.len()).ok()?,
        holders_without_money: u64::try_from(without_money).ok()?,
        tax_profile: None,
        hash: String::new(),
        by: frame.proposed_by.clone(),
        at,
    };
    let mut made = Event {
        number: 0,
        event: EventRef {
            id: frame.id,
            code: event.head.code.clone(),
        },
        project: frame.project,
        event_type: event.head.event_type,
        title: event.head.title.clone(),
        description: None,
        currency: frame.currency,
        total: EventTotal::from_stored(Basis::Amount(total), Some(total))?,
        unit: frame.currency.minor_unit(),
        distribution_date: event.head.distribution_date,
        record_date: event.head.record_date,
        minimum: Amount::ZERO,
        tax_exempt: None,
        history: Some(frame.proposal),
        state: EventState::Draft,
        retained: Amount::ZERO,
        balance: event.balance,
        created_by: frame.proposed_by,
        created_at: at,
        updated_at: at,
    };
    let hash = hash_of(&made, allocations, (total, total_tokens));
    let state = EventState::Active(
        Calculation {
            hash,
            ..calculation
        },
        frame.approval,
    );
    made.state = settle(state, event.balance, at);
    Some(made)
}

/// Hashes what was given, as a calculation is hashed.
fn hash_of(
    event: &Event,
    allocations: &[ImportedAllocation<'_>],
    (total, total_tokens): (Amount, Tokens),
) -> String {
    let frozen = Frozen {
        total,
        deductions: &[],
        components: &[],
        total_tokens,
        nav: None,
        excluded: &[],
        retained: Amount::ZERO,
        tax: None,
    };
    let shares: Vec<Share> = allocations.iter().map(|one| one.share.clone()).collect();
    calculation_hash(event, &frozen, &shares, |_, _, _| {})
}
