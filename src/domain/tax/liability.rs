//! What is owed to an authority, and what was remitted.

use super::TaxRefused;
use crate::domain::{
    Refused,
    code::{LineNumber, RemittanceNumber},
    currency::Currency,
    decision::Approval,
    id::{EventRef, ProjectId},
    quantity::{Amount, Total},
    reviewers::{Hand, OwnHand, Reviewers, SecondPerson, Work},
    time::{Date, Instant},
    user::{Act, Actor},
};

pub use super::status::RemittanceStatus;

/// How many days before it is due a tax is announced.
pub const ANNOUNCED: u64 = 10;

/// What an event owes to an authority, since its approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxItem {
    /// The row number.
    pub number: i64,
    /// The event.
    pub event: EventRef,
    /// Its project.
    pub project: ProjectId,
    /// The authority's code.
    pub authority: String,
    /// The event's currency.
    pub currency: Currency,
    /// The month of the tax date, `YYYY-MM`.
    pub period: String,
    /// The day on which the tax arose.
    pub tax_date: Date,
    /// The day by which it is remitted.
    pub due_date: Date,
    /// The taxed parts of allocations.
    pub gross: Amount,
    /// The tax on them.
    pub tax: Amount,
    /// The live remittance that paid it.
    pub remittance: Option<RemittanceNumber>,
    /// When it was recorded, with the event's approval.
    pub created_at: Instant,
    /// When its event was cancelled.
    pub cancelled_at: Option<Instant>,
}

/// Tax that was paid to an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remittance {
    /// The number, shown as `T-000001`.
    pub number: RemittanceNumber,
    /// The authority's code.
    pub authority: String,
    /// The month of the tax, `YYYY-MM`.
    pub period: String,
    /// The currency.
    pub currency: Currency,
    /// What was paid: the sum of its items.
    pub amount: Amount,
    /// How many items.
    pub items: u64,
    /// The authority's or the bank's reference.
    pub reference: String,
    /// The day of the payment.
    pub payment_date: Date,
    /// Who recorded it, and when.
    pub recorded: Approval,
    /// The bank line that shows it.
    pub line: Option<LineNumber>,
    /// Who took it back, when and why.
    pub reversed: Option<(Approval, String)>,
}

/// What is due to an authority for a month, in a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxDue {
    /// The authority's code.
    pub authority: String,
    /// The month, `YYYY-MM`.
    pub period: String,
    /// The currency.
    pub currency: Currency,
    /// How many items, open or remitted.
    pub items: u64,
    /// The taxed parts of allocations.
    pub gross: Total,
    /// The tax on them.
    pub tax: Total,
    /// What of it is not remitted.
    pub payable: Total,
    /// What of that should have been remitted by now.
    pub overdue: Total,
    /// The first day by which an item is remitted.
    pub due_date: Date,
    /// How many days it is overdue; 0 if it is not, or nothing is payable.
    pub overdue_days: u64,
}

impl TaxItem {
    /// Returns whether it is owed now.
    pub const fn is_open(&self) -> bool {
        self.remittance.is_none() && self.cancelled_at.is_none()
    }
}

impl TaxDue {
    /// Adds up the items of live events by authority, month and currency, in this order. `None` if a
    /// sum is out of range.
    pub fn of(items: &[TaxItem], today: Date) -> Option<Vec<Self>> {
        let mut sorted: Vec<&TaxItem> = items
            .iter()
            .filter(|item| item.cancelled_at.is_none())
            .collect();
        let key = |item: &TaxItem| {
            (
                item.authority.clone(),
                item.period.clone(),
                item.currency.code(),
            )
        };
        sorted.sort_by_key(|item| key(item));
        let mut dues = Vec::new();
        for group in sorted.chunk_by(|a, b| key(a) == key(b)) {
            dues.push(Self::of_group(group, today)?);
        }
        Some(dues)
    }

    fn of_group(group: &[&TaxItem], today: Date) -> Option<Self> {
        let first = group.first()?;
        let sum = |amounts: &mut dyn Iterator<Item = Amount>| -> Option<Total> { amounts.sum() };
        let open = || group.iter().filter(|item| item.is_open());
        let overdue = || open().filter(|item| item.due_date < today);
        let earliest = open().map(|item| item.due_date).min();
        let due_date = earliest.or_else(|| group.iter().map(|item| item.due_date).min())?;
        let late = earliest.map_or(0, |due| (today - due).num_days().max(0));
        Some(Self {
            authority: first.authority.clone(),
            period: first.period.clone(),
            currency: first.currency,
            items: u64::try_from(group.len()).ok()?,
            gross: sum(&mut group.iter().map(|item| item.gross))?,
            tax: sum(&mut group.iter().map(|item| item.tax))?,
            payable: sum(&mut open().map(|item| item.tax))?,
            overdue: sum(&mut overdue().map(|item| item.tax))?,
            due_date,
            overdue_days: u64::try_from(late).ok()?,
        })
    }

