//! Deriving the tax of each event again, and what is owed to authorities.

use std::collections::BTreeMap;

use super::{counted::counted, remittances};
use crate::domain::{
    allocation::Allocation,
    check::Check,
    code::RemittanceNumber,
    event::{Event, EventStatus, StoredParts, TaxTerms},
    quantity::{Amount, Total},
    tax::{
        calendar::due_day,
        liability::TaxItem,
        withholding::{AuthorityDay, OwedTotal},
    },
};
use crate::store::{AsOf, Error, EventFilter, Tx};

/// Checks that the tax of each allocation is what its frozen rates give, that what an approved event
/// owes to each authority is the sum of the taxes of its allocations, that what was remitted is the
/// sum of its items, and that the bank lines that show it agree with it.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    let mut findings = Vec::new();
    let items = tx.tax_items(AsOf::Now)?;
    let mut taxed = 0_usize;
    for event in tx.events(&EventFilter::default(), AsOf::Now)? {
        let of_event = || items.iter().filter(|item| item.event.id == event.event.id);
        let (owed, of_components) = match tx.tax_terms(&event)? {
            Some(terms) => {
                taxed += 1;
                owed_by(tx, (&event, &terms), &mut findings)?
            }
            None => (BTreeMap::new(), Vec::new()),
        };
        compare_components(tx, &event, &of_components, &mut findings)?;
        compare(&event, &owed, of_event(), &mut findings);
    }
    check_remittances(tx, &mut findings)?;
    remittances::check(tx.db, &mut findings)?;
    Ok(Check {
        name: "tax",
        findings,
        looked_at: format!(
            "{}, {}",
            counted(taxed, "event"),
            counted(items.len(), "item")
        ),
    })
}

/// What an event owes to each authority, and the tax of each of its components.
type Owed = (BTreeMap<AuthorityDay, OwedTotal>, Vec<Total>);

/// Adds up what an event owes to each authority, and the tax of each component, and reports
/// allocations whose tax is not what their rates give.
fn owed_by(
    tx: &mut Tx<'_>,
    (event, terms): (&Event, &TaxTerms),
    findings: &mut Vec<String>,
) -> Result<Owed, Error> {
    let mut owed: BTreeMap<AuthorityDay, OwedTotal> = BTreeMap::new();
    let parts = match terms.components.len() {
        0 | 1 => Vec::new(),
        _ => tx.parts_of_event(event.event.id)?,
    };
    let parts = StoredParts {
        components: terms.components.len(),
        parts: &parts,
    };
    let too_much = || Error::bug("the taxes add up to too much");
    let mut of_components = vec![Total::ZERO; terms.components.len()];
    let mut place = 0..;
    let mut bases = Vec::new();
    tx.each_allocation(&event.event, AsOf::Now, |allocation| {
        bases.clear();
        if let Some(place) = place.next() {
            parts.add_to(&mut bases, place, allocation.balance.allocated());
        }
        let parts = derived((event, terms), &allocation, &bases);
        let Some(Derived { gross, tax, parts }) = parts else {
            findings.push(format!(
                "the allocation of `{}` in `{}` has no rates",
                allocation.holder.code, event.event.code
            ));
            return Ok(());
        };
        for (sum, part) in of_components.iter_mut().zip(parts) {
            *sum = sum.checked_add(part.widen()).ok_or_else(too_much)?;
        }
        let stored = allocation.balance.tax();
        if stored != tax {
            findings.push(format!(
                "the tax of `{}` in `{}` is {}, and its rates give {}, a difference of {}",
                allocation.holder.code,
                event.event.code,
                stored.plain(2),
                tax.plain(2),
                difference(stored.widen(), tax.widen())
            ));
        }
        let class = terms.class(allocation.tax_class);
        match class.and_then(|class| class.authority.as_ref()) {
            Some(authority) if !tax.is_zero() => {
                let total = owed.entry(authority.clone()).or_insert(OwedTotal::NONE);
                *total = total.plus(gross, tax).ok_or_else(too_much)?;
            }
            None if !tax.is_zero() => findings.push(format!(
                "the tax of `{}` in `{}` is owed to nobody",
                allocation.holder.code, event.event.code
            )),
            Some(_) | None => {}
        }
        Ok::<_, Error>(())
    })?;
    Ok((owed, of_components))
}

/// Reports components whose tax is not the sum of that of the allocations; of an event that withholds
/// none there is none.
fn compare_components(
    tx: &mut Tx<'_>,
    event: &Event,
    of_allocations: &[Total],
    findings: &mut Vec<String>,
) -> Result<(), Error> {
    let listed = tx.components(event.event.id, AsOf::Now)?;
    for (at, component) in listed.iter().enumerate() {
        let Some(stored) = component.tax.map(Amount::widen) else {
            continue;
        };
        let derived = of_allocations.get(at).copied().unwrap_or(Total::ZERO);
        if stored != derived {
            findings.push(format!(
                "the tax of the component `{}` of `{}` is {}, but its allocations add up to {}, a difference of {}",
                component.given.component,
                event.event.code,
                stored.plain(2),
                derived.plain(2),
                difference(stored, derived)
            ));
        }
    }
    Ok(())
}

