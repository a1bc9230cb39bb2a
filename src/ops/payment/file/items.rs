//! The items of a payment file, with everything that happened to them since.

use std::collections::HashMap;

use crate::{
    domain::{
        account::BankDetails,
        bank_trace::TraceClass,
        code::LineNumber,
        end_to_end::EndToEnd,
        payment_file::{AccountNow, ItemNow, OnBank, PaymentFile},
    },
    ops::Error,
    store::{AsOf, Member, StoredItem, StoredLink, Tx},
};

/// Reads the items that are in a file, and what happened to each.
pub(super) fn items_now(tx: &mut Tx<'_>, file: &PaymentFile) -> Result<Vec<ItemNow>, Error> {
    let items = tx.live_file_items(file.number)?;
    let lines = lines_by_reference(tx)?;
    let mut references = HashMap::new();
    for (withdrawal, reference) in tx.references_of_file(file.number)? {
        if let Some(line) = EndToEnd::parse(&reference).and_then(|known| lines.get(&known)) {
            references.entry(withdrawal).or_insert(*line);
        }
    }
    items
        .into_iter()
        .map(|stored| {
            let account = account_now(tx, &stored)?;
            let own = EndToEnd::parse(&stored.item.end_to_end);
            let shown = ByReference {
                own: own.and_then(|own| lines.get(&own).copied()),
                any: references.get(&stored.item.withdrawal).copied(),
            };
            let on_bank = on_bank(tx, &stored, shown)?;
            let StoredItem { item, facts } = stored;
            Ok(ItemNow {
                row: facts.row,
                item,
                payment: facts.payment,
                holder_status: facts.holder_status,
                event_status: facts.event_status,
                account,
                on_bank,
            })
        })
        .collect()
}

/// The first lines that carry references of a withdrawal.
#[derive(Clone, Copy)]
struct ByReference {
    /// The reference of the item.
    own: Option<LineNumber>,
    /// Any reference that a payment file gave the withdrawal.
    any: Option<LineNumber>,
}

/// Finds the lines that carry references, by the reference.
fn lines_by_reference(tx: &mut Tx<'_>) -> Result<HashMap<EndToEnd, LineNumber>, Error> {
    let mut lines = HashMap::new();
    for debit in tx.debit_texts()? {
        for reference in EndToEnd::find_in(&debit.text) {
            lines.entry(reference).or_insert(debit.line);
        }
    }
    Ok(lines)
}

/// Returns what the bank shows of an item: by the match or proposal that holds it, by a line with
/// its reference, or by a line that the last run could not decide about.
fn on_bank(tx: &mut Tx<'_>, stored: &StoredItem, shown: ByReference) -> Result<OnBank, Error> {
    if let Some(StoredLink {
        line,
        decided,
        through_file,
    }) = stored.facts.link
    {
        let through = decided && (through_file || shown.own == Some(line));
        return Ok(if through {
            OnBank::Paid(line)
        } else {
            OnBank::Maybe(line)
        });
    }
    if let Some(line) = shown.any {
        return Ok(OnBank::Maybe(line));
    }
    let last = tx.class_of(Member::Withdrawal(stored.item.withdrawal), None)?;
    let trace = last.map(|last| TraceClass {
        class: last.class,
        line: last.lines.first().copied(),
    });
    let line = trace.and_then(TraceClass::possible_payment);
    Ok(line.map_or(OnBank::Nothing, OnBank::Maybe))
}

/// Compares the holder's bank details with those of the item. What a request gave itself is not on
/// record, so the record alone is compared with itself at the time of the request.
fn account_now(tx: &mut Tx<'_>, stored: &StoredItem) -> Result<AccountNow, Error> {
    let facts = &stored.facts;
    let holder = tx.holder_by_id(facts.holder)?;
    let since = holder.bank_changed.as_ref().map(|(_, at)| *at);
    if since.is_none_or(|since| since <= facts.requested_at)
        || is_same(&holder.bank, &stored.item.bank.clone().into())
    {
        return Ok(AccountNow::Same);
    }
    let before = tx.holder(holder.number, AsOf::At(facts.requested_at))?;
    Ok(if is_same(&holder.bank, &before.bank) {
        AccountNow::Same
    } else {
        AccountNow::Changed
    })
}

/// Compares number, code and account name, not the spelling of the bank's name.
fn is_same(one: &BankDetails, other: &BankDetails) -> bool {
    one.account_number == other.account_number
        && one.bank_code == other.bank_code
        && one.account_name == other.account_name
}