    /// Returns the remitted part.
    pub fn remitted(&self) -> Total {
        // The open items are among all of them.
        self.tax.checked_sub(self.payable).unwrap_or(Total::ZERO)
    }

    /// Returns whether it is payable and due within some days, or overdue.
    pub fn is_due_within(&self, days: u64, today: Date) -> bool {
        let last = today.checked_add_days(chrono::Days::new(days));
        !self.payable.is_zero() && last.is_none_or(|last| self.due_date <= last)
    }
}

/// A remittance to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRemittance<'a> {
    /// The authority's code.
    pub authority: &'a str,
    /// The month, `YYYY-MM`.
    pub period: &'a str,
    /// The reference.
    pub reference: &'a str,
    /// The day of the payment.
    pub date: Date,
    /// What was paid, if that was said.
    pub amount: Option<Amount>,
}

/// Decides whether open items may be recorded as remitted; returns their sum and currency.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::ReferenceEmpty`], [`Refused::PaymentDateInFuture`],
/// [`TaxRefused::NothingDue`], [`TaxRefused::SeveralCurrencies`], [`TaxRefused::AmountDiffers`].
pub fn remit(
    new: &NewRemittance<'_>,
    items: &[TaxItem],
    actor: &Actor,
    today: Date,
) -> Result<(Amount, Currency), Refused> {
    actor.must(Act::Record)?;
    if new.reference.trim().is_empty() {
        return Err(Refused::ReferenceEmpty);
    }
    if new.date > today {
        return Err(Refused::PaymentDateInFuture {
            date: new.date,
            today,
        });
    }
    let Some(first) = items.first() else {
        return Err(TaxRefused::NothingDue {
            authority: new.authority.to_owned(),
            period: new.period.to_owned(),
        }
        .into());
    };
    let currency = first.currency;
    if let Some(other) = items.iter().find(|item| item.currency != currency) {
        return Err(TaxRefused::SeveralCurrencies {
            authority: new.authority.to_owned(),
            period: new.period.to_owned(),
            first: currency,
            second: other.currency,
        }
        .into());
    }
    let sum: Option<Total> = items.iter().map(|item| item.tax).sum();
    let sum = sum.and_then(|sum| Amount::from_units(sum.units()));
    let sum = sum.ok_or(TaxRefused::TooLarge)?;
    match new.amount {
        Some(amount) if amount != sum => Err(TaxRefused::AmountDiffers {
            authority: new.authority.to_owned(),
            period: new.period.to_owned(),
            given: amount,
            owed: sum,
            currency,
        }
        .into()),
        Some(_) | None => Ok((sum, currency)),
    }
}

impl Remittance {
    /// Returns the name of its state.
    pub const fn status(&self) -> RemittanceStatus {
        match (&self.reversed, self.line) {
            (Some(_), _) => RemittanceStatus::Reversed,
            (None, Some(_)) => RemittanceStatus::Reconciled,
            (None, None) => RemittanceStatus::Recorded,
        }
    }

    /// Decides whether a remittance may be taken back: by a reviewer who did not record it, and before
    /// a bank line shows it.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], [`TaxRefused::RemittanceState`], [`Refused::ReasonMissing`],
    /// [`TaxRefused::SameActor`], [`Refused::NotAcknowledged`].
    pub fn reverse(
        &self,
        actor: &Actor,
        reviewers: &Reviewers,
        reason: &str,
    ) -> Result<SecondPerson, Refused> {
        actor.must(Act::Review)?;
        match self.status() {
            RemittanceStatus::Recorded => {}
            RemittanceStatus::Reconciled | RemittanceStatus::Reversed => {
                return Err(TaxRefused::RemittanceState {
                    remittance: self.number,
                    status: self.status(),
                    line: self.line,
                    verb: "reversed",
                }
                .into());
            }
        }
        if reason.trim().is_empty() {
            return Err(Refused::ReasonMissing { verb: "reverse" });
        }
        self.second_person(actor, reviewers, "reverse it")
    }

    /// Lets a reviewer through who did not record the remittance.
    ///
    /// # Errors
    /// [`TaxRefused::SameActor`], [`Refused::NotAcknowledged`].
    pub fn second_person(
        &self,
        actor: &Actor,
        reviewers: &Reviewers,
        verb: &'static str,
    ) -> Result<SecondPerson, Refused> {
        let hands = [Hand {
            user: self.recorded.by.id,
            did: "recorded",
        }];
        let what = format!("remittance {}", self.number);
        let work = Work {
            hands: &hands,
            acts: &[Act::Review],
            what: &what,
        };
        let refuse = |OwnHand { may, .. }| -> Refused {
            TaxRefused::SameActor {
                remittance: self.number,
                actor: actor.user.code.clone(),
                verb,
                may,
            }
            .into()
        };
        reviewers.second_person(actor, work, refuse)
    }
}

#[cfg(test)]
mod tests;