/// What the rates of an allocation give.
struct Derived {
    /// The taxed parts.
    gross: Amount,
    /// The tax on them.
    tax: Amount,
    /// The tax on each part.
    parts: Vec<Amount>,
}

/// Returns what of the parts of an allocation is taxed, and the tax that its rates give.
fn derived(
    (event, terms): (&Event, &TaxTerms),
    allocation: &Allocation,
    bases: &[Amount],
) -> Option<Derived> {
    let unit = event.currency.minor_unit();
    let class = terms.class(allocation.tax_class)?;
    if class.rates.len() != bases.len() {
        return None;
    }
    let (mut gross, mut tax) = (Amount::ZERO, Amount::ZERO);
    let mut parts = Vec::with_capacity(bases.len());
    for placed in bases.iter().copied().enumerate() {
        let part = terms.on_part(allocation.tax_class, placed, unit)?;
        parts.push(part.tax);
        if !part.tax.is_zero() {
            gross = gross.checked_add(placed.1)?;
            tax = tax.checked_add(part.tax)?;
        }
    }
    Some(Derived { gross, tax, parts })
}

/// Compares what an event owes with its items.
fn compare<'i>(
    event: &Event,
    owed: &BTreeMap<AuthorityDay, OwedTotal>,
    items: impl Iterator<Item = &'i TaxItem>,
    findings: &mut Vec<String>,
) {
    let code = &event.event.code;
    let live = matches!(event.status(), EventStatus::Active | EventStatus::Completed);
    let mut left: BTreeMap<&AuthorityDay, &OwedTotal> = owed.iter().filter(|_| live).collect();
    for item in items.filter(|item| item.cancelled_at.is_none()) {
        let same = |day: &&AuthorityDay| {
            day.authority == item.authority
                && due_day(item.tax_date, day.remit_day) == Some(item.due_date)
        };
        let day = left.keys().copied().find(same);
        let Some(owed) = day.and_then(|day| left.remove(day)) else {
            findings.push(format!(
                "`{code}` owes nothing to `{}`, and an item says so",
                item.authority
            ));
            continue;
        };
        let sides = [
            ("tax", item.tax.widen(), owed.tax),
            ("taxed amount", item.gross.widen(), owed.gross),
        ];
        for (what, of_item, of_allocations) in sides {
            if of_item != of_allocations {
                findings.push(format!(
                    "the {what} of `{code}` for `{}` is {}, but its allocations add up to {}, a difference of {}",
                    item.authority,
                    of_item.plain(2),
                    of_allocations.plain(2),
                    difference(of_item, of_allocations)
                ));
            }
        }
    }
    findings.extend(left.into_iter().map(|(day, owed)| {
        format!(
            "`{code}` owes {} to `{}`, and no item says so",
            owed.tax.plain(2),
            day.authority
        )
    }));
}

/// Compares each remittance with its items.
fn check_remittances(tx: &mut Tx<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    const STRANGE: &str = "SELECT DISTINCT r.number FROM tax_remittances r
        JOIN tax_remittance_items ri ON ri.remittance_number = r.number JOIN tax_items i ON i.number = ri.item_number
        WHERE i.authority <> r.authority OR i.period <> r.period OR i.currency <> r.currency
          OR (r.reversed_at IS NULL) <> (ri.live = 1) OR (r.reversed_at IS NULL AND i.cancelled_at IS NOT NULL)
        ORDER BY r.number";
    for remittance in tx.remittances(AsOf::Now)? {
        let items = tx.tax_items_of(remittance.number)?;
        let sum: Option<Total> = items.iter().map(|item| item.tax).sum();
        let sum = sum.ok_or_else(|| Error::bug("the taxes add up to too much"))?;
        if sum != remittance.amount.widen() {
            findings.push(format!(
                "{} is {}, but its items add up to {}, a difference of {}",
                remittance.number,
                remittance.amount.plain(2),
                sum.plain(2),
                difference(remittance.amount.widen(), sum)
            ));
        }
    }
    let strange = tx.db.values::<RemittanceNumber>(STRANGE, ())?;
    findings.extend(strange.into_iter().map(|number| {
        format!("{number} has an item of another authority, month or currency, or of a cancelled event, or one that is open")
    }));
    Ok(())
}

fn difference(one: Total, other: Total) -> String {
    let units = (one.units() - other.units()).abs();
    Total::from_units(units).map_or_else(|| units.to_string(), |total| total.plain(2))
}
